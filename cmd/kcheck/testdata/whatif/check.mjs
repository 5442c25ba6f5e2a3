// Uses the what-if page as people do, in a headless Chromium:
//
//	node check.mjs DIR
//
// DIR has page.html, files to drop (drop/), and plan.json with random questions. What the page answers is written to
// answers.json, for the test to compare. Modules are found through KCHECK_NODE_MODULES, CHROMIUM names the browser. Every
// failure is one line on standard output and makes the exit status 1.
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const dir = resolve(process.argv[2]);
const modules = resolve(process.env.KCHECK_NODE_MODULES);
const { chromium } = createRequire(join(modules, "kcheck.js"))("playwright-core");
const plan = JSON.parse(readFileSync(join(dir, "plan.json"), "utf8"));
const pictures = process.env.KCHECK_REPORTS;
if (pictures) mkdirSync(pictures, { recursive: true });

let failures = 0;
const fail = (what) => { failures++; console.log("FAIL " + what); };
const check = (ok, what) => { if (!ok) fail(what); };
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
const address = pathToFileURL(join(dir, "page.html")).href;

// open opens the page and fails for every error on its console and every request that it makes.
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("pageerror", (e) => fail(`script error: ${e.message}`));
  page.on("console", (m) => { if (m.type() === "error" || m.type() === "warning") fail(`console: ${m.text()}`); });
  page.on("request", (r) => { if (r.url().split("#")[0] !== address && !r.url().startsWith("blob:")) fail(`it requests ${r.url()}`); });
  await page.goto(address + (options.hash || ""));
  return page;
}

const state = (page, ...wanted) => page.waitForFunction((list) => list.includes(document.body.dataset.state), wanted, { timeout: 120_000 });
const done = (page) => state(page, "idle");
const verdicts = (page) => page.$$eval("#answers tr[data-verdict]", (rows) => Object.fromEntries(rows.map((r) => [r.dataset.guarantee, r.dataset.verdict])));

// act does something that asks a question and waits for the whole answer.
async function act(page, how) {
  await how();
  await page.waitForTimeout(30);
  await done(page);
}

// first: the verdict is there within a second and a half of opening.
async function first() {
  const times = [];
  for (let i = 0; i < 3; i++) {
    const page = await open();
    await done(page);
    times.push(await page.evaluate(() => [Number(document.body.dataset.first), Number(document.body.dataset.engine)]));
    await page.context().close();
  }
  const best = Math.min(...times.map((t) => t[0]));
  console.log(`first verdict after ${times.map((t) => t[0])} ms, switches work after ${times.map((t) => t[1])} ms`);
  check(best < 1500, `the first verdict takes ${best} ms`);
}

// switches: each control of the panel changes exactly its setting, and undo takes it back.
async function switches() {
  const page = await open();
  await done(page);
  const wrong = await page.evaluate(async () => {
    const wrong = [];
    const asked = [];
    ask = () => { asked.push(question.request()); }; // what would be sent is enough here
    for (const s of panel.data.settings) {
      const row = () => document.querySelector(`[data-key="${s.key}"]`);
      const other = s.values.find((v) => v.toLowerCase() !== s.value.toLowerCase());
      if (!other) continue;
      const select = row().querySelector("select");
      const text = row().querySelector("input[type=text]");
      const radio = [...row().querySelectorAll("input[type=radio]")].find((e) => e.value === other);
      if (select) { select.value = other; select.dispatchEvent(new Event("change")); }
      else if (text) { text.value = other; text.dispatchEvent(new Event("change")); }
      else if (radio) radio.click();
      else wrong.push(s.key + " has no control");
      if (question.changes.set[s.key] !== other) wrong.push(s.key + " is not set to " + other);
      if (!asked.pop()?.set?.includes(s.key + "=" + other)) wrong.push(s.key + " is not asked about");
      undo(s.key);
      if (s.key in question.changes.set) wrong.push(s.key + " is not taken back");
    }
    for (const f of panel.data.faults) {
      const range = document.getElementById("fault-" + f.name);
      range.value = 2;
      range.dispatchEvent(new Event("input"));
      range.dispatchEvent(new Event("change"));
      if (!question.changes.faults.split(",").includes(f.name + "=2")) wrong.push(f.name + " is not allowed twice");
      const last = document.getElementById("fault-" + f.name);
      last.value = last.max;
      last.dispatchEvent(new Event("input"));
      last.dispatchEvent(new Event("change"));
      if (!question.changes.faults.split(",").includes(f.name + "=any")) wrong.push(f.name + " is not allowed as often as it likes");
    }
    return wrong;
  });
  for (const w of wrong) fail("switches: " + w);
  await page.context().close();
}

// fixes: one click applies a fix, the change is listed, and taken back.
async function fixes() {
  const page = await open();
  await done(page);
  check((await verdicts(page))["at-least-once"] === "violated", "fixes: the page does not begin with a violation");
  await act(page, () => page.locator("button.apply").first().click());
  check((await verdicts(page))["at-least-once"] === "holds", "fixes: the fix does not help");
  check((await page.locator("#changes li").count()) === 1, "fixes: the change is not listed");
  check((await page.locator("#survival tbody tr").count()) >= 1, "fixes: nothing says what is survived");
  await act(page, () => page.locator("#changes .undo").first().click());
  check((await verdicts(page))["at-least-once"] === "violated", "fixes: undo does not help");
  check(!(await page.url()).includes("#"), "fixes: the address keeps a question that is not asked");
  await page.keyboard.press("Escape");
  await page.locator("#report .step").first().click();
  await page.keyboard.press("ArrowRight");
  check((await page.locator('#report .step[aria-current="step"]').getAttribute("data-n")) === "2", "fixes: the trace cannot be stepped through");
  await page.context().close();
}

// random: the page answers random questions; the test compares with the command.
async function random() {
  const page = await open();
  await done(page);
  const answers = [];
  for (const q of plan.questions) {
    await page.evaluate((q) => { question.load(q.loaded); question.changes = q.changes; window.kcheckReport = undefined; ask(); }, q);
    await page.waitForFunction(() => window.kcheckReport, null, { timeout: 120_000 });
    answers.push(await page.evaluate(() => window.kcheckReport));
  }
  writeFileSync(join(dir, "answers.json"), JSON.stringify(answers));
  await page.context().close();
}

// links: a link opened elsewhere asks the same question and gets the same answer.
async function links() {
  const page = await open();
  await done(page);
  await act(page, () => page.evaluate(() => change((c) => { c.set["producer.acks"] = "0"; c.faults = "request-lost=1"; })));
  await page.locator("#link").click();
  const hash = new URL(page.url()).hash;
  check(hash.startsWith("#q=") && hash.length < 4000, `links: the fragment has ${hash.length} characters`);
  const strip = (r) => JSON.stringify(r, (k, v) => (["seconds", "bytes"].includes(k) ? 0 : v));
  const want = strip(await page.evaluate(() => window.kcheckReport));
  const other = await open({ hash, colorScheme: "dark" });
  await other.waitForFunction(() => window.kcheckReport, null, { timeout: 120_000 });
  await done(other);
  check(strip(await other.evaluate(() => window.kcheckReport)) === want, "links: another answer");
  check((await other.locator("#changes li").count()) === 2, "links: the changes are not listed");
  check((await other.locator("#answers td .verdict").count()) === 2, "links: what was loaded is not compared with");
  if (pictures) await other.screenshot({ path: join(pictures, "whatif-link-dark.png") });
  await other.context().close();
  const broken = await open({ hash: "#q=nonsense" });
  await done(broken);
  check((await verdicts(broken))["at-least-once"] === "violated", "links: a broken link leaves nothing");
  await broken.context().close();
  await page.context().close();
}

// drops: every format is read as the command reads it.
async function drops() {
  const page = await open();
  await done(page);
  const panels = {};
  for (const name of readdirSync(join(dir, "drop")).sort()) {
    const data = [...readFileSync(join(dir, "drop", name))];
    panels[name] = await page.evaluate(async ([name, data]) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([new Uint8Array(data)], name));
      const before = panel.data;
      let seen;
      const show = panel.show.bind(panel);
      const shown = new Promise((resolve) => { panel.show = (d) => { seen = d; show(d); resolve(); }; });
      dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, cancelable: true }));
      await Promise.race([shown, new Promise((r) => setTimeout(r, 60_000))]);
      panel.show = show;
      stop();
      return seen === before ? null : seen;
    }, [name, data]);
    check(panels[name], `drops: ${name}: nothing happens`);
  }
  writeFileSync(join(dir, "panels.json"), JSON.stringify(panels));
  await page.context().close();
}

// stopping: a long search says how far it is, can be stopped, and the next question is answered.
async function stopping() {
  const page = await open();
  await done(page);
  await page.evaluate(() => change((c) => { c.set["producer.acks"] = "all"; c.messages = "4"; c.guarantees = ["order"]; c.faults = "standard"; }));
  await page.waitForFunction(() => /states/.test(document.getElementById("status").textContent), null, { timeout: 60_000 })
    .catch(() => fail("stopping: no progress is shown"));
  await page.locator("#stop").click();
  await page.waitForTimeout(100);
  check((await page.evaluate(() => document.body.dataset.state)) === "idle", "stopping: it goes on");
  await act(page, () => page.evaluate(() => { question.changes = { set: {} }; ask(); }));
  check((await verdicts(page))["at-least-once"] === "violated", "stopping: nothing is answered afterwards");
  await page.context().close();
}

// indexed: everything is found with its source, and a scenario opens.
async function indexed() {
  const page = await open();
  await done(page);
  await page.locator("#index-open").click();
  for (const [words, name] of [["min.insync.replicas", "topic.min.insync.replicas"], ["power-loss", "power-loss"], ["exactly-once", "exactly-once"], ["high watermark", "high watermark"]]) {
    await page.locator("#index-search").fill(words);
    const names = await page.$$eval("#index-list strong", (list) => list.map((e) => e.textContent));
    check(names.some((n) => n.toLowerCase().includes(name.toLowerCase().split(" ")[0])), `indexed: ${words} does not find ${name}`);
  }
  for (const kind of plan.kinds) {
    await page.locator("#index-search").fill(kind);
    check((await page.locator("#index-list details").count()) > 0, `indexed: no ${kind}`);
  }
  await page.locator("#index-search").fill("acks-0-request-lost-4.1");
  await page.locator("#index-list summary").first().click();
  if (pictures) await page.screenshot({ path: join(pictures, "whatif-index.png") });
  await act(page, () => page.locator("#index-list button").first().click());
  check((await page.locator("#name").innerText()).includes("acks-0-request-lost-4.1"), "indexed: the scenario does not open");
  check(Object.keys(await verdicts(page)).length > 0, "indexed: the scenario is not answered");
  await page.context().close();
}

// accessible: axe-core has nothing to say, and nothing is too wide.
async function accessible() {
  const axe = readFileSync(join(modules, "axe-core", "axe.min.js"), "utf8");
  for (const colorScheme of ["light", "dark"]) {
    for (const width of [1280, 390]) {
      const page = await open({ colorScheme, viewport: { width, height: width === 390 ? 844 : 900 } });
      await done(page);
      if (pictures) await page.screenshot({ path: join(pictures, `whatif-${colorScheme}-${width}.png`) });
      await act(page, () => page.evaluate(() => change((c) => { c.set["producer.acks"] = "all"; })));
      if (pictures) await page.screenshot({ path: join(pictures, `whatif-${colorScheme}-${width}-changed.png`) });
      await page.evaluate(() => { for (const d of document.querySelectorAll("#panel, .group")) d.open = true; });
      check((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `accessible: too wide at ${width}`);
      await page.evaluate(axe);
      const look = async (where) => {
        const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
        for (const v of found.violations) fail(`accessible: ${colorScheme} ${width} ${where}: ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 140)).join(" | ")}`);
      };
      await look("page");
      await page.locator("#index-open").click();
      await page.locator("#index-search").fill("acks");
      await look("index");
      await page.context().close();
    }
  }
}

// keyboard: everything can be reached by Tab, and shows the focus.
async function keyboard() {
  const page = await open();
  await done(page);
  const seen = new Set();
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab");
    seen.add(await page.evaluate(() => {
      const e = document.activeElement;
      return e.id || e.dataset.focus?.split(" ")[0] || e.tagName.toLowerCase();
    }));
  }
  for (const want of ["link", "open", "index-open", "filter", "group", "set"]) check(seen.has(want), `keyboard: Tab does not reach ${want}: ${[...seen]}`);
  await page.context().close();
}

// printed: the report is printed without the panel.
async function printed() {
  const page = await open();
  await done(page);
  const pdf = await page.pdf({ format: "A4" });
  check(pdf.length > 10_000, `printed: ${pdf.length} bytes`);
  if (pictures) writeFileSync(join(pictures, "whatif.pdf"), pdf);
  await page.context().close();
}

for (const part of [first, switches, fixes, links, drops, stopping, indexed, keyboard, printed, accessible, random]) {
  const begin = Date.now();
  await part().catch((e) => fail(`${part.name}: ${e.message.split("\n")[0]}`));
  console.log(`${part.name}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}
await browser.close();
console.log(`${failures} failures`);
process.exitCode = failures ? 1 : 0;
