// Files go to the node one after the other; a bad one is a pause, in which the user decides.
// @ts-check
import { to } from "./address.js";

/** What the node says of a file that has arrived: `problem` is empty where there is none.
 * @typedef {{draft: string, file: number, problem: string}} Arrived */

/** @param {number} bytes */
function size(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toPrecision(3)} ${units[unit]}`;
}

/** @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {string} [text] @param {string} [kind] @returns {HTMLElementTagNameMap[K]} */
function made(tag, text = "", kind = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  if (kind) element.className = kind;
  return element;
}

/** A name that is long, cut in the middle. @param {string} name */
function short(name) {
  return name.length > 60 ? `${name.slice(0, 36)}…${name.slice(-20)}` : name;
}

/** Who leaves the page now loses what is on its way: the browser asks. @param {BeforeUnloadEvent} event */
function hold(event) {
  event.preventDefault();
}

/** The files that are on their way, as a part of the page. */
class Uploads {
  /** @param {File[]} files @param {HTMLElement} place */
  constructor(files, place) {
    this.draft = "";
    this.stopped = false;
    /** @type {XMLHttpRequest | null} */
    this.request = null;
    this.panel = made("section", "", "uploads panel");
    this.panel.setAttribute("aria-label", "Uploads");
    const list = made("ul");
    this.rows = files.map((file) => new Row(file, list));
    this.pause = made("div");
    this.pause.setAttribute("role", "alert");
    const actions = made("p", "", "actions");
    this.cancel = made("button", "Cancel", "danger");
    this.cancel.type = "button";
    this.cancel.addEventListener("click", () => this.stop());
    actions.append(this.cancel);
    this.panel.append(made("h2", files.length === 1 ? "Uploading 1 file" : `Uploading ${files.length} files`), list, this.pause, actions);
    place.replaceChildren(this.panel);
  }

  /** Send all of them; then the page of the import follows. */
  async run() {
    addEventListener("beforeunload", hold);
    const kept = await this.all().finally(() => removeEventListener("beforeunload", hold));
    if (this.stopped) return;
    if (kept) location.assign(to(`import/${this.draft}`));
    else this.close();
  }

  /** Send one after the other; how many are kept. */
  async all() {
    let kept = 0;
    for (const row of this.rows) {
      if (await this.taken(row)) kept += 1;
      if (this.stopped) break;
    }
    return kept;
  }

  /** Send one until it is there, or the user does without it; whether it is there. @param {Row} row */
  async taken(row) {
    for (;;) {
      let problem = "";
      /** @type {Arrived | null} */
      let arrived = null;
      try {
        arrived = await this.send(row);
        this.draft = arrived.draft;
        problem = arrived.problem;
      } catch (error) {
        problem = error instanceof Error ? error.message : String(error);
      }
      if (this.stopped) return false;
      row.show(problem ? "not usable" : "done", !problem);
      if (!problem) return true;
      const choice = await this.ask(problem, arrived !== null);
      if (choice === "stop") {
        await this.stop();
        return false;
      }
      if (choice === "keep") {
        row.show("kept", true);
        return true;
      }
      if (arrived) await this.post(`import/${this.draft}/leave`, { file: String(arrived.file) });
      if (arrived && kept(this.rows, row) === 0) this.draft = ""; // an import without files is forgotten
      if (choice === "skip") {
        row.show("skipped", false);
        return false;
      }
    }
  }

  /** @param {Row} row @returns {Promise<Arrived>} */
  send(row) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      this.request = request;
      const query = new URLSearchParams({ name: row.file.name, draft: this.draft });
      request.open("POST", to(`import/uploads?${query}`));
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.upload.addEventListener("progress", (event) => row.reach(event.loaded));
      request.addEventListener("load", () => {
        const json = request.getResponseHeader("Content-Type")?.startsWith("application/json");
        if (json && request.status === 200) resolve(JSON.parse(request.responseText));
        else reject(new Error(json ? JSON.parse(request.responseText).error : request.responseText || request.statusText));
      });
      request.addEventListener("error", () => reject(new Error("the connection broke off, or the file has changed and cannot be read")));
      request.addEventListener("abort", () => reject(new Error("cancelled")));
      row.reach(0);
      request.send(row.file);
    });
  }

  /** What to do about a file. @param {string} problem @param {boolean} arrived @returns {Promise<string>} */
  ask(problem, arrived) {
    return new Promise((resolve) => {
      const note = made("div", "", "note wrong");
      const actions = made("p", "", "actions");
      /** @param {string} label @param {string} choice */
      const offer = (label, choice) => {
        const button = made("button", label, choice === "stop" ? "danger" : "secondary");
        button.type = "button";
        button.addEventListener("click", () => {
          this.pause.replaceChildren();
          this.cancel.hidden = false;
          resolve(choice);
        });
        actions.append(button);
      };
      offer("Retry", "retry");
      offer("Skip", "skip");
      if (arrived) offer("Keep anyway", "keep");
      offer("Stop", "stop");
      note.append(made("p", problem), actions);
      this.pause.replaceChildren(note);
      this.cancel.hidden = true; // which is what "Stop" does
      actions.querySelector("button")?.focus();
    });
  }

  /** Send nothing more, and forget what has arrived. */
  async stop() {
    this.stopped = true;
    this.request?.abort();
    if (this.draft) await this.post(`import/${this.draft}/discard`, {});
    this.close();
  }

  /** @param {string} path @param {Record<string, string>} values */
  async post(path, values) {
    await fetch(to(path), { method: "POST", body: new URLSearchParams(values), headers: { Accept: "text/html" } });
  }

  close() {
    this.panel.closest("dialog")?.close();
    this.panel.remove();
  }
}

/** How many files before one are kept. @param {Row[]} rows @param {Row} until */
function kept(rows, until) {
  return rows.slice(0, rows.indexOf(until)).filter((row) => row.good).length;
}

/** One file: its name, how far it is, a bar. */
class Row {
  /** @param {File} file @param {HTMLElement} list */
  constructor(file, list) {
    this.file = file;
    this.good = false;
    this.far = made("span", size(file.size), "far");
    this.bar = made("progress");
    this.bar.max = 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", `Upload of ${file.name}`);
    const name = made("span");
    const own = made("bdi", short(file.name));
    own.title = file.name;
    name.append(own);
    const item = made("li");
    item.append(name, this.far, this.bar);
    list.append(item);
  }

  /** @param {number} bytes */
  reach(bytes) {
    const share = this.file.size ? bytes / this.file.size : 1;
    this.bar.value = share;
    this.far.textContent = `${Math.floor(100 * share)} % · ${size(bytes)} of ${size(this.file.size)}`;
  }

  /** @param {string} text @param {boolean} good */
  show(text, good) {
    this.good = good;
    this.far.textContent = `${size(this.file.size)} · ${text}`;
  }
}

/** Send files, and show it: on the page of imports in its place, elsewhere in a window over the page. @param {File[]} files */
export async function upload(files) {
  if (!files.length) return;
  let place = document.getElementById("uploads");
  if (!place) {
    const window = made("dialog", "", "over");
    window.setAttribute("aria-label", "Import");
    window.addEventListener("close", () => window.remove());
    window.addEventListener("cancel", (event) => event.preventDefault()); // what is under way ends by its button
    place = made("div");
    window.append(place);
    document.body.append(window);
    window.showModal();
  }
  await new Uploads(files, place).run();
}
