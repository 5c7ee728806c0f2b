// @ts-check
/** What stands in each list of the page: who asks for the word, what waits for a facilitator, what happened. */
import { oclock } from './clock.js';

/** @type {WeakMap<object, Facts>} */
const made = new WeakMap();

/** What does not change stays the very same, and is not drawn again. @param {object} source @param {() => Facts} make */
function once(source, make) {
  const item = made.get(source) ?? make();
  made.set(source, item);
  return item;
}

/** @param {State} state @param {number} now @returns {Record<string, Facts[]>} */
export function items({ room, people, you, words }, now) {
  /** @param {string} seat */
  const name = (seat) => people.get(seat)?.name ?? '';
  /** @param {Note} note */
  const note = (note) => once(note, () => ({ key: note.id, name: note.name, text: note.text, self: note.seat === you.seat }));
  const { order = [], index = 0, phase, passed = [], done = [] } = room.round ?? {};
  return {
    hands: (room.hands ?? []).map(({ seat, reason }, at) => ({
      key: seat, seat, name: name(seat), reason, first: at === 0, self: seat === you.seat,
    })),
    order: order.map((seat, at) => ({
      key: seat, name: name(seat), self: seat === you.seat,
      went: passed.includes(seat) ? 'passed' : done.includes(seat) ? 'done' : at === index && phase !== 'preview' ? 'now' : 'coming',
    })),
    asks: (room.cosigns ?? []).map(({ id, what, seat, reason, by, until }) => ({
      key: id, id, what, who: name(seat), reason, by: name(by), own: by === you.seat, left: Math.max(0, Math.ceil(until - now)),
    })),
    team: [...people].filter(([, { role, place }]) => role === 'facilitator' && place === 'inside').map(([seat, { name, arriving, away }]) => ({
      key: seat, seat, name, arriving, away: !!away, self: seat === you.seat, leads: room.lead === seat, i_lead: room.lead === you.seat,
      asked: room.offered_lead === seat, worries: room.worries === seat,
    })),
    lines: Object.entries(words.lines ?? {}).map(([seat, notes]) => ({
      key: seat, seat, name: name(seat) || notes[0]?.name, notes: notes.map(note), here: people.has(seat), place: people.get(seat)?.place,
      by: name(room.claims?.[seat] ?? ''), claimed: !room.claims?.[seat] ? 'no' : room.claims[seat] === you.seat ? 'own' : 'other',
      waits: notes.at(-1)?.seat === seat,
    })),
    line: (words.lines?.[you.seat ?? ''] ?? []).map(note),
    backchannel: (words.backchannel ?? []).map(note),
    looks: (words.looked_at ?? []).map((held) => once(held, () => ({ ...held, key: held.message, seat: undefined }))),
    flags: (words.flags ?? []).map((flag) => ({
      key: `${flag.verb}${flag.message}${flag.seat}`, verb: flag.verb, times: flag.times, words: flag.words.join(' · '),
      about: flag.message ? 'message' : flag.seat ? 'person' : 'room', who: name(flag.seat || flag.message.split('.')[0]),
    })),
    proposals: Object.entries(words.proposals ?? {}).map(([id, text]) => ({
      key: id, id, text, own: id.split('.')[0] === you.seat, checked: room.check?.id === id,
    })),
    today: (words.today ?? []).map((text) => ({ key: text, text })),
    answers: (words.question ?? []).slice(1).map((text, index) => ({ key: text, text, index })),
    happened: [...(words.happened ?? [])].reverse().map((each) => once(each, () => ({
      key: `${each.at} ${each.what}`, what: each.what, by: each.by, time: oclock(each.at),
    }))),
    tally: Object.entries(room.tally ?? {}).map(([what, times]) => ({ key: what, what, times })),
  };
}
