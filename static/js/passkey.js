// @ts-check
// Passkeys: the browser asks for a finger, a face or its own code, and the form carries what it answers. Where it knows
// no passkeys, a password is all there is to see.

/** @param {string} text */
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));

/** @param {ArrayBuffer | null} buffer */
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer ?? new ArrayBuffer(0))))
    .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** What the server asks for, with bytes where browsers want bytes.
 * @param {any} asked */
function options(asked) {
  const ids = (/** @type {any[]} */ keys) => keys.map((key) => ({ ...key, id: bytes(key.id) }));
  return {
    ...asked,
    challenge: bytes(asked.challenge),
    ...(asked.user && { user: { ...asked.user, id: bytes(asked.user.id) } }),
    ...(asked.allowCredentials && { allowCredentials: ids(asked.allowCredentials) }),
    ...(asked.excludeCredentials && { excludeCredentials: ids(asked.excludeCredentials) }),
  };
}

/** What the browser answers, in letters. @param {PublicKeyCredential} made */
function answer(made) {
  /** @type {any} */
  const given = made.response;
  /** @type {Record<string, string>} */
  const response = {};
  for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (given[part]) response[part] = text(given[part]);
  }
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
}

for (const form of /** @type {NodeListOf<HTMLFormElement>} */ (document.querySelectorAll("[data-passkey]"))) {
  if (!window.PublicKeyCredential) break;
  const said = /** @type {HTMLElement} */ (form.querySelector("[role=status]"));
  form.hidden = false;
  form.querySelector("[data-without]")?.remove();
  form.querySelector("[data-with]")?.removeAttribute("hidden");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    said.textContent = "";
    try {
      const asked = { publicKey: options(JSON.parse(form.dataset.asked ?? "")) };
      const made = await (form.dataset.passkey === "create" ? navigator.credentials.create(asked) : navigator.credentials.get(asked));
      /** @type {HTMLInputElement} */ (form.elements.namedItem("answer")).value = answer(/** @type {PublicKeyCredential} */ (made));
      form.submit();
    } catch {
      said.textContent = said.dataset.notDone ?? "";
    }
  });
}
