import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unseen } from '../../static/js/unseen.js';

const store = (held = {}) => ({
  held,
  getItem: (key) => held[key] ?? null,
  setItem: (key, value) => { held[key] = value; },
  removeItem: (key) => { delete held[key]; },
});

test('whom somebody hid stays hidden when the page is loaded again, and one tap undoes it without a trace', () => {
  const tab = store();
  new Unseen(() => tab).turn('s4f');
  const again = new Unseen(() => tab);
  assert.deepEqual([again.has('s4f'), again.has('s4g'), again.has('')], [true, false, false]);
  again.turn('s4f');
  assert.deepEqual([again.has('s4f'), tab.held], [false, {}]);
});

test('after the session nothing is left of it, and that is told once', () => {
  const tab = store();
  const unseen = new Unseen(() => tab);
  let told = 0;
  unseen.turn('s4f');
  unseen.addEventListener('changed', () => { told += 1; unseen.forget(); });
  unseen.forget();
  unseen.forget();
  assert.deepEqual([unseen.has('s4f'), tab.held, told], [false, {}, 1]);
});

test('a browser that keeps nothing hides them for as long as the page stays', () => {
  const unseen = new Unseen(() => { throw new DOMException('denied'); });
  unseen.turn('s4f');
  assert.equal(unseen.has('s4f'), true);
});

test('what somebody else left under its name hides nobody', () => {
  for (const left of ['{', '"s4f"', '{"s4f": true}', 'null']) {
    assert.equal(new Unseen(() => store({ unseen: left })).has('s4f'), false, left);
  }
});
