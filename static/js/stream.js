// @ts-check
/** Where no WebSocket gets through: the same frames come in an answer that does not end, and go in small posts. */
import { world } from './clock.js';

export const MOST = 6 * 1024; // bytes of a post: no proxy has to put that down in a file (docs/decisions/005)
const BROKEN = 1006;
const TOO_BIG = 1009;
const ANSWER = 10_000; // for a post
const LAST_WORDS = 1_000; // a goodbye may still be on its way down when a post learns that there is no stream any more
const BEFORE = 2; // handshakes that failed while our server answered
const bytes = new TextEncoder();

/** One more handshake has failed, and our server can be reached. @param {import('./link.js').Link} link @param {string} where */
export function instead(link, where) {
  link.barred += 1;
  // Once: a stream that is refused as well is asked for again as any connection is, later and later.
  if (link.barred === BEFORE) link.use(() => new Stream(where));
}

/** Events out of text that comes in pieces. */
export class Events {
  #rest = '';

  /** @param {string} text @returns {{ event: string, data: string }[]} those that are whole by now */
  take(text) {
    const whole = (this.#rest + text).split('\n\n');
    this.#rest = whole.pop() ?? '';
    return whole.map((lines) => {
      const found = { event: '', data: '' };
      for (const line of lines.split('\n')) {
        const [, name, value] = /^(event|data): (.*)$/s.exec(line) ?? [];
        if (name === 'event' || name === 'data') found[name] = value;
      }
      return found;
    });
  }
}

/** As many of the texts as fit into one post, taken from their beginning. @param {string[]} texts @returns {string[]} */
export function load(texts) {
  let [size, count] = [0, 0];
  while (count < texts.length && (size += bytes.encode(texts[count]).length + 1) <= MOST + 1) count += 1;
  return texts.splice(0, count);
}

/** Looks like a WebSocket to a link. What it is sent first is the greeting, and opens it. */
export class Stream {
  /** @type {Carrier['onopen']} */ onopen = null;
  /** @type {Carrier['onmessage']} */ onmessage = null;
  /** @type {Carrier['onclose']} */ onclose = null;
  #going = new AbortController();
  #greeted = false;
  #posting = false;
  #name = '';
  #seq = 0;
  /** @type {string[]} */ #waiting = [];
  /** @type {Frame[]} */ #held = [];
  #where;
  #ask;
  #world;

  /** @param {string} where the room's address */
  constructor(where, ask = (/** @type {string} */ address, /** @type {RequestInit} */ how) => fetch(address, how), theWorld = world) {
    this.#where = where;
    this.#ask = ask;
    this.#world = theWorld;
    queueMicrotask(() => this.#going.signal.aborted || this.onopen?.({}));
  }

  /** @param {string} text */
  send(text) {
    if (!this.#greeted) {
      this.#greeted = true;
      this.#read(text);
    } else if (bytes.encode(text).length > MOST) {
      this.#end(TOO_BIG);
    } else {
      this.#waiting.push(text);
      this.#post();
    }
  }

  /** At once: nothing more is read, and what is on its way is given up. */
  close() {
    this.#waiting = [];
    this.#going.abort();
    // A proxy may go on listening for us. It is said last, and by a request that outlives the page.
    if (this.#name) this.#request('/gone', '', { keepalive: true, signal: null }).catch(() => {});
    this.#name = '';
  }

  // Internal

  /** @param {number} code */
  #end(code) {
    if (this.#going.signal.aborted) return;
    this.close();
    this.onclose?.({ code });
  }

  /** @param {string} path @param {string} body @param {RequestInit} more */
  #request(path, body, more = {}) {
    const headers = { 'content-type': 'text/plain;charset=utf-8', 'tealight-protocol': 'tealight.1', 'tealight-stream': this.#name };
    return this.#ask(this.#where + path, { method: 'POST', body, headers, cache: 'no-store', redirect: 'error', signal: this.#going.signal, ...more });
  }

  /** @param {string} greeting */
  async #read(greeting) {
    try {
      const answer = await this.#request('/stream', greeting);
      if (!answer.ok || !answer.body) throw new Error();
      const [reader, text, events] = [answer.body.getReader(), new TextDecoder(), new Events()];
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        for (const { event, data } of events.take(text.decode(value, { stream: true }))) this.#take(event, data);
      }
      this.#name = '';
    } catch {
      // Cut, or closed by us.
    }
    this.#end(BROKEN);
  }

  /** @param {string} event @param {string} data */
  #take(event, data) {
    if (this.#going.signal.aborted) return;
    if (event === 'close') {
      this.#name = '';
      return this.#end(JSON.parse(data).code);
    }
    if (event === 'stream') {
      this.#name = data;
      return;
    }
    this.onmessage?.({ data });
    const frame = JSON.parse(data);
    this.#seq = frame.seq ?? frame.at?.seq ?? this.#seq;
    this.#release();
    if (frame.type === 'beat') {
      // A sign of life. Nothing else goes up while somebody only reads.
      this.#waiting.push('');
      this.#post();
    }
  }

  /** One after the other, or they might overtake each other. */
  async #post() {
    if (this.#posting) return;
    this.#posting = true;
    while (this.#waiting.length) {
      const cancel = this.#world.after(ANSWER, () => this.#end(BROKEN));
      try {
        const answer = await this.#request('/post', load(this.#waiting).join('\n'));
        if (answer.ok) this.#answered(answer.status === 204 ? '' : await answer.text());
        else if (answer.status === 413) this.#end(TOO_BIG);
        else if (answer.status < 500) this.#over();
        // Else somebody is out of breath. Whoever asked asks again (outbox.js), and the stream goes on.
      } catch {
        this.#end(BROKEN);
      }
      cancel();
    }
    this.#posting = false;
  }

  #over() {
    this.#waiting = [];
    this.#world.after(LAST_WORDS, () => this.#end(BROKEN));
  }

  /** By another server than the one that the stream is at: what an answer is about may still be on its way. @param {string} text */
  #answered(text) {
    for (const line of text.split('\n')) if (line) this.#held.push(JSON.parse(line));
    this.#release();
  }

  #release() {
    const due = this.#held.filter(({ seq = 0 }) => (seq ?? 0) <= this.#seq);
    this.#held = this.#held.filter((frame) => !due.includes(frame));
    for (const frame of due) this.#going.signal.aborted || this.onmessage?.({ data: JSON.stringify(frame) });
  }
}
