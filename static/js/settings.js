// @ts-check
/** How this person likes the page: kept on this device and nowhere else. Choices from a list, never a word of theirs. */

const KEY = 'look';

/** What can be chosen; where nothing was, the page does as the device does. @type {Record<string, string[]>} */
export const CHOICES = {
  size: ['large', 'larger', 'largest'],
  spacing: ['wide'],
  theme: ['light', 'evening', 'contrast'],
  motion: ['less'],
  sounds: ['on'],
  announce: ['some', 'counts', 'none'],
  notes: ['open'],
  pace: ['4', '8', '15'],
  enter: ['send', 'line'],
  extra: ['2', '3'],
};
/** @param {string} name @param {unknown} value */
const isChoice = (name, value) => Object.hasOwn(CHOICES, name) && CHOICES[name].includes(String(value));
const DRAWN = ['size', 'spacing', 'theme', 'motion'];

/** Fires `changed`. */
export class Settings extends EventTarget {
  /** @type {Record<string, string>} */ #chosen;
  #store;

  /** @param {() => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>} store a browser may have none, or forbid it */
  constructor(store) {
    super();
    this.#store = store;
    this.#chosen = this.#read();
  }

  /** @param {string} name */
  get(name) {
    return Object.hasOwn(this.#chosen, name) ? this.#chosen[name] : '';
  }

  get any() {
    return Object.keys(this.#chosen).length > 0;
  }

  /** @param {string} name @param {string} value empty: as the device does */
  set(name, value) {
    const { [name]: _, ...others } = this.#chosen;
    this.#keep(isChoice(name, value) ? { ...others, [name]: value } : others);
  }

  forget() {
    this.#keep({});
  }

  /** @param {DOMStringMap} dataset of the whole page: the styles read it */
  dress(dataset) {
    for (const name of DRAWN) {
      if (this.get(name)) dataset[name] = this.get(name);
      else delete dataset[name];
    }
  }

  // Internal

  /** @param {Record<string, string>} chosen */
  #keep(chosen) {
    this.#chosen = chosen;
    try {
      if (Object.keys(chosen).length) this.#store().setItem(KEY, JSON.stringify(chosen));
      else this.#store().removeItem(KEY);
    } catch {
      // It holds for as long as this page does.
    }
    this.dispatchEvent(new Event('changed'));
  }

  #read() {
    try {
      const kept = Object.entries(JSON.parse(this.#store().getItem(KEY) ?? '{}'));
      return Object.fromEntries(kept.filter(([name, value]) => isChoice(name, value)));
    } catch {
      return {};
    }
  }
}
