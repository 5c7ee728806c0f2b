import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Link } from '../../static/js/link.js';
import { Socket, welcome, World } from './world.mjs';

function link({ chance = 1 } = {}) {
  const world = new World();
  world.random = () => chance;
  const sockets = [];
  const made = new Link(() => sockets[sockets.push(new Socket()) - 1], () => ({ at: null, name: 'Ben', listening: false }), world);
  const frames = [];
  made.addEventListener('frame', ({ detail }) => frames.push(detail.type));
  made.start();
  return { world, link: made, sockets, frames, last: () => sockets.at(-1) };
}
function welcomed(options) {
  const made = link(options);
  made.last().opens();
  made.last().brings(welcome());
  return made;
}

test('it greets first, is open when welcomed, and sends nothing before', () => {
  const { link: it, last } = link();
  assert.equal(it.send({ type: 'say' }), false);
  last().opens();
  assert.deepEqual(last().sent, [{ type: 'hello', at: null, name: 'Ben', listening: false }]);
  last().brings(welcome());
  assert.equal(it.touch, 'open');
  assert.equal(it.send({ type: 'say' }), true);
});

test('a connection that broke comes back, each time within a longer wait', () => {
  const { world, link: it, sockets, last } = welcomed();
  world.pass(11_000);
  last().breaks(1012);
  assert.deepEqual([it.touch, it.code], ['lost', 0]);
  for (const wait of [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000]) {
    const before = sockets.length;
    world.pass(wait - 1);
    assert.equal(sockets.length, before);
    world.pass(1);
    assert.equal(sockets.length, before + 1);
    last().breaks();
  }
});

test('a server that welcomes and closes at once is not asked again at once', () => {
  const { world, sockets, last } = welcomed();
  for (const wait of [1000, 2000, 4000]) {
    last().breaks(1013);
    world.pass(wait - 1);
    const before = sockets.length;
    world.pass(1);
    assert.equal(sockets.length, before + 1);
    last().opens();
    last().brings(welcome());
  }
});

test('after a code that means stay away it stays away', () => {
  for (const code of [4000, 4001, 4003, 4004, 4009, 1002, 1003, 1007, 1008, 1009]) {
    const { world, link: it, sockets, last } = welcomed();
    last().breaks(code);
    world.pass(600_000);
    it.wake();
    assert.deepEqual([it.touch, it.code, sockets.length], ['stopped', code, 1]);
  }
});

test('after any other code it comes back, even one it has never heard of', () => {
  for (const code of [1000, 1001, 1005, 1006, 1011, 1012, 1013, 4008, 4010, 4029, 4999]) {
    const { world, sockets, last } = welcomed();
    last().breaks(code);
    world.pass(20_000);
    assert.ok(sockets.length > 1, String(code));
  }
});

test('opened elsewhere, it can be used here again', () => {
  const { link: it, sockets, last } = welcomed();
  last().breaks(4009);
  it.start();
  assert.deepEqual([it.touch, sockets.length], ['connecting', 2]);
});

test('35 seconds of silence are a dead connection; a beat in time is not', () => {
  const { world, link: it, sockets, last } = welcomed({ chance: 0 });
  world.pass(34_000);
  last().brings({ type: 'beat', at: null, now: 0 });
  world.pass(34_000);
  assert.equal(it.touch, 'open');
  world.pass(1000);
  assert.deepEqual([it.touch, sockets[0].closed, sockets.length], ['lost', true, 2]);
});

test('a greeting that nobody answers is given up after 10 seconds', () => {
  const { world, sockets, last } = link({ chance: 0 });
  last().opens();
  world.pass(10_000);
  assert.equal(sockets.length, 2);
});

test('an old socket that speaks after all is not heard', () => {
  const { world, frames, sockets } = welcomed({ chance: 0 });
  world.pass(35_000);
  sockets[0].brings({ type: 'said', seq: 1 });
  sockets[0].breaks(4003);
  assert.deepEqual(frames, ['welcome']);
});

test('online again, or looked at again, it does not wait for the timer', () => {
  const { link: it, sockets, last } = welcomed();
  last().breaks();
  it.wake();
  assert.equal(sockets.length, 2);
});

test('waking from a sleep longer than a beat, it trusts no socket that looks open', () => {
  const { world, link: it, sockets } = welcomed();
  world.sleep(19_000);
  it.wake();
  assert.equal(sockets.length, 1);
  world.sleep(2000);
  it.wake();
  assert.deepEqual([sockets.length, it.touch], [2, 'lost']);
});

test('offline, a half open connection is noticed at once', () => {
  const { link: it, sockets } = welcomed();
  it.doubt();
  assert.deepEqual([it.touch, sockets[0].closed], ['lost', true]);
  it.wake();
  assert.equal(sockets.length, 2);
});

test('online by another way, it waits for no handshake that began on the old one, and does not take it for barred', () => {
  const { world, link: it, sockets, last } = welcomed();
  let barred = 0;
  it.addEventListener('barred', () => (barred += 1));
  world.pass(4000);
  it.doubt();
  world.pass(500);
  assert.equal(sockets.length, 2);
  world.pass(1000);
  it.online();
  assert.deepEqual([sockets.length, sockets[1].closed, barred], [3, true, 0]);
  last().opens();
  last().brings(welcome());
  it.online();
  assert.deepEqual([sockets.length, it.touch], [3, 'open']);
});

test('looked at again, it gives a handshake that has just begun its time, and no other', () => {
  const { world, link: it, sockets } = link();
  world.pass(1000);
  it.wake();
  assert.equal(sockets.length, 1);
  world.pass(1000);
  it.wake();
  assert.deepEqual([sockets.length, sockets[0].closed], [2, true]);
});

test('of a sleep that nobody told it about it learns from its own seconds', () => {
  const { world, link: it, sockets } = welcomed();
  it.tick();
  for (let second = 0; second < 30; second += 1) {
    world.pass(1000);
    it.tick();
  }
  assert.equal(sockets.length, 1);
  world.sleep(120_000);
  it.tick();
  assert.deepEqual([sockets.length, it.touch], [2, 'lost']);
});

test('stopped by us, it says goodbye and never comes back', () => {
  const { world, link: it, sockets } = welcomed();
  it.tick();
  it.stop();
  it.wake();
  it.online();
  it.doubt();
  world.pass(600_000);
  it.tick();
  assert.deepEqual([it.touch, sockets[0].closed, sockets.length], ['stopped', true, 1]);
});
