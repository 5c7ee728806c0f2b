// @ts-check
/** Whether words look like a way to find somebody outside the room. It asks, and never stops anybody; nothing leaves here. */

// Numbers of services, which people give each other as help: free ones, and those of charities.
const HELPLINE = /(?:\+44|0)(?:[\s().-]*)(?:80[08]|3\d\d)(?:[\s().-]*\d){6,7}(?!\d)/g;
const DATE = /\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b|\b\d{4}-\d{2}-\d{2}\b/g;
const DOMAINS = 'com|org|net|uk|ie|eu|info|app|dev|online|site';
const SHORT = 'me|co|io|gg|ly|be|to|gl|ee';
const PLACES = 'insta|instagram|ig|snap|snapchat|discord|telegram|whats ?app|tik ?tok|kik|facebook|fb|reddit';

/** @type {[kind: string, looks: RegExp][]} */
const LOOKS = [
  ['email', /[^\s@]{1,64}@[^\s@]{1,99}\.\p{L}{2,}|\S\s?[[(]\s?at\s?[\])]\s?\S/iu],
  ['phone', /(?<!\d)(?:\+44|0044|\+353|\(?0)(?:[\s().-]*\d){9,11}(?!\d)/u],
  ['postcode', /\b(?:[A-Z]{1,2}\d[A-Z\d]?\s*\d[ABD-HJLNP-UW-Z]{2}|GIR\s*0AA)\b/iu],
  ['link', new RegExp(`\\bhttps?://|\\bwww\\.\\S|[\\p{L}\\d-]\\.(?:${DOMAINS})\\b|[\\p{L}\\d-]\\.(?:${SHORT})/\\S`, 'iu')],
  ['handle', new RegExp(`(?:^|[^\\p{L}\\d@])@[\\p{L}\\d_.]{2,}|\\b(?:${PLACES})(?:\\s+(?:name|id))?\\s*(?:is|:|=|-)\\s*[\\p{L}\\d_@.]{3,}|[\\p{L}\\d_.]{2}#\\d{4}\\b`, 'iu')],
  ['digits', /\d(?:[\s.-]?\d){6,}/u],
];

/** What kinds of it there are, the plainest first. @param {string} text @returns {string[]} */
export function details(text) {
  const plain = text.normalize('NFKC').replace(/\p{Nd}/gu, western).replace(DATE, ' ').replace(HELPLINE, ' ');
  const found = LOOKS.filter(([, looks]) => looks.test(plain)).map(([kind]) => kind);
  // A number that is a phone's is not also "digits", and an address is not also a link.
  return found.filter((kind) => !(kind === 'digits' && found.includes('phone')) && !(kind === 'link' && found.includes('email')));
}

/** The digits of a script stand together, from its nought on. @param {string} digit */
function western(digit) {
  let value = 0;
  const at = /** @type {number} */ (digit.codePointAt(0));
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(at - value - 1))) value += 1;
  return String(value);
}
