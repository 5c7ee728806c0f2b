import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { Hearing } from '../../static/js/hearing.js';
import { Pace } from '../../static/js/pace.js';
import { World } from './world.mjs';

let world, pace, seconds, shown, waiting;

beforeEach(() => {
  [world, seconds, shown, waiting] = [new World(), 4, [], 0];
  pace = new Pace(() => seconds, show, (n) => { waiting = n; }, world);
});

const name = ({ type, id, message }) => (type === 'said' ? id : `${type} ${message}`);
const show = (frame) => shown.push(name(frame));
const said = (id) => ({ type: 'said', id });

/** As the page does: what does not wait is shown. */
function comes(frame, yours = false) {
  if (!pace.holds(frame, { yours })) show(frame);
}

test('what others say comes one by one, oldest first, however fast they are', () => {
  for (const id of ['a', 'b', 'c']) comes(said(id));
  assert.deepEqual([shown, waiting], [['a'], 2]);
  world.pass(3999);
  assert.deepEqual(shown, ['a']);
  world.pass(1);
  assert.deepEqual([shown, waiting], [['a', 'b'], 1]);
  comes(said('d'));
  world.pass(8000);
  assert.deepEqual([shown, waiting], [['a', 'b', 'c', 'd'], 0]);
  comes(said('e'));
  assert.deepEqual([shown.length, waiting], [4, 1]);
});

test('a message is shown as what was known of it when it came, and so is what happened to it', () => {
  const known = [];
  pace = new Pace(() => seconds, (frame, about) => known.push([name(frame), about.work]), () => {}, world);
  for (const id of ['a', 'b']) pace.holds(said(id), { yours: false, work: 'research' });
  pace.holds({ type: 'reacted', message: 'b' }, { yours: false, work: '' });
  world.pass(4000);
  assert.deepEqual(known, [['b', 'research'], ['reacted b', '']]);
});

test('after a pause nobody waits for the next one', () => {
  comes(said('a'));
  world.pass(4000);
  comes(said('b'));
  assert.deepEqual(shown, ['a', 'b']);
});

test('what a facilitator does, what the room says and one’s own words wait for nothing', () => {
  comes(said('a'));
  comes(said('b'));
  comes(said('mine'), true);
  comes({ type: 'paused' });
  comes({ type: 'taken_down', message: 'a' });
  assert.deepEqual(shown, ['a', 'mine', 'paused undefined', 'taken_down a']);
});

test('who catches up reads all of it at once, in order', () => {
  for (const id of ['a', 'b', 'c']) comes(said(id));
  pace.catchUp();
  assert.deepEqual([shown, waiting], [['a', 'b', 'c'], 0]);
  world.pass(60_000);
  assert.equal(shown.length, 3);
});

test('who wants it as it comes again has nothing left waiting', () => {
  for (const id of ['a', 'b', 'c']) comes(said(id));
  seconds = 0;
  comes(said('d'));
  assert.deepEqual([shown, waiting], [['a', 'b', 'c', 'd'], 0]);
});

test('what was taken back or down before it was read is never read', () => {
  for (const id of ['a', 'b', 'c', 'd']) comes(said(id));
  comes({ type: 'taken_back', message: 'b' });
  comes({ type: 'taken_down', message: 'c' });
  world.pass(60_000);
  assert.deepEqual(shown, ['a', 'taken_back b', 'taken_down c', 'd']);
});

test('what happened to a message while it waited happens to it when it comes', () => {
  for (const id of ['a', 'b']) comes(said(id));
  comes({ type: 'noted', message: 'b' });
  comes({ type: 'reacted', message: 'b' });
  assert.deepEqual(shown, ['a']);
  world.pass(4000);
  assert.deepEqual(shown, ['a', 'b', 'noted b', 'reacted b']);
});

test('cleared screens clear what waits, too', () => {
  for (const id of ['a', 'b']) comes(said(id));
  comes({ type: 'screens_cleared' });
  world.pass(60_000);
  assert.deepEqual([shown, waiting], [['a', 'screens_cleared undefined'], 0]);
});

test('everybody hears as much of the talk as they asked for', () => {
  let level = '';
  const counts = [];
  const hearing = new Hearing(() => level, (n) => counts.push(n), world);
  const heard = () => [hearing.reads(false), hearing.reads(true), hearing.notices];
  assert.deepEqual(heard(), [true, true, true]);
  level = 'some';
  assert.deepEqual(heard(), [false, true, true]);
  level = 'none';
  assert.deepEqual(heard(), [false, false, false]);
  world.pass(60_000);
  assert.deepEqual(counts, []);
  level = 'counts';
  assert.deepEqual(heard(), [false, false, true]);
  world.pass(30_000);
  hearing.reads(false);
  world.pass(30_000);
  assert.deepEqual(counts, [2, 1]);
});
