// @ts-check
/** Sends what `[data-do]` asks for, and says beside it what became of that. A new control is a button, and nothing here. */
import { command } from './command.js';
import { doubts } from './doubt.js';
import { draw, near, part, tell, words } from './draw.js';
import { list } from './lists.js';
import { wide } from './open.js';

const THINK = 5000;

/** @typedef {{ el: HTMLElement, form?: HTMLFormElement, as: string }} Asked what was in the form is kept, to know it again */

/** Fires `asked` (detail: the command's type). */
export class Controls extends EventTarget {
  #outbox;
  #about;
  /** @type {Map<string, Asked>} */ #asked = new Map();

  /**
   * @param {HTMLElement} root
   * @param {import('./outbox.js').Outbox} outbox
   * @param {(seat?: string) => Facts} about what a dialog may say of the person concerned
   */
  constructor(root, outbox, about) {
    super();
    this.#outbox = outbox;
    this.#about = about;
    root.addEventListener('click', (event) => this.#pressed(near(event, 'button[data-do]')));
    root.addEventListener('submit', (event) => this.#submitted(event));
    root.addEventListener('keydown', answers);
    outbox.addEventListener('change', ({ detail }) => this.#answered(detail));
  }

  /** @param {HTMLElement | null} button */
  #pressed(button) {
    // A second press before the first is answered would be a second wish: to end, or to extend again.
    if (!(button instanceof HTMLButtonElement) || this.#waits(button)) return;
    if (button.dataset.confirm) this.#confirm(button, part(button.dataset.confirm, HTMLDialogElement));
    else this.#send(button);
  }

  /** @param {HTMLButtonElement} button @param {HTMLDialogElement} dialog */
  #confirm(button, dialog) {
    const form = /** @type {HTMLFormElement} */ (dialog.querySelector('form'));
    const target = beside(button);
    const whose = `${button.dataset.do} ${target.message ?? target.seat ?? ''}`;
    const facts = this.#about(target.seat);
    // What was written about one person is not offered about the next.
    if (form.dataset.about !== whose) form.reset();
    form.dataset.about = whose;
    draw(dialog, facts);
    list(dialog, facts);
    dialog.returnValue = '';
    const back = comesBack(button);
    dialog.onclose = () => {
      back();
      if (dialog.returnValue === 'go') this.#send(button, form, target);
      else list(dialog, {});
    };
    dialog.showModal();
    if (facts.alone && 'grave' in dialog.dataset) this.#think(/** @type {HTMLButtonElement} */ (form.querySelector('[value=go]')));
  }

  /** What can be chosen from has become less. */
  lookAgain() {
    for (const dialog of document.querySelectorAll('dialog[open]')) if (dialog instanceof HTMLElement) list(dialog, this.#about());
  }

  /** Where no second yes can be had, five seconds are the second thought. @param {HTMLButtonElement} go */
  #think(go) {
    go.disabled = true;
    setTimeout(() => { go.disabled = false; }, THINK);
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.do) return;
    event.preventDefault();
    if (this.#waits(form)) return;
    const was = as(form);
    const back = comesBack(/** @type {HTMLElement} */ (event.submitter ?? form));
    const answered = (/** @type {boolean} */ go) => {
      back();
      if (go && as(form) === was) this.#send(form, form);
    };
    const read = 'guard' in form.dataset ? [...new FormData(form).values()].join('\n') : '';
    if (!doubts(read, answered)) this.#send(form, form);
  }

  /** @param {HTMLElement} el */
  #waits(el) {
    return [...this.#asked.values()].some((asked) => asked.el === el);
  }

  /** @param {HTMLElement} el @param {HTMLFormElement} [form] */
  #send(el, form, target = beside(el)) {
    const type = el.dataset.do ?? '';
    this.#say(el, '');
    /** @type {[string, string, string?][]} */
    const own = el instanceof HTMLButtonElement && el.name ? [[el.name, el.value, el.dataset.type]] : [];
    const asked = { el, form, as: as(form) };
    this.#asked.set(this.#outbox.put(command(type, target, [...fields(form), ...own])) ?? '', asked);
    this.dispatchEvent(new CustomEvent('asked', { detail: type }));
  }

  /** @param {Change} change */
  #answered({ ref, why, words: no }) {
    const { el, form, as: was } = this.#asked.get(ref) ?? {};
    if (!el || why === 'sending') return;
    this.#asked.delete(ref);
    if (why !== 'sent') return this.#say(el, why === 'refused' ? no : words['page.not_done']);
    // Words stay until they have arrived, and newer ones stay longer.
    if (form && as(form) === was) form.reset();
    // What was said stays in no dialog that nobody sees.
    const dialog = form?.closest('dialog');
    if (dialog && !dialog.open) list(dialog, {});
    if ('sent' in el.dataset) this.#say(el, words['page.sent'], 'soft');
  }

  /** @param {HTMLElement} el @param {string} text */
  #say(el, text, how = 'refusal') {
    const beside = el.nextElementSibling;
    if (beside?.matches('.said-beside')) beside.remove();
    if (!text) return;
    const line = document.createElement('p');
    line.className = `${how} said-beside`;
    line.textContent = text;
    el.after(line);
    tell(text, how === 'refusal');
  }
}

/** Enter in a line of words is the answer, and not the button that stands first. @param {KeyboardEvent} event */
function answers(event) {
  const { form, type } = event.target instanceof HTMLInputElement ? event.target : { form: null, type: '' };
  if (event.key !== 'Enter' || event.isComposing || type !== 'text' || form?.method !== 'dialog') return;
  event.preventDefault();
  const go = form.querySelector('[value=go]');
  if (go instanceof HTMLButtonElement && !go.disabled) form.requestSubmit(go);
}

/** A question closes the sheet it was asked from; whoever answers it goes on there. @param {HTMLElement} el */
function comesBack(el) {
  const sheet = el.closest('[popover]:popover-open');
  return () => {
    if (!wide.matches) sheet?.showPopover();
    if (sheet) el.focus({ preventScroll: true });
  };
}

/** The person, or the message, that something stands beside. @param {HTMLElement | null} el */
export function beside(el) {
  // As it is now: what it stands beside may have changed, or gone, by the time that a question is answered.
  const { seat, message } = el?.closest('[data-seat],[data-message]')?.dataset ?? {};
  return { seat, message };
}

/** @param {HTMLFormElement} [form] @returns {[string, string, string?][]} */
function fields(form) {
  return [...new FormData(form)].map(([name, value]) => [
    name, String(value), form?.querySelector(`[name="${name}"]`)?.dataset.type,
  ]);
}

/** @param {HTMLFormElement} [form] */
const as = (form) => fields(form).join('\n');
