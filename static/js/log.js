// @ts-check
/** Our place in the room's order: which frame is next, which we have had, which shows that one is missing. */

const REMEMBERED = 500;

export class Log {
  /** @type {Position | null} */ #at = null;
  /** @type {Set<string>} */ #seen = new Set();
  #inside = false;
  // Who waits is not sent what is said, so their numbers have holes. The first one after coming in is taken as given.
  #loose = true;

  /** The position to greet with; null: nothing was shown that could have a sequel. */
  get at() {
    return this.#loose ? null : this.#at;
  }

  /** May messages have been missed? @param {Frame} frame */
  welcome({ at, resumed, you }) {
    // Into the quiet corner or out to the lobby there is nothing to follow, and another role at the same place missed nothing.
    const missed = this.at !== null && !!at && !resumed && (at.epoch !== this.at.epoch || at.seq !== this.at.seq);
    if (!resumed || !this.at) this.#at = at;
    this.#inside = you.place === 'inside';
    this.#loose = !this.#inside;
    return missed;
  }

  /** @param {string | undefined} place */
  settle(place) {
    this.#inside = place === 'inside';
    this.#loose ||= !this.#inside;
  }

  /** The server is at `at`: was the last frame lost? @param {Position | null} at */
  behind(at) {
    if (!at) return false;
    if (this.#at && !this.#loose) return at.epoch !== this.#at.epoch || at.seq > this.#at.seq;
    this.#at = at;
    this.#loose = !this.#inside;
    return false;
  }

  /** @param {Frame} frame @returns {'apply' | 'skip' | 'gap'} */
  take({ seq, id }) {
    if (seq === undefined) return id === undefined || this.#first(id) ? 'apply' : 'skip';
    const { epoch, seq: last } = this.#at ?? { epoch: '', seq: 0 };
    if (seq <= last) return 'skip';
    if (!this.#loose && seq > last + 1) return 'gap';
    this.#at = { epoch, seq };
    this.#loose = !this.#inside;
    return 'apply';
  }

  /** @param {string} id */
  #first(id) {
    if (this.#seen.has(id)) return false;
    this.#seen.add(id);
    if (this.#seen.size > REMEMBERED) this.#seen.delete([...this.#seen][0]);
    return true;
  }
}
