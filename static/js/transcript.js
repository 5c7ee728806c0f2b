// @ts-check
/** The words on this screen, in the room's order. They are here and nowhere else, and go when the page goes. */
import { Blocks } from './blocks.js';
import { oclock } from './clock.js';
import { Deeds } from './deeds.js';
import { clone, draw, near, part, tell, words } from './draw.js';

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
  #unseen;
  #settings;
  #opened = false;

  /**
   * @param {import('./scroll.js').Reading} reading
   * @param {() => Facts} facts
   * @param {{ hearing: import('./hearing.js').Hearing, unseen: import('./unseen.js').Unseen, settings: import('./settings.js').Settings }} reader
   */
  constructor(reading, facts, { hearing, unseen, settings }) {
    this.#reading = reading;
    this.#hearing = hearing;
    this.#unseen = unseen;
    this.#settings = settings;
    this.#opened = this.#opens;
    this.#log.addEventListener('click', (event) => this.fold(near(event, '[data-fold]')?.closest('.line')?.dataset.message));
    this.#log.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' && event.target instanceof HTMLElement) this.fold(event.target.dataset.message);
    });
    this.#deeds = new Deeds((line) => ({ ...facts(), ...this.#about(line) }));
    unseen.addEventListener('changed', () => this.#again(({ from }) => (from ? {} : undefined)));
    settings.addEventListener('changed', () => this.#settle());
  }

  get visible() {
    return this.#log.getClientRects().length > 0;
  }

  get empty() {
    return !this.#log.firstChild;
  }

  /** How many messages are in the memory of this page, those that are folded, hidden or taken down a moment ago included. */
  get size() {
    return this.#lines.size;
  }

  /** What can be copied: the last messages that stand here to be read. @returns {Facts[]} */
  get said() {
    const lines = this.#latest.filter((line) => !this.#hides(line));
    return lines.map((line) => this.#copied(line));
  }

  /** Whether some of them are not offered, for their writers are hidden for this person. */
  get leavesOut() {
    return this.#latest.some((line) => this.#hides(line));
  }

  /** @param {string} message @returns {Facts} */
  wrote(message) {
    const line = this.#line(message);
    return (line && this.#said.get(line)) ?? {};
  }

  /** Those of these messages that still stand here, however long ago they were said. @param {string[]} messages */
  found(messages) {
    return messages.map((message) => this.#line(message)).filter((line) => line && !line.dataset.gone).map((line) => this.#copied(line));
  }

  // Actions

  /** @param {Frame} frame @param {{ yours: boolean, facilitates: boolean, work: string }} about */
  add({ id, seat, name, text, at, note = '', tag = '', slip = '' }, { yours: mine, facilitates, work }) {
    // Whoever facilitates is read by everybody, whatever was chosen.
    const facts = {
      name, work, text, note, tag, slip, mine, time: oclock(at), folded: !!note && !mine && !this.#opens, from: mine || facilitates ? '' : seat,
    };
    const line = clone(this.#template, this.#seen(facts));
    const unseen = this.#unseen.has(facts.from);
    this.#said.set(line, facts);
    this.#lines.set(id, line);
    line.dataset.message = id;
    line.toggleAttribute('data-mine', mine);
    line.toggleAttribute('data-follows', seat === this.#last.seat && at - this.#last.at < TOGETHER && !note && !tag);
    sign(line, seat, name);
    this.#last = { seat, at };
    // Our own words are not read back to us.
    this.#append(line, !mine && !unseen && this.#hearing.reads(facilitates));
    this.#reading.added(!mine && !unseen);
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
    if (line) this.#draw(line, { note, folded: !!note && !line.hasAttribute('data-mine') && !this.#opens });
  }

  /** Opened, it is read out to who opened it; folded or open, nothing of it is read out by itself. @param {string} [message] */
  fold(message = '') {
    const line = this.#line(message);
    const said = line && this.#said.get(line);
    if (!line || !said?.note || line.dataset.gone || this.#unseen.has(String(said.from))) return;
    this.#log.setAttribute('aria-live', 'off');
    this.#draw(line, { folded: !said.folded });
    if (said.folded) tell(String(said.text));
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
    this.#draw(line, {});
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

  /** @param {HTMLElement} line @returns {Facts} */
  #copied(line) {
    return { ...this.#said.get(line), key: line.dataset.message, id: line.dataset.message };
  }

  get #latest() {
    return [...this.#lines.values()].filter(({ dataset }) => !dataset.gone).slice(-COPIED_FROM);
  }

  /** @param {HTMLElement} line */
  #hides(line) {
    return this.#unseen.has(String(this.#said.get(line)?.from));
  }

  /** @param {string} message */
  #line(message) {
    return this.#lines.get(message);
  }

  /** @param {HTMLElement} line @param {Facts} more */
  #draw(line, more) {
    const facts = { ...this.#said.get(line), ...more };
    this.#said.set(line, facts);
    // What is left of a message that was taken down has other places, and gets its own back with it.
    if (!line.dataset.gone) draw(line, this.#seen(facts));
    if (line.hasAttribute('data-chosen')) this.#deeds.show(line);
  }

  /** What is hidden is not in the page at all. @param {Facts} facts @returns {Facts} */
  #seen(facts) {
    const unseen = this.#unseen.has(String(facts.from));
    return unseen ? { ...facts, text: '', note: '', tag: '', unseen } : { ...facts, unseen };
  }

  get #opens() {
    return this.#settings.get('notes') === 'open';
  }

  /** What can be done with it depends on more than the room. @param {HTMLElement | null | undefined} line @returns {Facts} */
  #about(line) {
    const { note, folded, from } = (line && this.#said.get(line)) ?? {};
    const gone = line?.dataset.gone ?? 'no';
    const unseen = from ? this.#unseen.has(String(from)) : undefined;
    return { mine: !!line?.hasAttribute('data-mine'), gone, unseen, folds: !note || unseen || gone !== 'no' ? 'no' : folded ? 'folded' : 'open' };
  }

  /** Folded or open, as this person likes them: all of them, when they change their mind. */
  #settle() {
    if (this.#opened === this.#opens) return;
    this.#opened = this.#opens;
    this.#again(({ note, mine }) => (note && !mine ? { folded: !this.#opened } : undefined));
  }

  /** Shown in another way, and not read out again. @param {(facts: Facts) => Facts | undefined} change */
  #again(change) {
    this.#log.setAttribute('aria-live', 'off');
    for (const line of this.#lines.values()) {
      const more = change(this.#said.get(line) ?? {});
      if (more) this.#draw(line, more);
    }
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
