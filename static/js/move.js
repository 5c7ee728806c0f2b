// @ts-check
/** The code that moves a seat to another device: asked for here, typed there. */
const CODE = 60_000;

/** @param {HTMLFormElement | null} form */
export function moves(form) {
  const said = form?.querySelector('output');
  if (!form || !said) return;
  const { code = '', lost = '' } = form.dataset;
  let shown = 0;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    clearTimeout(shown);
    try {
      const answer = await fetch(form.action, { method: 'POST' });
      const text = await answer.text();
      said.value = answer.ok ? code.replace('{code}', text) : answer.status < 500 && text.length < 200 ? text : lost;
    } catch {
      said.value = lost;
    }
    shown = setTimeout(() => { said.value = ''; }, CODE);
  });
}
