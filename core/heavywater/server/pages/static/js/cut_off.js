// The cut-off of anomaly scores: how many rows lie above is known at once, which these are is asked for.
// @ts-check
import { ask, oneAtATime } from "./app.js";

/** @typedef {{text: string, full: string, number: boolean}} Cell */

const steps = JSON.parse(document.getElementById("steps")?.textContent ?? "{}");
const form = /** @type {HTMLFormElement} */ (document.getElementById("cut-form"));
const slider = /** @type {HTMLInputElement} */ (document.getElementById("cut-slider"));
const number = /** @type {HTMLInputElement} */ (document.getElementById("cut"));
const told = /** @type {HTMLElement} */ (document.querySelector("#lie-above b"));

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

const update = oneAtATime(async (outdated) => {
  const cut = number.value;
  try {
    const found = await ask(`${form.dataset.above}?cut=${encodeURIComponent(cut)}`);
    if (!outdated()) show(found, cut);
  } catch (error) {
    told.parentElement?.setAttribute("title", error instanceof Error ? error.message : String(error));
  }
});

/** @param {{count: number, share: string, above: Cell[][]}} found @param {string} cut */
function show(found, cut) {
  const rows = document.querySelector("#above tbody");
  rows?.replaceChildren(...found.above.map((cells) => line(cells)));
  told.textContent = String(found.count);
  const share = document.getElementById("share");
  if (share) share.textContent = found.share;
  const pages = document.getElementById("above-pages");
  if (pages) pages.replaceChildren(...further(found, cut));
}

/** @param {{count: number, above: Cell[][]}} found @param {string} cut @returns {(Node | string)[]} */
function further(found, cut) {
  if (found.count <= found.above.length) return [];
  const link = document.createElement("a");
  link.href = `${form.action}?cut=${encodeURIComponent(cut)}&above=${found.above.length + 1}`;
  link.textContent = "Next";
  return [`The first ${found.above.length}. `, link];
}

/** @param {Cell[]} cells */
function line(cells) {
  const row = document.createElement("tr");
  const whatIf = document.getElementById("above")?.dataset.whatIf;
  for (const [place, cell] of cells.entries()) {
    const data = row.insertCell();
    const text = document.createElement(place === 0 && whatIf ? "a" : "bdi");
    if (text instanceof HTMLAnchorElement) text.href = whatIf + cell.full;
    text.textContent = cell.text;
    data.title = cell.full;
    data.classList.toggle("n", cell.number);
    data.append(text);
  }
  return row;
}

/** Move the line in the picture. @param {number} cut */
function mark(cut) {
  const place = `${(100 * (cut - steps.low)) / (steps.high - steps.low)}%`;
  for (const each of document.querySelectorAll("#scores .mark")) {
    each.setAttribute("x1", place);
    each.setAttribute("x2", place);
  }
  for (const each of document.querySelectorAll("#scores .mark-text")) each.setAttribute("x", place);
}

function moved() {
  const cut = Number(number.value);
  if (number.value === "" || !Number.isFinite(cut)) return;
  mark(cut);
  const hidden = document.getElementById("cut-of-rows");
  if (hidden instanceof HTMLInputElement) hidden.value = number.value;
  clearTimeout(timer);
  timer = setTimeout(update, 60);
}

slider.hidden = false;
slider.addEventListener("input", () => {
  const place = Number(slider.value);
  number.value = String(steps.cuts[place]);
  told.textContent = String(steps.above[place]);
  moved();
});
number.addEventListener("input", () => {
  const cut = Number(number.value);
  const place = steps.cuts.findLastIndex((/** @type {number} */ each) => each <= cut);
  slider.value = String(Math.max(0, place));
  moved();
});
/** @type {HTMLElement} */ (document.getElementById("show")).hidden = true;
form.addEventListener("submit", (event) => event.preventDefault());
