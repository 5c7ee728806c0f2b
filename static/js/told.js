// @ts-check
/** What a notice may say of an event, beside what is in it. */

// For one person now, whatever else they are doing.
const CALLS = ['turn_began', 'called', 'seat_offered'];

/** @param {Frame} frame @param {State} state @param {number} now @returns {Facts & { yours: boolean, facilitates: boolean, work: string }} */
export function told(frame, { people, were, you, words }, now) {
  const { type, seat, people: came, since = 0, totals = [], seconds, until } = frame;
  const length = seconds ?? (until ? until - now : now - since);
  const [, ...answers] = words.question ?? [];
  const known = people.get(seat) ?? were.get(seat);
  const yours = !!frame.yours || (!!seat && seat === you.seat);
  const own = frame.line === you.seat;
  return {
    yours,
    facilitates: known?.role === 'facilitator',
    work: known?.work ?? '',
    calls: (yours && CALLS.includes(type)) || (type === 'line_written' && own && !yours),
    who: came ? came.map((/** @type {Person} */ { name }) => name).join(', ') : people.get(seat)?.name,
    minutes: Math.round(length / 60),
    own,
    proposed: words.proposals?.[frame.line],
    results: answers.map((answer, at) => `${answer}: ${totals[at]}`).join(' · '),
  };
}
