// The form for one row: sliders beside the numbers, and the answer while they move.
// @ts-check
import { ask, oneAtATime } from "./app.js";

/** @typedef {{name: string, share: number, start: number, text: string, chosen: boolean}} Bar */
/** @typedef {{headline: string, change: string, bars: Bar[], second: string | null, threshold: number | null, warnings: string[]}} Answer */
/** @typedef {HTMLInputElement | HTMLSelectElement} Control */

const WAIT = 30; // ms in which further movements are awaited
const form = /** @type {HTMLFormElement} */ (document.getElementById("row-form"));

/** All controls of inputs, those that are not shown among them. @returns {Control[]} */
function controls() {
  return /** @type {Control[]} */ ([...form.querySelectorAll("[data-start]")]);
}

/** @param {string} id */
function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

// ---- the answer

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

function soon() {
  clearTimeout(timer);
  timer = setTimeout(update, WAIT);
}

const update = oneAtATime(async () => {
  const body = new URLSearchParams();
  for (const name of ["model", "frame", "row"]) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) body.set(name, field.value);
  }
  for (const control of controls()) if (control.value !== control.dataset.start) body.set(control.name, control.value);
  try {
    show(await ask("predict/row/answer", { method: "POST", body }));
    part("refused").textContent = "";
  } catch (error) {
    part("refused").textContent = error instanceof Error ? error.message.replace(/^row 1, /, "") : String(error);
  }
});

/** @param {Answer} answer */
function show(answer) {
  part("headline").replaceChildren(isolated(answer.headline));
  part("change").textContent = answer.change;
  const rows = document.querySelectorAll("#bars tbody tr");
  answer.bars.forEach((bar, place) => {
    const row = rows[place];
    row.classList.toggle("chosen", bar.chosen);
    row.querySelector("th")?.replaceChildren(isolated(bar.name));
    row.querySelector(".fill")?.setAttribute("width", String(100 * bar.share));
    at(row.querySelector(".was"), bar.start);
    const text = row.querySelector("td:last-child");
    if (text) text.textContent = bar.text;
  });
  part("remarks").replaceChildren(
    ...answer.warnings.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }),
  );
}

/** @param {Element | null} line @param {number} share */
function at(line, share) {
  for (const end of ["x1", "x2"]) line?.setAttribute(end, String(100 * share));
}

/** A name of a user: its direction is its own. @param {string} text */
function isolated(text) {
  const element = document.createElement("bdi");
  element.textContent = text.length > 60 ? `${text.slice(0, 40)}…${text.slice(-15)}` : text;
  element.title = text;
  return element;
}

// ---- the inputs

/** @param {Control} control */
function mark(control) {
  control.closest(".input-row")?.classList.toggle("changed", control.value !== control.dataset.start);
}

/** @param {HTMLInputElement} slider */
function linked(slider) {
  const number = /** @type {HTMLInputElement} */ (part(slider.dataset.of ?? ""));
  const follow = () => {
    slider.classList.toggle("absent", number.value === "");
    if (number.value !== "") slider.value = number.value;
  };
  slider.hidden = false;
  slider.addEventListener("input", () => {
    number.value = slider.value;
    number.dispatchEvent(new Event("input", { bubbles: true }));
  });
  number.addEventListener("input", follow);
  follow();
}

/** Suggestions for an input with more levels than a page should hold. @param {HTMLInputElement} control */
function suggesting(control) {
  control.addEventListener("input", async () => {
    const asked = control.value;
    const query = new URLSearchParams({ model: /** @type {HTMLInputElement} */ (form.elements.namedItem("model")).value, input: control.dataset.search ?? "", text: asked });
    const { levels } = await ask(`predict/row/levels?${query}`);
    if (control.value !== asked) return;
    control.list?.replaceChildren(
      ...levels.map((/** @type {string} */ level) => {
        const option = document.createElement("option");
        option.value = level;
        return option;
      }),
    );
  });
}

/** @param {HTMLInputElement} find */
function filtering(find) {
  const rows = /** @type {HTMLElement[]} */ ([...form.querySelectorAll(".input-row")]);
  find.addEventListener("input", () => {
    const wanted = find.value.toLowerCase();
    for (const row of rows) row.hidden = !row.dataset.name?.toLowerCase().includes(wanted);
    const folded = document.getElementById("folded");
    if (folded instanceof HTMLDetailsElement && wanted) folded.open = true;
  });
}

function start() {
  part("ask").hidden = true;
  for (const slider of form.querySelectorAll("input[type=range]")) linked(/** @type {HTMLInputElement} */ (slider));
  for (const control of form.querySelectorAll("[data-search]")) suggesting(/** @type {HTMLInputElement} */ (control));
  const find = document.getElementById("find");
  if (find instanceof HTMLInputElement) filtering(find);
  controls().forEach(mark);
  form.addEventListener("input", (event) => {
    const control = event.target;
    if (!(control instanceof HTMLElement) || control.dataset.start === undefined) return;
    mark(/** @type {Control} */ (control));
    document.getElementById("contributions")?.remove(); // of the row as it was: the button asks for those of the new one
    soon();
  });
  document.getElementById("reset")?.addEventListener("click", (event) => {
    event.preventDefault();
    for (const control of controls()) {
      if (control.value === control.dataset.start) continue;
      control.value = control.dataset.start ?? "";
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}

start();
