// @ts-check
/** Sends what `[data-do]` asks for, and says beside it what became of that. A new control is a button, and nothing here. */
import { command } from './command.js';
import { draw, near, part, tell, words } from './draw.js';

/** Fires `asked` (detail: the command's type). */
export class Controls extends EventTarget {
  #outbox;
  #about;
  /** @type {Map<string, HTMLElement>} */ #asked = new Map();

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
    outbox.addEventListener('change', ({ detail }) => this.#answered(detail));
  }

  /** @param {HTMLElement | null} button */
  #pressed(button) {
    // A second press before the first is answered would be a second wish: to end, or to extend again.
    if ([...this.#asked.values()].some((el) => el === button)) return;
    if (button?.dataset.confirm) this.#confirm(button, part(button.dataset.confirm, HTMLDialogElement));
    else if (button) this.#send(button);
  }

  /** @param {HTMLElement} button @param {HTMLDialogElement} dialog */
  #confirm(button, dialog) {
    const form = /** @type {HTMLFormElement} */ (dialog.querySelector('form'));
    const target = beside(button);
    form.reset();
    draw(dialog, this.#about(target.seat));
    dialog.returnValue = '';
    dialog.onclose = () => dialog.returnValue === 'go' && this.#send(button, form, target);
    dialog.showModal();
  }

  /** @param {SubmitEvent} event */
  #submitted(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.do) return;
    event.preventDefault();
    this.#send(form, form);
  }

  /** @param {HTMLElement} el @param {HTMLFormElement} [form] */
  #send(el, form, target = beside(el)) {
    const type = el.dataset.do ?? '';
    this.#say(el, '');
    this.#asked.set(this.#outbox.put(command(type, target, fields(form))) ?? '', el);
    this.dispatchEvent(new CustomEvent('asked', { detail: type }));
  }

  /** @param {Change} change */
  #answered({ ref, why, words: no }) {
    const el = this.#asked.get(ref);
    if (!el) return;
    this.#asked.delete(ref);
    if (why !== 'sent') this.#say(el, why === 'refused' ? no : words['page.not_done']);
  }

  /** @param {HTMLElement} el @param {string} text */
  #say(el, text) {
    const beside = el.nextElementSibling;
    if (beside?.matches('.refusal')) beside.remove();
    if (!text) return;
    const line = document.createElement('p');
    line.className = 'refusal';
    line.textContent = text;
    el.after(line);
    tell(text, true);
  }
}

/** @param {HTMLElement} el */
function beside(el) {
  return /** @type {{ seat?: string, message?: string }} */ (el.closest('[data-seat],[data-message]')?.dataset ?? {});
}

/** @param {HTMLFormElement} [form] @returns {[string, string, string?][]} */
function fields(form) {
  return [...new FormData(form)].map(([name, value]) => [
    name, String(value), form?.querySelector(`[name="${name}"]`)?.dataset.type,
  ]);
}
