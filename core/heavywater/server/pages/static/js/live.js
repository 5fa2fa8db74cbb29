// What runs: told to the page as it changes, and shown at the top of every page.
//
// onJobs and onHistory are for modules of pages; refresh makes the contents of the page anew. A page can also say in its HTML when that is to
// happen: data-waits="job_3" (when this job has ended), data-running="job_3 job_4" (when other jobs run than these). After it the document
// gets an event "pagechange": what was asked for by onJobs and onHistory has ended by then, and a module that wants it still asks again.
// @ts-check
import { announce, showRunning } from "./live_bar.js";
import { openLink } from "./live_link.js";
import { LiveState } from "./live_state.js";
import { replaceMain } from "./refreshing.js";

/** @typedef {import("./live_state.js").JobState} JobState @typedef {import("./live_state.js").Curves} Curves @typedef {import("./live_state.js").News} News */

const PAUSE = 400; // ms between two times that the page is made anew

const state = new LiveState();
/** @type {Set<(jobs: JobState[]) => void>} */
const ofJobs = new Set();
/** @type {Map<string, Set<(curves: Curves, state: JobState | undefined) => void>>} */
const ofHistory = new Map();
/** @type {Set<string>} jobs for whose end the page was made anew */
const waited = new Set();

const link = openLink(take, (connected) => showRunning(state, connected));

/**
 * Be told the states of jobs that have changed, at first all that are known.
 * @param {(jobs: JobState[]) => void} callback
 */
export function onJobs(callback) {
  ofJobs.add(callback);
  if (state.known) queueMicrotask(() => ofJobs.has(callback) && callback([...state.jobs.values()]));
}

/**
 * Be told the curves of a job whenever they have grown.
 * @param {string} job
 * @param {(curves: Curves, state: JobState | undefined) => void} callback
 */
export function onHistory(job, callback) {
  const known = state.curves.get(job);
  const callbacks = ofHistory.get(job) ?? new Set();
  callbacks.add(callback);
  ofHistory.set(job, callbacks);
  if (known) queueMicrotask(() => callbacks.has(callback) && callback(known, state.jobs.get(job)));
  link.watch([...ofHistory.keys()]);
}

/** Make the contents of the page anew, from its address; scroll, focus and open details stay. */
export async function refresh() {
  await replaceMain(() => {
    ofJobs.clear();
    for (const callbacks of ofHistory.values()) callbacks.clear();
    ofHistory.clear();
  });
}

/** @param {News} news */
function take(news) {
  if (!news.fresh) announce(state, news.jobs);
  state.apply(news);
  showRunning(state, true);
  if (news.jobs.length) for (const callback of [...ofJobs]) callback(news.jobs);
  for (const { job } of news.curves) {
    const curves = state.curves.get(job);
    if (curves) for (const callback of [...(ofHistory.get(job) ?? [])]) callback(curves, state.jobs.get(job));
  }
  if (isOld()) refreshSoon();
}

/** Whether the page shows as running what has ended, or the reverse. */
function isOld() {
  let old = false;
  for (const each of document.querySelectorAll("[data-waits]")) {
    const job = /** @type {HTMLElement} */ (each).dataset.waits ?? "";
    if (state.jobs.get(job)?.status === "RUNNING" || waited.has(job)) continue;
    waited.add(job);
    old = true;
  }
  const now = [...state.jobs.values()].filter((each) => each.status === "RUNNING").map((each) => each.job);
  for (const each of document.querySelectorAll("[data-running]")) {
    const shown = (/** @type {HTMLElement} */ (each).dataset.running ?? "").split(" ").filter((job) => job);
    old ||= shown.length !== now.length || shown.some((job) => !now.includes(job));
  }
  return old;
}

let timer = 0;
let last = 0;
function refreshSoon() {
  clearTimeout(timer);
  timer = setTimeout(
    async () => {
      await refresh();
      last = Date.now();
    },
    Math.max(0, last + PAUSE - Date.now()),
  );
}

addEventListener("pageshow", (event) => {
  if (event.persisted && document.querySelector("[data-waits], [data-running]")) void refresh();
});
