// @ts-check
/** A session as this browser follows it: greets, keeps its place in the order, asks again for what it missed. */
import { Clock, world } from './clock.js';
import { keep } from './kept.js';
import { Link } from './link.js';
import { Log } from './log.js';
import { Outbox } from './outbox.js';
import { merge, nothing } from './state.js';

/** Fires `changed` when the state or the connection did, and `happened` for each event, once, in the room's order. */
export class Session extends EventTarget {
  state = nothing;
  since = 0; // when the room first knew this page
  clock = new Clock();
  #log = new Log();
  link;
  outbox;

  /** @param {() => Carrier} open @param {{ name: string, listening: boolean, work?: string }} me as chosen at the door */
  constructor(open, me, theWorld = world) {
    super();
    // A room that has forgotten them is told who they are now, and not who they were when this page was loaded.
    const now = () => ({ name: this.state.you.name || me.name, listening: this.state.you.listening ?? me.listening });
    this.link = new Link(open, () => ({ at: this.#log.at, ...me, ...now() }), theWorld);
    this.outbox = new Outbox((frame) => this.link.send(frame), theWorld);
    this.link.addEventListener('frame', ({ detail }) => this.#take(detail));
    this.link.addEventListener('touch', () => this.#touched());
  }

  /** @param {Frame} frame */
  #take(frame) {
    if (frame.now) this.clock.set(frame.now);
    if (frame.type === 'welcome') this.#welcome(frame);
    else if (frame.type === 'controls') this.#change(merge(this.state, /** @type {Patch} */ (frame)));
    else if (frame.type === 'ack' || frame.type === 'refused') this.outbox.answer(frame);
    else if (frame.type === 'beat') this.#log.behind(frame.at) && this.link.reopen();
    else {
      const step = this.#log.take(frame);
      if (step === 'gap') this.link.reopen();
      if (step === 'apply') this.#happened(frame);
    }
  }

  /** @param {Frame} frame */
  #welcome(frame) {
    const missed = this.#log.welcome(frame);
    this.since ||= frame.now;
    // Who has left meanwhile may still be heard in what was missed.
    const were = new Map([...this.state.were, ...this.state.people]);
    const mine = own(this.state);
    const state = merge({ ...nothing, were }, /** @type {Patch} */ (frame));
    const here = state.words.looked_at ?? [];
    const gone = mine.filter(({ message }) => !here.some((held) => held.message === message));
    // Words of ours that waited for a look are on no other page: they stay here until it is known what became of them.
    this.#change(gone.length ? { ...state, words: { ...state.words, looked_at: [...here, ...gone] } } : state);
    if (missed) this.#happened({ type: 'missed' });
    if (!frame.resumed) for (const { message, seat } of gone) this.#happened({ type: 'looked_at', message, seat, outcome: 'unknown' });
  }

  #touched() {
    if (this.link.touch === 'open') this.outbox.resume();
    // Stopped by the room. Who stops it here is leaving, and waits for no answer.
    if (this.link.touch === 'stopped' && this.link.code) this.outbox.close();
    this.#change(this.state);
  }

  /** @param {State} state */
  #change(state) {
    this.state = state;
    this.#log.settle(state.you.place);
    this.dispatchEvent(new Event('changed'));
  }

  /** It is told on what was known before, then what is kept follows. @param {Frame} frame */
  #happened(frame) {
    if (frame.type === 'said' && frame.seat === this.state.you.seat) this.outbox.heard(frame);
    this.dispatchEvent(new CustomEvent('happened', { detail: frame }));
    const words = keep(this.state.words, frame);
    if (words !== this.state.words) this.#change({ ...this.state, words });
  }
}

/** What waits for a look, and is ours. @param {State} state */
const own = ({ words, you }) => (words.looked_at ?? []).filter(({ seat }) => seat === you.seat);
