// @ts-check
/** How much of the talk is read out to this person: all of it, some, only how much there was, or nothing. */
import { world } from './clock.js';

const EVERY = 30_000;

export class Hearing {
  #level;
  #count;
  #world;
  #missed = 0;

  /** @param {() => string} level @param {(messages: number) => void} count tells how many were not read out */
  constructor(level, count, theWorld = world) {
    this.#level = level;
    this.#count = count;
    this.#world = theWorld;
  }

  /** Whether a message is read out as it comes. @param {boolean} facilitates whether its writer does */
  reads(facilitates) {
    const level = this.#level();
    if (level === 'counts' && ++this.#missed === 1) this.#world.after(EVERY, () => this.#tell());
    return !level || (level === 'some' && facilitates);
  }

  /** Whether lines of the room itself are read out as they come: who asked for silence still hears what is grave. */
  get notices() {
    return this.#level() !== 'none';
  }

  #tell() {
    const missed = this.#missed;
    this.#missed = 0;
    this.#count(missed);
  }
}
