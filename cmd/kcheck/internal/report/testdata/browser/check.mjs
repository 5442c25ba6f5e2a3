// Looks at reports in a headless Chromium, as their readers do:
//
//	node check.mjs DIR
//
// DIR has reports in all forms (name.html, name.md, name.xml). Modules are found through KCHECK_NODE_MODULES, and
// CHROMIUM names the browser. Every failure is one line on standard output, and makes the exit status 1.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const dir = resolve(process.argv[2]);
const modules = resolve(process.env.KCHECK_NODE_MODULES);
const require = createRequire(join(modules, "kcheck.js"));
const { chromium } = require("playwright-core");

let failures = 0;
const fail = (what) => { failures++; console.log("FAIL " + what); };
const check = (ok, what) => { if (!ok) fail(what); };
const named = (end) => readdirSync(dir).filter((f) => f.endsWith(end)).sort();

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });

// open opens a report and fails for every error on its console and every request that it makes.
async function open(file, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.on("pageerror", (e) => fail(`${file}: script error: ${e.message}`));
  page.on("console", (m) => { if (m.type() === "error" || m.type() === "warning") fail(`${file}: console: ${m.text()}`); });
  page.on("request", (r) => { if (!r.url().startsWith("file:") && !r.url().startsWith("data:")) fail(`${file}: requests ${r.url()}`); });
  await page.goto(pathToFileURL(join(dir, file)) + (options.hash || ""));
  return page;
}

const here = (page) => page.evaluate(() => {
  const e = document.querySelector('.step[aria-current="step"]');
  return e ? Number(e.dataset.n) : 0;
});

// stepping: by key, by button, by slider, by clicking a step; state and ledger follow.
async function stepping(file, count) {
  const page = await open(file);
  const at = async (n, how) => check((await here(page)) === n, `${file}: ${how}: at step ${await here(page)}, not ${n}`);
  await at(1, "at the beginning");
  const state = () => page.locator(".side").first().innerText();
  const before = await state();
  for (const [key, n] of [["ArrowRight", 2], ["j", 3], ["ArrowLeft", 2], ["k", 1], ["k", 1], ["End", count], ["ArrowRight", count], ["Home", 1]]) {
    await page.keyboard.press(key);
    await at(n, key);
  }
  await page.getByRole("button", { name: "Next" }).first().click();
  await at(2, "the Next button");
  check((await state()) !== before, `${file}: the state does not follow`);
  check((await page.locator(".where").first().innerText()) === `Step 2 of ${count}`, `${file}: the counter`);
  check((await page.locator(".live").first().textContent()).startsWith("Step 2 of"), `${file}: nothing is said to a screen reader`);
  check(new URL(page.url()).hash === "#step-2", `${file}: the address is ${page.url()}`);
  await page.getByRole("button", { name: "Last" }).first().click();
  await at(count, "the Last button");
  await page.getByRole("slider", { name: "Step" }).first().fill("3");
  await at(3, "the slider");
  await page.locator("#step-2 .what").click();
  await at(2, "a click on a step");
  await page.context().close();
}

// folding: the details of the selected step are open, others fold and unfold by mouse and keyboard.
async function folding(file) {
  const page = await open(file);
  const shown = (n) => page.locator(`#step-${n} .more`).evaluate((d) => d.open);
  check(await shown(1), `${file}: the first step is folded`);
  check(!(await shown(3)), `${file}: the third step is unfolded`);
  await page.locator("#step-3 .more > summary").focus();
  await page.keyboard.press("Enter");
  check(await shown(3), `${file}: Enter does not unfold`);
  await page.getByRole("button", { name: "Unfold all" }).first().click();
  check(await page.evaluate(() => [...document.querySelectorAll(".trace details")].every((d) => d.open)), `${file}: not all is unfolded`);
  await page.getByRole("button", { name: "Fold all" }).first().click();
  check(!(await shown(3)), `${file}: it does not fold again`);
  await page.context().close();
}

// links: to a step, from outside and within the page.
async function links(file, n) {
  const page = await open(file, { hash: "#step-" + n });
  check((await here(page)) === n, `${file}: the link to step ${n} leads to ${await here(page)}`);
  check(await page.locator("#step-" + n).evaluate((e) => { const r = e.getBoundingClientRect(); return r.bottom > 0 && r.top < innerHeight; }),
    `${file}: step ${n} is out of sight`);
  await page.evaluate(() => { location.hash = "#step-2"; });
  await page.waitForTimeout(50);
  check((await here(page)) === 2, `${file}: a changed address leads nowhere`);
  const dead = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].filter((a) => !document.getElementById(decodeURIComponent(a.getAttribute("href").slice(1)))).length);
  check(dead === 0, `${file}: ${dead} links lead nowhere`);
  await page.context().close();
}

// tabs: of several results one is shown, the worst first; links lead to each; the bars and the run that goes well are there.
async function tabs(file) {
  const page = await open(file);
  const shown = (p) => p.evaluate(() => [...document.querySelectorAll(".result")].filter((r) => r.checkVisibility()).map((r) => r.id).join());
  const all = await page.locator(".tabs a").evaluateAll((list) => list.map((a) => a.hash.slice(1)));
  check(all.length > 1 && (await shown(page)) === all[0], `${file}: ${await shown(page)} is shown of ${all}`);
  await page.locator(".tabs a").nth(1).click();
  check((await shown(page)) === all[1] && new URL(page.url()).hash === "#" + all[1], `${file}: the second tab shows ${await shown(page)}`);
  check((await page.locator(".tabs a[aria-current]").count()) === 1, `${file}: which tab is the current one is not said`);
  await page.emulateMedia({ media: "print" });
  check((await shown(page)) === all.join(), `${file}: not every result is printed`);
  await page.context().close();
  const linked = await open(file, { hash: "#" + all[1] });
  check((await shown(linked)) === all[1], `${file}: the link to the second result shows ${await shown(linked)}`);
  await linked.context().close();
}

// standing: the guarantee is told for each step, the bars follow the step, and the good run stands beside the bad one.
async function standing(file, count) {
  const page = await open(file);
  const word = () => page.locator(".now .word").first().innerText();
  check((await word()) === "intact", `${file}: at the beginning the guarantee is ${await word()}`);
  const at = () => page.locator(".result").first().evaluate((r) => r.style.getPropertyValue("--at"));
  const before = await at();
  await page.keyboard.press("End");
  check((await word()) === "broken", `${file}: at the end the guarantee is ${await word()}`);
  check(before !== (await at()), `${file}: the mark in the bars does not follow`);
  check((await page.locator(".bars .bar").count()) > count / 2, `${file}: few bars`);
  check((await page.locator(".fork li").count()) > 1, `${file}: no good run beside the bad one`);
  await page.context().close();
}

// elsewhere: what else could have happened is told at a step, opens by keyboard and on a phone, and says how the guarantee stands.
async function elsewhere(file) {
  for (const width of [1280, 390]) {
    const page = await open(file, { viewport: { width, height: 844 } });
    const list = page.locator(".step .else");
    check((await list.count()) > 2, `${file}: ${await list.count()} steps say what else could have happened`);
    const first = list.first();
    check(!(await first.evaluate((d) => d.open)), `${file}: what else could have happened is not folded`);
    await first.locator("summary").focus();
    await page.keyboard.press("Enter");
    check(await first.evaluate((d) => d.open), `${file}: Enter does not open what else could have happened`);
    const words = await page.locator(".else .word").allTextContents();
    check(words.length > 2 && words.every((w) => ["intact", "doomed", "broken", "open"].includes(w)), `${file}: the guarantee stands ${words}`);
    check(await first.locator("li").first().evaluate((e) => e.checkVisibility() && e.getBoundingClientRect().right <= innerWidth), `${file}: it is out of sight at ${width}`);
    check((await here(page)) === 1, `${file}: opening it leads to step ${await here(page)}`);
    await page.context().close();
  }
}

// keyboard: everything that can be clicked can be reached by Tab, and shows the focus.
async function keyboard(file) {
  const page = await open(file);
  const seen = new Set();
  for (let i = 0; i < 40; i++) {
    await page.keyboard.press("Tab");
    seen.add(await page.evaluate(() => {
      const e = document.activeElement;
      const style = getComputedStyle(e);
      return e.tagName.toLowerCase() + (e.dataset.go ? ":" + e.dataset.go : "") + (style.outlineStyle === "none" && e !== document.body ? " without focus ring" : "");
    }));
  }
  for (const want of ["button:next", "button:back", "input", "summary", "a"]) check(seen.has(want), `${file}: Tab does not reach ${want}: ${[...seen]}`);
  check(![...seen].some((s) => s.includes("without")), `${file}: ${[...seen].filter((s) => s.includes("without"))}`);
  await page.context().close();
}

// accessible: axe-core has nothing to say, in both colour schemes and at both widths. thin leaves out the steps of chunks
// that are folded, of which a long trace has thousands like those that are open.
async function accessible(file, schemes, widths = [1280, 390], thin = false) {
  const axe = readFileSync(join(modules, "axe-core", "axe.min.js"), "utf8");
  for (const colorScheme of schemes) {
    for (const width of widths) {
      const page = await open(file, { colorScheme, viewport: { width, height: 844 } });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      check(wide <= 0, `${file}: ${wide} pixels too wide at ${width}`);
      await page.evaluate(axe);
      if (thin) await page.evaluate(() => { for (const c of document.querySelectorAll("details.chunk:not([open])")) c.querySelector("ol").remove(); });
      const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
      for (const v of found.violations) fail(`${file} ${colorScheme} ${width}: ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 120)).join(" | ")}`);
      await page.context().close();
    }
  }
}

// printed: everything that is folded is printed.
async function printed(file) {
  const page = await open(file);
  const pdf = await page.pdf({ format: "A4" });
  writeFileSync(join(dir, file.replace(/html$/, "pdf")), pdf);
  check(pdf.length > 10_000, `${file}: the PDF has ${pdf.length} bytes`);
  check(await page.locator("#step-3 .more").evaluate((d) => !d.open), `${file}: what was folded stays open after printing`);
  await page.context().close();
}

// without scripts everything can be read all the same.
async function withoutScript(file) {
  const page = await open(file, { javaScriptEnabled: false });
  const text = await page.locator("body").innerText();
  for (const want of ["What happened to each message", "The counterexample", "Reproduce"]) check(text.includes(want), `${file} without script: no "${want}"`);
  await page.context().close();
}

// diagrams: the real Mermaid parses and draws every diagram of a Markdown report.
async function diagrams() {
  const page = await (await browser.newContext()).newPage();
  await page.setContent("<!DOCTYPE html><body></body>");
  await page.addScriptTag({ path: join(modules, "mermaid", "dist", "mermaid.min.js") });
  let drawn = 0;
  for (const file of named(".md")) {
    const blocks = [...readFileSync(join(dir, file), "utf8").matchAll(/```mermaid\n([\s\S]*?)\n```/g)].map((m) => m[1]);
    for (const [i, text] of blocks.entries()) {
      check(text.length < 50_000, `${file}: diagram ${i + 1} has ${text.length} characters`);
      const error = await page.evaluate(async ([id, text]) => {
        try {
          mermaid.initialize({ startOnLoad: false });
          const { svg } = await mermaid.render(id, text);
          return svg.includes("<svg") ? "" : "nothing is drawn";
        } catch (e) { return String(e.message || e); }
      }, ["d" + drawn, text]);
      drawn++;
      check(error === "", `${file}: diagram ${i + 1}: ${error}`);
    }
  }
  check(drawn > 0, "no diagrams");
  return drawn;
}

// tests: a real reader of JUnit files finds as many cases as there are.
async function tests() {
  const { parse } = await import(pathToFileURL(require.resolve("junit2json")).href);
  for (const file of named(".xml")) {
    const text = readFileSync(join(dir, file), "utf8");
    const suites = await parse(text);
    const cases = (suites.testsuite || []).flatMap((s) => s.testcase || []);
    check(cases.length === (text.match(/<testcase /g) || []).length && cases.every((c) => c.name && c.classname), `${file}: ${cases.length} cases are read`);
    check(suites.failures === cases.filter((c) => c.failure).length, `${file}: the number of failures`);
  }
}

await stepping("story-acks-1.html", 8);
await folding("story-acks-1.html");
await links("story-acks-1.html", 7);
await keyboard("story-acks-1.html");
await tabs("story-tabs.html");
await standing("story-acks-1.html", 8);
await elsewhere("story-acks-1.html");
await withoutScript("story-acks-1.html");
await printed("story-acks-1.html");
for (const file of named(".html")) {
  if (file.startsWith("story")) await accessible(file, ["light", "dark"]);
  else await accessible(file, ["light"], file.startsWith("long") ? [1280, 390] : [390], file.startsWith("long"));
}
await stepping("long.html", 10_000);
await links("long.html", 5_000);
const drawn = await diagrams();
await tests();
await browser.close();
console.log(`${named(".html").length} pages, ${drawn} diagrams, ${named(".xml").length} JUnit files: ${failures} failures`);
process.exitCode = failures ? 1 : 0;
