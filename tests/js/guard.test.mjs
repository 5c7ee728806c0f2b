import assert from 'node:assert/strict';
import { test } from 'node:test';
import { details } from '../../static/js/guard.js';

const LOOKS_LIKE = {
  phone: [
    'my number is 07700 900123', '07700900123', '+44 7700 900 123', '+44 (0)7700 900123', '0044 7700 900123',
    '(020) 7946 0958', '020-7946-0958', '0161.496.0000', 'ring me on 01632 960 001 after six', 'O77 no, 077 0090 0123',
    '+353 85 012 3456', '٠٧٧٠٠٩٠٠١٢٣', '０７７００９００１２３',
  ],
  postcode: ['I live in SW1A 1AA', 'm1 1ae', 'EC1A1BB it is', 'B33 8TH', 'near CR2 6XH, the blue door', 'dn55 1pt'],
  email: ['ben@example.org', 'write to b.en+x@mail.example.co.uk!', 'ben [at] example.org', 'ben(at)example.org', 'ünï@exämple.de'],
  link: [
    'see https://example.org/x', 'www.example.org', 'example.com', 'look at my-blog.co.uk', 't.me/someone', 'wa.me/447700900123',
    'discord.gg/abcdef', 'bit.ly/3xyz', 'HTTP://EXAMPLE.ORG',
  ],
  handle: [
    '@ben_1990', 'I am @ben.writes there', 'my insta is benwrites', 'snap: benben', 'Instagram = ben_w', 'discord name is ben',
    'ben#1234', 'whatsapp is benny', 'TikTok: @ben',
  ],
  digits: ['1234567', 'account 12 34 56 78', '4111 1111 1111 1111', 'NHS number 943 476 5919'],
};

const PLAIN = [
  '', 'I nearly stayed in bed.', 'Samaritans are on 116 123, day and night', 'text SHOUT to 85258', 'press 2 after 111', 'CALM: 0800 58 58 58',
  '0808 808 4994 is the number of The Mix', 'ring 0300 123 3393', '+44 808 808 4994', 'on 22.11.2026 or 2026-11-22, I forget', '3/4/1999 was the day',
  'it was 1999 or 2001', 'half past 7, at 19.30', 'I slept 3 hours, 20 minutes', 'about 100,000 people', 'I feel 2/10', 'the B12 tablets', 'A4 paper',
  'so tired.me too', 'well.to be honest', 'I snap at people', 'my signal is bad', 'he said:me too', 'a snapchat group was mean to me', 'e.g. this',
  'Dr.Who', '10mg, 2x a day', 'M6 north', 'ward 9, bed 12', 'I@ home', 'thanks #2', '10-15 people', '1, 2, 3, 4, 5, 6, 7, breathe',
];

for (const [kind, every] of Object.entries(LOOKS_LIKE)) {
  test(`what looks like ${kind} is asked about`, () => {
    for (const text of every) assert.ok(details(text).includes(kind), `${text}: ${details(text)}`);
  });
}

test('what people say of an evening, and the numbers they give each other as help, are not asked about', () => {
  for (const text of PLAIN) assert.deepEqual(details(text), [], text);
});

test('one thing is called by one name, and several by each of theirs', () => {
  assert.deepEqual(details('07700 900123'), ['phone']);
  assert.deepEqual(details('ben@example.org'), ['email']);
  assert.deepEqual(details('ben@example.org or 07700 900123, SW1A 1AA'), ['email', 'phone', 'postcode']);
});

test('a thousand letters are looked at in no time, whatever they are', () => {
  for (const one of ['a', '0', '@', '.', '0 ', 'a.', '(0', '+44', 'ig is ', 'a@a.', '[at]', '-', '1-']) {
    // Of three times the best: in one of them the machine may have been busy with something else.
    const took = [1, 2, 3].map(() => {
      const began = performance.now();
      details(one.repeat(1000).slice(0, 1000));
      return performance.now() - began;
    });
    assert.ok(Math.min(...took) < 100, `${one}: ${took}`);
  }
});
