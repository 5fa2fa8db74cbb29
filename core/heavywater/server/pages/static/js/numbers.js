// Numbers as people read them, as the server writes them.
// @ts-check

/** A number with at most so many significant digits; whole ones below a million in full; in groups of three.
 * @param {number | null | undefined} value @param {number} [digits] */
export function short(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const sign = value < 0 ? "−" : "";
  const size = Math.abs(value);
  const shown = Number.isInteger(value) && size < 1e6 ? size : Number(size.toPrecision(digits));
  if (shown !== 0 && (shown < 1e-4 || shown >= Math.max(1e6, 10 ** digits))) {
    return sign + size.toExponential(digits - 1).replace(/\.?0+e\+?/, "e").replace("e+", "e");
  }
  const [whole, ...rest] = String(shown).split(".");
  return sign + [whole.replace(/\B(?=(\d{3})+$)/g, "\u202f"), ...rest].join(".");
}
