// @ts-check
// How far away the door's opening is, in words, renewed once a minute. Without this file the page says the time itself.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * The largest unit that still tells the truth: "in 2 days", "in 3 hours", "in 12 minutes".
 * @param {number} left milliseconds
 * @param {string} lang
 */
export function inWords(left, lang) {
  const words = new Intl.RelativeTimeFormat(lang, { numeric: "always" });
  if (left >= 2 * DAY) return words.format(Math.floor(left / DAY), "day");
  if (left >= 2 * HOUR) return words.format(Math.floor(left / HOUR), "hour");
  return words.format(Math.max(1, Math.ceil(left / MINUTE)), "minute");
}

/** @param {HTMLElement} line */
function count(line) {
  const opens = Date.parse(line.dataset.countdown ?? "") - Number(line.dataset.minutesBefore) * MINUTE;
  const over = /** @type {HTMLElement | null} */ (document.querySelector("[data-countdown-over]"));

  const tick = () => {
    const left = opens - Date.now();
    if (Number.isNaN(left)) return;
    line.hidden = left <= 0;
    if (over) over.hidden = left > 0;
    if (left <= 0) return;
    line.textContent = (line.dataset.words ?? "").replace("{when}", inWords(left, document.documentElement.lang));
    setTimeout(tick, Math.min(left, MINUTE));
  };
  tick();
}

if (typeof document !== "undefined") {
  for (const line of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-countdown]"))) count(line);
}
