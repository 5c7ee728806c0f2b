// @ts-check
/** Words that are kept for this person beside the talk: their private line, what waits for a look, what was proposed. */

const MOMENT = 0.001; // frames say no more of a time

// What is here already comes again to a page that is back after a while: `welcome` has it, and so has what it missed.
/** @type {Record<string, (words: Words, frame: Frame) => Partial<Words>>} */
const FOLDS = {
  line_written: ({ lines = {} }, { line, ...note }) => ({ lines: { ...lines, [line]: once(lines[line], note, 'id') } }),
  line_unseen: ({ lines = {} }, { seat, notes }) => ({
    lines: { ...lines, [seat]: (lines[seat] ?? []).filter(({ id }) => !notes.includes(id)) },
  }),
  backchannel_written: ({ backchannel = [] }, note) => ({ backchannel: once(backchannel, note, 'id') }),
  lobby_note_posted: (_, note) => ({ lobby_note: note }),
  kept_for_look: ({ looked_at = [] }, held) => ({ looked_at: once(looked_at, held, 'message') }),
  looked_at: ({ looked_at = [] }, { message }) => ({ looked_at: looked_at.filter((held) => held.message !== message) }),
  flagged: ({ flags = [] }, flag) => ({ flags: again(flags, flag) }),
  line_proposed: ({ proposals = {} }, { id = '', text }) => ({ proposals: { ...proposals, [id]: text } }),
  line_dropped: ({ proposals = {} }, { line }) => ({ proposals: without(proposals, line) }),
  line_agreed: ({ proposals = {}, today = [] }, { line, text }) => ({
    proposals: without(proposals, line), today: today.includes(text) ? today : [...today, text],
  }),
  temperature_asked: (_, { question, answers }) => ({ question: [question, ...answers] }),
  temperature_taken: () => ({ question: [] }),
  screens_cleared: () => ({ looked_at: [], proposals: {} }),
  // What is written from then on is another talk: of the one that is over, no word stays.
  ended: over,
  called_off: over,
  lines_shut: () => ({ lines: {} }),
  turn_began: ({ turn }, { seconds }) => ({ turn: seconds ?? turn }),
};

function over() {
  return { lines: {}, backchannel: [], flags: [], looked_at: [] };
}

/** The words after this frame; the very same, if it is not about them. @param {Words} words @param {Frame} frame @returns {Words} */
export function keep(words, frame) {
  const fold = Object.hasOwn(FOLDS, frame.type) ? FOLDS[frame.type] : null;
  return fold ? { ...words, ...fold(words, frame) } : words;
}

/** What happened, with what is new of it. @param {Words} words @param {Happening[]} [lately] @returns {Words} */
export function grow(words, lately = []) {
  const { happened = [] } = words;
  const known = new Set(happened.map(({ at, what }) => `${at} ${what}`));
  const more = lately.filter(({ at, what }) => !known.has(`${at} ${what}`));
  return more.length ? { ...words, happened: [...happened, ...more] } : words;
}

/** @template T @param {T[] | undefined} list @param {T} item @param {keyof T} key @returns {T[]} */
function once(list = [], item, key) {
  return list.some((each) => each[key] === item[key]) ? list : [...list, item];
}

/** The same worry about the same thing is one that is had by more. @param {Flag[]} flags @param {Frame} frame */
function again(flags, { verb, message, seat, text, at }) {
  const held = flags.find((flag) => flag.verb === verb && flag.message === message && flag.seat === seat);
  if (held && at < held.at + MOMENT) return flags;
  const words = [...(held?.words ?? []), ...(text ? [text] : [])];
  const now = { verb, message, seat, at, words, times: (held?.times ?? 0) + 1 };
  return [...flags.filter((flag) => flag !== held), now];
}

/** @param {Record<string, string>} proposals @param {string} line */
function without(proposals, line) {
  return Object.fromEntries(Object.entries(proposals).filter(([id]) => id !== line));
}
