// @ts-check
/** What happened, in the words of `<template data-event="paused">`. templates/live/_notices.html says how. */
import { clone, part, read, tell } from './draw.js';

export class Notices {
  #transcript;

  /** @param {import('./transcript.js').Transcript} transcript */
  constructor(transcript) {
    this.#transcript = transcript;
  }

  /** @param {Frame} frame @param {Facts} about `who` it concerns, whether that is `yours`, and the time `now` */
  show(frame, about) {
    const all = `template[data-event="${CSS.escape(frame.type)}"]`;
    const whose = `[data-for="${about.yours ? 'you' : 'others'}"]`;
    const template = document.querySelector(all + whose) ?? document.querySelector(`${all}:not([data-for])`);
    if (!(template instanceof HTMLTemplateElement)) return;
    const notice = clone(template, { ...frame, ...about, by: frame.by || null });
    const to = template.dataset.to ?? (this.#transcript.visible ? 'log' : 'polite');
    const instead = template.hasAttribute('data-instead');
    if (instead) this.#transcript.blank(frame, notice);
    if (to === 'polite' || to === 'urgent') tell(read(notice), to === 'urgent');
    else if (instead) return;
    else if (to === 'log') this.#transcript.note(notice);
    else this.#put(part(to, HTMLElement), notice);
  }

  /** What cannot be seen is not read out by itself. @param {HTMLElement | null} place @param {HTMLElement} notice */
  #put(place, notice) {
    place?.replaceChildren(notice);
    if (!place?.checkVisibility()) tell(read(notice));
  }
}
