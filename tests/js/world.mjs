/** What a browser lends to the scripts: time that passes when a test says so, chance that is known, sockets that break. */

export class World {
  #now = 1_000_000;
  #timers = new Set();

  constructor(seed = 1) {
    this.seed = seed;
  }

  now() {
    return this.#now;
  }

  after(ms, then) {
    const timer = { at: this.#now + ms, then };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** mulberry32: small, and the same everywhere. */
  random = () => {
    this.seed = (this.seed + 0x6d2b79f5) | 0;
    let t = Math.imul(this.seed ^ (this.seed >>> 15), 1 | this.seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };

  pass(ms) {
    const end = this.#now + ms;
    for (;;) {
      const due = [...this.#timers].filter(({ at }) => at <= end).sort((one, other) => one.at - other.at)[0];
      if (!due) break;
      this.#timers.delete(due);
      this.#now = due.at;
      due.then();
    }
    this.#now = end;
  }

  /** The device sleeps: time goes by, and no timer fires. */
  sleep(ms) {
    this.#now += ms;
  }
}

export class Socket {
  sent = [];
  closed = false;

  send(text) {
    this.sent.push(JSON.parse(text));
  }

  close() {
    this.closed = true;
  }

  // The other end

  opens() {
    this.onopen?.({});
  }

  brings(...frames) {
    for (const frame of frames) this.onmessage?.({ data: JSON.stringify(frame) });
  }

  breaks(code = 1006) {
    this.onclose?.({ code });
  }
}

export const welcome = (more = {}) => ({
  type: 'welcome',
  you: { seat: 'ben', place: 'inside' },
  room: { state: 'live', open: true },
  people: {},
  at: { epoch: 'e', seq: 0 },
  now: 1000,
  resumed: false,
  ...more,
});
