// The page of a model: a slider that moves the matrix of two classes.
// @ts-check

import { lineChart } from "./charts.js";
import { short } from "./numbers.js";

const SHADES = 8;

/** @param {Element | null} place @param {number | null} value */
function show(place, value) {
  if (!place) return;
  if (value === null) {
    const none = document.createElement("span");
    none.className = "none";
    none.textContent = "–";
    place.replaceChildren(none);
    return;
  }
  const data = document.createElement("data");
  data.value = data.title = String(value);
  data.textContent = short(value);
  place.replaceChildren(data);
}

/** @param {number} part @param {number} whole */
const share = (part, whole) => (whole ? part / whole : null);

/** @param {Element | null} cell @param {number} rows @param {number} of @param {boolean} right */
function shade(cell, rows, of, right) {
  if (!cell) return;
  const dark = rows && of ? `${right ? "right" : "wrong"} shade-${Math.min(SHADES, 1 + Math.floor((SHADES * rows) / of))}` : "zero";
  cell.className = `n ${dark}`;
}

/** Mark a place of a curve. @param {string} id @param {number | null} at @param {number} threshold */
function mark(id, at, threshold) {
  const chart = document.querySelector(`#${id} .line-chart`);
  if (chart && at !== null) lineChart(chart).update({ marks: [[at, short(threshold)]] });
}

function thresholds() {
  const slider = /** @type {HTMLInputElement | null} */ (document.getElementById("slider"));
  const stored = document.getElementById("threshold-data")?.textContent;
  const box = document.getElementById("threshold-matrix");
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("threshold"));
  if (!slider || !stored || !box || !field) return;
  /** @type {Record<string, (number | null)[]>} */
  const data = JSON.parse(stored);
  const values = /** @type {number[]} */ (data.threshold);
  const used = /** @type {HTMLInputElement | null} */ (document.getElementById("use-threshold"));
  /** @param {string} name */
  const cell = (name) => box.querySelector(`[data-cell="${name}"]`);

  /** @param {number} line */
  const move = (line) => {
    const [tn, fp, fn, tp] = ["tns", "fps", "fns", "tps"].map((name) => data[name][line] ?? 0);
    const counts = [[tn, fp], [fn, tp]];
    counts.forEach((row, actual) => {
      const rows = row[0] + row[1], right = row[actual];
      row.forEach((count, predicted) => {
        show(cell(`${actual}-${predicted}`), count);
        shade(cell(`${actual}-${predicted}`), count, rows, actual === predicted);
      });
      show(cell(`${actual}-rows`), rows);
      show(cell(`${actual}-error`), share(rows - right, rows));
      show(cell(`${actual}-precision`), share(right, counts[0][actual] + counts[1][actual]));
      show(cell(`${actual}-recall`), share(right, rows));
    });
    show(cell("all-error"), share(fp + fn, tn + fp + fn + tp));
    document.querySelectorAll("#threshold-numbers [data-metric]").forEach((place) => {
      show(place, data[/** @type {HTMLElement} */ (place).dataset.metric ?? ""]?.[line] ?? null);
    });
    const caption = box.querySelector("caption [data-threshold]");
    if (caption) caption.textContent = short(values[line]);
    mark("roc", data.fpr[line], values[line]);
    mark("precision-recall", data.recall[line], values[line]);
    field.value = String(values[line]);
    if (used) used.value = field.value;
    slider.setAttribute("aria-valuetext", `threshold ${short(values[line])}`);
  };
  // The table goes down, the slider up.
  const line = () => values.length - 1 - Number(slider.value);
  slider.hidden = false;
  slider.labels?.forEach((label) => { label.hidden = false; });
  slider.setAttribute("aria-valuetext", `threshold ${short(values[line()])}`);
  slider.addEventListener("input", () => move(line()));
  field.addEventListener("change", () => {
    const wanted = Number(field.value);
    let nearest = 0;
    values.forEach((value, at) => { if (Math.abs(value - wanted) < Math.abs(values[nearest] - wanted)) nearest = at; });
    slider.value = String(values.length - 1 - nearest);
    move(nearest);
  });
}

thresholds();
document.addEventListener("pagechange", thresholds); // its training has ended
