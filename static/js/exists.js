// @ts-check
/** What exists right now: in the server's own sentences, asked for at this moment, and what this page knows of itself. */
import { draw } from './draw.js';

/** @param {HTMLElement} box @param {string} where to ask @param {Facts} facts of this page */
export async function looks(box, where, facts) {
  draw(box, { ...facts, found: '' });
  try {
    const answer = await fetch(where);
    if (!answer.ok) throw new Error();
    show(box.querySelector('ul'), await answer.json());
  } catch {
    show(box.querySelector('ul'), []);
    draw(box, { ...facts, found: 'no' });
  }
}

/** @param {HTMLElement | null} list @param {string[]} sentences */
function show(list, sentences) {
  list?.replaceChildren(...sentences.map((sentence) => {
    const line = document.createElement('li');
    line.textContent = sentence;
    return line;
  }));
}
