// @ts-check
/** A copy to get help: made in this browser, once the room has said yes, and given to this device and to nobody else. */

/** @param {import('./outbox.js').Outbox} outbox @param {import('./transcript.js').Transcript} transcript */
export function keepsCopies(outbox, transcript) {
  outbox.addEventListener('change', ({ detail: { command, why } }) => {
    if (command.type !== 'keep_copy' || why !== 'sent') return;
    const chosen = /** @type {string[]} */ (command.messages);
    const lines = transcript.said.filter(({ id }) => chosen.includes(String(id)));
    save(lines.map(({ time, name, text }) => `${time} ${name}: ${text}`).join('\n'));
  });
}

/** @param {string} text */
function save(text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  link.download = 'copy.txt';
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
