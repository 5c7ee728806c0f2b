import assert from 'node:assert/strict';
import { test } from 'node:test';
import { here } from '../../static/js/local-time.js';

const AT = new Date('2026-12-01T19:30:00+00:00');
const ours = -AT.getTimezoneOffset();

test('a clock that shows the same is not repeated', () => {
  assert.equal(here(AT, ours, 'en'), null);
});

test('another clock is told with its day, for it may be another one', () => {
  assert.match(here(AT, ours + 60, 'en') ?? '', /day.*\d\d:30|day.*\d:30/);
});

test('what is no time is nothing to show', () => {
  assert.equal(here(new Date('soon'), 0, 'en'), null);
});
