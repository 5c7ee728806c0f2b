// @ts-check
// A name by which somebody could be found outside the room: asked about once, before it goes anywhere. Without this file
// the name is sent as it was written.
import { details } from './guard.js';

// Two words that begin as names do. "Quiet River" is one too: it is a question, and the same press again is the answer.
const FULL = /^\p{Lu}[\p{L}'’-]+(?:\s+\p{Lu}\.?)?\s+\p{Lu}[\p{L}'’-]+$/u;

/** What a name looks like, the plainest first. @param {string} name */
export function looksLike(name) {
  return [...details(name), ...(FULL.test(name.normalize('NFKC').trim()) ? ['full'] : [])];
}

/** @param {HTMLFormElement} form @param {HTMLElement} doubt */
function asks(form, doubt) {
  const field = /** @type {HTMLInputElement} */ (form.elements.namedItem('name'));
  let asked = '';
  form.addEventListener('submit', (event) => {
    const name = field.value.trim();
    // One that we made up is nobody's.
    const kinds = new FormData(form).get('pick') ? [] : looksLike(name);
    doubt.textContent = '';
    if (!kinds.length || name === asked) return;
    event.preventDefault();
    asked = name;
    const words = kinds.map((kind) => doubt.dataset[kind]).join(', ');
    doubt.textContent = (doubt.dataset.words ?? '').replace('{kinds}', words);
    field.focus();
  });
}

if (typeof document !== 'undefined') {
  for (const doubt of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-doubt]'))) {
    const form = doubt.closest('form');
    if (form instanceof HTMLFormElement) asks(form, doubt);
  }
}
