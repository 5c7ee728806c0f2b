import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Log } from '../../static/js/log.js';
import { welcome } from './world.mjs';

const at = (seq, epoch = 'e') => ({ epoch, seq });
const said = (seq) => ({ type: 'said', seq, id: `m${seq}` });

function inside(seq = 3) {
  const log = new Log();
  log.welcome(welcome({ at: at(seq) }));
  return log;
}

test('the next number is shown, an old one is not, a later one shows that something is missing', () => {
  const log = inside(3);
  assert.deepEqual([4, 4, 3, 6].map((seq) => log.take(said(seq))), ['apply', 'skip', 'skip', 'gap']);
  assert.deepEqual(log.at, at(4));
});

test('a beat that is ahead, or of another epoch, shows that the last frame was lost', () => {
  const log = inside(3);
  assert.deepEqual([at(3), at(2), at(4), at(3, 'other'), null].map((where) => log.behind(where)), [false, false, true, true, false]);
});

test('after a replay the place is our own, without one it is the server’s', () => {
  const log = inside(3);
  assert.equal(log.welcome(welcome({ at: at(9), resumed: true })), false);
  assert.equal(log.take(said(4)), 'apply');
  assert.equal(log.welcome(welcome({ at: at(20, 'f') })), true);
  assert.deepEqual(log.at, at(20, 'f'));
});

test('a first arrival has missed nothing', () => {
  assert.equal(new Log().welcome(welcome({ at: at(44) })), false);
});

test('an event without a number is shown once', () => {
  const log = inside();
  assert.deepEqual(['a', 'b', 'a'].map((id) => log.take({ type: 'arrived', id })), ['apply', 'apply', 'skip']);
});

test('who waits has no position to greet with, and no gap', () => {
  const log = new Log();
  log.welcome(welcome({ you: { place: 'waiting' }, at: null }));
  assert.deepEqual([2, 9, 9].map((seq) => log.take({ type: 'paused', seq })), ['apply', 'apply', 'skip']);
  assert.equal(log.behind(at(30)), false);
  assert.equal(log.at, null);
});

test('the first number after coming in is taken as given, and from then on none may be missing', () => {
  const log = new Log();
  log.welcome(welcome({ you: { place: 'waiting' }, at: at(2) }));
  log.settle('inside');
  assert.equal(log.take(said(45)), 'apply');
  assert.equal(log.take(said(47)), 'gap');
});

test('a long session remembers enough ids, not all of them', () => {
  const log = inside();
  for (let n = 0; n < 600; n++) log.take({ type: 'arrived', id: `i${n}` });
  assert.equal(log.take({ type: 'arrived', id: 'i599' }), 'skip');
  assert.equal(log.take({ type: 'arrived', id: 'i0' }), 'apply');
});

test('into the quiet corner, or into another role at the same place, nothing is missed', () => {
  const log = inside(3);
  assert.equal(log.welcome(welcome({ at: at(3) })), false);
  assert.equal(log.welcome(welcome({ at: null })), false);
  assert.equal(log.welcome(welcome({ at: at(9) })), false);
  assert.equal(log.welcome(welcome({ at: at(12) })), true);
});
