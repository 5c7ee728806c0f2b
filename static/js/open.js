// @ts-check
/** Opens what a button points to with data-open: a part of the sheet beside the talk, of the panel, of the page. */
import { near, part } from './draw.js';

/** @param {HTMLElement} root */
export function opens(root) {
  root.addEventListener('click', (event) => {
    const { open: id } = near(event, '[data-open]')?.dataset ?? {};
    if (id) open(part(id, HTMLElement));
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
