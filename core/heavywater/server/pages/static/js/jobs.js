// Jobs as they go on: bars, times, and the curves of a training.
// @ts-check
import { lineChart } from "./charts.js";
import { onHistory, onJobs } from "./live.js";
import { short } from "./numbers.js";
import { duration } from "./times.js";

/** @typedef {import("./live_state.js").JobState} JobState @typedef {import("./live_state.js").Curves} Curves */
/** @typedef {Record<string, {label: string, greater: boolean | null}>} Words */

const PARTS = /** @type {const} */ ([["training", "Training"], ["validation", "Validation"]]);
const ROWS = 200; // of the table behind the curves

/** @type {Map<HTMLElement, {since: number}>} the jobs that are shown, and when each began by the clock of this page */
let shown = new Map();

function mount() {
  shown = new Map();
  for (const each of document.querySelectorAll("[data-job]")) {
    const element = /** @type {HTMLElement} */ (each);
    shown.set(element, { since: performance.now() - 1000 * Number(element.dataset.seconds) });
    if (element.matches(".job")) mountCurves(element);
  }
  onJobs((jobs) => {
    for (const state of jobs) for (const element of shown.keys()) if (element.dataset.job === state.job) show(element, state);
  });
}

/** @param {HTMLElement} element @param {JobState} state */
function show(element, state) {
  const bar = element.querySelector("progress");
  if (bar) bar.value = state.fraction;
  write(element, "percent", `${Math.floor(100 * state.fraction)} %`);
  if (state.status === "RUNNING") {
    write(element, "message", state.message);
    write(element, "left", duration(state.seconds_left));
  }
  const list = element.querySelector("[data-field=warnings]");
  if (list instanceof HTMLElement && list.childElementCount !== state.warnings.length) {
    list.hidden = false;
    list.replaceChildren(...state.warnings.map((text) => node("li", text)));
  }
}

function tick() {
  for (const [element, { since }] of shown) {
    const runs = !element.matches(".job") || element.dataset.waits;
    if (runs) write(element, "time", duration((performance.now() - since) / 1000));
  }
}

/** @param {HTMLElement} element */
function mountCurves(element) {
  const panel = /** @type {HTMLElement} */ (element.querySelector(".scores"));
  const select = /** @type {HTMLSelectElement} */ (panel.querySelector("select"));
  const words = /** @type {Words} */ (JSON.parse(element.dataset.words ?? "{}"));
  const details = /** @type {HTMLDetailsElement} */ (panel.querySelector("details"));
  /** @type {Curves | null} */
  let curves = null;
  const draw = () => curves && drawCurves(panel, curves, select.value, words);
  /** @type {HTMLElement} */ (panel.querySelector("button")).hidden = true;
  select.addEventListener("change", () => {
    panel.dataset.metric = select.value;
    draw();
  });
  details.addEventListener("toggle", draw);
  onHistory(element.dataset.job ?? "", (now) => {
    curves = now;
    const speed = column(now, "speed").at(-1);
    write(element, "speed", short(speed ? Math.round(speed) : null));
    offer(select, now, words, panel.dataset.metric ?? "");
    panel.hidden = !select.value;
    draw();
  });
}

/** The scores there are. @param {HTMLSelectElement} select @param {Curves} curves @param {Words} words @param {string} chosen */
function offer(select, curves, words, chosen) {
  const there = Object.keys(words).filter((name) => PARTS.some(([part]) => column(curves, `${part}_${name}`).some((value) => value !== null)));
  if (there.length === select.options.length) return;
  select.replaceChildren(...there.map((name) => new Option(words[name].label, name)));
  const wanted = [chosen, curves.metric].find((name) => there.includes(name));
  if (wanted) select.value = wanted;
}

/** @param {HTMLElement} panel @param {Curves} curves @param {string} metric @param {Words} words */
function drawCurves(panel, curves, metric, words) {
  const x = column(curves, "epochs");
  const series = PARTS.map(([part, label]) => ({ label, values: column(curves, `${part}_${metric}`) })).filter(({ values }) => values.some((value) => value !== null));
  if (!series.length) return;
  const best = bestOf(series[series.length - 1].values, words[metric].greater);
  const names = ["epochs", ...series.map(({ label }) => label)];
  const columns = [x, ...series.map(({ values }) => values)];
  const chart = /** @type {HTMLElement} */ (panel.querySelector(".line-chart"));
  lineChart(chart, { names, columns, marks: best < 0 ? [] : [[Number(x[best]), "best"]], x: "epochs", y: words[metric].label });
  const last = series[series.length - 1];
  write(panel, "best", best < 0 ? "" : `Best: ${short(last.values[best])} (${last.label.toLowerCase()}) after ${short(x[best])} epochs`);
  const details = panel.querySelector("details");
  if (details?.open) details.querySelector("table")?.replaceChildren(...tableOf(["Epochs", ...names.slice(1)], columns));
}

/** The place of the best value, -1 where there is none. @param {(number | null)[]} values @param {boolean | null} greater */
function bestOf(values, greater) {
  if (greater === null) return -1;
  let best = -1;
  values.forEach((value, place) => {
    if (value === null) return;
    const known = best < 0 ? null : Number(values[best]);
    if (known === null || (greater ? value > known : value < known)) best = place;
  });
  return best;
}

/** @param {string[]} names @param {(number | null)[][]} columns */
function tableOf(names, columns) {
  const [head, body] = [document.createElement("thead"), document.createElement("tbody")];
  const row = head.insertRow();
  for (const name of names) {
    const cell = node("th", name);
    cell.setAttribute("scope", "col");
    row.append(cell);
  }
  const every = Math.max(1, Math.ceil(columns[0].length / ROWS));
  for (let place = 0; place < columns[0].length; place += every) {
    const line = body.insertRow();
    for (const values of columns) {
      const cell = line.insertCell();
      cell.className = "n";
      cell.textContent = short(values[place]);
      cell.title = String(values[place] ?? "");
    }
  }
  return [head, body];
}

/** @param {Curves} curves @param {string} name */
function column(curves, name) {
  return curves.columns[curves.names.indexOf(name)] ?? [];
}

/** @param {HTMLElement} element @param {string} field @param {string} text */
function write(element, field, text) {
  const place = element.querySelector(`[data-field=${field}]`);
  if (place && place.textContent !== text) place.textContent = text;
}

/** @param {string} tag @param {string} text */
function node(tag, text) {
  const made = document.createElement(tag);
  made.textContent = text;
  return made;
}

mount();
setInterval(tick, 1000);
document.addEventListener("pagechange", mount);
