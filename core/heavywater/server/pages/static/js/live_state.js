// What is known of the jobs of the node: put together from the events of the stream, see live/__init__.py.
// @ts-check

/**
 * @typedef {{job: string, description: string, destination: string | null, status: string, fraction: number, message: string,
 *   start_time: number, end_time: number | null, warnings: string[], seconds_left: number | null}} JobState
 * @typedef {{names: string[], columns: (number | null)[][], metric: string}} Curves  columns of numbers, by their names
 * @typedef {{fresh: boolean, running: number, jobs: JobState[], gone: string[],
 *   curves: (Curves & {job: string, first: number})[]}} News
 */

const MOST_ENDED = 200;

export class LiveState {
  constructor() {
    /** @type {Map<string, JobState>} */
    this.jobs = new Map();
    /** @type {Map<string, Curves>} */
    this.curves = new Map();
    /** @type {Set<string>} jobs that were asked for, and that nobody knows */
    this.gone = new Set();
    this.running = 0;
    this.known = false; // whether anything was told yet
  }

  /** Take what is new. @param {News} news */
  apply(news) {
    if (news.fresh) {
      this.jobs.clear();
      this.curves.clear();
      this.gone.clear();
    }
    this.known = true;
    this.running = news.running;
    for (const state of news.jobs) this.jobs.set(state.job, state);
    for (const { job, names, metric, first, columns } of news.curves) {
      const before = this.curves.get(job);
      const kept = before && first ? before.columns.map((column) => column.slice(0, first)) : columns.map(() => []);
      this.curves.set(job, { names, metric, columns: columns.map((column, place) => [...kept[place], ...column]) });
    }
    for (const job of news.gone) this.gone.add(job);
    this.#forget();
  }

  #forget() {
    let much = this.jobs.size - MOST_ENDED;
    for (const [key, state] of this.jobs) {
      if (much-- <= 0) break;
      if (state.status !== "RUNNING") this.jobs.delete(key);
    }
  }

  /** All that is known, for who is new. @param {Iterable<string>} watched @returns {News} */
  whole(watched) {
    return { fresh: true, running: this.running, jobs: [...this.jobs.values()], gone: [...this.gone], curves: this.curvesOf(watched) };
  }

  /** @param {Iterable<string>} watched @returns {News["curves"]} */
  curvesOf(watched) {
    const found = [];
    for (const job of watched) {
      const curves = this.curves.get(job);
      if (curves) found.push({ job, first: 0, ...curves });
    }
    return found;
  }
}
