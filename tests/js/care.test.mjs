import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slip } from '../../static/js/care.js';

test('a report slip holds what was chosen, word by word, and nothing else of the page', () => {
  const lines = [
    { key: 'a', id: 's.1', name: 'Ben', text: 'go “away”\n{}', note: 'anger', slip: 'mark', time: '20:31', from: 's', mine: false, folded: true },
    { key: 'b', id: 't.2', name: 'Mal', text: 'no', note: '', slip: '', time: '20:32', from: 't', mine: true, folded: false },
  ];
  assert.deepEqual(JSON.parse(slip(lines)), {
    messages: [
      { id: 's.1', name: 'Ben', text: 'go “away”\n{}', note: 'anger', slip: 'mark' },
      { id: 't.2', name: 'Mal', text: 'no', note: '', slip: '' },
    ],
  });
});
