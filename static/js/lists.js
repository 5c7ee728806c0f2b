// @ts-check
/**
 * Draws lists: what has data-list="hands" holds a <template> for one row, and a row for every item of that name.
 * A row is changed in place: someone may be about to press a button in it.
 */
import { clone, draw } from './draw.js';

/** @type {WeakMap<HTMLElement, [Facts, string[] | undefined]>} */
const drawn = new WeakMap();
/** @type {WeakMap<HTMLElement, HTMLElement[]>} */
const found = new WeakMap();

/** Every list in a part of the page, up to where another [data-scope] begins. @param {HTMLElement} root @param {Facts} facts */
export function list(root, facts) {
  const lists = found.get(root) ?? listsIn(root);
  found.set(root, lists);
  for (const el of lists) rows(el, /** @type {Facts[]} */ (facts[el.dataset.list ?? ''] ?? []), facts.may);
}

/** They come with the page: in a long talk it takes a while to look for them, and it is asked every second. @param {HTMLElement} root */
function listsIn(root) {
  const scope = root.closest('[data-scope]');
  return [...root.querySelectorAll('[data-list]')].filter((el) => el.closest('[data-scope]') === scope);
}

/** @param {HTMLElement} el @param {Facts[]} items @param {string[]} [may] */
function rows(el, items, may) {
  const template = /** @type {HTMLTemplateElement} */ (el.querySelector(':scope > template'));
  const held = new Map([...el.querySelectorAll(':scope > [data-key]')].map((row) => [row.dataset.key, row]));
  const keys = new Set(items.map(({ key }) => String(key)));
  for (const [key, row] of held) {
    if (keys.has(key ?? '')) continue;
    if (row.contains(document.activeElement)) el.closest('[tabindex]')?.focus({ preventScroll: true });
    row.remove();
  }
  /** @type {Element} */
  let last = template;
  for (const item of items) {
    const row = held.get(String(item.key)) ?? made(template, item);
    if (last.nextElementSibling !== row) last.after(row);
    last = row;
    const [before, could] = drawn.get(row) ?? [];
    if (before === item && could === may) continue;
    drawn.set(row, [item, may]);
    draw(row, { ...item, may });
    list(row, { ...item, may });
  }
}

/** What is asked in a row is asked about whom, or what, it shows. @param {HTMLTemplateElement} template @param {Facts} item */
function made(template, { key, seat, message }) {
  const row = clone(template);
  row.dataset.key = String(key);
  if (seat) row.dataset.seat = String(seat);
  if (message) row.dataset.message = String(message);
  return row;
}
