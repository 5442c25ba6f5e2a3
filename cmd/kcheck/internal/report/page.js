(() => {
  "use strict";
  document.documentElement.classList.add("js");
  const questionInAddress = "question" in document.documentElement.dataset; // and so no step is
  let active; // the trace that the keyboard steps through
  let traces = [];
  let tabs = [];

  // activate makes a trace the one that the keyboard steps through, and whose buttons a narrow screen shows.
  function activate(trace) {
    active = trace;
    for (const t of traces) t.root.classList.toggle("active", t === trace);
  }

  // The trace in the middle of the screen is the active one.
  const seen = new IntersectionObserver((entries) => {
    for (const e of entries) if (e.isIntersecting) activate(traces.find((t) => t.root === e.target));
  }, { rootMargin: "-40% 0px -40% 0px" });
  attach();

  // attach makes all traces of the page walkable; a page that shows another report says so by the event kcheck:report.
  function attach() {
    seen.disconnect();
    tabs = [...document.querySelectorAll(".tabs a")];
    if (tabs.length) select(tabs[0].hash.slice(1));
    traces = [...document.querySelectorAll(".trace")].map(start);
    activate(traces[0]);
    for (const t of traces) seen.observe(t.root);
  }

  // select shows one of several results, as a tab does.
  function select(id) {
    const tab = tabs.find((t) => t.hash === "#" + id);
    if (!tab) return false;
    for (const t of tabs) {
      if (t === tab) t.setAttribute("aria-current", "true"); else t.removeAttribute("aria-current");
      document.getElementById(t.hash.slice(1))?.classList.toggle("behind", t !== tab);
    }
    const trace = traces.find((t) => t.root.closest(".result")?.id === id);
    if (trace) activate(trace);
    return true;
  }
  document.addEventListener("click", (e) => {
    const tab = e.target.closest(".tabs a");
    if (!tab) return;
    e.preventDefault();
    select(tab.hash.slice(1));
    if (!questionInAddress) history.replaceState(null, "", tab.hash);
  });

  // start makes one trace walkable and returns what the keyboard and links need of it.
  function start(root) {
    const data = JSON.parse(root.querySelector(".data").textContent);
    const count = Number(root.dataset.count);
    const range = root.querySelector("input[type=range]");
    const where = root.querySelector(".where");
    const live = root.querySelector(".live");
    const state = root.querySelector(".state tbody");
    const stand = root.querySelector(".stand tbody");
    const word = root.querySelector(".now .word");
    const result = root.closest(".result");
    const self = { root, count, at: 0, go, owns: (id) => root.contains(document.getElementById(id)) };

    const node = (n) => document.getElementById(root.dataset.prefix + "step-" + n);

    // at gives the value of a ledger's cell after a step.
    const at = (cell, n) => (cell || []).reduce((v, e) => (e.step <= n ? e.value : v), "");

    function paintState(n) {
      if (!state) return;
      const now = new Map((data.initial || []).map((v) => [v.what, v.value]));
      for (let i = 0; i < n; i++) for (const c of data.changes[i] || []) now.set(c.what, c.after);
      const fresh = new Set((data.changes[n - 1] || []).map((c) => c.what));
      for (const row of state.rows) {
        const what = row.cells[0].textContent;
        row.cells[1].textContent = now.get(what) || "–";
        row.classList.toggle("fresh", fresh.has(what));
      }
    }

    function paintStand(n) {
      if (!stand || !data.ledger) return;
      for (const row of stand.rows) {
        const column = Number(row.dataset.column);
        let changed = false;
        data.ledger.rows.forEach((message, i) => {
          const value = at(message.cells[column], n);
          changed = changed || value !== at(message.cells[column], n - 1);
          row.cells[i + 1].textContent = value || "–";
        });
        row.classList.toggle("fresh", changed);
      }
    }

    // go selects a step; quiet leaves the page where it is.
    function go(n, quiet) {
      n = Math.min(Math.max(n, 1), count);
      const old = node(self.at);
      const now = node(n);
      if (!now) return;
      if (old) {
        old.removeAttribute("aria-current");
        if (old.dataset.opened) { old.querySelector(".more").open = false; delete old.dataset.opened; }
      }
      self.at = n;
      if (!quiet) activate(self);
      now.setAttribute("aria-current", "step");
      const more = now.querySelector(".more");
      if (!more.open) { more.open = true; now.dataset.opened = "1"; }
      const chunk = now.closest(".chunk");
      if (chunk) chunk.open = true;
      range.value = n;
      where.textContent = "Step " + n + " of " + count;
      for (const e of root.querySelectorAll(".after")) e.textContent = "after step " + n;
      const stands = (data.stands || []).find((s) => s.from <= n && n <= s.to);
      if (word && stands) { word.textContent = stands.word; word.className = "word " + stands.class; }
      if (result) result.style.setProperty("--at", (n - 0.5) / count * 100 + "%");
      paintState(n);
      paintStand(n);
      if (quiet) return;
      live.textContent = "Step " + n + " of " + count + ". " + now.querySelector(".what").textContent;
      if (!questionInAddress) history.replaceState(null, "", "#" + now.id);
      now.scrollIntoView({ block: "nearest" });
    }

    root.addEventListener("click", (e) => {
      const button = e.target.closest("[data-go]");
      if (button) {
        const moves = { first: 1, back: self.at - 1, next: self.at + 1, last: count };
        const others = { play: () => play(button), link: () => copyLink(button), unfold: () => unfold(button) };
        if (button.dataset.go in moves) go(moves[button.dataset.go]);
        else others[button.dataset.go]();
        return;
      }
      const step = e.target.closest(".step");
      if (!step || e.target.closest("summary")) return;
      if (e.target.closest("a")) e.preventDefault();
      go(Number(step.dataset.n));
    });
    range.addEventListener("input", () => go(Number(range.value)));

    // play walks to the end, one step after the other; a second press, or the end, stops it.
    let playing;
    function play(button) {
      const stop = () => { clearInterval(playing); playing = undefined; button.textContent = "Play"; button.setAttribute("aria-pressed", "false"); };
      if (playing) { stop(); return; }
      button.textContent = "Stop";
      button.setAttribute("aria-pressed", "true");
      go(self.at === count ? 1 : self.at);
      playing = setInterval(() => { if (self.at === count) stop(); else go(self.at + 1); }, 1500);
    }

    // copyLink puts the address of the step where it can be pasted. Where the browser does not allow that, it stands in the
    // line of the address.
    function copyLink(button) {
      go(self.at);
      const address = location.href.split("#")[0] + "#" + node(self.at).id;
      const said = (text) => { button.textContent = text; setTimeout(() => { button.textContent = "Copy link"; }, 1500); };
      if (!navigator.clipboard) { said("See address"); return; }
      navigator.clipboard.writeText(address).then(() => said("Copied"), () => said("See address"));
    }

    function unfold(button) {
      const open = button.getAttribute("aria-pressed") !== "true";
      button.setAttribute("aria-pressed", String(open));
      button.textContent = open ? "Fold all" : "Unfold all";
      for (const d of root.querySelectorAll("details")) d.open = open;
      const here = node(self.at);
      if (here) delete here.dataset.opened;
    }

    go(1, true);
    return self;
  }

  // follow goes to the step that the address or a link names.
  function follow(id) {
    if (select(id)) return;
    const step = id ? document.getElementById(id) : null;
    if (step?.closest(".result")) select(step.closest(".result").id);
    if (!step || !step.classList.contains("step")) return;
    const trace = traces.find((t) => t.owns(id));
    if (trace) { trace.go(Number(step.dataset.n)); step.scrollIntoView({ block: "center" }); }
  }

  addEventListener("keydown", (e) => {
    if (!active || e.altKey || e.ctrlKey || e.metaKey || e.target.closest("input, textarea, select, .scroll, pre")) return;
    const moves = { ArrowRight: active.at + 1, j: active.at + 1, ArrowLeft: active.at - 1, k: active.at - 1, Home: 1, End: active.count };
    if (!(e.key in moves)) return;
    e.preventDefault();
    active.go(moves[e.key]);
  });

  // What is folded is printed all the same.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details:not([open])")];
    for (const d of opened) d.open = true;
  });
  addEventListener("afterprint", () => { for (const d of opened) d.open = false; });
  document.addEventListener("kcheck:report", attach);
  document.addEventListener("kcheck:follow", (e) => follow(e.detail));
  if (questionInAddress) return;
  const followAddress = () => follow(decodeURIComponent(location.hash.slice(1)));
  addEventListener("hashchange", followAddress);
  followAddress();
})();
