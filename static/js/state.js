// @ts-check
/** What the server says the room is, and what this page makes of it. It merges and translates, and knows no rule. */
import { minutes, soon } from './clock.js';

/** @type {State} */
export const nothing = { room: {}, people: new Map(), you: {} };

/** @type {Record<number, string>} */
const STOPPED = { 4000: 'ended', 4001: 'sign_in', 4003: 'removed', 4004: 'unavailable', 4009: 'elsewhere' };

/** @param {State} held @param {Patch} patch @returns {State} */
export function merge(held, patch) {
  const people = new Map(held.people);
  for (const [seat, person] of Object.entries(patch.people ?? {})) {
    if (person) people.set(seat, /** @type {Person} */ ({ ...people.get(seat), ...person }));
    else people.delete(seat);
  }
  return { room: { ...held.room, ...patch.room }, people, you: { ...held.you, ...patch.you } };
}

/** @param {State} state @param {Here} here @returns {Facts} */
export function facts(state, here) {
  const { room, people, you } = state;
  const quiet = minutes(you.quiet_until, here.now);
  return {
    ...room,
    ...you,
    by: room.by || null,
    view: view(state, here),
    link: here.touch,
    card: here.card,
    // The time is up; the word that says so is on its way.
    held: you.held_back === 'quieted' && !quiet ? null : you.held_back,
    quiet,
    soon: soon(room, here.now),
    left: minutes(room.ends_at, here.now),
    starts: minutes(room.starts_at, here.now),
    here: [...people.values()].filter(({ place }) => place === 'inside').length,
    fades: here.fades ? Math.max(0, Math.ceil(here.fades - here.now)) : undefined,
  };
}

/** @param {Person | undefined} person @param {number} now @returns {Facts} */
export function factsOf(person, now) {
  if (!person) return {};
  const quiet = minutes(person.quiet_until, now);
  return { ...person, who: person.name, away: !!person.away, quiet, quieted: !!quiet };
}

/** @param {State} state @param {Here} here */
function view({ room, you }, here) {
  if (here.left) return 'left';
  if (['ended', 'not_held', 'cancelled'].includes(room.state ?? '')) return room.state;
  if (here.turned) return here.turned;
  if (here.code) return STOPPED[here.code] ?? 'broken';
  if (!room.state) return 'arriving';
  if (you.place === 'gone') return 'left';
  return you.place === 'inside' ? 'room' : 'lobby';
}
