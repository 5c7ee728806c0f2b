// @ts-check
/** Who is here. A row is changed in place and moved only when it must: someone may be about to press a button in it. */
import { clone, draw, part } from './draw.js';
import { factsOf } from './state.js';
import { sign } from './transcript.js';

const order = new Intl.Collator(document.documentElement.lang);

export class Roster {
  #template = part('person', HTMLTemplateElement);
  /** @type {Map<string, HTMLElement>} */ #rows = new Map();

  /** @param {State} state @param {number} now @param {import('./unseen.js').Unseen} unseen */
  show({ people, room, you }, now, unseen) {
    for (const [seat, row] of this.#rows) if (!people.has(seat)) this.#move(row, null, seat);
    for (const [seat, person] of people) {
      const row = this.#rows.get(seat) ?? clone(this.#template);
      const list = document.getElementById(`people-${person.place}`);
      const rank = (person.role === 'facilitator' ? 'a' : 'b') + person.name;
      if (row.parentElement !== list || row.dataset.rank !== rank) {
        this.#rows.set(seat, row);
        Object.assign(row.dataset, { seat, rank });
        sign(row, seat, person.name);
        this.#move(row, list, seat);
      }
      const suspended = !!room.suspended?.includes(seat);
      draw(row, {
        suspended, among_members: person.role === 'member' || suspended,
        may: room.may, got: people.get(room.claims?.[seat] ?? '')?.name ?? '', unseen: unseen.has(seat), self: seat === you.seat,
        leads: room.lead === seat, i_lead: room.lead === you.seat, worries: room.worries === seat, in_line: room.in_line, ...factsOf(person, now),
      });
    }
  }

  /** @param {HTMLElement} row @param {HTMLElement | null} list @param {string} seat */
  #move(row, list, seat) {
    const left = row.contains(document.activeElement) ? row.parentElement : null;
    row.remove();
    if (!list) this.#rows.delete(seat);
    const rows = /** @type {HTMLElement[]} */ ([...(list?.children ?? [])]);
    list?.insertBefore(row, rows.find((other) => order.compare(other.dataset.rank ?? '', row.dataset.rank ?? '') > 0) ?? null);
    // Where a person was is a better place to stand than the top of the page.
    left?.focus();
  }
}
