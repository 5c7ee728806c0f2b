// @ts-check
/** A steady pace for one reader: what others say comes one by one, oldest first. Nothing else waits, and nothing is lost. */
import { world } from './clock.js';

/**
 * @typedef {ReturnType<typeof import('./told.js').told>} About what was known of it when it came
 * @typedef {{ frame: Frame, about: About, later: [Frame, About][] }} Waiting `later`: what happened to it since
 */

export class Pace {
  /** @type {Waiting[]} */ #queue = [];
  #last = -Infinity;
  #cancel = () => {};
  #seconds;
  #show;
  #told;
  #world;

  /**
   * @param {() => number} seconds between two messages; 0: as they come
   * @param {(frame: Frame, about: About) => void} show
   * @param {(waiting: number) => void} told how many wait
   */
  constructor(seconds, show, told, theWorld = world) {
    this.#seconds = seconds;
    this.#show = show;
    this.#told = told;
    this.#world = theWorld;
  }

  /** Whether it waits. One's own words never do. @param {Frame} frame @param {About} about */
  holds(frame, about) {
    if (frame.type === 'screens_cleared') this.clear();
    if (!this.#seconds()) this.catchUp();
    const at = this.#queue.findIndex((waiting) => waiting.frame.id === frame.message);
    if (frame.message && at >= 0) return this.#meanwhile(frame, about, at);
    if (frame.type !== 'said' || about.yours || !this.#seconds()) return false;
    if (!this.#queue.length && this.#world.now() - this.#last >= this.#seconds() * 1000) {
      this.#last = this.#world.now();
      return false;
    }
    this.#queue.push({ frame, about, later: [] });
    this.#told(this.#queue.length);
    if (this.#queue.length === 1) this.#wait();
    return true;
  }

  get size() {
    return this.#queue.length;
  }

  catchUp() {
    if (!this.#queue.length) return;
    this.#cancel();
    const waiting = this.#queue;
    this.#queue = [];
    this.#told(0);
    for (const each of waiting) this.#play(each);
  }

  clear() {
    this.#cancel();
    this.#queue = [];
    this.#told(0);
  }

  // Internal

  /** What was taken back, or down, before it was read here is not read here. @param {Frame} frame @param {About} about @param {number} at */
  #meanwhile(frame, about, at) {
    if (frame.type === 'taken_back' || frame.type === 'taken_down') {
      this.#queue.splice(at, 1);
      this.#told(this.#queue.length);
      return false;
    }
    this.#queue[at].later.push([frame, about]);
    return true;
  }

  #wait() {
    this.#cancel();
    const due = this.#last + this.#seconds() * 1000 - this.#world.now();
    this.#cancel = this.#world.after(Math.max(0, due), () => this.#next());
  }

  #next() {
    const next = this.#queue.shift();
    if (!next) return;
    this.#last = this.#world.now();
    this.#told(this.#queue.length);
    this.#play(next);
    if (this.#queue.length) this.#wait();
  }

  /** @param {Waiting} waiting */
  #play({ frame, about, later }) {
    this.#show(frame, about);
    for (const each of later) this.#show(...each);
  }
}
