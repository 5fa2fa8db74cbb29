// The contents of the page, made anew without leaving it.
// @ts-check

let busy = /** @type {Promise<void> | null} */ (null);

/**
 * Fetch the page from its address and put its contents in the place of those that are shown; scroll, focus and open details stay. Modules and
 * styles that only the new one has are loaded. The document gets an event "pagechange".
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
    location.replace(reply.redirected ? reply.url : location.href);
    return;
  }
  before();
  const focused = document.activeElement && main.contains(document.activeElement) ? nameOf(document.activeElement) : "";
  const open = [...main.querySelectorAll("details[open]")].map(nameOf);
  const [x, y] = [scrollX, scrollY];
  document.title = found.title;
  main.replaceChildren(...fresh.childNodes);
  for (const each of main.querySelectorAll("details")) each.open ||= open.includes(nameOf(each));
  if (focused) (/** @type {HTMLElement | undefined} */ ([...main.querySelectorAll("a, button, input, select, textarea, summary, [tabindex]")].find((each) => nameOf(each) === focused)) ?? main).focus({ preventScroll: true });
  scrollTo(x, y);
  document.dispatchEvent(new Event("pagechange"));
  loadFurther(found);
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
