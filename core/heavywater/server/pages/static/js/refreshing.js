// The contents of the page, made anew without leaving it.
// @ts-check
import { go } from "./address.js";

/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Field */

const FIELDS = "input, select, textarea";

let busy = /** @type {Promise<void> | null} */ (null);

/**
 * Fetch the page from its address and put its contents in the place of those that are shown; scroll, focus, open details and what was filled
 * in stay. Modules and styles that only the new one has are loaded. The document gets an event "pagechange".
 * @param {() => void} before  called when the new contents are there
 */
export async function replaceMain(before) {
  busy ??= replaced(before).finally(() => {
    busy = null;
  });
  await busy;
}

/** @param {() => void} before */
async function replaced(before) {
  let reply;
  try {
    reply = await fetch(location.href, { headers: { Accept: "text/html" } });
  } catch {
    return; // no connection: the bar at the top says so
  }
  const found = new DOMParser().parseFromString(await reply.text(), "text/html");
  const main = document.querySelector("main");
  const fresh = found.querySelector("main");
  if (reply.redirected || !main || !fresh || found.documentElement.dataset.static !== document.documentElement.dataset.static) {
    go(reply.redirected ? reply.url : location.href);
    return;
  }
  before();
  const focused = document.activeElement && main.contains(document.activeElement) ? nameOf(document.activeElement) : "";
  const open = [...main.querySelectorAll("details[open]")].map(nameOf);
  const filled = [...main.querySelectorAll(FIELDS)].map((each) => /** @type {Field} */ (each)).filter(isFilled);
  const [x, y] = [scrollX, scrollY];
  document.title = found.title;
  main.replaceChildren(...fresh.childNodes);
  for (const each of main.querySelectorAll("details")) each.open ||= open.includes(nameOf(each));
  for (const old of filled) keep(old, main);
  if (focused) (/** @type {HTMLElement | undefined} */ ([...main.querySelectorAll("a, button, input, select, textarea, summary, [tabindex]")].find((each) => nameOf(each) === focused)) ?? main).focus({ preventScroll: true });
  scrollTo(x, y);
  document.dispatchEvent(new Event("pagechange"));
  loadFurther(found);
}

/** Whether the user has changed a field. @param {Field} field */
function isFilled(field) {
  if (field instanceof HTMLSelectElement) return [...field.options].some((each) => each.selected !== each.defaultSelected);
  if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) return field.checked !== field.defaultChecked;
  return field.value !== field.defaultValue && !(field instanceof HTMLInputElement && field.type === "file");
}

/** Fill in what the user has. @param {Field} old @param {Element} main */
function keep(old, main) {
  const found = /** @type {Field | undefined} */ ([...main.querySelectorAll(FIELDS)].find((each) => nameOf(each) === nameOf(old)));
  if (!found) return;
  if (found instanceof HTMLInputElement && old instanceof HTMLInputElement) found.checked = old.checked;
  found.value = old.value;
}

/** What tells an element from others, in the page before and in the one after. @param {Element} element */
function nameOf(element) {
  const parts = ["id", "name", "value", "href", "aria-label", "action"].map((each) => element.getAttribute(each) ?? "");
  const heading = element.querySelector("summary")?.textContent ?? "";
  return [element.tagName, ...parts, parts.some((each) => each) ? "" : heading || element.textContent].join("|");
}

/** @param {Document} found */
function loadFurther(found) {
  const known = new Set([...document.head.querySelectorAll("script[src], link[rel=stylesheet]")].map(addressOf));
  for (const each of found.querySelectorAll("script[src], link[rel=stylesheet]")) {
    const address = addressOf(each);
    if (known.has(address)) continue;
    known.add(address);
    const made = document.createElement(each.tagName);
    for (const { name, value } of each.attributes) made.setAttribute(name, value);
    document.head.append(made);
  }
}

/** @param {Element} element */
function addressOf(element) {
  return new URL(element.getAttribute("src") ?? element.getAttribute("href") ?? "", location.href).href;
}
