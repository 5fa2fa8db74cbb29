// How a tab gets the stream while it is looked at: through a worker that all tabs share, or, where there is none, by a stream of its own.
// @ts-check
import { LiveSource } from "./live_source.js";

/** @typedef {import("./live_state.js").News} News @typedef {{watch: (jobs: string[]) => void}} Link */

/** @param {(news: News) => void} tell @param {(connected: boolean) => void} linked @returns {Link} */
export function openLink(tell, linked) {
  /** @type {string[]} */
  let wanted = [];
  let link = typeof SharedWorker === "undefined" ? own(tell, linked) : shared(tell, linked, () => {
    link = own(tell, linked);
    link.watch(wanted);
  });
  link.watch(wanted);
  return {
    watch(jobs) {
      wanted = jobs;
      link.watch(jobs);
    },
  };
}

/** @param {(news: News) => void} tell @param {(connected: boolean) => void} linked @param {() => void} failed @returns {Link} */
function shared(tell, linked, failed) {
  const worker = new SharedWorker(new URL("./live_worker.js", import.meta.url), { type: "module" });
  /** @type {string[]} */
  let wanted = [];
  const leave = () => worker.port.postMessage({ leave: true });
  const ask = () => (document.visibilityState === "hidden" ? leave() : worker.port.postMessage({ watch: wanted }));
  worker.addEventListener("error", failed, { once: true });
  worker.port.addEventListener("message", ({ data }) => {
    if ("connected" in data) linked(data.connected);
    if (data.news) tell(data.news);
  });
  worker.port.start();
  addEventListener("pagehide", leave);
  addEventListener("pageshow", (event) => event.persisted && ask());
  document.addEventListener("visibilitychange", ask);
  return {
    watch(jobs) {
      wanted = jobs;
      ask();
    },
  };
}

/** @param {(news: News) => void} tell @param {(connected: boolean) => void} linked @returns {Link} */
function own(tell, linked) {
  const source = new LiveSource(new URL("../../../live", import.meta.url).href, (news) => news && tell(news), linked);
  /** @type {string[]} */
  let wanted = [];
  const look = () => {
    if (document.visibilityState === "hidden") source.close();
    else source.watch(new Set(wanted));
  };
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", look);
  return {
    watch(jobs) {
      wanted = jobs;
      look();
    },
  };
}
