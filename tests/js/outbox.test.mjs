import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Outbox } from '../../static/js/outbox.js';
import { World } from './world.mjs';

function box({ online = true } = {}) {
  const world = new World();
  const network = { online, sent: [] };
  const outbox = new Outbox((frame) => (network.online ? (network.sent.push(frame), true) : false), world);
  const heard = [];
  outbox.addEventListener('change', ({ detail }) => heard.push([detail.why, detail.command.text ?? detail.command.type, detail.words]));
  return { world, network, outbox, heard, say: (text) => outbox.put({ type: 'say', text }) };
}
const whys = (heard) => heard.map(([why, what]) => `${why} ${what}`);

test('nothing counts as sent before its ack', () => {
  const { outbox, heard, network, say } = box();
  const ref = say('hello');
  assert.deepEqual(network.sent, [{ type: 'say', text: 'hello', ref }]);
  assert.deepEqual(whys(heard), ['sending hello']);
  outbox.answer({ type: 'ack', ref, seq: 4 });
  assert.deepEqual(whys(heard), ['sending hello', 'sent hello']);
});

test('a refusal brings the room’s words', () => {
  const { outbox, heard, say } = box();
  outbox.answer({ type: 'refused', ref: say('hello'), why: 'quieted', say: 'Not now.' });
  assert.deepEqual(heard.at(-1), ['refused', 'hello', 'Not now.']);
});

test('words go one at a time and in order; a control does not queue behind them', () => {
  const { outbox, network, say } = box();
  const first = say('one');
  say('two');
  outbox.put({ type: 'pause' });
  assert.deepEqual(network.sent.map(({ text, type }) => text ?? type), ['one', 'pause']);
  outbox.answer({ type: 'ack', ref: first });
  assert.deepEqual(network.sent.map(({ text, type }) => text ?? type), ['one', 'pause', 'two']);
});

test('after a break everything without an answer goes again, in order, under its own ref', () => {
  const { outbox, network, say } = box({ online: false });
  const refs = [say('one'), say('two')];
  network.online = true;
  outbox.resume();
  network.sent.length = 0;
  outbox.resume();
  outbox.answer({ type: 'ack', ref: refs[0] });
  assert.deepEqual(network.sent.map(({ ref }) => ref), refs);
});

test('a room that cannot be reached is asked again under the same ref, and nothing overtakes', () => {
  const { world, outbox, network, say } = box();
  const ref = say('one');
  say('two');
  outbox.answer({ type: 'refused', ref, why: 'unavailable', say: '' });
  world.pass(4000);
  assert.deepEqual(network.sent.map((frame) => frame.ref), [ref, ref]);
});

test('an answer that does not come is asked for again, under the same ref', () => {
  const { world, outbox, network, say } = box();
  const ref = say('one');
  world.pass(8000);
  outbox.answer({ type: 'ack', ref });
  world.pass(60_000);
  assert.deepEqual(network.sent.map((frame) => frame.ref), [ref, ref]);
});

test('after a minute it is handed back as not sent, and is never sent late by itself', () => {
  const { world, outbox, network, heard, say } = box({ online: false });
  say('help');
  world.pass(59_000);
  assert.deepEqual(whys(heard), ['sending help']);
  world.pass(2000);
  network.online = true;
  outbox.resume();
  assert.deepEqual(whys(heard), ['sending help', 'unsent help']);
  assert.deepEqual(network.sent, []);
});

test('a timer that slept with the device does not have it sent late', () => {
  const { world, network, outbox, heard, say } = box();
  say('help');
  say('are you there?');
  outbox.put({ type: 'raise_hand' });
  world.sleep(120_000);
  network.sent.length = 0;
  outbox.resume();
  assert.deepEqual(whys(heard).slice(3), ['unsent help', 'unsent are you there?', 'unsent raise_hand']);
  assert.deepEqual(network.sent, []);
  say('back');
  assert.deepEqual(network.sent.map(({ text }) => text), ['back']);
});

test('handed back as not sent, it is not when it turns out to stand in the room', () => {
  const { world, outbox, heard, say } = box();
  say('help');
  say('me too');
  world.pass(61_000);
  outbox.heard({ type: 'said', text: 'something else' });
  outbox.heard({ type: 'said', text: 'help', note: 'under a note' });
  assert.deepEqual(whys(heard).slice(2), ['unsent help', 'unsent me too']);
  outbox.heard({ type: 'said', text: 'help' });
  outbox.heard({ type: 'said', text: 'help' });
  assert.deepEqual(whys(heard).slice(4), ['sent help']);
});

test('its words in the room are no answer, but without one it is not handed back', () => {
  const { world, outbox, heard, say } = box();
  say('help');
  outbox.heard({ type: 'said', text: 'help' });
  assert.deepEqual(whys(heard), ['sending help']);
  world.pass(61_000);
  assert.deepEqual(whys(heard), ['sending help', 'sent help']);
});

test('the same words twice count as sent as often as they stand in the room', () => {
  const { world, outbox, heard, say } = box();
  say('yes');
  world.pass(61_000);
  const ref = say('yes');
  outbox.heard({ type: 'said', text: 'yes' });
  assert.deepEqual(whys(heard), ['sending yes', 'unsent yes', 'sending yes']);
  outbox.answer({ type: 'ack', ref });
  assert.deepEqual(whys(heard).slice(3), ['sent yes']);
  outbox.heard({ type: 'said', text: 'yes' });
  assert.deepEqual(whys(heard).slice(3), ['sent yes', 'sent yes']);
});

test('sent again by hand it keeps its ref, so that it cannot be read twice', () => {
  const { world, outbox, network, heard, say } = box();
  const ref = say('help');
  world.pass(61_000);
  const before = network.sent.length;
  outbox.retry(ref);
  assert.deepEqual(network.sent.slice(before), [{ type: 'say', text: 'help', ref }]);
  outbox.answer({ type: 'ack', ref });
  assert.deepEqual(whys(heard), ['sending help', 'unsent help', 'sending help', 'sent help']);
});

test('a late ack says that it was sent after all', () => {
  const { world, outbox, heard, say } = box();
  const ref = say('help');
  world.pass(61_000);
  outbox.answer({ type: 'ack', ref });
  assert.deepEqual(whys(heard).at(-1), 'sent help');
});

test('five messages may wait; a sixth stays in the box, a control does not count', () => {
  const { outbox, say } = box({ online: false });
  const refs = ['a', 'b', 'c', 'd', 'e'].map(say);
  assert.ok(outbox.put({ type: 'leave' }));
  assert.equal(say('f'), null);
  outbox.drop(refs[0]);
  assert.ok(say('f'));
});

test('when the connection is over for good, everything comes back at once', () => {
  const { outbox, heard, say } = box();
  say('one');
  outbox.put({ type: 'pause' });
  outbox.close();
  assert.deepEqual(whys(heard).slice(2), ['unsent one', 'unsent pause']);
});

test('no two commands share a ref', () => {
  const { outbox } = box();
  const refs = Array.from({ length: 50 }, () => outbox.put({ type: 'pause' }));
  assert.equal(new Set(refs).size, 50);
  assert.ok(refs.every((ref) => /^[\w.]{1,40}$/.test(ref)));
});
