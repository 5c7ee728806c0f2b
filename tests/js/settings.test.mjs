import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Settings } from '../../static/js/settings.js';

const store = (held = {}) => ({
  held,
  getItem: (key) => held[key] ?? null,
  setItem: (key, value) => { held[key] = value; },
  removeItem: (key) => { delete held[key]; },
});

test('a choice is kept on the device, and found there the next time', () => {
  const device = store();
  new Settings(() => device).set('size', 'large');
  const again = new Settings(() => device);
  again.set('enter', 'line');
  assert.deepEqual([again.get('size'), again.get('enter'), again.get('theme')], ['large', 'line', '']);
  assert.deepEqual(JSON.parse(device.held.look), { size: 'large', enter: 'line' });
});

test('who chooses what was there at first leaves nothing behind', () => {
  const device = store();
  const settings = new Settings(() => device);
  settings.set('size', 'large');
  settings.set('size', '');
  assert.deepEqual(device.held, {});
  settings.set('pace', '8');
  settings.forget();
  assert.deepEqual([device.held, settings.get('pace')], [{}, '']);
});

test('only what can be chosen is kept: there is no room for words', () => {
  const device = store();
  const settings = new Settings(() => device);
  settings.set('size', 'what I wrote');
  settings.set('name', 'Ben');
  settings.set('__proto__', 'large');
  assert.deepEqual(device.held, {});
});

test('what is found and cannot be chosen is as if nothing was found', () => {
  for (const look of ['{', 'null', '[]', '"x"', '{"size":"huge","name":"Ben","theme":1,"__proto__":"x","toString":"y"}']) {
    const settings = new Settings(() => store({ look }));
    assert.deepEqual(['size', 'name', 'theme', 'toString'].map((name) => settings.get(name)), ['', '', '', ''], look);
  }
});

test('a browser that keeps nothing lets a choice hold while the page does', () => {
  const settings = new Settings(() => { throw new Error('forbidden'); });
  let told = 0;
  settings.addEventListener('changed', () => { told += 1; });
  settings.set('motion', 'less');
  assert.deepEqual([settings.get('motion'), told], ['less', 1]);
});

test('the page wears what was chosen, and takes off what was chosen no more', () => {
  const settings = new Settings(() => store());
  const page = { size: 'large', view: 'room' };
  settings.set('theme', 'evening');
  settings.set('pace', '4');
  settings.dress(page);
  assert.deepEqual(page, { view: 'room', theme: 'evening' });
});
