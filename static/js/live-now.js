// @ts-check
/** What is on now, at the desk, kept fresh by the server. The page is right without this, as it was when it was loaded. */

/** @typedef {{ room: string, name: string, state: string, words: string, told: string }} OnNow as the server tells it; no state: it cannot tell */

/** @typedef {{ name: string, state: string }} Shown on the page, of a room; no state: it is over */

/**
 * What is read out: rooms whose state is another than the one that was shown. Seats are not worth an interruption.
 * @param {Map<string, Shown>} shown by room @param {OnNow[]} now @param {string} over how it is said that one is
 */
export function news(shown, now, over) {
  const told = new Set(now.map(({ room }) => room));
  return [
    ...now.filter(({ room, state }) => state && state !== shown.get(room)?.state).map((each) => each.told),
    ...[...shown].filter(([room, { state }]) => state && !told.has(room)).map(([, { name }]) => `${name}: ${over}`),
  ].join('. ');
}

/** @param {HTMLElement} box */
function keepsFresh(box) {
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (box.querySelector(`[data-now-${name}]`));
  const list = part('list');
  const row = /** @type {HTMLTemplateElement} */ (part('row')).content;
  const lines = () => /** @type {HTMLElement[]} */ ([...list.children]);

  /** @param {Element | null} place @param {string} words */
  const write = (place, words) => {
    if (place && place.textContent !== words) place.textContent = words;
  };
  /** @param {string} room @param {string} words */
  const stands = (room, words) => write(document.querySelector(`[data-stands="${CSS.escape(room)}"]`), words);

  const isStale = (/** @type {boolean} */ is) => { part('stale').hidden = !is; };

  /** @param {OnNow} each */
  const add = ({ room, name }) => {
    const line = /** @type {HTMLElement} */ (row.cloneNode(true)).querySelector('li');
    const link = line?.querySelector('a');
    if (!line || !link) return null;
    line.dataset.room = room;
    link.href = `/desk/rooms/${encodeURIComponent(room)}`;
    link.textContent = name;
    list.append(line);
    return line;
  };

  /** @param {OnNow[]} now */
  const draw = (now) => {
    const shown = new Map(lines().map((line) => [
      line.dataset.room ?? '', { name: line.querySelector('a')?.textContent ?? '', state: line.dataset.state ?? '' },
    ]));
    const over = box.dataset.over ?? '';
    const said = news(shown, now, over);
    isStale(now.some(({ room, state }) => !state && shown.has(room)));
    for (const each of now) {
      if (!each.state) continue;
      const line = lines().find(({ dataset }) => dataset.room === each.room) ?? add(each);
      if (line) line.dataset.state = each.state;
      write(line?.querySelector('span') ?? null, each.words);
      stands(each.room, each.words);
    }
    const told = new Set(now.map(({ room }) => room));
    for (const line of lines()) {
      if (told.has(line.dataset.room ?? '')) continue;
      write(line.querySelector('span'), over);
      stands(line.dataset.room ?? '', over);
      line.dataset.state = '';
      // Whoever is on its link stays there; it goes with the next change after they have gone on.
      if (!line.contains(document.activeElement)) line.remove();
    }
    list.hidden = !list.children.length;
    part('none').hidden = !list.hidden;
    if (said) write(part('told'), said);
  };

  const source = new EventSource('/desk/now');
  source.onmessage = ({ data }) => draw(JSON.parse(data));
  source.onerror = () => isStale(true);
  source.addEventListener('over', () => {
    source.close();
    isStale(true);
  });
}

if (typeof document !== 'undefined') {
  const box = /** @type {HTMLElement | null} */ (document.querySelector('[data-live-now]'));
  if (box) keepsFresh(box);
}
