// @ts-check
/** The connection to the room: opens it, notices when it has died, comes back. No page, no words, no rule. */
import { delay } from './backoff.js';
import { world } from './clock.js';

// Who comes back after one of these is only turned away again (docs/protocol.md, Closing).
const FINAL = [1002, 1003, 1007, 1008, 1009, 4000, 4001, 4003, 4004, 4009];
const BROKEN = 1006;
const SILENCE = 35_000; // two beats
const STALE = 20_000; // one beat: enough to doubt a connection after a sleep
const GREETING = 10_000; // from opening to welcome
const SETTLED = 3_000; // a connection that lived this long was a good one
const NAP = 5_000; // a second that took longer was a sleep
const HASTE = 1_500; // a handshake that takes longer may have begun on a way that is gone

/** Fires `frame`, `touch` when that changed, and `barred` when it broke before it was welcomed. */
export class Link extends EventTarget {
  /** @type {'connecting' | 'open' | 'lost' | 'stopped'} */ touch = 'connecting';
  code = 0; // why it stopped
  since = 0;
  barred = 0; // how often in a row, though our server could be reached: counted by who looks (stream.js)
  /** @type {Carrier | null} */ #socket = null;
  #cancel = () => {};
  #tries = 0;
  #heard = 0;
  #ticked = Infinity;
  #open;
  #hello;
  #world;

  /** @param {() => Carrier} open @param {() => object} hello what to greet with, asked each time */
  constructor(open, hello, theWorld = world) {
    super();
    this.#open = open;
    this.#hello = hello;
    this.#world = theWorld;
  }

  // Lifecycle

  start() {
    this.#tries = 0;
    this.#become('connecting');
    this.#connect();
  }

  stop() {
    this.#drop();
    this.#become('stopped');
  }

  /** Another way in, from now on. @param {() => Carrier} open */
  use(open) {
    this.#open = open;
    if (this.#isAway) this.#connect();
  }

  // Actions

  /** Whether it was handed to the network. @param {object} frame */
  send(frame) {
    if (this.touch === 'open') this.#socket?.send(JSON.stringify(frame));
    return this.touch === 'open';
  }

  /** We are out of step: greet again, with our position. */
  reopen() {
    this.#closed(BROKEN);
  }

  /** The device came back to life: wait for no timer, it may have slept too. */
  wake() {
    const silent = this.#world.now() - this.#heard;
    if (this.touch === 'open' && silent > STALE) this.#closed(BROKEN);
    if (this.#isAway && (!this.#socket || silent > HASTE)) this.#connect();
  }

  /** The device says that it is online, perhaps by another way: whoever is still knocking knocks on the old one. */
  online() {
    if (this.#isAway) this.#connect();
    else this.wake();
  }

  /** Asked every second: of a lid that was closed no browser tells a page that stayed in sight, and timers sleep as well. */
  tick() {
    const now = this.#world.now();
    if (now - this.#ticked > NAP) this.wake();
    this.#ticked = now;
  }

  /** The device says it is offline: what looks open may be half open, for minutes. */
  doubt() {
    if (this.#socket) this.#closed(BROKEN);
  }

  // Internal

  get #isAway() {
    return this.touch === 'connecting' || this.touch === 'lost';
  }

  #connect() {
    this.#drop();
    const socket = this.#open();
    const current = () => socket === this.#socket;
    this.#socket = socket;
    this.#heard = this.#world.now();
    this.#cancel = this.#world.after(GREETING, () => this.#closed(BROKEN));
    socket.onopen = () => current() && socket.send(JSON.stringify({ type: 'hello', ...this.#hello() }));
    socket.onmessage = ({ data }) => current() && this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => current() && this.#closed(code);
  }

  /** @param {Frame} frame */
  #receive(frame) {
    this.#heard = this.#world.now();
    // A second welcome on one connection only says that our place in the room has changed.
    if (frame.type === 'welcome' && this.touch !== 'open') this.#become('open');
    if (this.touch === 'open') {
      this.barred = 0;
      this.#cancel();
      this.#cancel = this.#world.after(SILENCE, () => this.#closed(BROKEN));
    }
    this.dispatchEvent(new CustomEvent('frame', { detail: frame }));
  }

  /** @param {number} code */
  #closed(code) {
    const good = this.touch === 'open' && this.#world.now() - this.since > SETTLED;
    this.#drop();
    if (this.touch === 'stopped') return;
    if (FINAL.includes(code)) return this.#become('stopped', code);
    const barred = this.touch !== 'open' && code === BROKEN;
    if (this.touch === 'open') this.#become('lost');
    this.#tries = good ? 0 : this.#tries + 1;
    this.#cancel = this.#world.after(delay(this.#tries, this.#world.random), () => this.#connect());
    if (barred) this.dispatchEvent(new Event('barred'));
  }

  #drop() {
    const socket = this.#socket;
    this.#socket = null;
    this.#cancel();
    socket?.close();
  }

  /** @param {Link['touch']} touch */
  #become(touch, code = 0) {
    [this.touch, this.code, this.since] = [touch, code, this.#world.now()];
    this.dispatchEvent(new Event('touch'));
  }
}
