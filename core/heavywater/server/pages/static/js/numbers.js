// Numbers as people read them, as the server writes them.
// @ts-check

/** A number with at most so many significant digits; whole ones below a million in full, in groups of three.
 * @param {number | null | undefined} value @param {number} [digits] */
export function short(value, digits = 4) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) {
    return sign(value) + size.toString().replace(/\B(?=(\d{3})+$)/g, "\u202f");
  }
  if (size < 1e-4 || size >= 10 ** digits) return value.toExponential(digits - 1).replace(/\.?0+e\+?/, "e").replace("e+", "e");
  return sign(value) + String(Number(size.toPrecision(digits)));
}

/** @param {number} value */
function sign(value) {
  return value < 0 ? "−" : "";
}
