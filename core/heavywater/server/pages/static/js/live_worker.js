// One stream for all tabs of a browser, which allows few connections to one address.
// @ts-check
import { LiveSource } from "./live_source.js";
import { LiveState } from "./live_state.js";

/** @type {Map<MessagePort, Set<string>>} the jobs whose curves each tab wants */
const tabs = new Map();
const state = new LiveState();
let connected = true;
let stale = true; // whether nothing was heard since no tab was there

const source = new LiveSource(
  new URL("../../../live", self.location.href).href,
  (news) => {
    if (news) state.apply(news);
    for (const [port, wanted] of tabs) {
      if (stale) port.postMessage({ news: state.whole(wanted) });
      else if (news) port.postMessage({ news: { ...news, curves: news.curves.filter((each) => wanted.has(each.job)) } });
    }
    stale = false;
  },
  (now) => {
    if (now === connected) return;
    connected = now;
    for (const port of tabs.keys()) port.postMessage({ connected });
  },
);

/** @param {MessagePort} port @param {{watch?: string[], leave?: boolean, check?: boolean}} said */
function hear(port, said) {
  if (said.leave) {
    tabs.delete(port);
    if (!tabs.size) {
      source.close();
      stale = true;
    }
    return;
  }
  const before = tabs.get(port);
  const wanted = new Set(said.watch);
  tabs.set(port, wanted);
  if (!before && !stale) port.postMessage({ news: state.whole(wanted), connected });
  if (before && !stale) {
    const curves = state.curvesOf([...wanted].filter((each) => !before.has(each)));
    if (curves.length) port.postMessage({ news: { fresh: false, running: state.running, jobs: [], gone: [], curves } });
  }
  source.check();
  source.watch(new Set([...tabs.values()].flatMap((each) => [...each])));
}

self.addEventListener("connect", (event) => {
  const port = /** @type {MessageEvent} */ (event).ports[0];
  port.addEventListener("message", (message) => hear(port, message.data));
  port.start();
});
