// @ts-check
/** What happened, in the words of `<template data-event="paused">`. templates/live/_notices.html says how. */
import { clone, part, read, tell } from './draw.js';

export class Notices {
  #transcript;
  /** @type {Map<string, HTMLTemplateElement>} by event, and whom it is for */ #templates = new Map();

  /** @param {import('./transcript.js').Transcript} transcript */
  constructor(transcript) {
    this.#transcript = transcript;
    const found = /** @type {NodeListOf<HTMLTemplateElement>} */ (document.querySelectorAll('template[data-event]'));
    for (const each of found) this.#templates.set(`${each.dataset.event} ${each.dataset.for ?? ''}`, each);
  }

  /** @param {Frame} frame @param {Facts} about `who` it concerns, whether that is `yours`, and the time `now` */
  show(frame, about) {
    const whose = about.yours ? 'you' : 'others';
    const template = this.#templates.get(`${frame.type} ${whose}`) ?? this.#templates.get(`${frame.type} `);
    if (!template) return;
    const notice = clone(template, { ...frame, ...about, by: frame.by || null });
    const { visible } = this.#transcript;
    const to = template.dataset.to ?? (visible ? 'log' : 'polite');
    const instead = template.hasAttribute('data-instead');
    if (instead) this.#transcript.blank(frame, notice);
    if (to === 'polite' || to === 'urgent') tell(read(notice), to === 'urgent');
    else if (instead) return;
    else if (to === 'log') {
      // What stands there before the talk comes back is not read out by itself then.
      if (!visible) tell(read(notice));
      this.#transcript.note(notice);
    }
    else this.#put(part(to, HTMLElement), notice);
  }

  /** What cannot be seen is not read out by itself. @param {HTMLElement | null} place @param {HTMLElement} notice */
  #put(place, notice) {
    place?.replaceChildren(notice);
    if (!place?.checkVisibility()) tell(read(notice));
  }
}
