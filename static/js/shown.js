// @ts-check
/** What shows in the talk itself, or comes back to who wrote it, when something happened. */
import { words } from './draw.js';

const BACK = ['given_back', 'nobody_looked', 'unknown'];

/**
 * @param {import('./transcript.js').Transcript} transcript
 * @param {import('./composer.js').Composer} composer
 * @returns {Record<string, (frame: Frame, about: { yours: boolean, facilitates: boolean, work: string }, kept: Words) => void>}
 */
export const shown = (transcript, composer) => ({
  said: (frame, about) => transcript.add(frame, about),
  reacted: (frame) => transcript.react(frame),
  noted: (frame) => transcript.cover(frame),
  restored: (frame) => transcript.restore(frame),
  screens_cleared: () => transcript.clear(),
  taken_down({ message, category }, { yours }) {
    if (yours && category === 'private_details') composer.giveBack(transcript.wrote(message), words['page.mend']);
  },
  looked_at({ message, outcome, words: why }, { yours }, { looked_at: held = [] }) {
    const mine = held.find((each) => each.message === message);
    if (yours && mine && BACK.includes(outcome)) composer.giveBack(mine, words[`back.${why || outcome}`]);
  },
});
