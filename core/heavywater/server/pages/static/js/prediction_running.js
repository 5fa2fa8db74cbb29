// A prediction under way: its progress, and its page once it is there.
// @ts-check
import { go } from "./address.js";
import { onJobs } from "./live.js";

const bar = /** @type {HTMLProgressElement} */ (document.getElementById("progress"));

onJobs((states) => {
  for (const state of states) {
    if (state.job !== bar.dataset.job) continue;
    bar.value = state.fraction;
    const message = document.getElementById("message");
    if (message) message.textContent = state.message;
    if (state.status !== "RUNNING") go(location.href);
  }
});
