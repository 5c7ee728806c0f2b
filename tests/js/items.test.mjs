import assert from 'node:assert/strict';
import { test } from 'node:test';
import { items } from '../../static/js/items.js';
import { panel } from '../../static/js/panel.js';

const inside = (name, role = 'member', more = {}) => ({ name, role, place: 'inside', ...more });
const people = new Map([['a', inside('Ana', 'facilitator')], ['j', inside('Jo', 'facilitator')], ['b', inside('Ben')], ['c', inside('Chi')]]);
const state = (room = {}, words = {}, you = { seat: 'a', role: 'facilitator' }) => ({ room, people, you, words });

test('hands stand in the room’s order, with the names that people have now', () => {
  const { hands } = items(state({ hands: [{ seat: 'c', reason: 'help' }, { seat: 'b', reason: '' }] }), 0);
  assert.deepEqual(hands.map(({ name, seat, first }) => [name, seat, first]), [['Chi', 'c', true], ['Ben', 'b', false]]);
});

test('a round shows who had a turn, who passed, and whose it is', () => {
  const round = { phase: 'turn', order: ['b', 'c', 'a', 'j'], index: 2, done: ['b'], passed: ['c'] };
  assert.deepEqual(items(state({ round }), 0).order.map(({ went }) => went), ['done', 'passed', 'now', 'coming']);
});

test('a private line says who looks after it, and whether somebody waits', () => {
  const words = { lines: { b: [{ id: '1', seat: 'b', name: 'Ben', text: 'Hello?' }], c: [{ id: '2', seat: 'a', name: 'Ana', text: 'Hi' }] } };
  const shown = state({ claims: { c: 'j' } }, words);
  assert.deepEqual(items(shown, 0).lines.map(({ name, claimed, by, waits }) => [name, claimed, by, waits]), [['Ben', 'no', '', true], ['Chi', 'other', 'Jo', false]]);
  assert.equal(panel(shown, 0).unanswered, 1);
});

test('what does not change is the very same, and is not drawn again', () => {
  const shown = state({}, { backchannel: [{ id: '1', seat: 'j', name: 'Jo', text: 'All well?' }] });
  assert.equal(items(shown, 0).backchannel[0], items(shown, 1).backchannel[0]);
});

test('what waits for a look names the message, and nobody else', () => {
  const [look] = items(state({}, { looked_at: [{ message: 'b.1', seat: 'b', name: 'Ben', text: 'One', note: '' }] }), 0).looks;
  assert.deepEqual([look.message, look.seat], ['b.1', undefined]);
});

test('a question about a second yes is another’s to answer, and one’s own to take back', () => {
  const ask = { id: 'remove.1', what: 'remove', seat: 'c', reason: 'unkind', by: 'j', until: 30 };
  const [asked] = items(state({ cosigns: [ask] }), 10).asks;
  assert.deepEqual([asked.by, asked.who, asked.own, asked.left], ['Jo', 'Chi', false, 20]);
  assert.equal(panel(state({ cosigns: [ask, { ...ask, by: 'a' }] }), 0).asks_count, 1);
});

test('what happened is read from its end, and totals are counted', () => {
  const { happened, tally } = items(state({ tally: { paused: 2 } }, { happened: [{ at: 1, what: 'paused', by: 'Ana' }, { at: 2, what: 'resumed', by: 'Jo' }] }), 0);
  assert.deepEqual(happened.map(({ what }) => what), ['resumed', 'paused']);
  assert.deepEqual(tally, [{ key: 'paused', what: 'paused', times: 2 }]);
});

test('a second yes can be had from a facilitator who is here and on duty', () => {
  const alone = (more) => panel({ ...state(), people: new Map([...people, ['j', inside('Jo', 'facilitator', more)]]) }, 0).alone;
  assert.equal(alone({}), false);
  for (const more of [{ away: 5 }, { off_duty: true }, { corner: true }, { place: 'gone' }]) assert.equal(alone(more), true);
});

test('nobody else’s page counts anything of the panel', () => {
  assert.deepEqual(panel(state({}, {}, { seat: 'b', role: 'member' }), 0), {});
});

test('of a stranger’s empty state nothing is made up', () => {
  const lists = items({ room: {}, people: new Map(), you: {}, words: {} }, 0);
  assert.deepEqual(Object.values(lists).flat(), []);
});
