// Buttons that copy a text of the node: data-copy is its address, below that of the node.
// @ts-check
import { to } from "./address.js";
import { busy } from "./app.js";

/** @param {string} text */
async function copied(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement("textarea"); // where the page came without TLS, from another machine
  area.value = text;
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  if (!done) throw new Error("this browser lets no page copy");
}

document.querySelectorAll("button[data-copy]").forEach((each) => {
  const button = /** @type {HTMLButtonElement} */ (each), said = document.getElementById("copied");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      const reply = await busy(fetch(to(button.dataset.copy ?? "")));
      if (!reply.ok) throw new Error(`${reply.status} ${reply.statusText}`);
      await copied(await reply.text());
      if (said) said.textContent = "Copied";
    } catch (error) {
      if (said) said.textContent = `Not copied: ${error instanceof Error ? error.message : error}`;
    }
  });
});
