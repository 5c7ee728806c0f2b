// @ts-check
// Help now is a plain <details>. This adds what a sheet over the page owes its reader: Escape closes it, and it never
// hides the thing that has the focus.

const help = /** @type {HTMLDetailsElement | null} */ (document.querySelector("[data-help]"));

help?.addEventListener("keydown", (key) => {
  if (key.key !== "Escape" || !help.open) return;
  help.open = false;
  help.querySelector("summary")?.focus();
});

help?.addEventListener("focusout", (focus) => {
  if (focus.relatedTarget instanceof Node && !help.contains(focus.relatedTarget)) help.open = false;
});
