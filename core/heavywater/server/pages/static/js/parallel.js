// Parallel coordinates: ranges along the axes, by dragging; which lines lie within them.
// @ts-check

const SVG = "http://www.w3.org/2000/svg";
const HALF = 18; // of the strip beside an axis that takes a pointer, in px
const CLICK = 4; // px that a pointer may move in a click

/** An axis: its distinct values from below (word of addresses, text, place from 0 to 1), and the stop of each line.
 * @typedef {{name: string, stops: [string, string, number][], at: number[]}} Axis */
/** What the page tells: axes, keys of the models (their lines come first), lines in the order of their paths.
 * @typedef {{axes: Axis[], models: string[], order: number[]}} Told */
/** First and last stop; null: the whole axis. @typedef {[number, number] | null} Range */

/** The range between two words of addresses; an empty one is an end of the axis. @param {Axis} axis @param {string} from @param {string} to @returns {Range} */
export function rangeOf(axis, from, to) {
  if (!from && !to) return null;
  const last = axis.stops.length - 1;
  let low = 0;
  let high = last;
  if (from) {
    low = axis.stops.findIndex(([word]) => word === from);
    if (low < 0) low = axis.stops.findIndex(([word]) => Number(word) >= Number(from));
    if (low < 0) low = last + 1;
  }
  if (to) {
    high = axis.stops.findIndex(([word]) => word === to);
    if (high < 0) high = axis.stops.findLastIndex(([word]) => word === "none" || Number(word) <= Number(to));
  }
  return [low, high];
}

/** The words of a range; an end of the axis is an empty one. @param {Axis} axis @param {Range} range @returns {[string, string]} */
export function wordsOf(axis, range) {
  if (!range) return ["", ""];
  const [low, high] = range;
  return [low > 0 ? axis.stops[low][0] : "", high < axis.stops.length - 1 ? axis.stops[high][0] : ""];
}

/** The picture of a page, with ranges. */
export class Parallel {
  /** @param {SVGSVGElement} svg @param {Told} told @param {(axis: number, range: Range) => void} changed called while somebody drags
   * @param {(line: number | null) => void} pointed called with the line that is pointed at */
  constructor(svg, told, changed, pointed) {
    this.svg = svg;
    this.told = told;
    this.changed = changed;
    /** @type {Range[]} */
    this.ranges = told.axes.map(() => null);
    this.paths = /** @type {SVGPathElement[]} */ ([...svg.querySelectorAll(".lines path")]);
    this.upright = /** @type {SVGSVGElement[]} */ ([...svg.querySelectorAll(".upright")]);
    this.dragging = false;
    this.upright.forEach((group, number) => this.#grip(group, number));
    svg.addEventListener("pointerover", (event) => {
      const at = event.target instanceof SVGPathElement ? this.paths.indexOf(event.target) : -1;
      pointed(at < 0 ? null : told.order[at]);
    });
    svg.addEventListener("pointerleave", () => pointed(null));
  }

  /** Set a range, and show it. @param {number} axis @param {Range} range */
  set(axis, range) {
    this.ranges[axis] = range;
    const rect = this.upright[axis].querySelector(".range");
    if (!rect) return;
    rect.toggleAttribute("hidden", !range || range[0] > range[1]);
    if (!range || range[0] > range[1]) {
      rect.setAttribute("height", "0");
      return;
    }
    const { stops } = this.told.axes[axis];
    const top = this.#y(axis, stops[range[1]][2]) - 5;
    rect.setAttribute("y", String(top));
    rect.setAttribute("height", String(this.#y(axis, stops[range[0]][2]) + 5 - top));
  }

  /** Mark the lines outside of the ranges; the number of models within them. */
  show() {
    let within = 0;
    this.told.order.forEach((line, at) => {
      const kept = this.ranges.every((range, axis) => {
        const stop = this.told.axes[axis].at[line];
        return !range || (range[0] <= stop && stop <= range[1]);
      });
      this.paths[at].classList.toggle("out", !kept);
      if (kept && line < this.told.models.length) within += 1;
    });
    return within;
  }

  /** Mark one line. @param {number | null} line */
  point(line) {
    this.told.order.forEach((each, at) => this.paths[at].classList.toggle("pointed", each === line));
  }

  /** @param {number} axis */
  #ends(axis) {
    const line = this.upright[axis].querySelector("line");
    return [Number(line?.getAttribute("y1")), Number(line?.getAttribute("y2"))];
  }

  /** @param {number} axis @param {number} place */
  #y(axis, place) {
    const [top, bottom] = this.#ends(axis);
    return bottom - place * (bottom - top);
  }

  /** Where a pointer is, in the units of the picture. @param {PointerEvent} event */
  #at(event) {
    const matrix = this.svg.getScreenCTM();
    return matrix ? new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse()).y : 0;
  }

  /** The range between two heights of an axis; where no value lies there, the nearest one. @param {number} axis @param {number} one @param {number} other @returns {Range} */
  #between(axis, one, other) {
    const [upper, lower] = [Math.min(one, other), Math.max(one, other)];
    const heights = this.told.axes[axis].stops.map(([, , place]) => this.#y(axis, place));
    const within = heights.map((height) => height >= upper && height <= lower);
    const low = within.indexOf(true);
    if (low >= 0) return [low, within.lastIndexOf(true)];
    const far = heights.map((height) => Math.abs(height - (upper + lower) / 2));
    const nearest = far.indexOf(Math.min(...far));
    return [nearest, nearest];
  }

  /** Let one drag along an axis: a range; a click there is the end of it. @param {SVGSVGElement} group @param {number} axis */
  #grip(group, axis) {
    const [top, bottom] = this.#ends(axis);
    group.append(rect("range", -6, top, 12, 0));
    const grip = rect("grip", -HALF, top - 16, 2 * HALF, bottom - top + 32);
    group.append(grip);
    let start = 0;
    grip.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      start = this.#at(event);
      this.dragging = true;
      grip.setPointerCapture(event.pointerId);
      event.preventDefault();
    });
    grip.addEventListener("pointermove", (event) => {
      if (!this.dragging || !grip.hasPointerCapture(event.pointerId)) return;
      const now = this.#at(event);
      if (Math.abs(now - start) > CLICK) this.#choose(axis, this.#between(axis, start, now));
    });
    grip.addEventListener("pointerup", (event) => {
      this.dragging = false;
      if (Math.abs(this.#at(event) - start) <= CLICK) this.#choose(axis, null);
    });
    grip.addEventListener("pointercancel", () => {
      this.dragging = false;
    });
  }

  /** @param {number} axis @param {Range} range */
  #choose(axis, range) {
    this.set(axis, range);
    this.changed(axis, range);
  }
}

/** @param {string} kind @param {number} x @param {number} y @param {number} width @param {number} height */
function rect(kind, x, y, width, height) {
  const made = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ class: kind, x, y, width, height })) made.setAttribute(name, String(value));
  return made;
}
