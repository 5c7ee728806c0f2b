// @ts-check
/** A copy to get help, or a report slip: made in this browser, once the room has said yes, and given to this device alone. */

/**
 * @param {import('./outbox.js').Outbox} outbox
 * @param {import('./transcript.js').Transcript} transcript
 * @param {Record<string, string>} words what a slip says of itself
 */
export function keepsCopies(outbox, transcript, words) {
  /** @type {Map<string, Facts[]>} as they stood here when it was asked for: the answer may take a while */ const asked = new Map();
  outbox.addEventListener('change', ({ detail: { ref, command, why } }) => {
    if (!(command.type === 'keep_copy' || command.type === 'make_slip')) return;
    if (why === 'sending') return asked.set(ref, transcript.found(/** @type {string[]} */ (command.messages ?? [])));
    const lines = asked.get(ref) ?? [];
    asked.delete(ref);
    if (why !== 'sent') return;
    if (command.type === 'keep_copy') save('copy.txt', lines.map(({ time, name, text }) => `${time} ${name}: ${text}`).join('\n'));
    else save('slip.txt', `${words['page.slip']}\n\n${slip(lines)}\n`);
  });
}

/** What rooms/slips.py reads. @param {Facts[]} lines */
export function slip(lines) {
  return JSON.stringify({ messages: lines }, ['messages', 'id', 'name', 'text', 'note', 'slip'], 1);
}

/** @param {string} name @param {string} text */
function save(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
