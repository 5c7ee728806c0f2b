// @ts-check
/** The reader's place belongs to the reader: new words move the view only for who is at the end already. */
import { draw } from './draw.js';

const NEAR = 48;

export class Reading {
  #box;
  #button;
  #following = true;
  #missed = 0;
  #top = 0;

  /** @param {HTMLElement} box what scrolls @param {HTMLElement} button "6 new messages" */
  constructor(box, button) {
    this.#box = box;
    this.#button = button;
    box.addEventListener('scroll', () => this.#look(), { passive: true });
    button.addEventListener('click', () => this.toEnd());
    // Something was said, the keyboard opened, the phone was turned, or a line got its true height: the end stays in sight.
    // Told once a frame, when everything has been measured anyway. To measure for each message is slow on a cheap phone.
    const pinned = new ResizeObserver(() => this.#following && this.toEnd());
    for (const el of [box, ...box.children]) pinned.observe(el);
  }

  toEnd() {
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#look();
  }

  /** Something was added at the end. @param {boolean} counts */
  added(counts) {
    if (!this.#following && counts) this.#show(this.#missed + 1);
  }

  #look() {
    const { scrollTop, scrollHeight, clientHeight } = this.#box;
    // Only a reader moves up. The end may also move away from us: a banner came, a line turned out taller.
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.#following = true;
    else if (scrollTop < this.#top) this.#following = false;
    this.#top = scrollTop;
    if (this.#following && this.#missed) this.#show(0);
  }

  /** @param {number} missed */
  #show(missed) {
    this.#missed = missed;
    draw(this.#button, { missed, unread: missed ? 'yes' : 'no' });
  }
}
