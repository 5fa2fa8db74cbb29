// The list of grids, made anew when a search begins or ends.
// @ts-check
import "./live.js";
