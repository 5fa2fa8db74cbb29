// Fills in what takes long to work out: an element with data-later gives way to the one of its id on the page at that address,
// which works out a part of it each time it is asked for.
// @ts-check
import { busy } from "./app.js";

/** Put a new element in the place of an old one; ticks and the focus stay. @param {HTMLElement} old @param {HTMLElement} fresh */
function replace(old, fresh) {
  const focused = document.activeElement;
  for (const box of old.querySelectorAll("input[type=checkbox]")) {
    const same = box.id && fresh.querySelector(`#${CSS.escape(box.id)}`);
    if (same instanceof HTMLInputElement && box instanceof HTMLInputElement) same.checked = box.checked;
  }
  const had = focused instanceof HTMLElement && old.contains(focused) ? focused.id : "";
  old.replaceWith(document.adoptNode(fresh));
  if (had) document.getElementById(had)?.focus({ preventScroll: true });
}

/** One request; whether it brought anything. @param {string} address @param {HTMLElement[]} waiting */
async function ask(address, waiting) {
  const reply = await busy(fetch(address, { headers: { Accept: "text/html" } }));
  if (!reply.ok) return false;
  const page = new DOMParser().parseFromString(await reply.text(), "text/html");
  let moved = false;
  for (const old of waiting) {
    const fresh = page.getElementById(old.id);
    if (!fresh || fresh.dataset.later) continue;
    replace(old, fresh);
    moved = true;
  }
  return moved;
}

async function fill() {
  for (;;) {
    const waiting = [...document.querySelectorAll("[data-later]")].filter((each) => each instanceof HTMLElement);
    const address = waiting[0]?.dataset.later;
    if (!address) return;
    const moved = await ask(address, waiting.filter((each) => each.dataset.later === address));
    if (!moved) return; // what is still missing can be asked for by the link
  }
}

fill().catch(() => undefined); // the link stays
