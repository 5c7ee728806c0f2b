import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Session } from '../../static/js/session.js';
import { Socket, welcome, World } from './world.mjs';

/** The server's side of docs/protocol.md, as far as talk goes, over a network that loses what it likes. */
class Room {
  events = [];
  #first = new Map();

  constructor(world, loses) {
    this.world = world;
    this.loses = loses;
    this.sockets = new Set();
  }

  open(seat) {
    const socket = new Socket();
    this.sockets.add(socket);
    socket.send = (text) => this.world.after(20, () => this.#hears(socket, seat, JSON.parse(text)));
    socket.close = () => this.sockets.delete(socket);
    this.world.after(20, () => socket.opens());
    return socket;
  }

  cut(socket, code) {
    this.sockets.delete(socket);
    socket.breaks(code);
  }

  beat() {
    for (const socket of this.sockets) this.#brings(socket, { type: 'beat', at: this.#at, now: 0 });
  }

  get #at() {
    return { epoch: 'e', seq: this.events.length };
  }

  #hears(socket, seat, { type, ref, text, at }) {
    if (!this.sockets.has(socket)) return;
    if (type === 'hello') {
      socket.brings(welcome({ you: { seat, place: 'inside' }, at: this.#at, resumed: !!at }));
      for (const event of at ? this.events.slice(at.seq) : []) socket.brings(event);
      return;
    }
    const once = `${seat}:${ref}`;
    if (!this.#first.has(once)) {
      const said = { type: 'said', seq: this.events.length + 1, id: once, seat, text };
      this.events.push(said);
      this.#first.set(once, said.seq);
      for (const each of this.sockets) this.#brings(each, said);
    }
    this.#brings(socket, { type: 'ack', ref, seq: this.#first.get(once) });
  }

  #brings(socket, frame) {
    if (this.loses()) return;
    this.world.after(20, () => this.sockets.has(socket) && socket.brings(frame));
  }
}

function person(world, room, seat) {
  const session = new Session(() => room.open(seat), { name: seat, listening: false }, world);
  const read = [];
  const told = new Map();
  session.addEventListener('happened', ({ detail }) => read.push(detail.text ?? detail.type));
  session.outbox.addEventListener('change', ({ detail }) => told.set(detail.command.text, detail.why));
  session.link.start();
  return { session, read, told };
}

for (let seed = 1; seed <= 40; seed++) {
  test(`over a bad network everybody reads the same, once and in order (seed ${seed})`, () => {
    const world = new World(seed);
    let bad = true;
    const room = new Room(world, () => bad && world.random() < 0.08);
    const people = ['ana', 'ben', 'chi'].map((seat) => person(world, room, seat));
    world.pass(1000);
    for (let step = 0; step < 120; step++) {
      const dice = world.random();
      const { session } = people[Math.floor(world.random() * 3)];
      if (dice < 0.4) session.outbox.put({ type: 'say', text: `${seed}.${step}` });
      else if (dice < 0.5) room.cut([...room.sockets][0] ?? new Socket(), 1012);
      else if (dice < 0.55) session.link.doubt();
      else if (dice < 0.6) session.link.wake();
      else if (dice < 0.63) session.link.online();
      else if (dice < 0.65) world.sleep(Math.floor(world.random() * 150_000));
      for (const each of people) each.session.link.tick();
      world.pass(Math.floor(world.random() * 3000));
      if (step % 6 === 0) room.beat();
    }
    bad = false;
    for (let beat = 0; beat < 6; beat++) {
      world.pass(15_000);
      room.beat();
    }
    world.pass(1000);
    const words = room.events.map(({ text }) => text);
    assert.ok(words.length > 20);
    assert.equal(new Set(words).size, words.length, 'carried twice');
    for (const seat of ['ana', 'ben', 'chi']) {
      const steps = room.events.filter((said) => said.seat === seat).map(({ text }) => Number(text.split('.')[1]));
      assert.deepEqual(steps, steps.toSorted((one, other) => one - other), 'one overtook another');
    }
    for (const { read, told } of people) {
      assert.deepEqual(read, words);
      for (const [text, why] of told) assert.ok(why === (words.includes(text) ? 'sent' : 'unsent'), `${text} ${why}`);
    }
  });
}

test('what may have been missed is said, and a first arrival has missed nothing', () => {
  const world = new World();
  const sockets = [];
  const session = new Session(() => sockets[sockets.push(new Socket()) - 1], { name: 'Ben', listening: false }, world);
  const read = [];
  session.addEventListener('happened', ({ detail }) => read.push(detail.type));
  session.link.start();
  sockets[0].opens();
  sockets[0].brings(welcome());
  assert.deepEqual(read, []);
  sockets[0].breaks();
  world.pass(1000);
  sockets[1].opens();
  assert.deepEqual(sockets[1].sent[0].at, { epoch: 'e', seq: 0 });
  sockets[1].brings(welcome({ at: { epoch: 'f', seq: 7 } }));
  assert.deepEqual(read, ['missed']);
});

test('let in on the same connection, a newcomer sees what comes from there on', () => {
  const socket = new Socket();
  const session = new Session(() => socket, { name: 'Fay', listening: false }, new World());
  const read = [];
  session.addEventListener('happened', ({ detail }) => read.push(detail.type));
  session.link.start();
  socket.opens();
  socket.brings(
    welcome({ you: { seat: 'fay', place: 'waiting' }, at: null }),
    { type: 'admitted', id: 'a', seat: 'fay' },
    welcome({ you: { seat: 'fay', place: 'inside' }, at: { epoch: 'e', seq: 44 } }),
    { type: 'said', seq: 45 },
  );
  assert.deepEqual(read, ['admitted', 'said']);
  assert.equal(session.link.touch, 'open');
});

test('what had no answer when the connection broke goes again with the next welcome', () => {
  const world = new World();
  const sockets = [];
  const session = new Session(() => sockets[sockets.push(new Socket()) - 1], { name: 'Ben', listening: false }, world);
  session.link.start();
  sockets[0].opens();
  sockets[0].brings(welcome());
  const ref = session.outbox.put({ type: 'say', text: 'hello' });
  sockets[0].breaks();
  world.pass(1000);
  sockets[1].opens();
  sockets[1].brings(welcome({ resumed: true }));
  assert.deepEqual(sockets[1].sent.slice(1), [{ type: 'say', text: 'hello', ref }]);
});

test('what the room will not hear any more is handed back at once; who leaves by choice is told nothing', () => {
  for (const [ends, told] of [[({ socket }) => socket.breaks(4000), ['sending', 'unsent']], [({ session }) => session.link.stop(), ['sending']]]) {
    const socket = new Socket();
    const session = new Session(() => socket, { name: 'Ben', listening: false }, new World());
    const heard = [];
    session.outbox.addEventListener('change', ({ detail }) => heard.push(detail.why));
    session.link.start();
    socket.opens();
    socket.brings(welcome());
    session.outbox.put({ type: 'say', text: 'wait' });
    ends({ socket, session });
    assert.deepEqual(heard, told);
  }
});

test('a room that has forgotten somebody is told what they are called now', () => {
  const world = new World();
  const sockets = [];
  const session = new Session(() => sockets[sockets.push(new Socket()) - 1], { name: 'Ben', listening: false }, world);
  session.link.start();
  sockets[0].opens();
  assert.deepEqual(sockets[0].sent[0], { type: 'hello', at: null, name: 'Ben', listening: false });
  sockets[0].brings(
    welcome({ you: { seat: 'ben', place: 'inside', name: 'Ben', listening: false } }),
    { type: 'controls', you: { name: 'Quiet River', listening: true } },
  );
  sockets[0].breaks();
  world.pass(1000);
  sockets[1].opens();
  assert.deepEqual(sockets[1].sent[0], { type: 'hello', at: { epoch: 'e', seq: 0 }, name: 'Quiet River', listening: true });
});

const held = (seat, text) => ({ message: `${seat}.1`, seat, name: seat, text, note: 'a ward' });

for (const [what, resumed, came, told] of [
  ['comes back with the answer', true, [{ type: 'looked_at', message: 'ben.1', seat: 'ben', outcome: 'nobody_looked' }], 'nobody_looked'],
  ['may have missed the answer', false, [], 'unknown'],
]) {
  test(`words that were looked at while their writer was away are still theirs: who ${what}`, () => {
    const world = new World();
    const sockets = [];
    const session = new Session(() => sockets[sockets.push(new Socket()) - 1], { name: 'Ben', listening: false }, world);
    const read = [];
    session.addEventListener('happened', ({ detail: { type, message, outcome } }) => {
      if (type === 'looked_at') read.push([outcome, session.state.words.looked_at.find((each) => each.message === message)]);
    });
    session.link.start();
    sockets[0].opens();
    sockets[0].brings(welcome(), { type: 'kept_for_look', ...held('ben', 'about my nurse') });
    sockets[0].breaks();
    world.pass(1000);
    sockets[1].opens();
    sockets[1].brings(welcome({ resumed }), ...came);
    assert.deepEqual(read.map(([outcome, { text, note }]) => [outcome, text, note]), [[told, 'about my nurse', 'a ward']]);
    assert.deepEqual(session.state.words.looked_at, []);
  });
}

test('what still waits for a look waits on, and what others wrote is not handed to who facilitates', () => {
  const world = new World();
  const sockets = [];
  const session = new Session(() => sockets[sockets.push(new Socket()) - 1], { name: 'Ben', listening: false }, world);
  const read = [];
  session.addEventListener('happened', ({ detail }) => read.push(detail.type));
  session.link.start();
  sockets[0].opens();
  const both = { looked_at: [held('ben', 'mine'), held('chi', 'hers')] };
  sockets[0].brings(welcome({ words: both }));
  sockets[0].breaks();
  world.pass(1000);
  sockets[1].opens();
  sockets[1].brings(welcome({ words: { looked_at: [held('ben', 'mine')] } }));
  assert.deepEqual(read, []);
  assert.deepEqual(session.state.words.looked_at, [held('ben', 'mine')]);
});
