// @ts-check
/** What a notice may say of an event, beside what is in it. */

/** @param {Frame} frame @param {State} state @param {number} now @returns {Facts & { yours: boolean }} */
export function told(frame, { people, you, words }, now) {
  const { seat, people: came, since = 0, totals = [], seconds, until } = frame;
  const length = seconds ?? (until ? until - now : now - since);
  const [, ...answers] = words.question ?? [];
  return {
    yours: !!frame.yours || (!!seat && seat === you.seat),
    who: came ? came.map((/** @type {Person} */ { name }) => name).join(', ') : people.get(seat)?.name,
    minutes: Math.round(length / 60),
    own: frame.line === you.seat,
    proposed: words.proposals?.[frame.line],
    results: answers.map((answer, at) => `${answer}: ${totals[at]}`).join(' · '),
  };
}
