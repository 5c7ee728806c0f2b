// @ts-check
/** Whose words it is, as this person should read it: the round, a raised hand, the word that was given. */

const SPEAKING = ['ready', 'turn'];

/** @param {State} state @param {number} now @returns {Facts} */
export function turn({ room, people, you, words }, now) {
  const { round, hands = [], called = '' } = room;
  const { order = [], index = 0, phase = 'none', passed = [], done = [] } = round ?? {};
  /** @param {string} seat */
  const name = (seat) => people.get(seat)?.name ?? '';
  const speaker = SPEAKING.includes(phase) ? order[index] : '';
  const place = order.indexOf(you.seat ?? '');
  // What is said of one's own turn is told together, so its phase is never that of another clock.
  const { turn_phase: own = '', turn_until: until } = you;
  const left = until ? Math.max(0, Math.ceil(until - now)) : undefined;
  return {
    phase,
    round_card: round?.card,
    stopped: !!round?.stopped,
    speaker: name(speaker),
    turn: speaker ? (speaker === you.seat ? 'yours' : 'other') : 'none',
    next: name(order.slice(index + 1).find((seat) => !passed.includes(seat)) ?? ''),
    seats: order.length,
    nth: place + 1,
    before: place > index ? order.slice(index, place).filter((seat) => !passed.includes(seat)).length : 0,
    went: place < 0 ? 'none' : passed.includes(order[place]) ? 'passed' : done.includes(order[place]) ? 'done' : 'coming',
    turn_left: left === undefined ? undefined : clock(left),
    others_left: phase === 'turn' && round?.until ? clock(round.until - now) : undefined,
    turn_soon: left === undefined || !own ? 'no' : own !== 'turn' ? own : left <= 20 ? 'seconds' : left <= (words.turn ?? 0) / 2 ? 'half' : 'turn',
    word: called ? (called === you.seat ? 'yours' : 'other') : 'none',
    called: name(called),
    hand: hands.findIndex(({ seat }) => seat === you.seat) + 1,
    raised: hands.length,
  };
}

/** 1:40 @param {number} seconds */
function clock(seconds) {
  const left = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`;
}
