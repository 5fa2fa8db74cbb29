// Opens pages in Firefox, and says what went wrong: node firefox.mjs '{"url": ..., "pages": [...], "firefox": ..., "puppeteer": ...}'
import { createRequire } from "node:module";

const asked = JSON.parse(process.argv[2]);
const puppeteer = createRequire(asked.puppeteer + "/")("puppeteer-core");
const browser = await puppeteer.launch({ browser: "firefox", executablePath: asked.firefox, headless: true, timeout: 90_000 }).catch((error) => {
  console.error(String(error));
  process.exit(3);
});
const wrong = [];
let here = "";
const tab = await browser.newPage();
tab.setDefaultTimeout(20_000);
tab.on("pageerror", (error) => wrong.push(`${here}: ${error.message}`));
tab.on("console", (said) => said.type() === "error" && wrong.push(`${here}: ${said.text()}`));
tab.on("request", (request) => {
  if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(asked.url)) wrong.push(`${here}: asks ${request.url()}`);
});

async function open(path) {
  here = path;
  const answer = await tab.goto(asked.url + path, { waitUntil: "load" });
  if (answer.status() !== 200) wrong.push(`${path}: ${answer.status()}`);
}

async function story() {
  // A model by clicks, as far as a user of Firefox would go: built, watched, cancelled.
  await open("build?frame=heart&response=state&epochs=1000000&stopping_rounds=0&classification_stop=-1&model_id=by_firefox");
  await tab.locator("button[value=start]").click();
  await tab.locator('form[action$="/cancel"] button').click();
  await tab.locator('main a.button[href*="models/by_firefox"]').click();
  const found = await tab.waitForFunction(() => {
    const text = document.querySelector("h1")?.textContent ?? "";
    return text.includes("by_firefox") && text;
  });
  return found.jsonValue();
}

const titles = {};
for (const path of asked.pages) {
  await open(path);
  titles[path] = await tab.title();
}
const heading = asked.story ? await story() : "";
console.log(JSON.stringify({ titles, wrong, heading, version: await browser.version() }));
await browser.close();
