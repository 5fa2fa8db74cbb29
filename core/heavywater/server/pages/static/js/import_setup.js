// What is changed about an import is shown at once: the form is sent, and the parts of the page that depend on it are put anew.
// @ts-check
import { go } from "./address.js";
import { busy } from "./app.js";

const PARTS = ["trouble", "looked"];
const form = document.getElementById("setup");

/** Changes in the fields of columns, which an answer must not overwrite. */
let typed = 0;
/** @type {Promise<void>} */
let last = Promise.resolve();
/** Ends what is on its way when the page is left: an answer that came then would put the page anew, and so keep it. */
let leaving = new AbortController();

/** @param {HTMLFormElement} form @param {HTMLElement | null} button @param {AbortSignal} signal */
async function sent(form, button, signal) {
  if (signal.aborted) return;
  const before = typed;
  const data = new FormData(form);
  if (button instanceof HTMLButtonElement && button.name) data.append(button.name, button.value);
  const body = new URLSearchParams();
  for (const [name, value] of data) if (typeof value === "string") body.append(name, value);
  const reply = await busy(fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" }, signal }));
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  if (typed !== before || signal.aborted) return;
  if (!page.getElementById("setup")) {
    go(location.href); // it is done, or was given up elsewhere
    return;
  }
  history.replaceState(null, "", reply.url);
  const focused = document.activeElement?.id;
  for (const id of PARTS) {
    const fresh = page.getElementById(id);
    if (fresh) document.getElementById(id)?.replaceWith(fresh);
  }
  for (const id of ["separator", "header"]) label(id, page);
  if (focused) document.getElementById(focused)?.focus();
}

/** Say that the node has not answered. @param {unknown} error */
function failed(error) {
  const note = document.createElement("div");
  note.className = "note wrong";
  note.textContent = `The preview is not up to date: ${error instanceof Error ? error.message : error}`;
  document.getElementById("trouble")?.replaceChildren(note);
}

/** What is guessed stands in the first choice. @param {string} id @param {Document} page */
function label(id, page) {
  const here = document.querySelector(`#${id} option`);
  const there = page.querySelector(`#${id} option`);
  if (here && there) here.textContent = there.textContent;
}

/** The field for a separator of one's own is there when it is asked for. */
function other() {
  const choice = document.getElementById("separator");
  const field = document.getElementById("other");
  if (field && choice instanceof HTMLSelectElement) field.hidden = choice.value !== "other";
}

if (form instanceof HTMLFormElement) {
  other();
  /** @param {HTMLElement | null} button */
  const send = (button) => {
    const { signal } = leaving;
    last = last.then(() => sent(form, button, signal)).catch((error) => {
      if (!signal.aborted) failed(error);
    });
  };
  form.addEventListener("input", (event) => {
    if (event.target instanceof Element && event.target.closest("#looked")) typed += 1;
  });
  form.addEventListener("change", (event) => {
    const field = event.target;
    if (!(field instanceof HTMLElement) || field.id === "find") return;
    other();
    if (field.id === "separator" && field instanceof HTMLSelectElement && field.value === "other") {
      document.getElementById("other_separator")?.focus();
      return;
    }
    send(null);
  });
  form.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!(button instanceof HTMLButtonElement) || button.value === "import" || button.hasAttribute("formaction")) {
      leaving.abort();
      leaving = new AbortController();
      return;
    }
    event.preventDefault();
    send(button);
  });
}
