// The form that trains: what is wrong appears beside the fields as one types, and those that do not matter vanish.
// @ts-check

import { to } from "./address.js";
import { ask, busy } from "./app.js";

const QUIET = 300; // ms without a key before the node is asked

/** @type {HTMLFormElement} */
const form = /** @type {HTMLFormElement} */ (document.getElementById("build"));
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
/** @type {AbortController | undefined} */
let asking;

/** @param {string} id */
function element(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** What stands in the form. @param {...[string, string]} more */
function contents(...more) {
  const found = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (typeof value === "string") found.append(name, value);
  for (const [name, value] of more) found.set(name, value);
  return found;
}

function checkSoon() {
  clearTimeout(timer);
  timer = setTimeout(check, QUIET);
}

async function check() {
  clearTimeout(timer);
  asking?.abort();
  const mine = new AbortController();
  asking = mine;
  const sent = contents();
  try {
    const said = await ask("build/check", { method: "POST", body: sent, signal: mine.signal });
    show(said);
    showColumns(said, sent);
  } catch (error) {
    if (!mine.signal.aborted) element("status").textContent = String(error instanceof Error ? error.message : error);
  }
}

/** @param {any} said */
function show(said) {
  for (const field of form.querySelectorAll("[data-field]")) showField(/** @type {HTMLElement} */ (field), said);
  for (const [name, left] of Object.entries(said.left)) showLeft(element(`p-${name}`), left);
  for (const level of form.querySelectorAll("details.level")) showLevel(/** @type {HTMLDetailsElement} */ (level));
  const remarks = element("remarks");
  remarks.replaceChildren(...said.remarks.map(listed));
  remarks.hidden = !said.remarks.length;
  element("status").textContent = said.status;
  const link = /** @type {HTMLAnchorElement} */ (element("link"));
  link.hidden = said.link === null;
  link.href = to(said.link ?? "build");
  element("code").hidden = said.code === null;
  for (const name of ["python", "r"]) element(`code-${name}`).textContent = said.code?.[name] ?? "";
}

/** The text that names columns and the boxes say the same; what was changed since it was sent stays for the next time.
 * @param {any} said @param {URLSearchParams} sent */
function showColumns(said, sent) {
  const text = /** @type {HTMLTextAreaElement} */ (element("p-columns"));
  const marked = sent.getAll("marked");
  if (said.errors.columns || text.value.trim() !== (sent.get("columns") ?? "").trim()) return;
  if (document.activeElement !== text && text.value !== said.columns) text.value = said.columns;
  const named = new Set(said.named);
  for (const before of form.querySelectorAll("input[name=was_marked]")) before.remove();
  for (const box of /** @type {NodeListOf<HTMLInputElement>} */ (form.querySelectorAll(".mark"))) {
    if (box.checked === marked.includes(box.value)) box.checked = named.has(box.value);
    if (!named.has(box.value)) continue;
    const before = document.createElement("input");
    Object.assign(before, { type: "hidden", name: "was_marked", value: box.value });
    box.after(before);
  }
}

/** @param {string} text */
function listed(text) {
  const item = document.createElement("li");
  item.textContent = text;
  return item;
}

/** @param {HTMLElement} field @param {any} said */
function showField(field, said) {
  const name = field.dataset.field ?? "";
  const error = said.errors[name] ?? "";
  put(element(`e-${name}`), error);
  put(element(`w-${name}`), (said.warnings[name] ?? []).join("; "));
  for (const control of field.querySelectorAll("select, textarea, input:not([type=checkbox], [type=radio], [type=hidden], [type=search])")) {
    if (error) control.setAttribute("aria-invalid", "true");
    else control.removeAttribute("aria-invalid");
  }
  // what somebody is at does not vanish under the fingers
  field.classList.toggle("idle", said.idle.includes(name) && !field.contains(document.activeElement));
}

/** What counts where nothing stands: the default, or what the preset says. @param {HTMLElement} control @param {any} left */
function showLeft(control, left) {
  if (control instanceof HTMLInputElement) control.placeholder = left.text;
  else put(/** @type {HTMLElement} */ (control.querySelector("option")), left.label);
}

/** In how many fields of a level something stands; it opens where one of them has to be mended. @param {HTMLDetailsElement} level */
function showLevel(level) {
  const fields = [...level.querySelectorAll("[data-field]")];
  const filled = fields.filter((field) => {
    const control = /** @type {HTMLInputElement | HTMLSelectElement | null} */ (field.querySelector(".one > *"));
    return control?.value || field.querySelector(".search-box:checked");
  });
  const tag = /** @type {HTMLElement} */ (level.querySelector(".tag"));
  put(tag, `${filled.length} filled in`);
  tag.hidden = !filled.length;
  if (level.querySelector("[aria-invalid=true]")) level.open = true;
}

/** @param {HTMLElement} place @param {string} text */
function put(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

/** Parts of the page as the node makes them of the form, in place of those that are there.
 * @param {string[]} parts @param {[string, string][]} more */
async function renew(parts, ...more) {
  clearTimeout(timer);
  let made;
  try {
    const reply = await busy(fetch(to("build"), { method: "POST", body: contents(...more) }));
    made = new DOMParser().parseFromString(await reply.text(), "text/html");
  } catch {
    element("status").textContent = "The node does not answer";
    return;
  }
  const focused = document.activeElement?.id;
  for (const id of parts) {
    const part = made.getElementById(id);
    if (part) element(id).replaceWith(document.importNode(part, true));
  }
  if (focused) document.getElementById(focused)?.focus();
  await check();
}

/** @param {HTMLButtonElement} button @param {string} language */
async function copy(button, language) {
  await check();
  const code = element(`code-${language}`).textContent ?? "";
  const before = button.textContent;
  if (!code) return; // the line beside the button says what is missing
  try {
    await navigator.clipboard.writeText(code);
    button.textContent = "Copied";
    setTimeout(() => (button.textContent = before), 1500);
  } catch {
    // no clipboard at addresses without TLS: the text is shown and marked
    const place = element(`code-${language}`);
    const around = place.closest("details");
    if (around) around.open = true;
    getSelection()?.selectAllChildren(place);
    place.scrollIntoView({ block: "nearest" });
  }
}

/** Columns of a wide frame that have what is typed in their names. @param {HTMLInputElement} input */
async function offerColumns(input) {
  const frame = contents().get("training_frame") ?? "";
  const find = input.value.trim();
  const found = await ask(`build/columns?${new URLSearchParams({ frame, find })}`).catch(() => ({ columns: [] }));
  if (input.value.trim() !== find) return; // a later answer is on its way
  element("found-columns").replaceChildren(
    ...found.columns.map((/** @type {string} */ name) => {
      const option = document.createElement("option");
      option.value = name;
      return option;
    }),
  );
}

/** @param {Event} event */
function changed(event) {
  const from = event.target;
  if (from instanceof HTMLInputElement && from.getAttribute("list") === "found-columns" && event.type === "input") offerColumns(from);
  if (from instanceof HTMLElement && from.id === "find") return;
  if (event.type === "change" && from instanceof HTMLElement && from.id === "p-training_frame") renew(["data"], ["do", "frame"]);
  else checkSoon();
}

/** @param {MouseEvent} event */
function clicked(event) {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  const wanted = button.value;
  if (button.name === "first" || (button.name === "do" && ["find", "mark_all", "clear_all"].includes(wanted))) {
    event.preventDefault();
    renew(["predictors"], ["do", "find"], [button.name, wanted]);
  } else if (button.name === "do" && (wanted === "python" || wanted === "r")) {
    event.preventDefault();
    copy(button, wanted);
  } else if (button.name === "do" && wanted === "look") {
    // the enter key in a field
    event.preventDefault();
    if (document.activeElement?.id === "find") renew(["predictors"], ["do", "find"]);
    else check();
  }
}

form.addEventListener("input", changed);
form.addEventListener("change", changed);
form.addEventListener("click", clicked);
form.addEventListener("focusout", checkSoon);
