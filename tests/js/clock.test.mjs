import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Clock, minutes, soon } from '../../static/js/clock.js';

test('a device whose clock is an hour wrong reckons with the server', () => {
  const clock = new Clock();
  const server = Date.now() / 1000 + 3600;
  clock.set(server);
  assert.ok(Math.abs(clock.now - server) < 1);
});

test('five minutes just given are five, one second is the last minute, and nothing is no moment at all', () => {
  assert.deepEqual([300.4, 300, 294, 61, 59, 1, 0, -5].map((left) => minutes(1000 + left, 1000)), [5, 5, 5, 1, 1, 1, 0, 0]);
  assert.equal(minutes(null, 1000), undefined);
});

test('the end is told at half of the closing, at a minute, and at 20 seconds', () => {
  const closing = { state: 'closing', since: 0, ends_at: 600 };
  assert.deepEqual([0, 299, 300, 539, 540, 579, 580, 700].map((now) => soon(closing, now)),
    ['no', 'no', 'half', 'half', 'minute', 'minute', 'seconds', 'seconds']);
});

test('a held room and a room that is over have no end to be told', () => {
  for (const state of ['held', 'ended', 'doors']) assert.equal(soon({ state, since: 0, ends_at: 10 }, 5), 'no');
});
