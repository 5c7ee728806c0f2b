// @ts-check
/** The words on this screen, in the room's order. They are here and nowhere else, and go when the page goes. */
import { clone, draw, near, part } from './draw.js';

const TOGETHER = 180;
const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

/** The shape, tint and letter that stand for a person. @param {HTMLElement} line @param {string} seat @param {string} name */
export function sign(line, seat, name) {
  const mark = /** @type {HTMLElement} */ (line.querySelector('.mark'));
  let sum = 0;
  for (const letter of seat) sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  mark.dataset.tint = String(sum % 6);
  mark.dataset.shape = String(sum % 4);
  mark.textContent = [...name][0]?.toLocaleUpperCase();
}

export class Transcript {
  #log = part('log', HTMLElement);
  #deeds = part('deeds', HTMLElement);
  #template = part('message', HTMLTemplateElement);
  #reading;
  #facts;
  #last = { seat: '', at: 0 };

  /** @param {import('./scroll.js').Reading} reading @param {() => Facts} facts */
  constructor(reading, facts) {
    this.#reading = reading;
    this.#facts = facts;
    for (const type of ['click', 'focusin']) this.#log.addEventListener(type, (event) => this.#select(event));
    this.#log.addEventListener('keydown', (event) => this.#walk(event));
  }

  get visible() {
    return this.#log.getClientRects().length > 0;
  }

  get empty() {
    return !this.#log.firstChild;
  }

  // Actions

  /** @param {Frame} frame @param {boolean} mine */
  said({ id, seat, name, text, at }, mine) {
    const line = clone(this.#template, { name, text, time: time.format(at * 1000) });
    line.dataset.message = id;
    line.toggleAttribute('data-mine', mine);
    line.toggleAttribute('data-follows', seat === this.#last.seat && at - this.#last.at < TOGETHER);
    sign(line, seat, name);
    this.#last = { seat, at };
    this.#add(line, mine);
  }

  /** @param {HTMLElement} notice */
  note(notice) {
    this.#last.seat = '';
    this.#add(notice, false);
  }

  /** Nothing is left of a message but a line that says so. @param {string} message @param {HTMLElement} tombstone */
  blank(message, tombstone) {
    const line = this.#log.querySelector(`[data-message="${CSS.escape(message)}"]`);
    line?.querySelector('.line__text')?.replaceWith(tombstone);
    line?.removeAttribute('data-message');
    if (this.#deeds.dataset.message !== message) return;
    if (this.#deeds.contains(document.activeElement)) line?.focus();
    this.#choose();
  }

  clear() {
    this.#log.replaceChildren();
    this.#choose();
  }

  // Internal

  /** Our own words are not read back to us. @param {HTMLElement} el @param {boolean} mine */
  #add(el, mine) {
    this.#log.setAttribute('aria-live', mine ? 'off' : 'polite');
    this.#log.append(el);
    this.#reading.added(!mine && !!el.dataset.message);
  }

  /** @param {Event} event */
  #select(event) {
    this.#choose(near(event, '.line[data-message]'));
  }

  /** What can be done with a message stands after the log: in it, it would be read out. @param {HTMLElement | null} [line] */
  #choose(line) {
    for (const chosen of this.#log.querySelectorAll('[data-chosen]')) chosen.removeAttribute('data-chosen');
    line?.setAttribute('data-chosen', '');
    this.#deeds.dataset.message = line?.dataset.message ?? '';
    if (line) this.#deeds.style.setProperty('--at', `${line.offsetTop + line.offsetHeight}px`);
    draw(this.#deeds, { ...this.#facts(), selected: !!line, mine: line?.hasAttribute('data-mine') });
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    const lines = /** @type {HTMLElement[]} */ ([...this.#log.children]);
    const here = lines.findIndex((line) => line === document.activeElement);
    event.preventDefault();
    lines[here < 0 ? lines.length - 1 : here + step]?.focus();
  }
}
