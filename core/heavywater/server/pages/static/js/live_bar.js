// The top of every page: how many jobs run, and how far the newest is. Who listens is told of starts and ends alone.
// @ts-check
import { to } from "./address.js";

/** @typedef {import("./live_state.js").JobState} JobState @typedef {import("./live_state.js").LiveState} LiveState */

const QUIET = 2_000; // ms between two announcements
const ENDS = /** @type {Record<string, string>} */ ({ DONE: "done", FAILED: "failed", CANCELLED: "cancelled" });

/** @param {LiveState} state @param {boolean} connected */
export function showRunning(state, connected) {
  const link = document.getElementById("running");
  if (!(link instanceof HTMLAnchorElement)) return;
  let newest = /** @type {JobState | undefined} */ (undefined);
  for (const each of state.jobs.values()) {
    if (each.status === "RUNNING" && each.start_time >= (newest?.start_time ?? 0)) newest = each;
  }
  const text = !connected ? "No connection" : newest ? `${state.running} running · ${Math.floor(100 * newest.fraction)} %` : "";
  if (link.textContent !== text) link.textContent = text;
  link.hidden = text === "";
  link.href = to("jobs");
}

/** @type {string[]} */
let waiting = [];
let timer = 0;

/** Tell what has started or ended. @param {LiveState} before @param {JobState[]} now */
export function announce(before, now) {
  for (const state of now) {
    const known = before.jobs.get(state.job);
    if (known?.status === state.status) continue;
    waiting.push(`${state.destination ?? state.description}: ${ENDS[state.status] ?? "started"}`);
  }
  if (waiting.length && !timer) {
    say();
    timer = setTimeout(() => {
      timer = 0;
      if (waiting.length) say();
    }, QUIET);
  }
}

function say() {
  const place = document.getElementById("announced");
  if (place) place.textContent = waiting.length > 3 ? `${waiting.length} jobs started or ended` : waiting.join("; ");
  waiting = [];
}
