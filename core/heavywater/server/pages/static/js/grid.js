// The page of a grid: ranges by dragging and by sliders, the table that follows them, models as they come.
// @ts-check
import { busy } from "./app.js";
import { onJobs, refresh } from "./live.js";
import { Parallel, rangeOf, wordsOf } from "./parallel.js";

/** @typedef {import("./parallel.js").Told} Told @typedef {import("./parallel.js").Range} Range */

const WAIT = 120; // ms between the last move of a range and the table that follows it
const PAUSE = 1500; // ms between two looks at a search that goes on

/** @type {Set<string>} models that are ticked, on other pages of the table, too */
const ticked = new Set();
/** @type {Parallel | null} */
let picture = null;
/** @type {Told | null} */
let told = null;
let timer = 0;
let asked = 0;

/** @template {Element} T @param {string} id @param {new () => T} kind @returns {T | null} */
function found(id, kind) {
  const element = document.getElementById(id);
  return element instanceof kind ? element : null;
}

// ---- the table

/** Show the table of an address, which becomes that of the page. @param {string} query */
async function showTable(query) {
  const mine = ++asked;
  history.replaceState(null, "", query || location.pathname);
  let text = "";
  try {
    const reply = await busy(fetch(`${location.pathname}${query || "?"}&part=results`));
    text = await reply.text();
  } catch {
    return; // no connection: the bar at the top says so
  }
  const page = new DOMParser().parseFromString(text, "text/html");
  if (mine !== asked) return; // a later one is on its way
  const fresh = page.getElementById("results") ?? page.querySelector("main .note");
  const box = document.getElementById("models-box");
  const across = box?.scrollLeft ?? 0;
  const focused = document.activeElement?.closest("#results") ? document.activeElement.textContent : null;
  if (fresh) document.getElementById("results")?.replaceChildren(...(fresh.id === "results" ? fresh.childNodes : [fresh]));
  const again = document.getElementById("models-box");
  if (again) again.scrollLeft = across;
  if (focused) /** @type {HTMLElement | undefined} */ ([...document.querySelectorAll("#results a")].find((each) => each.textContent === focused))?.focus();
  mountTable();
}

/** The address that the fields ask for. */
function query() {
  const form = found("explore", HTMLFormElement);
  const asked = new URLSearchParams();
  if (form) for (const [name, value] of new FormData(form)) if (typeof value === "string" && value && value !== "auto") asked.append(name, value);
  return `?${asked}`;
}

function showTableSoon() {
  clearTimeout(timer);
  timer = setTimeout(() => void showTable(query()), WAIT);
}

function mountTable() {
  const form = found("models", HTMLFormElement);
  if (!form) return;
  const boxes = /** @type {HTMLInputElement[]} */ ([...form.querySelectorAll("input[name=model]")]);
  const said = document.createElement("span");
  said.setAttribute("role", "status");
  form.querySelector(".actions")?.append(said);
  const elsewhere = document.createElement("span");
  form.append(elsewhere);
  const show = () => {
    const here = new Set(boxes.map((each) => each.value));
    said.textContent = ticked.size ? `${ticked.size} chosen` : "";
    const others = [...ticked].filter((each) => !here.has(each));
    elsewhere.replaceChildren(...others.map((value) => Object.assign(document.createElement("input"), { type: "hidden", name: "model", value })));
  };
  for (const box of boxes) {
    box.checked ||= ticked.has(box.value);
    if (box.checked) ticked.add(box.value);
    box.addEventListener("change", () => {
      if (box.checked) ticked.add(box.value);
      else ticked.delete(box.value);
      show();
    });
  }
  show();
  for (const row of /** @type {NodeListOf<HTMLElement>} */ (form.querySelectorAll("tr[data-line]"))) {
    row.addEventListener("pointerenter", () => picture?.point(Number(row.dataset.line)));
    row.addEventListener("pointerleave", () => picture?.point(null));
  }
  for (const link of /** @type {NodeListOf<HTMLAnchorElement>} */ (form.querySelectorAll("a[data-stay], .pager a"))) {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      keepOrder(link.search);
      void showTable(link.search);
    });
  }
  document.getElementById("clear")?.addEventListener("click", (event) => {
    event.preventDefault();
    told?.axes.forEach((_, axis) => setRange(axis, null));
    document.getElementById("axes-summary")?.focus();
  });
}

/** The order of the table goes into the form, so that a range keeps it. @param {string} search */
function keepOrder(search) {
  const form = found("explore", HTMLFormElement);
  const wanted = new URLSearchParams(search);
  for (const name of ["sort", "order", "all"]) {
    let field = form?.querySelector(`input[name=${name}]`);
    if (!field && form) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name });
      form.append(field);
    }
    if (field instanceof HTMLInputElement) field.value = wanted.get(name) ?? "";
  }
}

// ---- ranges

/** @param {number} axis @returns {(HTMLInputElement | HTMLSelectElement)[]} fields of the first and the last value */
function fieldsOf(axis) {
  return [...document.querySelectorAll(`fieldset[data-axis="${axis}"] .ends :is(input, select)`)].filter((each) => each instanceof HTMLInputElement || each instanceof HTMLSelectElement);
}

/** @param {number} axis @param {Range} range */
function setRange(axis, range) {
  const each = told?.axes[axis];
  if (!each) return;
  wordsOf(each, range).forEach((word, end) => {
    fieldsOf(axis)[end].value = word;
  });
  picture?.set(axis, range);
  showRange(axis, range);
}

/** What follows a range: sliders, number of models, table. @param {number} axis @param {Range} range */
function showRange(axis, range) {
  setSliders(axis, range);
  const count = document.getElementById("count");
  if (picture && told && count) count.textContent = `${picture.show()} of ${told.models.length} models`;
  showTableSoon();
}

/** @param {number} axis @returns {HTMLInputElement[]} */
function slidersOf(axis) {
  return [...document.querySelectorAll(`fieldset[data-axis="${axis}"] input[type=range]`)].filter((each) => each instanceof HTMLInputElement);
}

/** @param {number} axis @param {Range} range */
function setSliders(axis, range) {
  const stops = told?.axes[axis].stops ?? [];
  slidersOf(axis).forEach((slider, end) => {
    slider.value = String(range ? range[end] : end ? stops.length - 1 : 0);
    slider.setAttribute("aria-valuetext", stops[Number(slider.value)]?.[1] ?? "");
  });
}

/** Two sliders for an axis: each step is a value. @param {number} axis */
function addSliders(axis) {
  const set = document.querySelector(`fieldset[data-axis="${axis}"]`);
  const each = told?.axes[axis];
  if (!set || !each) return;
  const box = document.createElement("div");
  box.className = "sliders";
  const sliders = ["from", "to"].map((end) => Object.assign(document.createElement("input"), { type: "range", min: "0", max: String(each.stops.length - 1), ariaLabel: `${each.name}, slider ${end}` }));
  sliders.forEach((slider, end) =>
    slider.addEventListener("input", () => {
      const values = sliders.map((other) => Number(other.value));
      if (values[0] > values[1]) values[1 - end] = values[end]; // the other end gives way
      const whole = values[0] === 0 && values[1] === each.stops.length - 1;
      setRange(axis, whole ? null : [values[0], values[1]]);
    }),
  );
  box.append(...sliders);
  set.querySelector(".ends")?.after(box);
  for (const field of fieldsOf(axis))
    field.addEventListener(field instanceof HTMLInputElement ? "input" : "change", () => {
      const words = fieldsOf(axis).map((other) => other.value.trim());
      const wrong = field instanceof HTMLInputElement && field.value.trim() !== "none" && Number.isNaN(Number(field.value));
      field.setAttribute("aria-invalid", String(wrong));
      if (wrong) return;
      const range = rangeOf(each, words[0], words[1]);
      picture?.set(axis, range);
      showRange(axis, range);
    });
}

function mountPicture() {
  const svg = document.querySelector("svg.parallel");
  const data = document.getElementById("told");
  picture = null;
  if (!(svg instanceof SVGSVGElement) || !data) return;
  told = /** @type {Told} */ (JSON.parse(data.textContent ?? ""));
  const names = told.models;
  const line = found("pointed", HTMLElement);
  picture = new Parallel(svg, told, setRange, (number) => {
    picture?.point(number);
    if (line) line.textContent = number === null ? "" : (names[number] ?? "a combination that failed");
    for (const row of document.querySelectorAll("tr[data-line]")) row.classList.toggle("pointed", /** @type {HTMLElement} */ (row).dataset.line === String(number));
  });
  told.axes.forEach((each, axis) => {
    addSliders(axis);
    const [from, to] = fieldsOf(axis);
    const range = rangeOf(each, from?.value ?? "", to?.value ?? "");
    picture?.set(axis, range);
    setSliders(axis, range);
  });
  picture.show();
}

// ---- while it searches

let last = 0;
let later = 0;

function watch() {
  const box = document.getElementById("grid");
  onJobs((jobs) => {
    for (const job of jobs) {
      if (job.destination !== box?.dataset.key) continue;
      const bar = document.querySelector("#summary progress");
      if (bar instanceof HTMLProgressElement) bar.value = job.fraction;
      const text = document.querySelector("#summary .message");
      if (text && job.message) text.textContent = job.message;
      const now = `${job.job} ${job.message.split(":")[0]}`; // changes when a model has ended
      const shown = box?.dataset.step ?? "";
      if (job.status === "RUNNING" ? now !== shown : shown.startsWith(`${job.job} `)) look();
    }
  });
}

/** Look at the grid again, soon. */
function look() {
  clearTimeout(later);
  later = setTimeout(
    () => {
      if (picture?.dragging) return look();
      last = Date.now();
      void refresh();
    },
    Math.max(0, last + PAUSE - Date.now()),
  );
}

function mount() {
  mountPicture();
  mountTable();
  watch();
}

mount();
document.addEventListener("pagechange", mount);
