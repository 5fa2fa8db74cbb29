// What every page does: the switch of colours, and a sign that something is under way.
// @ts-check
import { to } from "./address.js";
import { takeDrops } from "./drop.js";

const page = document.documentElement;

/** Whether the page is dark at the moment. */
function isDark() {
  return page.dataset.theme ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function themeSwitch() {
  const button = document.getElementById("theme");
  if (!button) return;
  const show = () => {
    button.textContent = isDark() ? "Light" : "Dark";
  };
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    const chosen = isDark() ? "light" : "dark";
    page.dataset.theme = chosen;
    try {
      localStorage.setItem("theme", chosen);
    } catch {
      // for this page only
    }
    show();
    document.dispatchEvent(new Event("themechange"));
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    show();
    document.dispatchEvent(new Event("themechange"));
  });
}

/** Show that something is under way, when it takes longer than 0.3 s. @template T @param {Promise<T>} work @returns {Promise<T>} */
export async function busy(work) {
  const timer = setTimeout(() => page.classList.add("busy"), 300);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
    page.classList.remove("busy");
  }
}

/** JSON of an address of the node; an Error with the node's words where it refuses.
 * @param {string} path @param {RequestInit} [options] @returns {Promise<any>} */
export async function ask(path, options) {
  const reply = await busy(fetch(to(path), { ...options, headers: { Accept: "application/json", ...options?.headers } }));
  const kind = reply.headers.get("content-type") ?? "";
  if (kind.startsWith("application/json")) {
    const answer = await reply.json();
    if (!reply.ok) throw new Error(answer.error ?? reply.statusText);
    return answer;
  }
  throw new Error(`${reply.status} ${reply.statusText}`);
}

/** A question that is asked one at a time: of the calls that come meanwhile only the last one is asked.
 * @param {(outdated: () => boolean) => Promise<void>} question takes what tells whether a further call has come
 * @returns {() => Promise<void>} */
export function oneAtATime(question) {
  let asking = false;
  let again = false;
  return async () => {
    if (asking) {
      again = true;
      return;
    }
    asking = true;
    try {
      do {
        again = false;
        await question(() => again);
      } while (again);
    } finally {
      asking = false;
    }
  };
}

function formsAndLinks() {
  // The next page is on its way: forms and links that lead elsewhere show it after 0.3 s.
  const start = () => setTimeout(() => page.classList.add("busy"), 300);
  addEventListener("submit", (event) => {
    if (!event.defaultPrevented) start();
  });
  addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
    if (link instanceof HTMLAnchorElement && !link.download && link.target === "" && !event.defaultPrevented && !event.ctrlKey && !event.metaKey && link.origin === location.origin && link.pathname !== location.pathname) start();
  });
  addEventListener("pageshow", () => page.classList.remove("busy"));
}

themeSwitch();
formsAndLinks();
takeDrops();
