// Curves that answer to a pointer: values on hover, zoom by dragging, a double click or a button to see all again.
// They stand in the place of the pictures that the server has drawn, which are printed, and shown where scripts are off.
// @ts-check

import { short } from "./numbers.js";

/**
 * @typedef {Object} Curves
 * @property {string[]} [names] Of x, then of each curve.
 * @property {(number | null)[][]} [columns] x in ascending order, then a column for each curve.
 * @property {[number, string][]} [marks] Places of the x axis to be seen, and what is written there.
 * @property {string} [x] @property {string} [y] Labels of the axes.
 * @property {boolean} [log_x] @property {boolean} [log_y] @property {boolean} [diagonal]
 * @property {[number, number] | null} [within_x] @property {[number, number] | null} [within_y] Ranges there are at least.
 * @property {number} [height]
 *
 * @typedef {{ update: (curves: Curves) => void }} LineChart
 */

const SERIES = 6;
const ROOM = 0.04; // of the range of y, above and below
const LEFT = 64;
const BELOW = 44;
/** @type {WeakMap<Element, LineChart>} */
const known = new WeakMap();
/** @type {Promise<any> | undefined} */
let loading;

/** uPlot, once for the page. */
function plotter() {
  loading ??= Promise.all([
    added("script", { src: new URL("../vendor/uPlot.iife.min.js", import.meta.url).href }),
    added("link", { rel: "stylesheet", href: new URL("../vendor/uPlot.min.css", import.meta.url).href }),
  ]).then(() => /** @type {any} */ (window).uPlot);
  return loading;
}

/** @param {string} tag @param {Record<string, string>} attributes */
function added(tag, attributes) {
  return new Promise((resolve, reject) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.addEventListener("load", resolve);
    made.addEventListener("error", () => reject(new Error(`${Object.values(attributes).at(-1)} was not loaded`)));
    document.head.append(made);
  });
}

/** @param {string} name */
function color(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** @param {number} number */
const seriesColor = (number) => color(`--series-${(number % SERIES) + 1}`);

/** A chart in an element; called again for the same element, the chart that is there.
 * @param {Element} element @param {Curves} [curves] What is not given is taken from its `data-chart`.
 * @returns {LineChart} */
export function lineChart(element, curves = {}) {
  const there = known.get(element);
  if (there) {
    there.update(curves);
    return there;
  }
  const chart = new Chart(/** @type {HTMLElement} */ (element), curves);
  known.set(element, chart);
  return chart;
}

class Chart {
  /** @param {HTMLElement} element @param {Curves} curves */
  constructor(element, curves) {
    this.element = element;
    /** @type {Curves} */
    this.told = { ...JSON.parse(element.dataset.chart ?? "{}"), ...curves };
    /** @type {any} */
    this.plot = null;
    this.shape = "";
    /** @type {[number, number] | null} */
    this.range = null;
    this.zoomed = false;
    this.replaced = Boolean(curves.columns);
    this.tip = node("div", "chart-tip");
    this.tip.hidden = true;
    this.whole = /** @type {HTMLButtonElement} */ (node("button", "chart-whole secondary", "Show all"));
    this.whole.type = "button";
    this.whole.hidden = true;
    this.whole.addEventListener("click", () => this.showAll());
    document.addEventListener("themechange", () => this.plot?.redraw());
    new ResizeObserver(() => this.fit()).observe(element);
    this.show();
  }

  /** Show other curves, or more of the same: what was zoomed into stays in sight. @param {Curves} curves */
  update(curves) {
    if (curves.columns) this.replaced = true;
    Object.assign(this.told, curves);
    this.show();
  }

  async show() {
    const { names, columns } = this.told;
    if (!names || !columns || !columns[0]?.length) return; // a picture of the server, or nothing yet
    const uPlot = await plotter();
    if (this.shape !== JSON.stringify(this.told.names)) this.make(uPlot);
    else if (this.zoomed) this.plot.setData(this.data(), false), this.plot.redraw();
    else this.plot.setData(this.data());
  }

  /** @param {any} uPlot */
  make(uPlot) {
    const names = this.told.names ?? [];
    this.shape = JSON.stringify(names);
    this.plot?.destroy();
    this.zoomed = false;
    const drawn = this.element.querySelector("svg.drawn");
    this.plot = new uPlot(this.options(names), this.data(), (/** @type {any} */ made, /** @type {() => void} */ ready) => {
      this.element.classList.add("answers");
      this.element.prepend(made.root);
      made.root.append(node("span", "chart-x", this.told.x), node("span", "chart-y", this.told.y), this.whole, this.tip);
      made.root.setAttribute("role", "img");
      made.root.setAttribute("aria-label", drawn?.getAttribute("aria-label") ?? names.join(", "));
      ready();
    });
    if (this.replaced) this.tidy(names);
  }

  /** What the server has drawn is of the past: it goes, with a new legend. @param {string[]} names */
  tidy(names) {
    for (const old of this.element.querySelectorAll(":scope > :not(.uplot)")) old.remove();
    if (names.length > 2) {
      const legend = node("ul", "legend");
      names.slice(1).forEach((name, number) => {
        const item = node("li");
        item.append(swatch(number), " ", node("bdi", "", name));
        legend.append(item);
      });
      this.element.append(legend);
    }
  }

  data() {
    const { columns = [], log_x, log_y } = this.told;
    const rows = columns[0].map((_, row) => row).filter((row) => columns[0][row] !== null && (!log_x || Number(columns[0][row]) > 0));
    return columns.map((column, number) => rows.map((row) => (number && log_y && Number(column[row]) <= 0 ? null : column[row])));
  }

  /** @param {string[]} names */
  options(names) {
    const axis = { stroke: () => color("--soft"), font: `12px ${color("--sans") || "sans-serif"}`, ticks: { show: false }, values: ticks };
    return {
      width: this.width(),
      height: this.told.height ?? 256,
      padding: [24, 24, 0, 0],
      legend: { show: false },
      cursor: { drag: { x: true, y: false, uni: 8 }, points: { size: 8 }, y: false },
      scales: {
        x: { time: false, distr: this.told.log_x ? 3 : 1, range: (/** @type {any} */ _, /** @type {number} */ low, /** @type {number} */ high) => this.across(low, high) },
        y: { distr: this.told.log_y ? 3 : 1, range: (/** @type {any} */ _, /** @type {number} */ low, /** @type {number} */ high) => this.upward(low, high) },
      },
      axes: [
        { ...axis, ...placed(64, this.told.log_x), size: BELOW, gap: 6, grid: { show: false }, border: { show: true, stroke: () => color("--line-strong"), width: 1 } },
        { ...axis, ...placed(40, this.told.log_y), size: LEFT, gap: 8, grid: { stroke: () => color("--line"), width: 1 } },
      ],
      series: [
        {},
        ...names.slice(1).map((_, number) => ({
          stroke: () => seriesColor(number),
          width: 2,
          dash: number < SERIES ? [] : [6, 4],
          spanGaps: true,
          points: { show: (/** @type {any} */ made) => made.data[number + 1].filter((/** @type {any} */ each) => each !== null).length < 2, size: 8, fill: () => seriesColor(number) },
        })),
      ],
      hooks: {
        draw: [(/** @type {any} */ made) => this.drawFurther(made)],
        setSelect: [(/** @type {any} */ made) => this.select(made)],
        setCursor: [(/** @type {any} */ made) => this.point(made)],
        init: [(/** @type {any} */ made) => made.over.addEventListener("dblclick", () => this.showAll())],
      },
    };
  }

  /** The range of x: that of the curves, and no more is cut off than the user has chosen. @param {number} low @param {number} high */
  across(low, high) {
    if (this.zoomed) return [low, high];
    const x = this.data()[0];
    [low, high] = [x[0] ?? 0, x.at(-1) ?? 1];
    const within = this.told.within_x;
    if (within && !this.told.log_x) [low, high] = [Math.min(low, within[0]), Math.max(high, within[1])];
    return low < high ? [low, high] : apart(low, this.told.log_x);
  }

  /** The range of y; it stays what it was while the curves fill most of it. @param {number} low @param {number} high */
  upward(low, high) {
    if (low === null || high === null) return [this.told.log_y ? 0.1 : 0, 1];
    const within = this.told.within_y;
    if (within && !this.told.log_y) return [Math.min(low, within[0]), Math.max(high, within[1])];
    if (!(low < high)) return apart(low, this.told.log_y);
    if (this.told.log_y) {
      const factor = (high / low) ** ROOM;
      return [low / factor, high * factor];
    }
    const old = this.range;
    if (!old || low < old[0] || high > old[1] || high - low < 0.7 * (old[1] - old[0])) {
      this.range = [low - (high - low) * ROOM, high + (high - low) * ROOM];
    }
    return this.range;
  }

  /** @param {any} made */
  select(made) {
    if (made.select.width < 8) return;
    this.zoomed = true;
    this.whole.hidden = false;
    this.range = null;
  }

  showAll() {
    this.zoomed = false;
    this.whole.hidden = true;
    this.range = null;
    this.plot.setData(this.data());
  }

  /** Values beside the pointer. @param {any} made */
  point(made) {
    const row = made.cursor.idx;
    this.tip.hidden = row === null || row === undefined || made.cursor.left < 0;
    if (this.tip.hidden) return;
    const lines = [node("div", "", `${this.told.x || this.told.names?.[0] || "x"} ${short(made.data[0][row], 6)}`)];
    made.data.slice(1).forEach((/** @type {(number | null)[]} */ column, /** @type {number} */ number) => {
      const value = near(column, row);
      if (value === null || lines.length > 12) return;
      const line = node("div");
      line.append(swatch(number), " ", node("bdi", "", this.told.names?.[number + 1]), " ", node("b", "", short(value, 6)));
      lines.push(line);
    });
    this.tip.replaceChildren(...lines);
    const right = made.cursor.left > made.over.clientWidth / 2;
    this.tip.style.transform = `translate(${LEFT + made.cursor.left + (right ? -12 : 12)}px, 28px)${right ? " translateX(-100%)" : ""}`;
  }

  /** The diagonal, and the places to be seen. @param {any} made */
  drawFurther(made) {
    const { ctx, bbox } = made;
    const ratio = devicePixelRatio;
    const x = (/** @type {number} */ value) => made.valToPos(value, "x", true);
    const y = (/** @type {number} */ value) => made.valToPos(value, "y", true);
    ctx.save();
    ctx.lineWidth = ratio;
    ctx.strokeStyle = color("--line-strong");
    ctx.setLineDash([4 * ratio, 4 * ratio]);
    if (this.told.diagonal) {
      const low = Math.max(made.scales.x.min, made.scales.y.min);
      const high = Math.min(made.scales.x.max, made.scales.y.max);
      if (low < high) stroke(ctx, x(low), y(low), x(high), y(high));
    }
    for (const [at, text] of this.told.marks ?? []) {
      const across = x(at);
      if (!(across >= bbox.left - 1 && across <= bbox.left + bbox.width + 1)) continue;
      stroke(ctx, across, bbox.top, across, bbox.top + bbox.height);
      const left = across > bbox.left + bbox.width / 2;
      ctx.font = `550 ${12 * ratio}px ${color("--sans") || "sans-serif"}`;
      ctx.textAlign = left ? "right" : "left";
      ctx.textBaseline = "alphabetic";
      ctx.fillStyle = color("--text");
      ctx.fillText(text, across + (left ? -4 : 4) * ratio, bbox.top - 4 * ratio);
      this.dots(made, at, across, y);
    }
    ctx.restore();
  }

  /** @param {any} made @param {number} at @param {number} across @param {(value: number) => number} y */
  dots(made, at, across, y) {
    const row = made.valToIdx(at);
    made.data.slice(1).forEach((/** @type {(number | null)[]} */ column, /** @type {number} */ number) => {
      const value = column[row];
      if (value === null || value === undefined) return;
      made.ctx.beginPath();
      made.ctx.arc(across, y(value), 4 * devicePixelRatio, 0, 2 * Math.PI);
      made.ctx.fillStyle = seriesColor(number);
      made.ctx.fill();
    });
  }

  width() {
    return Math.max(this.element.clientWidth, 160);
  }

  fit() {
    const width = this.width();
    if (this.plot && width !== this.plot.width) this.plot.setSize({ width, height: this.plot.height });
  }
}

/** A range around a single value. @param {number} value @param {boolean} [log] */
function apart(value, log) {
  if (log) return [value / 2, value * 2];
  const margin = Math.abs(value) * 0.1 || 1;
  return [value - margin, value + margin];
}

/** The value of a curve in a row, or in the nearest one that has one. @param {(number | null | undefined)[]} column @param {number} row */
function near(column, row) {
  for (let away = 0; away < 20; away++) {
    const value = column[row - away] ?? column[row + away];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}

/** Ticks at round numbers, as the server has them. @param {number} space Between two of them, in px. @param {boolean} [log] */
function placed(space, log) {
  /** @param {any} made @param {number} axis @param {number} low @param {number} high */
  const places = (made, axis, low, high) => {
    const about = Math.max(1, Math.floor((axis === 0 ? made.over.clientWidth || made.width - LEFT : made.height - BELOW - 24) / space));
    return (log ? decades(low, high, about) : null) ?? steps(low, high, about);
  };
  return {
    space,
    filter: (/** @type {any} */ _, /** @type {number[]} */ splits) => splits,
    splits: places,
    // What uPlot would choose itself decides only whether the axis is shown: so a step that always has room.
    incrs: (/** @type {any} */ _, /** @type {number} */ __, /** @type {number} */ low, /** @type {number} */ high) => [Math.max(10, high - low)],
  };
}

/** @param {number} low @param {number} high @param {number} about */
function steps(low, high, about) {
  const rough = (high - low) / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((nice) => nice * power >= rough * 0.999) ?? 10) * power;
  const found = [];
  for (let number = Math.ceil(low / step - 1e-9); number * step <= high + step * 1e-6 && found.length < 50; number++) {
    found.push(Number((number * step).toPrecision(12)));
  }
  return found;
}

/** Powers of ten; null where there are fewer than two. @param {number} low @param {number} high @param {number} about */
function decades(low, high, about) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / (about + 1)));
  const found = [];
  for (let power = first; power <= last; power += every) found.push(Number(`1e${power}`));
  return found.length > 1 ? found : null;
}

/** @param {any} _ @param {(number | null)[]} values */
function ticks(_, values) {
  const texts = values.map((value) => (value === null ? "" : short(value)));
  // Ticks that would read the same are told with more digits.
  return new Set(texts).size === texts.length || values.includes(null) ? texts : values.map((value) => short(value, 9));
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x1 @param {number} y1 @param {number} x2 @param {number} y2 */
function stroke(ctx, x1, y1, x2, y2) {
  ctx.beginPath();
  ctx.moveTo(x1, y1);
  ctx.lineTo(x2, y2);
  ctx.stroke();
}

/** @param {string} tag @param {string} [kind] @param {string} [text] */
function node(tag, kind = "", text = "") {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  made.textContent = text;
  return made;
}

/** The stroke of a series, for a legend. @param {number} number */
function swatch(number) {
  const space = "http://www.w3.org/2000/svg";
  const made = document.createElementNS(space, "svg");
  const line = document.createElementNS(space, "line");
  for (const [name, value] of Object.entries({ width: "16", height: "8", "aria-hidden": "true" })) made.setAttribute(name, value);
  for (const [name, value] of Object.entries({ x1: "0", x2: "16", y1: "4", y2: "4" })) line.setAttribute(name, value);
  line.setAttribute("class", `curve series-${(number % SERIES) + 1}${number < SERIES ? "" : " dashed"}`);
  made.append(line);
  return made;
}

function mount() {
  for (const each of document.querySelectorAll(".line-chart[data-chart]")) lineChart(each);
}

mount();
document.addEventListener("pagechange", mount);
