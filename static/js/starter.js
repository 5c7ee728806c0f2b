// @ts-check
// Another kind of space begins with other words. What somebody changed about them stays as they wrote it.

const agreement = /** @type {HTMLTextAreaElement | null} */ (document.querySelector('[name=agreement]'));
const starterOf = /** @type {HTMLInputElement | null} */ (document.querySelector('[name=starter_of]'));

/** @param {string} purpose */
const starter = (purpose) =>
  /** @type {HTMLTemplateElement | null} */ (document.querySelector(`[data-starter="${CSS.escape(purpose)}"]`))?.content.textContent ?? '';

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.name !== 'purpose' || !agreement || !starterOf) return;
  if (agreement.value.trim() !== starter(starterOf.value).trim()) return;
  [agreement.value, starterOf.value] = [starter(target.value), target.value];
});
