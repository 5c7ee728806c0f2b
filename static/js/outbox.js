// @ts-check
/** What we asked for and have no answer to. Nothing counts as done before its ack; nothing is done late in silence. */
import { world } from './clock.js';

/** @typedef {{ ref: string, command: Command, until: number, stands: boolean, waits: boolean, flying: boolean, cancel: () => void, again: () => void }} Item */

const PATIENCE = 60_000;
const MOST = 5;
const ANSWER = 8_000;
const BREATH = 2_000;
// Not a no: the same words go again, under the same ref.
const AGAIN = ['unavailable', 'busy'];
const MARK = Math.random().toString(36).slice(2, 8);

/** Fires `change`. */
export class Outbox extends EventTarget {
  /** @type {Map<string, Item>} */ #items = new Map();
  #last = 0;
  #send;
  #world;

  /** @param {(frame: object) => boolean} send */
  constructor(send, theWorld = world) {
    super();
    this.#send = send;
    this.#world = theWorld;
  }

  // Actions

  /** @param {Command} command @returns {string | null} its ref; null: too many words wait already */
  put(command) {
    if (says(command) && [...this.#items.values()].filter((item) => says(item.command)).length >= MOST) return null;
    const none = () => {};
    const item = { ref: `${MARK}.${++this.#last}`, command, until: 0, stands: false, waits: true, flying: false, cancel: none, again: none };
    this.#items.set(item.ref, item);
    this.#wait(item);
    return item.ref;
  }

  /** @param {Frame} frame an `ack` or a `refused` */
  answer({ type, ref, why, say }) {
    const item = this.#items.get(ref);
    if (!item) return;
    if (type === 'ack') this.#settle(item, 'sent');
    else if (!AGAIN.includes(why)) this.#settle(item, 'refused', say);
    else {
      item.again();
      item.again = this.#world.after(BREATH * (0.5 + this.#world.random()), () => this.#free(item));
    }
  }

  /** Words of ours stand in the room. That is no answer; but should there be none, they are not handed back as not sent. @param {Frame} frame */
  heard({ text, note = '' }) {
    const same = [...this.#items.values()].filter(({ command, stands }) => (
      !stands && says(command) && command.text === text && (command.note ?? '') === note
    ));
    const item = same.find(({ waits }) => waits) ?? same[0];
    if (item?.waits) item.stands = true;
    else if (item) this.#settle(item, 'sent');
  }

  /** A new connection: everything without an answer goes again, in its order. */
  resume() {
    this.#free(...this.#items.values());
  }

  /** The connection is over for good: everything is handed back. */
  close() {
    for (const item of this.#items.values()) if (item.waits) this.#expire(item);
  }

  /** The same ref as before: had it arrived after all, the room knows, and nobody reads it twice. @param {string} ref */
  retry(ref) {
    const item = this.#items.get(ref);
    if (item && !item.waits) this.#wait(item);
  }

  /** @param {string} ref */
  drop(ref) {
    const item = this.#items.get(ref);
    if (item) this.#settle(item, 'dropped');
  }

  // Internal

  /** @param {Item} item */
  #wait(item) {
    item.waits = true;
    item.until = this.#world.now() + PATIENCE;
    item.cancel = this.#world.after(PATIENCE, () => this.#expire(item));
    this.#tell(item, 'sending');
    this.#free(item);
  }

  /** Words go one at a time, so that none overtakes another; a control does not queue behind words. @param {Item[]} items */
  #free(...items) {
    for (const item of items) item.flying = false;
    // A timer may have slept with the device, and the time to say it is over all the same.
    for (const item of this.#items.values()) if (item.waits && item.until <= this.#world.now()) this.#expire(item);
    let talking = false;
    for (const item of this.#items.values()) {
      if (!item.waits || (talking && says(item.command))) continue;
      talking ||= says(item.command);
      if (item.flying) continue;
      item.again();
      item.flying = this.#send({ ...item.command, ref: item.ref });
      item.again = this.#world.after(ANSWER, () => this.#free(item));
    }
  }

  /** @param {Item} item */
  #expire(item) {
    if (item.stands) return this.#settle(item, 'sent');
    item.cancel();
    item.again();
    item.waits = false;
    // A late answer still counts for words: they may be in the room.
    if (!says(item.command)) this.#items.delete(item.ref);
    this.#tell(item, 'unsent');
    this.#free();
  }

  /** @param {Item} item @param {Change['why']} why */
  #settle(item, why, words = '') {
    item.cancel();
    item.again();
    this.#items.delete(item.ref);
    this.#tell(item, why, words);
    this.#free();
  }

  /** @param {Item} item @param {Change['why']} why */
  #tell({ ref, command }, why, words = '') {
    this.dispatchEvent(new CustomEvent('change', { detail: { ref, command, why, words } }));
  }
}

/** @param {Command} command */
const says = ({ type }) => type === 'say';
