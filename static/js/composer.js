// @ts-check
/** Where a person writes. The draft is theirs: nothing that happens in the room takes it away, or sends it late. */
import { command } from './command.js';
import { doubts } from './doubt.js';
import { clone, draw, near, part, tell, words } from './draw.js';

const LONGEST = 1000;
const NEAR = 150;
const IN_A_WORD = 229;
const COMPOSED = 500;
const touch = matchMedia('(pointer: coarse)');

export class Composer {
  #form = part('composer', HTMLFormElement);
  #box = part('words-to-say', HTMLTextAreaElement);
  #button = part('say', HTMLButtonElement);
  #tray = part('tray', HTMLElement);
  #template = part('unsent', HTMLTemplateElement);
  #outbox;
  #reading;
  #settings;
  #open = false;
  #composed = -Infinity;
  /** @type {Map<string, Command>} */ #held = new Map();

  /** @param {import('./outbox.js').Outbox} outbox @param {import('./scroll.js').Reading} reading @param {import('./settings.js').Settings} settings */
  constructor(outbox, reading, settings) {
    this.#settings = settings;
    this.#outbox = outbox;
    this.#reading = reading;
    this.#form.addEventListener('submit', (event) => this.#say(event));
    this.#box.addEventListener('input', () => this.#measure());
    // For the styles: did they ask for it by :has(), each new line would have the browser look at the whole page.
    for (const type of ['focus', 'blur']) this.#box.addEventListener(type, () => document.documentElement.toggleAttribute('data-writes', type === 'focus'));
    this.#box.addEventListener('keydown', (event) => this.#key(event));
    this.#box.addEventListener('compositionend', ({ timeStamp }) => { this.#composed = timeStamp; });
    this.#tray.addEventListener('click', (event) => this.#decide(near(event, '[data-tray]')));
    outbox.addEventListener('change', ({ detail }) => this.#changed(detail));
  }

  /** @param {Facts} facts */
  show({ open, held, pace }) {
    this.#open = !!open && !held && !pace;
    this.#box.readOnly = held === 'quieted';
    this.#measure();
  }

  clear() {
    this.#form.reset();
    this.#tray.replaceChildren();
  }

  /** Words of ours that others do not read come back to us, folded as they were. @param {Facts} wrote @param {string} no why */
  giveBack({ text, note, tag }, no) {
    if (text) this.#line(String(Math.random()), { type: 'say', text, ...(note && { note }), ...(tag && { tag }) }, 'back', no);
  }

  // Internal

  /** @param {Event} event */
  #say(event) {
    event.preventDefault();
    const text = this.#box.value.trim();
    if (!text || this.#button.disabled) return;
    // The answer is about these words, not about those that come next.
    const answered = (/** @type {boolean} */ go) => {
      this.#box.focus();
      if (go && this.#box.value.trim() === text && !this.#button.disabled) this.#send(text);
    };
    if (!doubts([text, ...new FormData(this.#form).values()].join('\n'), answered)) this.#send(text);
  }

  /** @param {string} text */
  #send(text) {
    // A content note, and how we would like to be answered, where there is one.
    /** @type {[string, string][]} */
    const more = [...new FormData(this.#form)].map(([name, value]) => [name, String(value).trim()]);
    if (!this.#outbox.put(command('say', {}, [['text', text], ...more.filter(([, value]) => value)]))) return tell(words['page.full'], true);
    this.#form.reset();
    for (const more of this.#form.querySelectorAll('details')) more.removeAttribute('open');
    this.#measure();
    this.#reading.toEnd();
  }

  /** What Enter does, when nothing else was chosen: on a keyboard it sends, on glass it begins a line. */
  get enter() {
    return this.#settings.get('enter') || (touch.matches ? 'line' : 'send');
  }

  /** Inside a word that is being composed Enter does neither. @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    // Safari says that the word is done before it says which key did it (WebKit bug 165004).
    if (event.keyCode === IN_A_WORD && event.timeStamp - this.#composed < COMPOSED) return;
    if (this.enter === 'send' || event.ctrlKey || event.metaKey) this.#say(event);
  }

  /** The room counts code points. */
  #measure() {
    const left = LONGEST - [...this.#box.value].length;
    draw(this.#form, { room: left < 0 || left > NEAR ? undefined : left, over: left < 0 ? -left : undefined });
    this.#button.disabled = !this.#open || left < 0;
  }

  /** @param {Change} change */
  #changed({ ref, command, why, words: no }) {
    if (command.type !== 'say') return;
    this.#tray.querySelector(`[data-ref="${ref}"]`)?.remove();
    this.#held.delete(ref);
    if (why === 'sent') tell(words['page.sent']);
    if (why === 'sent' || why === 'dropped') return;
    if (why !== 'sending') tell(`${words['page.not_sent']} ${no}`, true);
    this.#line(ref, command, why, no);
  }

  /** @param {string} ref @param {Command} command @param {string} why @param {string} no */
  #line(ref, command, why, no) {
    const line = clone(this.#template, { why, no, text: command.text });
    line.dataset.ref = ref;
    this.#held.set(ref, command);
    this.#tray.append(line);
  }

  /** @param {HTMLElement | null} button */
  #decide(button) {
    const line = button?.closest('[data-ref]');
    const { ref = '' } = line?.dataset ?? {};
    if (!line || !button) return;
    if (button.dataset.tray === 'edit') {
      const { text, ...more } = this.#held.get(ref) ?? { type: '' };
      this.#box.value = [text, this.#box.value].filter(Boolean).join('\n');
      for (const [name, value] of Object.entries(more)) {
        const field = this.#form.elements.namedItem(name);
        if (field && 'value' in field) field.value = String(value);
      }
      this.#measure();
    }
    line.remove();
    this.#box.focus();
    if (button.dataset.tray === 'retry') this.#outbox.retry(ref);
    else this.#outbox.drop(ref);
  }
}
