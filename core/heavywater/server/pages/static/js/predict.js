// The form of predictions: how model and frame fit together, and what that model can be asked for.
// @ts-check
import { ask } from "./app.js";

const model = /** @type {HTMLSelectElement | null} */ (document.getElementById("model"));
const frame = /** @type {HTMLSelectElement | null} */ (document.getElementById("frame"));
const interval = /** @type {HTMLInputElement | null} */ (document.getElementById("interval"));
const layer = /** @type {HTMLInputElement | null} */ (document.getElementById("layer"));

let asked = 0; // answers come in any order: that to the last question counts

async function look() {
  if (!model || !frame) return;
  const own = ++asked;
  const query = new URLSearchParams({ model: model.value, frame: frame.value });
  const row = document.getElementById("one-row");
  if (row instanceof HTMLAnchorElement) row.href = `${row.href.split("?")[0]}?${query}`;
  const told = /** @type {HTMLElement} */ (document.getElementById("fit"));
  try {
    const fit = await ask(`predict/fit?${query}`);
    if (own !== asked) return;
    told.textContent = fit.text;
    told.classList.toggle("error", !fit.fits);
    if (layer) layer.max = String(fit.layers.length);
    if (interval) {
      interval.disabled = !fit.intervals;
      const label = interval.closest("label");
      if (label) label.hidden = !fit.intervals;
    }
    for (const each of document.querySelectorAll("[data-autoencoder]")) {
      const choice = /** @type {HTMLInputElement} */ (each);
      choice.disabled = !fit.autoencoder;
      const label = choice.closest("label");
      if (label) label.hidden = !fit.autoencoder;
      if (choice.checked && !fit.autoencoder) /** @type {HTMLInputElement} */ (document.querySelector("[name=kind]")).checked = true;
    }
  } catch (error) {
    told.textContent = error instanceof Error ? error.message : String(error);
  }
}

model?.addEventListener("change", look);
frame?.addEventListener("change", look);
layer?.addEventListener("input", () => {
  /** @type {HTMLInputElement} */ (document.querySelector("[name=kind][value=features]")).checked = true;
});
interval?.addEventListener("input", () => {
  /** @type {HTMLInputElement} */ (document.querySelector("[name=kind][value=answer]")).checked = true;
});
if (model) look();
