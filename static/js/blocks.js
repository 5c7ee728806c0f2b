// @ts-check
/**
 * A long talk in short blocks. Those that are far from what is being read are taken out of the page, and stand ready in
 * memory: the page stays as light after five thousand messages as after a hundred, and each of them can be scrolled to.
 */

const LINES = 25;
const KEPT = 4; // of those that came to a hidden tab
const NEAR = '150% 0px'; // of what can be seen, above and below it

export class Blocks {
  /** @type {Map<Element, DocumentFragment>} */ #away = new Map();
  /** @type {HTMLElement | null} */ #last = null;
  /** @type {Set<HTMLElement>} of which the browser has not said yet where they are */ #fresh = new Set();
  #log;
  #watch;

  /** @param {HTMLElement} log @param {HTMLElement} box what scrolls */
  constructor(log, box) {
    this.#log = log;
    this.#watch = new IntersectionObserver((seen) => {
      for (const { target, isIntersecting } of seen) {
        this.#fresh.delete(/** @type {HTMLElement} */ (target));
        if (isIntersecting) this.#fetch(target);
        else this.#put(/** @type {HTMLElement} */ (target));
      }
    }, { root: box, rootMargin: NEAR });
  }

  /** @param {HTMLElement} line */
  append(line) {
    if (!this.#last || this.#last.childElementCount >= LINES) this.#begin();
    this.#last?.append(line);
  }

  clear() {
    this.#watch.disconnect();
    this.#away.clear();
    this.#fresh.clear();
    this.#last = null;
    this.#log.replaceChildren();
  }

  // Internal

  #begin() {
    if (this.#last) {
      // What comes back into the page was read out when it was said.
      this.#last.setAttribute('aria-live', 'off');
      this.#watch.observe(this.#last);
      this.#fresh.add(this.#last);
      // Nobody sees a hidden tab, and its browser does not say where anything is. Once it is looked at it says so of each of
      // these, and those that are near are fetched.
      if (document.hidden) for (const block of [...this.#fresh].slice(0, -KEPT)) this.#put(block);
    }
    this.#last = document.createElement('div');
    this.#last.className = 'log__block';
    this.#log.append(this.#last);
  }

  /** @param {Element} block */
  #fetch(block) {
    const lines = this.#away.get(block);
    if (!lines) return;
    this.#away.delete(block);
    block.append(lines);
    /** @type {HTMLElement} */ (block).style.blockSize = '';
  }

  /** Not from under somebody who stands on it. @param {HTMLElement} block */
  #put(block) {
    if (this.#away.has(block) || block.contains(document.activeElement) || block.querySelector('[data-chosen]')) return;
    // While the talk is not to be seen at all, nothing can be measured.
    if (!block.offsetHeight) return;
    block.style.blockSize = `${block.offsetHeight}px`;
    const lines = new DocumentFragment();
    lines.append(...block.childNodes);
    this.#away.set(block, lines);
  }
}
