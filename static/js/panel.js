// @ts-check
/** What a facilitator's panel counts and asks: who waits for an answer, who could say the second yes. */
import { minutes, seconds } from './clock.js';

/** @param {State} state @param {number} now @returns {Facts} */
export function panel({ room, people, you, words }, now) {
  if (you.role !== 'facilitator') return {};
  const others = [...people].filter(([seat, { role, place }]) => seat !== you.seat && role === 'facilitator' && place === 'inside');
  const { claims = {}, capacity = 0 } = room;
  const asked = Object.entries(words.lines ?? {}).filter(([seat, notes]) => notes.at(-1)?.seat === seat && !claims[seat]);
  return {
    duty: !you.off_duty && !you.suspended,
    leads: room.lead === you.seat,
    offered: !!room.offered_lead && room.offered_lead === you.seat,
    alone: others.every(([, { away, off_duty, corner }]) => away || off_duty || corner),
    more_seats: capacity + 1,
    fewer_seats: capacity - 1,
    unanswered: asked.length,
    looks_count: words.looked_at?.length ?? 0,
    flags_count: words.flags?.length ?? 0,
    asks_count: (room.cosigns ?? []).filter(({ by }) => by !== you.seat).length,
    yet_to_agree: room.to_agree ?? 0,
    doors: minutes(room.doors_at, now),
    arriving: people.get(you.seat ?? '')?.arriving,
    keeps_worries: room.worries === you.seat,
    pause_left: seconds(room.pause_due, now),
  };
}
