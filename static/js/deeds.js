// @ts-check
/** The message that was chosen, by finger, mouse or arrow keys, and what can be done with it. */
import { draw, near, part } from './draw.js';

const LINE = '.line[data-message]';

export class Deeds {
  #log = part('log', HTMLElement);
  #deeds = part('deeds', HTMLElement);
  #facts;

  /** @param {(line: HTMLElement | null | undefined) => Facts} facts what is known of the room, and of this message */
  constructor(facts) {
    this.#facts = facts;
    let again = false;
    this.#log.addEventListener('pointerdown', (event) => { again = !!near(event, '.line[data-chosen]'); });
    this.#log.addEventListener('focusin', (event) => this.choose(near(event, LINE)));
    this.#log.addEventListener('click', (event) => {
      // Pressed once more it is let go: what can be done with it stands over the next ones.
      const letGo = again && !near(event, '[data-fold]') && document.getSelection()?.isCollapsed !== false;
      again = false;
      this.choose(letGo ? null : near(event, LINE));
    });
    this.#log.addEventListener('keydown', (event) => this.#walk(event));
  }

  /** What can be done with a message stands after the log: in it, it would be read out. @param {HTMLElement | null} [line] */
  choose(line) {
    for (const chosen of this.#log.querySelectorAll('[data-chosen]')) chosen.removeAttribute('data-chosen');
    // What came of something is said of the message that it was about.
    if (line?.dataset.message !== this.#deeds.dataset.message) for (const said of this.#deeds.querySelectorAll('.said-beside')) said.remove();
    line?.setAttribute('data-chosen', '');
    this.#deeds.dataset.message = line?.dataset.message ?? '';
    this.show(line);
    if (line) this.#deeds.scrollIntoView({ block: 'nearest' });
  }

  /** What can be done with it has changed, or where it ends. Nothing is scrolled: it may be others who changed it. @param {HTMLElement | null} [line] */
  show(line) {
    if (line) this.#deeds.style.setProperty('--at', `${line.offsetTop + line.offsetHeight}px`);
    draw(this.#deeds, { ...this.#facts(line), selected: !!line });
  }

  /** @param {string} message of which nothing is left to do anything with */
  leave(message) {
    if (this.#deeds.dataset.message !== message) return;
    // Whoever was in it stands on the message now, not at the top of the page.
    const line = this.#log.querySelector(`[data-message="${CSS.escape(message)}"]`);
    if (this.#deeds.contains(document.activeElement) && line instanceof HTMLElement) line.focus();
    this.choose();
  }

  /** @param {KeyboardEvent} event */
  #walk(event) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step) return;
    const lines = /** @type {HTMLElement[]} */ ([...this.#log.querySelectorAll('.log__block > *')]);
    const here = lines.findIndex((line) => line === document.activeElement);
    event.preventDefault();
    lines[here < 0 ? lines.length - 1 : here + step]?.focus();
  }
}
