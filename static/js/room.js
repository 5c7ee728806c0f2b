// @ts-check
/** The page of a live room: who hears from whom. */
import { keepsCopies } from './care.js';
import { settles } from './chosen.js';
import { Composer } from './composer.js';
import { Controls, beside } from './controls.js';
import { draw, near, part, tell, words } from './draw.js';
import { Hearing } from './hearing.js';
import { items } from './items.js';
import { list } from './lists.js';
import { Notices } from './notices.js';
import { opens } from './open.js';
import { Pace } from './pace.js';
import { Roster } from './roster.js';
import { Reading } from './scroll.js';
import { Session } from './session.js';
import { Settings } from './settings.js';
import { shown } from './shown.js';
import { AFTERWARDS, facts, factsOf } from './state.js';
import { told } from './told.js';
import { Transcript } from './transcript.js';
import { Unseen } from './unseen.js';

const BLINK = 1500; // a loss of touch shorter than this is not worth a word
const FADE = 120;
const TURNS_AWAY = ['removed', 'declined'];
const LESS = ['taken_back', 'taken_down', 'screens_cleared'];
const ENDS = [...TURNS_AWAY, 'left', 'moved'];
const root = part('live', HTMLElement);
const main = part('main', HTMLElement);
const { socket, name = '', listening, work = '' } = root.dataset;
const here = /** @type {Here} */ ({ now: 0, touch: '', code: 0, left: false, turned: '', card: '', fades: 0, said: 0, read: '' });

const open = () => new WebSocket(location.origin.replace('http', 'ws') + socket, 'tealight.1');
const session = new Session(open, { name, listening: listening === 'yes', ...(work && { work }) });
const { link, outbox } = session;
const now = () => facts(session.state, here);
const reading = new Reading(part('scroller', HTMLElement), part('unread', HTMLElement));
const settings = new Settings(() => localStorage);
const hearing = new Hearing(() => settings.get('announce'), (missed) => tell(`${words['page.unheard']} ${missed}`));
const unseen = new Unseen(() => sessionStorage);
const transcript = new Transcript(reading, now, { hearing, unseen, settings });
const notices = new Notices(transcript);
const roster = new Roster();
const composer = new Composer(outbox, reading, settings);
const steady = part('steady', HTMLElement);
const pace = new Pace(() => Number(settings.get('pace')), show, (waiting) => draw(steady, { waiting, steady: waiting ? 'yes' : 'no' }));
const about = (seat = '') => ({ ...now(), ...factsOf(session.state.people.get(seat), here.now), said: transcript.said, leaves_out: transcript.leavesOut });
const controls = new Controls(root, outbox, about);
keepsCopies(outbox, transcript, words);
const shows = shown(transcript, composer);
opens(root);
settles(root, settings, session);

function refresh() {
  const blinked = link.touch === 'lost' && Date.now() - link.since < BLINK;
  Object.assign(here, { now: session.clock.now, touch: blinked ? 'open' : link.touch, code: link.code });
  const view = String(now().view);
  if (view === 'ended' && !here.fades && !transcript.empty) here.fades = here.now + FADE;
  if (link.code && AFTERWARDS.includes(view)) forget(false);
  if (AFTERWARDS.includes(view) && transcript.empty) unseen.forget();
  if (view === 'ended' && root.dataset.view !== view) look(root.querySelector('.view [data-exists]'));
  if (ENDS.includes(view) || (here.fades && here.now >= here.fades)) clear();
  if (view !== 'room') pace.catchUp();
  root.dataset.view = view;
  main.classList.toggle('live--on', view === 'room');
  const asking = document.activeElement?.closest('#now');
  draw(root, { ...now(), enter: composer.enter });
  list(root, { ...now(), ...items(session.state, here.now) });
  // What was asked just now has been answered, and with it goes the place where somebody stood.
  if (asking && !asking.checkVisibility()) part('log', HTMLElement).focus({ preventScroll: true });
  roster.show(session.state, here.now, unseen);
  composer.show(now());
}

/** What exists right now. Its script is fetched by who looks. @param {HTMLElement | null | undefined} box */
function look(box) {
  const draft = !!part('words-to-say', HTMLTextAreaElement).value;
  const facts = { on_page: transcript.size + pace.size, draft, chosen: settings.any, hides: unseen.any };
  import('./exists.js').then(({ looks }) => box && looks(box, `${socket}/now`, facts), () => box && draw(box, { ...facts, found: 'no' }));
}

function clear() {
  here.fades = 0;
  pace.clear();
  transcript.clear();
  controls.lookAgain();
  unseen.forget();
  const { word_left: word, debrief_left: debrief } = now();
  forget(word !== undefined || debrief !== undefined);
}

/** @param {boolean} unlessPrivate words with the facilitators who stay may go on for a while */
function forget(unlessPrivate) {
  const { lines, backchannel } = session.state.words;
  session.state = { ...session.state, words: unlessPrivate ? { lines, backchannel } : {} };
}

/** @param {{ seat?: string, message?: string }} whose a message's name begins with its writer's */
function hide({ seat, message = '' }) {
  const who = seat ?? message.split('.')[0];
  unseen.turn(who);
  tell(words[unseen.has(who) ? 'page.unseen' : 'page.seen']);
}

/** @param {Frame} frame @param {ReturnType<typeof told>} about */
function show(frame, about) {
  shows[frame.type]?.(frame, about, session.state.words);
  // What else they write for all to read; what the room does with it is told.
  if (frame.type !== 'line_proposed' || !unseen.has(frame.seat)) notices.show(frame, about);
  if (LESS.includes(frame.type)) controls.lookAgain();
}

session.addEventListener('changed', refresh);
settings.addEventListener('changed', refresh);
session.addEventListener('happened', ({ detail: frame }) => {
  if (here.left) return;
  const about = told(frame, session.state, here.now);
  if (about.yours && TURNS_AWAY.includes(frame.type)) [here.turned, here.card] = [frame.type, frame.reason ?? frame.words];
  // What happened before this page was here may have brought the seat to it.
  if (frame.type === 'seat_moved' && frame.at > session.since) {
    here.turned = 'moved';
    link.stop();
  }
  if (frame.type === 'said' && about.yours) here.said = frame.at;
  if (about.calls && settings.get('sounds')) import('./chime.js').then(({ chime }) => chime(), () => {});
  if (!pace.holds(frame, about)) show(frame, about);
});
controls.addEventListener('asked', ({ detail: type }) => {
  if (type !== 'leave') return;
  here.left = true;
  composer.clear();
  for (const form of document.forms) form.reset();
  refresh();
  setTimeout(() => link.stop(), 2000);
});
root.addEventListener('click', (event) => {
  const pressed = near(event, '[data-here]');
  const { here: what } = pressed?.dataset ?? {};
  if (near(event, '#my-line,[data-open=my-line]')) here.read = String(now().last_line);
  if (what === 'wake' || what === 'start') link[what]();
  if (what === 'clear') clear();
  if (what === 'catch_up') pace.catchUp();
  if (what === 'forget') settings.forget();
  if (what === 'fold') transcript.fold(beside(pressed).message);
  if (what === 'look') look(pressed?.closest('[data-exists]'));
  if (what === 'hide') hide(beside(pressed));
  if (what) refresh();
});
// Asked for by hardly anybody, and of no use out of touch: fetched when it is wanted.
document.querySelector('form#move')?.addEventListener('submit', (event) => {
  event.preventDefault();
  const form = /** @type {HTMLFormElement} */ (event.currentTarget);
  import('./move.js').then(({ asks }) => asks(form), () => { form.querySelector('output')?.replaceChildren(form.dataset.lost ?? ''); });
});
const existing = part('exists', HTMLDetailsElement);
// Older browsers do not say in the event what it came to.
existing.addEventListener('toggle', () => existing.open && look(existing.querySelector('[data-exists]')));
// Some proxies let no WebSocket through. Whether that is it can be told only while our server answers anything at all.
link.addEventListener('barred', () => fetch('/health', { cache: 'no-store' }).then(async ({ ok }) => ok && (await import('./stream.js')).instead(link, socket)).catch(() => {}));
addEventListener('online', () => link.online());
addEventListener('offline', () => link.doubt());
document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  link.wake();
  refresh();
});
// What was said stays on no page that can be come back to, nor on one that waits for another site to answer.
const vanish = () => root.isConnected && (link.stop(), document.body.replaceChildren());
for (const going of ['leaving', 'pagehide']) addEventListener(going, vanish);
addEventListener('pageshow', ({ persisted }) => persisted && location.reload());
setInterval(() => {
  if (!root.isConnected) return;
  link.tick();
  refresh();
}, 1000);
link.start();
