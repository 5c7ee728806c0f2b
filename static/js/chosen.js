// @ts-check
/** Where the choices of _settings.html meet the page: shown as they stand, taken up when they change. */
import { near } from './draw.js';

/**
 * @param {HTMLElement} root
 * @param {import('./settings.js').Settings} settings
 * @param {import('./session.js').Session} session
 */
export function settles(root, settings, session) {
  const fields = /** @type {NodeListOf<HTMLSelectElement>} */ (root.querySelectorAll('[data-setting]'));
  const show = () => {
    settings.dress(document.documentElement.dataset);
    for (const field of fields) field.value = settings.get(field.dataset.setting ?? '');
  };
  root.addEventListener('change', (event) => {
    const field = near(event, '[data-setting]');
    if (field instanceof HTMLSelectElement) settings.set(field.dataset.setting ?? '', field.value);
  });
  settings.addEventListener('changed', show);
  show();
  keepsExtraTime(settings, session);
}

/** How long one's turns are the room forgets with the seat; this device may remember it. @param {import('./settings.js').Settings} settings @param {import('./session.js').Session} session */
function keepsExtraTime(settings, session) {
  let asked = false;
  session.outbox.addEventListener('change', ({ detail: { command, why } }) => {
    if (command.type === 'set_extra_time' && why === 'sent') settings.set('extra', String(command.times));
  });
  session.addEventListener('changed', () => {
    const { place, extra } = session.state.you;
    if (asked || place !== 'inside') return;
    asked = true;
    const times = Number(settings.get('extra'));
    if (times && extra === 1) session.outbox.put({ type: 'set_extra_time', times });
  });
}
