import assert from 'node:assert/strict';
import { test } from 'node:test';
import { grow, keep } from '../../static/js/kept.js';

const after = (words, ...frames) => frames.reduce(keep, words);

test('a private line grows under the person whose it is, whoever wrote', () => {
  const { lines } = after({ lines: { s1: [{ id: 'a', text: 'Hello?' }] } },
    { type: 'line_written', id: 'b', line: 's1', seat: 's9', name: 'Ana', text: 'I am here.' },
    { type: 'line_written', id: 'c', line: 's2', seat: 's2', name: 'Chi', text: 'Me too.' });
  assert.deepEqual(Object.keys(lines), ['s1', 's2']);
  assert.deepEqual(lines.s1.map(({ text }) => text), ['Hello?', 'I am here.']);
});

test('what a page missed and finds in its welcome too is there once', () => {
  const note = { id: 'a', seat: 's9', name: 'Ana', text: 'Are you all right?' };
  const held = { message: 's1.1', text: 'One' };
  const flag = { verb: 'worried', message: '', seat: 's2', at: 4.9996, words: ['Quiet.'], times: 2 };
  const words = { lines: { s1: [note] }, backchannel: [note], looked_at: [held], today: ['No advice.'], flags: [flag] };
  const missed = [
    { type: 'line_written', line: 's1', ...note }, { type: 'backchannel_written', ...note }, { type: 'kept_for_look', ...held },
    { type: 'line_agreed', line: 'x', text: 'No advice.' },
    { ...flag, type: 'flagged', text: '', at: 4 }, { ...flag, type: 'flagged', text: 'Quiet.', at: 5 },
  ];
  const { proposals: _, ...kept } = after(words, ...missed);
  assert.deepEqual(kept, words);
});

test('what nobody saw goes from the page as well', () => {
  const { lines } = keep({ lines: { s1: [{ id: 'a' }, { id: 'b' }] } }, { type: 'line_unseen', seat: 's1', notes: ['a'] });
  assert.deepEqual(lines.s1, [{ id: 'b' }]);
});

test('what waits for a look waits until somebody has looked, or the screens are cleared', () => {
  const held = { type: 'kept_for_look', message: 's1.1', text: 'One' };
  assert.equal(after({}, held).looked_at.length, 1);
  assert.deepEqual(after({}, held, { type: 'looked_at', message: 's1.1', outcome: 'passed_on' }).looked_at, []);
  assert.deepEqual(after({}, held, { type: 'screens_cleared' }).looked_at, []);
});

test('the same worry about the same thing is counted, and every word about it kept', () => {
  const flag = { type: 'flagged', verb: 'worried', message: '', seat: 's2', text: 'Quiet.', at: 1 };
  const { flags } = after({}, flag, { ...flag, text: '', at: 2 }, { ...flag, text: 'Since nine.', at: 3 }, { ...flag, seat: 's3' });
  assert.deepEqual(flags.map(({ seat, times, words }) => [seat, times, words]), [['s2', 3, ['Quiet.', 'Since nine.']], ['s3', 1, ['Quiet.']]]);
});

test('a proposal stands until it is agreed or taken off the list', () => {
  const proposed = after({}, { type: 'line_proposed', id: 'x', text: 'No advice.' }, { type: 'line_proposed', id: 'y', text: 'Be slow.' });
  const { proposals, today } = after(proposed, { type: 'line_agreed', line: 'x', text: 'No advice.' }, { type: 'line_dropped', line: 'y' });
  assert.deepEqual([proposals, today], [{}, ['No advice.']]);
});

test('a question goes when its totals come', () => {
  const asked = keep({}, { type: 'temperature_asked', question: 'Pace?', answers: ['Fine', 'Fast'] });
  assert.deepEqual(asked.question, ['Pace?', 'Fine', 'Fast']);
  assert.deepEqual(keep(asked, { type: 'temperature_taken' }).question, []);
});

test('the length of a turn is known to who has it, and not forgotten for others’', () => {
  const { turn } = after({}, { type: 'turn_began', seconds: 120 }, { type: 'turn_began', seconds: null });
  assert.equal(turn, 120);
});

test('what is about something else leaves the words the very same', () => {
  const words = { lines: {} };
  for (const type of ['said', 'constructor', '__proto__']) assert.equal(keep(words, { type }), words);
});

test('the list of what happened takes what is new of its end', () => {
  const one = { at: 1, what: 'paused', by: 'Ana' };
  const two = { at: 1, what: 'resumed', by: 'Ana' };
  const words = grow({ happened: [one] }, [{ ...one }, two]);
  assert.deepEqual(words.happened, [one, two]);
  assert.equal(grow(words, [two]), words);
  assert.equal(grow(words), words);
});

test('when the session is over, no private word of it stays, and what is written after it does until the lines are shut', () => {
  const note = { id: 'a', seat: 's9', name: 'Ana', text: 'Hello?' };
  const words = { lines: { s1: [note] }, backchannel: [note], flags: [], looked_at: [], today: ['One at a time'] };
  for (const type of ['ended', 'called_off']) {
    assert.deepEqual(keep(words, { type }), { lines: {}, backchannel: [], flags: [], looked_at: [], today: ['One at a time'] });
  }
  const late = after(words, { type: 'ended' }, { type: 'line_written', line: 's1', ...note }, { type: 'backchannel_written', ...note });
  assert.deepEqual(late.lines.s1.map(({ id }) => id), ['a']);
  assert.equal(late.backchannel.length, 1);
  assert.deepEqual(after(late, { type: 'lines_shut' }), { ...late, lines: {} });
});
