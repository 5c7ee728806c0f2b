import assert from 'node:assert/strict';
import { test } from 'node:test';
import { turn } from '../../static/js/turn.js';

const people = new Map(['Ana', 'Ben', 'Chi', 'Dev'].map((name) => [name[0].toLowerCase(), { name, place: 'inside', role: 'member' }]));
const round = { card: 'check_in', phase: 'preview', order: ['a', 'b', 'c', 'd'], index: 0, done: [], passed: [], stopped: false, until: 1015 };
const seen = (changes = {}, more = {}) => turn({
  room: { round: { ...round, ...changes } }, people, you: { seat: 'c', turn_until: null, ...more }, words: { turn: 120 },
}, 1000);

test('in the preview everybody reads their own place', () => {
  assert.deepEqual([seen().nth, seen().seats, seen().turn, seen().went], [3, 4, 'none', 'coming']);
});

test('others read whose turn it is, and how many come before their own', () => {
  const { turn: whose, speaker, before, next } = seen({ phase: 'turn', passed: ['b'] });
  assert.deepEqual([whose, speaker, before, next], ['other', 'Ana', 1, 'Chi']);
});

test('how long a turn still is, others read when its speaker shows it', () => {
  assert.equal(seen({ phase: 'turn', until: 1075 }).others_left, '1:15');
  assert.equal(seen({ phase: 'turn', until: 990 }).others_left, '0:00');
  assert.equal(seen({ phase: 'turn', until: null }).others_left, undefined);
  assert.equal(seen({ phase: 'ready', until: 1010 }).others_left, undefined);
});

test('who has the turn reads their own clock, which is announced when it begins, at half and near its end', () => {
  const at = (left, phase = 'turn') => seen({ phase: phase === 'grace' ? 'turn' : phase, index: 2 }, { turn_until: 1000 + left, turn_phase: phase });
  assert.deepEqual([120, 60, 20].map((left) => at(left).turn_soon), ['turn', 'half', 'seconds']);
  assert.deepEqual([at(8, 'ready').turn_soon, at(30, 'grace').turn_soon], ['ready', 'grace']);
  assert.deepEqual([at(100).turn_left, at(9).turn_left, at(-1).turn_left], ['1:40', '0:09', '0:00']);
  assert.equal(at(100).turn, 'yours');
  // The room says that the turn has begun a moment before our own clock is set anew.
  assert.equal(seen({ phase: 'turn', index: 2 }, { turn_until: 1001, turn_phase: 'ready' }).turn_soon, 'ready');
});

test('a turn that was passed, or had, or never was', () => {
  assert.equal(seen({ passed: ['c'] }).went, 'passed');
  assert.equal(seen({ done: ['c'] }).went, 'done');
  assert.equal(seen({}, { seat: 'z' }).went, 'none');
});

test('without a round there are hands and the word', () => {
  const { phase, word, called, hand, raised } = turn({
    room: { called: 'b', hands: [{ seat: 'd', reason: '' }, { seat: 'c', reason: 'new' }] }, people, you: { seat: 'c' }, words: {},
  }, 1000);
  assert.deepEqual([phase, word, called, hand, raised], ['none', 'other', 'Ben', 2, 2]);
  assert.equal(turn({ room: { called: 'c', round: null }, people, you: { seat: 'c' }, words: {} }, 1000).word, 'yours');
});
