// @ts-check
/** The words on this screen, in the room's order. They are here and nowhere else, and go when the page goes. */
import { Blocks } from './blocks.js';
import { oclock } from './clock.js';
import { Deeds } from './deeds.js';
import { clone, draw, near, part, words } from './draw.js';

const TOGETHER = 180;
const RESTORED_WITHIN = 60_000;
const COPIED_FROM = 40;

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
  #template = part('message', HTMLTemplateElement);
  #reading;
  #deeds;
  #blocks = new Blocks(this.#log, part('scroller', HTMLElement));
  #last = { seat: '', at: 0 };
  /** @type {Map<string, HTMLElement>} by the message that each is */ #lines = new Map();
  /** @type {WeakMap<Element, Facts>} */ #said = new WeakMap();
  /** @type {Map<string, HTMLElement>} what was taken down in error can be shown again */ #down = new Map();

  #hearing;

  /** @param {import('./scroll.js').Reading} reading @param {() => Facts} facts @param {import('./hearing.js').Hearing} hearing */
  constructor(reading, facts, hearing) {
    this.#reading = reading;
    this.#hearing = hearing;
    this.#log.addEventListener('click', (event) => this.#fold(near(event, '[data-fold]')?.closest('.line')));
    this.#deeds = new Deeds((line) => ({
      ...facts(), mine: !!line?.hasAttribute('data-mine'), gone: line?.dataset.gone ?? 'no',
    }));
  }

  get visible() {
    return this.#log.getClientRects().length > 0;
  }

  get empty() {
    return !this.#log.firstChild;
  }

  /** What can be copied: the last messages that stand here. @returns {Facts[]} */
  get said() {
    const lines = [...this.#lines.values()].filter(({ dataset }) => !dataset.gone).slice(-COPIED_FROM);
    return lines.map((line) => ({ ...this.#said.get(line), key: line.dataset.message, id: line.dataset.message }));
  }

  /** @param {string} message */
  text(message) {
    const line = this.#line(message);
    return String((line && this.#said.get(line)?.text) ?? '');
  }

  // Actions

  /** @param {Frame} frame @param {{ yours: boolean, facilitates: boolean, work: string }} about */
  add({ id, seat, name, text, at, note = '', tag = '' }, { yours: mine, facilitates, work }) {
    const facts = { name, work, text, note, tag, time: oclock(at), folded: !!note && !mine };
    const line = clone(this.#template, facts);
    this.#said.set(line, facts);
    this.#lines.set(id, line);
    line.dataset.message = id;
    line.toggleAttribute('data-mine', mine);
    line.toggleAttribute('data-follows', seat === this.#last.seat && at - this.#last.at < TOGETHER && !note && !tag);
    sign(line, seat, name);
    this.#last = { seat, at };
    // Our own words are not read back to us.
    this.#append(line, !mine && this.#hearing.reads(facilitates));
    this.#reading.added(!mine);
  }

  /** @param {HTMLElement} notice */
  note(notice) {
    this.#last.seat = '';
    this.#append(notice, this.#hearing.notices);
    this.#reading.added(false);
  }

  /** Each gentle word once: nobody counts them. @param {Frame} frame */
  react({ message, kind }) {
    const place = this.#line(message)?.querySelector('.line__reactions');
    if (!place || place.querySelector(`[data-kind="${CSS.escape(kind)}"]`)) return;
    const word = document.createElement('span');
    word.dataset.kind = kind;
    word.textContent = words[`reaction.${kind}`];
    place.append(word);
  }

  /** Who wrote it need not open it. @param {Frame} frame */
  cover({ message, note }) {
    const line = this.#line(message);
    if (line) this.#draw(line, { note, folded: !!note && !line.hasAttribute('data-mine') });
  }

  /** Nothing is left of a message but a line that says so. @param {Frame} frame @param {HTMLElement} tombstone */
  blank({ type, message, category }, tombstone) {
    const line = this.#line(message);
    const text = line?.querySelector('.line__text');
    if (!line || !text || line.hasAttribute('data-gone')) return;
    text.replaceWith(tombstone);
    line.setAttribute('data-gone', type);
    this.#deeds.leave(message);
    // Private details are gone for good; anything else can be shown again for a minute, if it was a mistake.
    if (type !== 'taken_down' || category === 'private_details') return this.#forget(message);
    this.#down.set(message, text);
    setTimeout(() => this.#forget(message), RESTORED_WITHIN);
  }

  /** @param {Frame} frame */
  restore({ message }) {
    const line = this.#line(message);
    const text = this.#down.get(message);
    if (!line || !text) return;
    line.querySelector('.line__text--gone')?.replaceWith(text);
    line.removeAttribute('data-gone');
    this.#down.delete(message);
    this.#deeds.leave(message);
  }

  clear() {
    this.#blocks.clear();
    this.#lines.clear();
    this.#down.clear();
    this.#deeds.choose();
  }

  // Internal

  /** @param {HTMLElement} el @param {boolean} aloud */
  #append(el, aloud) {
    this.#log.setAttribute('aria-live', aloud ? 'polite' : 'off');
    this.#blocks.append(el);
  }

  /** @param {string} message */
  #line(message) {
    return this.#lines.get(message);
  }

  /** @param {HTMLElement} line @param {Facts} more */
  #draw(line, more) {
    const facts = { ...this.#said.get(line), ...more };
    this.#said.set(line, facts);
    draw(line, facts);
  }

  /** @param {HTMLElement | null | undefined} line */
  #fold(line) {
    if (line) this.#draw(line, { folded: !this.#said.get(line)?.folded });
  }

  /** @param {string} message */
  #forget(message) {
    const line = this.#line(message);
    this.#down.delete(message);
    if (!line?.hasAttribute('data-gone')) return;
    this.#said.delete(line);
    this.#lines.delete(message);
    line.removeAttribute('data-message');
    this.#deeds.leave(message);
  }
}
