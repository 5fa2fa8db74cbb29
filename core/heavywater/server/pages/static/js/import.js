// The page of imports: paths are completed while they are typed, and uploads show how far they are.
// @ts-check
import { to } from "./address.js";
import { upload } from "./upload.js";

const PAUSE = 150; // ms after a key

function completed() {
  const field = document.getElementById("path");
  const list = document.getElementById("matches");
  if (!(field instanceof HTMLInputElement) || !list) return;
  let timer = 0;
  let asked = "";
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const typed = field.value;
      if (!typed || typed === asked) return;
      asked = typed;
      const reply = await fetch(to(`import/completions?${new URLSearchParams({ path: typed })}`), { headers: { Accept: "application/json" } });
      if (!reply.ok || field.value !== typed) return;
      const { matches } = await reply.json();
      list.replaceChildren(
        ...matches.map((/** @type {string} */ match) => {
          const option = document.createElement("option");
          option.value = match;
          return option;
        }),
      );
    }, PAUSE);
  });
}

function sent() {
  const form = document.getElementById("send");
  const field = document.getElementById("file");
  if (!(form instanceof HTMLFormElement) || !(field instanceof HTMLInputElement)) return;
  document.getElementById("or-drop")?.removeAttribute("hidden");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    upload([...(field.files ?? [])]);
  });
}

completed();
sent();
