// @ts-check
/** Opens what a button points to with data-open: a part of the sheet beside the talk, of the panel, of the page. */
import { near, part } from './draw.js';

export const wide = matchMedia('(min-width: 1000px)');

/** @param {HTMLElement} root */
export function opens(root) {
  root.addEventListener('click', (event) => {
    const { open: id } = near(event, '[data-open]')?.dataset ?? {};
    if (id) open(part(id, HTMLElement));
  });
  // The phone was turned, or the window made wider: what was a sheet over the talk stands beside it now.
  wide.addEventListener('change', () => {
    for (const sheet of root.querySelectorAll('[popover]:popover-open')) sheet.hidePopover();
  });
}

/** @param {HTMLElement} el */
function open(el) {
  const sheet = el.closest('[popover]');
  if (sheet && !sheet.checkVisibility()) sheet.showPopover();
  if (el instanceof HTMLDetailsElement) el.open = true;
  el.scrollIntoView({ block: 'start' });
  (el.querySelector('summary,textarea') ?? el).focus({ preventScroll: true });
}
