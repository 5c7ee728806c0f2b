// @ts-check
/** How long to wait before coming back: full jitter, so that a roomful of people does not return at once. */

const FIRST = 500;
const LONGEST = 20_000;

/** @param {number} tries @param {() => number} random */
export function delay(tries, random) {
  return random() * Math.min(LONGEST, FIRST * 2 ** tries);
}
