// The page: it asks the engine, which runs in a worker, and shows what it is told.

const start = JSON.parse(byID("start").textContent);
let program; // the compiled engine
let worker;  // the running one, and whether it can be asked
let number = 0; // of the newest question
let began = 0;
let ticking;

// compile unpacks and compiles the engine.
function compile() {
  const bytes = bytesOf(byID("engine").textContent);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return WebAssembly.compileStreaming(new Response(stream, { headers: { "Content-Type": "application/wasm" } }));
}

// startWorker starts the engine in a worker of its own.
function startWorker() {
  const url = URL.createObjectURL(new Blob([workerText], { type: "text/javascript" }));
  const w = { worker: new Worker(url), busy: false };
  URL.revokeObjectURL(url);
  w.ready = new Promise((resolve, reject) => {
    w.worker.onerror = (e) => { reject(new Error(e.message)); say("The engine failed: " + e.message); };
    w.worker.onmessage = (e) => {
      const told = JSON.parse(e.data);
      if (told.ready) { resolve(); return; }
      hear(told);
    };
  });
  w.worker.postMessage({ program });
  return w;
}

let pending = new Map(); // what to do with the messages of a question

// send asks the engine. What it still works at is stopped, by ending its worker.
async function send(message, files, on) {
  const id = ++number;
  pending = new Map([[id, on]]);
  busy();
  if (!program) program = await (compiling ||= compile());
  if (id !== number) return;
  if (!worker || worker.busy) {
    if (worker) worker.worker.terminate();
    worker = startWorker();
  }
  const mine = worker;
  mine.busy = true;
  await mine.ready;
  if (id !== number || mine !== worker) return;
  mine.worker.postMessage({ message: { ...message, id }, files });
}
let compiling;

// hear takes a message of the engine.
function hear(told) {
  const on = pending.get(told.id);
  if (told.done && told.id === number && worker) worker.busy = false;
  if (on) on(told);
}

const say = (text) => { byID("status").textContent = text; };

// busy shows that the engine works, and after a second for how long.
function busy() {
  began = performance.now();
  clearInterval(ticking);
  document.body.dataset.state = "busy";
  progress = "";
  say(program ? "Checking." : "The engine starts.");
  ticking = setInterval(() => {
    byID("stop").hidden = false;
    say("Searching for " + Math.round((performance.now() - began) / 1000) + " s" + (progress ? ": " + progress : "") + ".");
  }, 1000);
}
let progress = "";

// idle shows that the engine does not work any more.
function idle(text) {
  clearInterval(ticking);
  byID("stop").hidden = true;
  document.body.dataset.state = "idle";
  say(text);
}

// ask asks the question as it is now.
async function ask() {
  const request = question.request();
  results.changes();
  question.link().then((link) => history.replaceState(null, "", question.changed() || !sameAsStart() ? "#" + link : location.pathname + location.search));
  let failed = "";
  let answered = false;
  await send({ request }, {}, (told) => {
    if (told.error) failed = told.error;
    if (told.panel) { panel.show(told.panel); results.problems(told.panel.problems); if (!question.changed()) results.settings = told.panel.settings; results.changes(); }
    if (told.progress) progress = told.progress.guarantee + ", " + told.progress.states.toLocaleString("en") + " states, up to " + told.progress.faults + " faults, " + told.progress.depth + " steps";
    if (told.answer) {
      if (!answered) document.body.dataset.first = Math.round(performance.now());
      answered = true;
      if (!question.changed()) remember(told.answer.report);
      results.show(told.answer, told.answer.html);
      if (told.answer.final) { document.body.dataset.state = "answered"; window.kcheckReport = told.answer.report; }
    }
    if (told.resilience) results.survival(told.resilience);
    if (told.done) {
      idle(failed ? "It cannot be answered: " + failed : "Answered in " + ((performance.now() - began) / 1000).toFixed(1) + " s.");
      if (question.changed() && !Object.keys(results.loaded).length) askLoaded();
    }
  });
}

// sameAsStart says whether what was loaded is what the page was written for.
const sameAsStart = () => JSON.stringify(question.loaded) === JSON.stringify(start.request);

// askLoaded asks for the verdicts of what was loaded, to compare with.
function askLoaded() {
  send({ request: question.loaded, bare: true }, {}, (told) => {
    if (told.answer && told.answer.final) { remember(told.answer.report); results.table(); }
    if (told.done) idle("Answered.");
  });
}

// remember keeps the verdicts of what was loaded.
function remember(report) {
  results.loaded = Object.fromEntries(report.results.map((r) => [r.guarantee, r.verdict]));
}

// change switches something and asks again.
function change(how) {
  how(question.changes);
  ask();
}

// undo switches a setting back.
function undo(key) {
  change((c) => { delete c.set[key]; });
}

// load takes another question.
function load(request) {
  question.load(request);
  results.loaded = {};
  results.settings = undefined;
  byID("name").textContent = nameOf(request);
  ask();
}

// loadFiles takes files, which together are one question.
async function loadFiles(list) {
  const files = {};
  for (const f of list) files[f.name] = new Uint8Array(await f.arrayBuffer());
  if (!Object.keys(files).length) return;
  let failed = "";
  await send({ request: { files: Object.keys(files) }, pack: true }, files, (told) => {
    if (told.error) failed = told.error;
    if (told.done && failed) idle(failed);
    if (told.packed) setTimeout(() => load(told.packed));
  });
}

// stop ends the search; the next question starts the engine anew.
function stop() {
  if (worker) worker.worker.terminate();
  worker = undefined;
  number++;
  pending = new Map();
  idle("Stopped. What is shown was found before.");
}

byID("stop").addEventListener("click", stop);
byID("filter").addEventListener("input", () => panel.filter());
byID("open").addEventListener("click", () => byID("files").click());
byID("files").addEventListener("change", () => { loadFiles([...byID("files").files]); byID("files").value = ""; });
byID("index-open").addEventListener("click", () => index.open());
byID("index-close").addEventListener("click", () => byID("index").close());
byID("index-search").addEventListener("input", () => index.search());
byID("link").addEventListener("click", async () => {
  const link = await question.link();
  history.replaceState(null, "", "#" + link);
  try {
    await navigator.clipboard.writeText(location.href);
    say("The link is copied. It has the whole question in it.");
  } catch {
    say("The address of this page is the link; copy it from there.");
  }
});
addEventListener("dragover", (e) => { e.preventDefault(); byID("drop").hidden = false; });
addEventListener("dragleave", (e) => { if (!e.relatedTarget) byID("drop").hidden = true; });
addEventListener("drop", (e) => { e.preventDefault(); byID("drop").hidden = true; loadFiles([...e.dataTransfer.files]); });

// A link within the page leads there and leaves the address, which has the question.
addEventListener("click", (e) => {
  const a = e.target.closest && e.target.closest('a[href^="#"]');
  if (!a) return;
  e.preventDefault();
  const target = byID(decodeURIComponent(a.getAttribute("href").slice(1)));
  if (!target) return;
  if (target.classList.contains("step")) document.dispatchEvent(new CustomEvent("kcheck:follow", { detail: target.id }));
  target.scrollIntoView({ block: "start" });
  if (target.tabIndex >= -1 && target.hasAttribute("tabindex")) target.focus({ preventScroll: true });
});
addEventListener("hashchange", () => begin());

// begin shows what the page was written for, or asks what the address says.
async function begin() {
  try {
    if (await question.follow(location.hash.slice(1))) {
      results.loaded = {};
      results.settings = undefined;
      byID("name").textContent = nameOf(question.loaded);
      panel.show(start.panel);
      byID("report").replaceChildren();
      return ask();
    }
  } catch (e) {
    say("The address has a question that cannot be read: " + e.message);
  }
  question.load(start.request);
  byID("name").textContent = nameOf(start.request);
  results.settings = start.panel.settings;
  remember(start.answer.report);
  panel.show(start.panel);
  results.show(start.answer);
  window.kcheckReport = start.answer.report;
  document.body.dataset.first = Math.round(performance.now());
  program = await (compiling ||= compile());
  if (number === 0) { worker = startWorker(); await worker.ready; idle("Switch a setting or a fault."); document.body.dataset.engine = Math.round(performance.now()); }
}

if (matchMedia("(max-width: 56rem)").matches) byID("panel").open = false;
begin();
