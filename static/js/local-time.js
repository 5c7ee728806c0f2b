// @ts-check
// A time as the reader's own clock shows it, where that is not the group's. Without this file the group's time stands alone.

/**
 * Null where both clocks show the same.
 * @param {Date} at
 * @param {number} offset the group's clock, in minutes ahead of UTC
 * @param {string} lang
 */
export function here(at, offset, lang) {
  if (Number.isNaN(at.getTime()) || -at.getTimezoneOffset() === offset) return null;
  return new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : lang, { weekday: 'long', hour: 'numeric', minute: '2-digit' }).format(at);
}

if (typeof document !== 'undefined') {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-local]'))) {
    const when = here(new Date(place.dataset.local ?? ''), Number(place.dataset.offset), document.documentElement.lang);
    if (when === null) continue;
    place.textContent = (place.dataset.words ?? '').replace('{when}', when);
    place.hidden = false;
  }
}
