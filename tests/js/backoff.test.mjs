import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delay } from '../../static/js/backoff.js';

test('the first return comes within half a second, and later ones within 20 seconds', () => {
  const longest = [0, 1, 2, 3, 4, 5, 6, 60].map((tries) => delay(tries, () => 1));
  assert.deepEqual(longest, [500, 1000, 2000, 4000, 8000, 16000, 20000, 20000]);
});

test('a roomful of people is spread over the whole wait, down to nothing', () => {
  assert.equal(delay(5, () => 0), 0);
  assert.equal(delay(5, () => 0.5), 8000);
});
