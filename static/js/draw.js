// @ts-check
/** Draws facts into a part of the page, up to where another [data-scope] begins. templates/live/room.html says how. */

const TOLD = 15_000;
const plural = new Intl.PluralRules(document.documentElement.lang);

/** @template {Element} T @param {string} id @param {new () => T} kind @returns {T} */
export function part(id, kind) {
  return /** @type {T} */ (/** @type {unknown} */ (document.getElementById(id)));
}

/** @type {Record<string, string>} what stands for a code */
export const words = Object.create(null);
for (const el of part('words', HTMLTemplateElement).content.querySelectorAll('[data-word]')) {
  words[el.dataset.word ?? ''] = el.textContent ?? '';
}

/** @param {Event} event @param {string} selector */
export function near({ target }, selector) {
  return target instanceof Element ? target.closest(selector) : null;
}

/** The element in a template, filled. @param {HTMLTemplateElement} template @param {Facts} [facts] */
export function clone(template, facts = {}) {
  const pattern = /** @type {HTMLElement} */ (template.content.firstElementChild);
  // Of the pattern it is known which of its elements are places: to look again in each of thousands of copies takes a cheap
  // phone longer than anything else that is done with a message.
  const places = patterns.get(template) ?? [...placesIn(pattern)].map((place) => ({ ...place, at: all(pattern).indexOf(place.el) }));
  patterns.set(template, places);
  const el = /** @type {HTMLElement} */ (pattern.cloneNode(true));
  const copies = all(el);
  drawEach(places.map((place) => ({ ...place, el: copies[place.at] })), facts);
  return el;
}

/** @param {HTMLElement} el @returns {HTMLElement[]} */
const all = (el) => [el, ...el.querySelectorAll('*')];

/**
 * @typedef {{ fact: string, not: boolean, values: string[] }} Clause
 * @typedef {{ el: HTMLElement, rule: Clause[] | null, command: string, needs: string[], fill: string, kind?: string, count: string, value: string, how?: string }} Place
 */
/** @type {WeakMap<HTMLTemplateElement, (Place & { at: number })[]>} the places of what is copied, and which of its elements each is */
const patterns = new WeakMap();
/** @type {WeakMap<HTMLElement, { places: Place[], facts: Facts }>} what was drawn, and out of what */
const drawn = new WeakMap();
/** @type {Map<string, Clause[]>} as templates write them: there are not many */
const rules = new Map();

/** @param {HTMLElement} root @param {Facts} facts */
export function draw(root, facts) {
  // All of a room is drawn every second, and hardly anything has changed by then: a cheap phone has better things to do.
  const { places, facts: before } = drawn.get(root) ?? { places: [...placesIn(root)], facts: null };
  drawn.set(root, { places, facts });
  drawEach(before ? places.filter(({ needs }) => needs.some((fact) => facts[fact] !== before[fact])) : places, facts);
}

/** What has appeared is read out once all of it can be seen. @param {Place[]} places @param {Facts} facts */
function drawEach(places, facts) {
  for (const { el, how } of places.filter((place) => drawOne(place, facts))) tell(read(el), how === 'urgent');
}

/** Whether it has appeared, and asks to be read out then. @param {Place} place @param {Facts} facts */
function drawOne({ el, rule, command, fill, kind, count, value, how }, facts) {
  if (fill) put(el, kind ? words[`${kind}.${facts[fill]}`] : facts[fill]);
  if (value) fillIn(el, facts[value]);
  if (count) choose(el, /** @type {number | undefined} */ (facts[count]));
  if (!rule) return false;
  const hidden = !rule.every((clause) => holds(clause, facts)) || (!!command && !facts.may?.includes(command));
  const appears = !!how && el.hidden && !hidden;
  const left = hidden && el.contains(document.activeElement);
  el.hidden = hidden;
  // Whoever stood on what has gone stands beside it, not at the top of the page.
  if (left) el.parentElement?.closest('[tabindex]')?.focus({ preventScroll: true });
  return appears;
}

/** What in a part of the page depends on a fact. @param {HTMLElement} root @returns {Iterable<Place>} */
function* placesIn(root) {
  for (const el of within(root)) {
    const { if: clauses, fill = '', words: kind, count = '', value = '', do: asks = '', always, tell: how } = el.dataset;
    const command = always === '' ? '' : asks;
    const rule = clauses || command ? clausesOf(clauses) : null;
    const needs = [fill, count, value, command && 'may', ...(rule ?? []).map(({ fact }) => fact)].filter(Boolean);
    if (needs.length) yield { el, rule, command, needs, fill, kind, count, value, how };
  }
}

/** Down to where another scope begins, and not into it: the talk may be long. @param {HTMLElement} root */
function* within(root) {
  const walk = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT, (el) => (
    'scope' in /** @type {HTMLElement} */ (el).dataset ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT
  ));
  yield root;
  while (walk.nextNode()) yield /** @type {HTMLElement} */ (walk.currentNode);
}

/** Reads words out, once. @param {string} text */
export function tell(text, urgent = false) {
  const line = document.createElement('p');
  line.textContent = text;
  part(urgent ? 'urgent' : 'polite', HTMLElement).append(line);
  setTimeout(() => line.remove(), TOLD);
}

/** What of an element can be seen. @param {HTMLElement} el */
export function read(el) {
  const seen = /** @type {HTMLElement} */ (el.cloneNode(true));
  for (const hidden of seen.querySelectorAll('[hidden]')) hidden.remove();
  return (seen.textContent ?? '').replace(/\s+/g, ' ').trim();
}

/** @param {string} [rule] @returns {Clause[]} */
function clausesOf(rule = '') {
  const known = rules.get(rule) ?? rule.split(' ').filter(Boolean).map(clause);
  rules.set(rule, known);
  return known;
}

/** One of "state:paused,held by:!null". @param {string} text @returns {Clause} */
function clause(text) {
  const [fact, values] = text.split(':');
  const not = values.startsWith('!');
  return { fact, not, values: values.slice(+not).split(',') };
}

/** @param {Clause} clause @param {Facts} facts */
function holds({ fact, not, values }, facts) {
  return not !== values.includes(String(facts[fact]));
}

/** Of the forms in `el`, the one for `n` itself or else for numbers like it. @param {HTMLElement} el @param {number} [n] */
function choose(el, n) {
  const forms = [...el.querySelectorAll('[data-n]')];
  /** @param {(m: number) => boolean} fits */
  const form = (fits) => forms.find(({ dataset }) => dataset.n?.split(' ').some((m) => fits(Number(m))));
  const chosen = n === undefined ? n
    : (form((m) => m === n) ?? form((m) => m > 0 && plural.select(m) === plural.select(n)));
  for (const each of forms) each.hidden = each !== chosen;
  for (const number of chosen?.querySelectorAll('[data-number]') ?? []) put(number, n);
}

/** The value of a button, or of a field that nobody sees. @param {HTMLElement} el @param {unknown} value */
function fillIn(el, value) {
  const text = String(value ?? '');
  if (el.getAttribute('value') !== text) el.setAttribute('value', text);
}

/** Words written again would be read out again. @param {HTMLElement} el @param {unknown} value */
function put(el, value) {
  const text = String(value ?? '');
  if (el.textContent !== text) el.textContent = text;
}
