import assert from 'node:assert/strict';
import { test } from 'node:test';
import { news } from '../../static/js/live-now.js';

const on = (room, state, seats = 'under 5') => ({ room, state, words: `${state}, ${seats}`, told: `${room}: ${state}` });
const shown = (...rooms) => new Map(rooms.map(([room, state]) => [room, { name: room.toUpperCase(), state }]));

test('at the desk a room that comes on, pauses, goes on or is over is read out', () => {
  assert.equal(news(shown(), [on('a', 'doors')], 'Over'), 'a: doors');
  const both = shown(['a', 'live'], ['b', 'live'], ['c', 'closing']);
  assert.equal(news(both, [on('a', 'paused'), on('b', 'closing')], 'Over'), 'a: paused. b: closing. C: Over');
});

test('at the desk seats, what is so already, and what nobody can tell are not read out', () => {
  assert.equal(news(shown(['a', 'live']), [on('a', 'live', '5 to 9')], 'Over'), '');
  assert.equal(news(shown(['a', 'live']), [on('a', '')], 'Over'), '');
  assert.equal(news(shown(['a', '']), [], 'Over'), '');
});
