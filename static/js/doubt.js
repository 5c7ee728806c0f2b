// @ts-check
/** Asks before words that look like a way to find somebody go out to all. They are looked at here and nowhere else. */
import { draw, part, words } from './draw.js';
import { details } from './guard.js';

/** @param {string} text all that would be read @param {(go: boolean) => void} answered @returns {boolean} whether it asks */
export function doubts(text, answered) {
  const kinds = details(text);
  if (!kinds.length) return false;
  const ask = part('ask-details', HTMLDialogElement);
  draw(ask, { kinds: kinds.map((kind) => words[`details.${kind}`]).join(', ') });
  ask.returnValue = '';
  ask.onclose = () => answered(ask.returnValue === 'go');
  ask.showModal();
  return true;
}
