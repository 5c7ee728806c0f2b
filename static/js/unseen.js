// @ts-check
/** Whose messages this person would rather not read: known in this tab, until the session is over, and told to nobody. */

const KEY = 'unseen';

/** Fires `changed`. */
export class Unseen extends EventTarget {
  /** @type {Set<string>} */ #seats;
  #store;

  /** @param {() => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} store a browser may have none, or forbid it */
  constructor(store) {
    super();
    this.#store = store;
    this.#seats = this.#read();
  }

  /** @param {string} seat */
  has(seat) {
    return this.#seats.has(seat);
  }

  get any() {
    return this.#seats.size > 0;
  }

  /** @param {string} seat */
  turn(seat) {
    if (!this.#seats.delete(seat)) this.#seats.add(seat);
    this.#keep();
  }

  /** The session is over for this person. */
  forget() {
    if (!this.#seats.size) return;
    this.#seats.clear();
    this.#keep();
  }

  // Internal

  /** A seat's number means nothing after its session. It outlives the page, which a phone may throw away and load again. */
  #keep() {
    try {
      if (this.#seats.size) this.#store().setItem(KEY, JSON.stringify([...this.#seats]));
      else this.#store().removeItem(KEY);
    } catch {
      // It holds for as long as this page does.
    }
    this.dispatchEvent(new Event('changed'));
  }

  #read() {
    try {
      const kept = JSON.parse(this.#store().getItem(KEY) ?? '[]');
      return new Set(Array.isArray(kept) ? kept.filter((seat) => typeof seat === 'string') : []);
    } catch {
      return new Set();
    }
  }
}
