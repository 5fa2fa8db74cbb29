// The first page follows what runs; live.js makes it anew when something starts or ends.
// @ts-check
import { onJobs } from "./live.js";

/** @typedef {import("./live.js").JobState} JobState */

/** @param {JobState[]} jobs */
function show(jobs) {
  for (const job of jobs) {
    const item = document.querySelector(`[data-job="${CSS.escape(job.job)}"]`);
    const bar = item?.querySelector("progress");
    const far = item?.querySelector(".far");
    const message = item?.querySelector(".message");
    if (!bar || !far || !message) continue;
    bar.value = job.fraction;
    far.textContent = `${Math.floor(100 * job.fraction)} %`;
    message.textContent = job.message;
  }
}

function begin() {
  document.getElementById("drop-hint")?.removeAttribute("hidden");
  onJobs(show);
}

begin();
document.addEventListener("pagechange", begin);
