import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksLike } from '../../static/js/name.js';

test('a name that leads to somebody is asked about', () => {
  for (const [name, kind] of [
    ['ben@example.org', 'email'], ['07700 900123', 'phone'], ['@ben_c', 'handle'], ['SW1A 1AA', 'postcode'],
    ['Ben Carter', 'full'], ['Zoë O’Brien', 'full'], ['Ben J. Carter-Smith', 'full'], ['Łukasz Żak', 'full'],
  ]) assert.equal(looksLike(name)[0], kind, name);
});

test('any other name is not', () => {
  for (const name of ['Ben', 'B', 'ben carter', 'quiet river', 'Ben 2', 'Ana-Maria', '李雷', 'the one from Tuesday', 'Ben C', '']) {
    assert.deepEqual(looksLike(name), [], name);
  }
});
