import assert from 'node:assert/strict';
import { test } from 'node:test';
import { facts, factsOf, merge, nothing } from '../../static/js/state.js';
import { told } from '../../static/js/told.js';

const ana = { name: 'Ana', role: 'facilitator', listening: false, place: 'inside' };
const ben = { name: 'Ben', role: 'member', listening: false, place: 'inside' };
const here = { now: 1000, touch: 'open', code: 0, left: false, turned: '', card: '', fades: 0, said: 0, read: '' };
const live = merge(nothing, { room: { state: 'live', open: true }, people: { a: ana, b: ben }, you: { seat: 'b', place: 'inside', held_back: null } });
const view = (state, more) => facts(state, { ...here, ...more }).view;

test('keys present replace keys held, and a person that is null is gone', () => {
  const after = merge(live, { room: { open: false }, people: { a: { place: 'gone' }, b: null } });
  assert.deepEqual(after.room, { state: 'live', open: false });
  assert.deepEqual([...after.people], [['a', { ...ana, place: 'gone' }]]);
  assert.equal(after.you.seat, 'b');
});

test('what somebody was is known of what they said before they left, and no longer of who came back as another', () => {
  const worker = { ...ben, work: 'worker' };
  const said = { type: 'said', seat: 'c', id: 'c.1' };
  const left = merge(merge(live, { people: { c: worker } }), { people: { c: null, z: null } });
  assert.deepEqual([told(said, left, 0).work, told(said, live, 0).work], ['worker', '']);
  assert.equal(told({ ...said, seat: 'a' }, merge(live, { people: { a: null } }), 0).facilitates, true);
  assert.equal(told(said, merge(left, { people: { c: ben } }), 0).work, '');
  assert.deepEqual([...left.were.keys()], ['c']);
});

test('who facilitates is in the green room until the doors open', () => {
  const early = merge(live, { room: { state: 'scheduled', doors_at: 1600, worries: 'a' }, you: { seat: 'a', role: 'facilitator' } });
  const { view: seen, doors, keeps_worries } = facts(early, here);
  assert.deepEqual([seen, doors, keeps_worries], ['green', 10, true]);
  assert.equal(view(merge(early, { room: { state: 'doors' } })), 'room');
  assert.equal(view(merge(early, { you: { off_duty: true } })), 'room');
});

test('merging leaves what was held alone, and keeps who did not change the very same', () => {
  const after = merge(live, { people: { a: { listening: true } } });
  assert.equal(live.people.get('a')?.listening, false);
  assert.equal(after.people.get('b'), live.people.get('b'));
});

test('a name may be anything, even what JavaScript has a meaning for', () => {
  const after = merge(nothing, JSON.parse('{"people": {"__proto__": {"name": "Eve"}, "constructor": {"name": "Con"}}}'));
  assert.deepEqual([...after.people.values()].map(({ name }) => name), ['Eve', 'Con']);
  assert.equal({}.name, undefined);
});

test('the page follows the room, the person’s place, and why the connection ended', () => {
  assert.equal(view(nothing), 'arriving');
  assert.equal(view(live), 'room');
  assert.equal(view(merge(live, { you: { place: 'waiting' } })), 'lobby');
  assert.equal(view(merge(live, { room: { state: 'not_held' } })), 'not_held');
  const codes = [4000, 4001, 4003, 4004, 4009, 1008];
  assert.deepEqual(codes.map((code) => view(live, { code })), ['ended', 'sign_in', 'removed', 'unavailable', 'elsewhere', 'broken']);
});

test('once it is over, people can write to facilitators for as long as the server says and the line is open', () => {
  const over = (state, more = {}) => facts(merge(live, { room: { state, lines_until: 1600 } }), { ...here, ...more }).word_left;
  assert.deepEqual([over('ended'), over('cancelled'), over('ended', { now: 1590 })], [10, 10, 1]);
  assert.deepEqual([over('live'), over('ended', { code: 4000 }), over('ended', { left: true })], [undefined, undefined, undefined]);
  assert.equal(facts(merge(live, { room: { state: 'ended', lines_until: null } }), here).word_left, undefined);
  const debrief = { room: { state: 'ended' }, you: { debrief_until: 2800 } };
  assert.equal(facts(merge(live, debrief), here).debrief_left, 30);
  assert.equal(facts(merge(live, { ...debrief, room: { state: 'closing' } }), here).debrief_left, undefined);
});

test('who left sees that they left, whatever code the door closes with', () => {
  assert.equal(view(merge(live, { room: { state: 'ended' } }), { left: true, code: 4004 }), 'left');
});

test('words to one person come before the code that follows them', () => {
  assert.equal(view(merge(live, { you: { place: 'gone' } }), { turned: 'declined', code: 4004 }), 'declined');
});

test('a quiet whose time is up holds nobody back, even if the word that says so is late', () => {
  const quieted = merge(live, { you: { held_back: 'quieted', quiet_until: 1060 } });
  assert.equal(facts(quieted, here).held, 'quieted');
  assert.equal(facts(quieted, { ...here, now: 1061 }).held, null);
});

test('who stands in line reads where they stand, and who facilitates how long it is', () => {
  const of = (you, room) => facts(merge(live, { you, room }), here).in_line;
  assert.equal(of({ place: 'queued', in_line: 2 }, {}), 2);
  assert.equal(of({ in_line: null }, { in_line: 3 }), 3);
});

test('of a second room the page knows how it stands, and whose it is', () => {
  const of = (twin) => {
    const { twin: phase, twin_name: name, twin_mine: mine, twin_welcomes: welcomes } = facts(merge(live, { room: { twin } }), here);
    return [phase, name, mine, welcomes];
  };
  assert.deepEqual(of(null), ['none', undefined, false, undefined]);
  assert.deepEqual(of({ phase: 'asked', seat: 'b', name: 'Ben', welcomes: false }), ['asked', 'Ben', true, false]);
  assert.deepEqual(of({ phase: 'open', seat: 'a', name: 'Ana', welcomes: true }), ['open', 'Ana', false, true]);
});

test('people are counted where they are', () => {
  assert.equal(facts(merge(live, { people: { c: { ...ben, place: 'waiting' } } }), here).here, 2);
  assert.equal(factsOf({ ...ben, quiet_until: 1090, away: 990 }, 1000).quiet, 2);
});

test('in the quiet corner the page is another one, and it counts the minutes', () => {
  const state = merge(live, { you: { corner_since: 700 } });
  assert.equal(view(state), 'corner');
  assert.equal(facts(state, here).away, 5);
});

test('private words are unread until they were looked at, and one’s own never are', () => {
  const written = (seat) => merge(live, { words: { lines: { b: [{ id: 'n1', seat, text: 'Hello' }] } } });
  assert.equal(facts(written('a'), here).unread, true);
  assert.equal(facts(written('a'), { ...here, read: 'n1' }).unread, false);
  assert.equal(facts(written('b'), here).unread, false);
  assert.equal(facts(live, here).unread, false);
});

test('at a slower pace the wait is counted for who wrote, and not for facilitators', () => {
  const slow = (role) => facts(merge(live, { room: { slow: 20 }, you: { role } }), { ...here, said: 990 }).pace;
  assert.deepEqual([slow('member'), slow('facilitator')], [10, undefined]);
});
