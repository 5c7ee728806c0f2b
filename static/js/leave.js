// @ts-check
// Leave quickly: hide and empty the page at once, then go. Without this file the same links are plain links.

const WITHIN_MS = 5000;
const PRESSES = 3;

const ways = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("[data-leave]"));
const shown = ways[ways.length - 1];

const voice = document.createElement("p");
voice.className = "for-ears";
voice.setAttribute("role", "status");
document.body.append(voice);

let gone = false;

/** Nothing may stand between a person and an empty screen: hide first, tell the rest of the page second. */
export function leave() {
  const to = shown.href;
  gone = true;
  // By the browser's own means, too: our styles may be what has not arrived.
  document.documentElement.hidden = true;
  document.documentElement.classList.add("leaving");
  try {
    dispatchEvent(new CustomEvent("leaving"));
    for (const form of document.forms) form.reset();
    document.body.replaceChildren();
    sessionStorage.clear();
  } finally {
    location.replace(to);
  }
}

for (const way of ways) {
  way.addEventListener("click", (click) => {
    click.preventDefault();
    leave();
  });
}

// The browser kept the emptied page and Back brought it up: fetch what the server says is there now.
addEventListener("pageshow", (show) => {
  if (gone && show.persisted) location.reload();
});

// Only Shift pressed and let go with nothing in between counts: capitals are Shift and a letter.
/** @type {number[]} */
let presses = [];
let alone = false;

addEventListener("keydown", (key) => {
  if (key.key === "Shift") {
    alone = !(key.ctrlKey || key.altKey || key.metaKey) && (alone || !key.repeat);
  } else {
    alone = false;
    presses = [];
    voice.textContent = "";
  }
}, { capture: true });

addEventListener("pointerdown", () => { alone = false; }, { capture: true });

addEventListener("keyup", (key) => {
  if (key.key !== "Shift" || !alone) return;
  alone = false;
  presses = [...presses.filter((at) => key.timeStamp - at < WITHIN_MS), key.timeStamp];
  if (presses.length >= PRESSES) leave();
  else voice.textContent = (presses.length === 1 ? shown.dataset.twoMore : shown.dataset.oneMore) ?? "";
}, { capture: true });
