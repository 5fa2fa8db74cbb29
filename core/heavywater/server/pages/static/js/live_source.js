// The stream of events: opened again when it is lost, or when more is wanted, from where it was.
// @ts-check

/** @typedef {import("./live_state.js").News} News */

const SILENT = 40_000; // ms: every 15 s something is sent
const PAUSE = 3_000;

export class LiveSource {
  /** @type {EventSource | null} */
  #source = null;
  #id = "";
  #heard = 0;
  #timer = 0;
  /** @type {Set<string>} */
  #asked = new Set();
  /** @type {Set<string>} */
  #wanted = new Set();

  /**
   * @param {string} address of the stream
   * @param {(news: News | null) => void} tell  null: nothing is new
   * @param {(connected: boolean) => void} linked  told when the stream is lost, and when it is there again
   */
  constructor(address, tell, linked) {
    this.address = address;
    this.tell = tell;
    this.linked = linked;
  }

  /** Open it, with the curves of these jobs. @param {Set<string>} jobs */
  watch(jobs) {
    this.#wanted = jobs;
    if (!this.#source || [...jobs].some((each) => !this.#asked.has(each))) this.#open();
  }

  /** Open it anew where nothing was heard for too long: after sleep a connection may only seem to be there. */
  check() {
    if (this.#source && Date.now() - this.#heard > SILENT) this.#open();
  }

  close() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  #open() {
    this.close();
    this.#asked = new Set(this.#wanted);
    const query = new URLSearchParams([...this.#asked].map((job) => ["history", job]));
    if (this.#id) query.set("after", this.#id);
    const source = new EventSource(`${this.address}?${query}`);
    this.#source = source;
    this.#hear();
    source.addEventListener("open", () => this.#hear(true));
    source.addEventListener("beat", () => {
      this.#hear();
      this.tell(null);
    });
    source.addEventListener("message", (event) => {
      this.#hear();
      this.#id = event.lastEventId;
      this.tell(JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      this.linked(false);
      if (source.readyState === EventSource.CLOSED && source === this.#source) this.#again(PAUSE); // refused: nobody else tries again
    });
  }

  #hear(opened = false) {
    this.#heard = Date.now();
    if (opened) this.linked(true);
    this.#again(SILENT);
  }

  /** @param {number} after */
  #again(after) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#open(), after);
  }
}
