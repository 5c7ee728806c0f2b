// @ts-check
/** What the server says the room is, and what this page makes of it. It merges and translates, and knows no rule. */
import { minutes, seconds, soon } from './clock.js';
import { grow } from './kept.js';
import { panel } from './panel.js';
import { turn } from './turn.js';

/** @type {State} */
export const nothing = { room: {}, people: new Map(), were: new Map(), you: {}, words: {} };

/** @type {Record<number, string>} */
const STOPPED = { 4000: 'ended', 4001: 'sign_in', 4003: 'removed', 4004: 'unavailable', 4009: 'elsewhere' };

// The session is over, and people may still write to each other.
export const AFTERWARDS = ['ended', 'cancelled'];

/** @param {State} held @param {Patch} patch @returns {State} */
export function merge(held, patch) {
  const people = new Map(held.people);
  const were = new Map(held.were);
  for (const [seat, person] of Object.entries(patch.people ?? {})) {
    const before = people.get(seat);
    if (person) people.set(seat, /** @type {Person} */ ({ ...before, ...person }));
    else if (before && people.delete(seat)) were.set(seat, before);
  }
  const words = grow(patch.words ?? held.words, patch.room?.lately);
  return { room: { ...held.room, ...patch.room }, people, were, you: { ...held.you, ...patch.you }, words };
}

/** @param {State} state @param {Here} here @returns {Facts} */
export function facts(state, here) {
  const { room, people, you, words } = state;
  const { now } = here;
  const everybody = [...people.values()];
  const quiet = minutes(you.quiet_until, now);
  const last = words.lines?.[you.seat ?? '']?.at(-1);
  const seen = view(state, here);
  const after = AFTERWARDS.includes(seen ?? '') && !here.code;
  return {
    ...room,
    ...you,
    ...turn(state, now),
    ...panel(state, now),
    // One's own place in the line; those inside it read how long it is.
    in_line: you.in_line ?? room.in_line,
    by: room.by || null,
    view: seen,
    // The session is over, and people can still write to the facilitators who stay.
    word_left: after ? minutes(room.lines_until, now) : undefined,
    debrief_left: after ? minutes(you.debrief_until, now) : undefined,
    link: here.touch,
    card: here.card,
    // The time is up; the word that says so is on its way.
    held: you.held_back === 'quieted' && !quiet ? null : you.held_back,
    quiet,
    soon: soon(room, now),
    left: minutes(room.ends_at, now),
    starts: minutes(room.starts_at, now),
    here: everybody.filter(({ place }) => place === 'inside').length,
    fades: here.fades ? Math.max(0, Math.ceil(here.fades - now)) : undefined,
    away: you.corner_since ? Math.max(0, Math.floor((now - you.corner_since) / 60)) : undefined,
    offer: seconds(you.offered_until, now),
    sitting: minutes(room.mode_until, now),
    // Only until the server can be asked again; facilitators are asked to be brief in no other way.
    pace: room.slow && here.said && you.role === 'member' ? seconds(here.said + room.slow, now) || undefined : undefined,
    lobby_note: words.lobby_note?.text,
    check: room.check?.kind ?? 'none',
    check_id: room.check?.id,
    check_line: words.proposals?.[room.check?.id ?? ''],
    check_left: seconds(room.check?.until, now),
    question: words.question?.[0],
    pair: !!room.pair_since,
    twin: room.twin?.phase ?? 'none',
    twin_name: room.twin?.name,
    twin_mine: room.twin?.seat === you.seat,
    twin_welcomes: room.twin?.welcomes,
    last_line: last?.id,
    unread: !!last && last.seat !== you.seat && last.id !== here.read,
  };
}

/** @param {Person | undefined} person @param {number} now @returns {Facts} */
export function factsOf(person, now) {
  if (!person) return {};
  const quiet = minutes(person.quiet_until, now);
  return { ...person, who: person.name, away: !!person.away, quiet, quieted: !!quiet, looked: !!minutes(person.look_until, now) };
}

/** @param {State} state @param {Here} here */
function view({ room, you }, here) {
  if (here.left) return 'left';
  if (['ended', 'not_held', 'cancelled'].includes(room.state ?? '')) return room.state;
  if (here.turned) return here.turned;
  if (here.code) return STOPPED[here.code] ?? 'broken';
  if (!room.state) return 'arriving';
  if (you.place === 'gone') return 'left';
  // Those who facilitate are among themselves until the doors open.
  if (room.state === 'scheduled' && you.role === 'facilitator' && !you.off_duty) return 'green';
  if (you.place !== 'inside') return 'lobby';
  return you.corner_since ? 'corner' : 'room';
}
