import assert from 'node:assert/strict';
import { test } from 'node:test';
import { command } from '../../static/js/command.js';

test('a form becomes a command about the person it stands beside, with numbers as numbers', () => {
  const fields = [['minutes', '5', 'number'], ['reason', 'unkind']];
  assert.deepEqual(command('quiet', { seat: 's4' }, fields), { type: 'quiet', seat: 's4', minutes: 5, reason: 'unkind' });
});

test('a message is named alone: who wrote it is the room’s business', () => {
  assert.deepEqual(command('take_down', { seat: 's4', message: 's4.1a' }, [['category', 'other']]), {
    type: 'take_down', message: 's4.1a', category: 'other',
  });
});

test('everyone who waits is null, said outright', () => {
  assert.deepEqual(command('admit', {}, [['seat', '', 'null']]), { type: 'admit', seat: null });
});

test('a bare button has nothing to add', () => {
  assert.deepEqual(command('start', {}, []), { type: 'start' });
});

test('a choice left open is null, a tick is yes or no, and the later word counts', () => {
  const fields = [['minutes', '', 'number'], ['shown', 'false', 'boolean'], ['shown', 'true', 'boolean'], ['leave_be', 'false', 'boolean']];
  assert.deepEqual(command('go_to_corner', {}, fields), { type: 'go_to_corner', minutes: null, shown: true, leave_be: false });
});

test('several fields of one name are a list, without the empty ones', () => {
  const fields = [['answers', 'Fine', 'list'], ['answers', 'Too fast', 'list'], ['answers', ' ', 'list']];
  assert.deepEqual(command('ask_temperature', {}, fields), { type: 'ask_temperature', answers: ['Fine', 'Too fast'] });
});
