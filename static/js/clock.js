// @ts-check
/** The server's time, whatever this device's clock says, and what is worth saying about it. */

/** @type {World} */
export const world = {
  now: () => Date.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};

export class Clock {
  #ahead = 0;

  /** @param {number} now as the server has just said */
  set(now) {
    this.#ahead = now - Date.now() / 1000;
  }

  get now() {
    return Date.now() / 1000 + this.#ahead;
  }
}

/** Minutes, the one that has begun included; 0: it is time. @param {number | null | undefined} until @param {number} now */
export function minutes(until, now) {
  if (!until) return undefined;
  // A few seconds are what a message needs to travel: five minutes just given are not six.
  return until <= now ? 0 : Math.max(1, Math.ceil((until - now) / 60 - 0.1));
}

/** @param {number | null | undefined} until @param {number} now */
export function seconds(until, now) {
  return until ? Math.max(0, Math.ceil(until - now)) : undefined;
}

/** Which part of the end we are in: each is announced once, when it begins. @param {Partial<Room>} room @param {number} now */
export function soon({ state = '', since = 0, ends_at = 0 }, now) {
  const left = ends_at - now;
  if (!['live', 'paused', 'closing'].includes(state)) return 'no';
  if (left <= 20) return 'seconds';
  if (left <= 60) return 'minute';
  return state === 'closing' && left <= (ends_at - since) / 2 ? 'half' : 'no';
}

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });

/** The time of day, as the reader's device writes it. @param {number} at */
export function oclock(at) {
  return time.format(at * 1000);
}
