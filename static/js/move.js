// @ts-check
/** The code that moves a seat to another device: asked for here, typed there. */
const CODE = 60_000;
let shown = 0;

/** @param {HTMLFormElement} form */
export async function asks(form) {
  const said = /** @type {HTMLOutputElement} */ (form.querySelector('output'));
  const { code = '', lost = '' } = form.dataset;
  clearTimeout(shown);
  try {
    const answer = await fetch(form.action, { method: 'POST' });
    const text = await answer.text();
    said.value = answer.ok ? code.replace('{code}', text) : answer.status < 500 && text.length < 200 ? text : lost;
  } catch {
    said.value = lost;
  }
  shown = setTimeout(() => { said.value = ''; }, CODE);
}
