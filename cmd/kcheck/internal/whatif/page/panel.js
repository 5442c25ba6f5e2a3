// The panel: settings and faults that can be switched.

const partTitles = {
  producer: "Producer", topic: "Topic", broker: "Brokers", controller: "Controllers", consumer: "Consumer", group: "Group",
  downstream: "Reader of the output", features: "Features of the cluster", app: "Application and clients", model: "Model",
};

const panel = {
  data: null,
  open: null, // the groups that are unfolded

  // show shows a panel anew and keeps what is unfolded, and where the focus is.
  show(data) {
    this.data = data;
    if (!data.readable) return;
    const focus = document.activeElement && document.activeElement.dataset ? document.activeElement.dataset.focus : undefined;
    if (!this.open) this.open = new Set(["faults", ...data.settings.filter((s) => s.origin === "given").map((s) => s.part)]);
    const groups = [];
    for (const part of [...new Set(data.settings.map((s) => s.part))]) {
      groups.push(this.group(part, partTitles[part] || part, data.settings.filter((s) => s.part === part).map((s) => this.setting(s))));
    }
    const faults = this.group("faults", "Faults", this.faults(data));
    byID("controls").replaceChildren(this.group("question", "Question", this.questions(data)), ...groups.slice(0, 1), faults, ...groups.slice(1));
    this.filter();
    if (focus) {
      const again = [...byID("controls").querySelectorAll("[data-focus]")].find((e) => e.dataset.focus === focus);
      if (again) again.focus({ preventScroll: true });
    }
  },

  // group is a part of the panel that folds.
  group(name, title, rows) {
    const g = make("details", { class: "group", open: this.open.has(name), ontoggle: () => (g.open ? this.open.add(name) : this.open.delete(name)) },
      make("summary", { "data-focus": "group " + name }, title), ...rows);
    return g;
  },

  // questions are the guarantees, the version, and how much is explored.
  questions(data) {
    const asked = () => data.guarantees.filter((g) => g.asked).map((g) => g.name);
    const boxes = data.guarantees.map((g) => make("label", { class: "box-row", title: "holds when " + g.claim },
      make("input", { type: "checkbox", "data-focus": "guarantee " + g.name, checked: g.asked, onchange: (e) => {
        g.asked = e.target.checked;
        if (!asked().length) { g.asked = true; e.target.checked = true; return; }
        change((c) => { c.guarantees = asked(); });
      } }), " " + g.name));
    return [
      make("fieldset", {}, make("legend", {}, "Guarantees"), ...boxes),
      this.row("kafka", "Version of Kafka", "What the brokers and the Java clients run, unless a client says otherwise.", this.select("kafka", data.versions, data.kafka, (v) => change((c) => { c.kafka = v; }))),
      this.row("messages", "Messages", "How many messages the application sends.", this.select("messages", numbers(1, data.maxMessages), String(data.messages), (v) => change((c) => { c.messages = v; }))),
      this.row("counted", "Counted messages", "Which messages must not be lost: those that send() accepted, those that were acknowledged, or all.",
        this.select("counted", ["accepted", "acked", "attempted"], data.counted, (v) => change((c) => { c.counted = v; }))),
    ];
  },

  // faults are a slider for each kind, and the bounds of all together.
  faults(data) {
    const stops = ["0", "1", "2"];
    for (const f of data.faults) while (f.count >= stops.length) stops.push(String(stops.length));
    stops.push("any");
    const counts = data.faults.map((f) => (f.count < 0 ? "any" : String(f.count)));
    const bounds = { total: data.total, overlap: data.overlap };
    const send = () => change((c) => {
      const list = data.faults.map((f, i) => f.name + "=" + counts[i]).filter((text) => !text.endsWith("=0"));
      for (const [name, n] of Object.entries(bounds)) if (n >= 0 && list.length) list.push(name + "=" + n);
      c.faults = list.join(",") || "none";
    });
    const sliders = data.faults.map((f, i) => {
      const id = "fault-" + f.name;
      const shown = make("output", { for: id }, counts[i]);
      const range = make("input", { type: "range", id, "data-focus": id, min: 0, max: stops.length - 1, step: 1, value: stops.indexOf(counts[i]),
        "aria-valuetext": counts[i], "aria-describedby": id + "-doc",
        oninput: () => { counts[i] = stops[range.value]; shown.textContent = counts[i]; range.setAttribute("aria-valuetext", counts[i]); }, onchange: send });
      return make("div", { class: "item" + (counts[i] === "0" ? "" : " on"), "data-find": f.name + " " + f.doc },
        make("div", { class: "slider" }, make("label", { for: id }, f.name), range, shown), make("p", { class: "doc", id: id + "-doc" }, f.doc));
    });
    const bound = (name, title, doc) => this.row(name, title, doc, this.select(name, ["no bound", ...numbers(0, name === "overlap" ? 5 : 6)],
      bounds[name] < 0 ? "no bound" : String(bounds[name]), (v) => { bounds[name] = v === "no bound" ? -1 : Number(v); send(); }));
    return [
      make("p", {}, make("button", { type: "button", "data-focus": "no faults", onclick: () => change((c) => { c.faults = "none"; }) }, "No faults"), " ",
        make("button", { type: "button", "data-focus": "standard faults", onclick: () => change((c) => { c.faults = "standard"; }) }, "Standard faults")),
      bound("total", "All faults together", "The largest number of faults of one run."),
      bound("overlap", "Brokers away at a time", "How many brokers may be down, cut off or out of the in-sync set at the same time."),
      ...sliders,
    ];
  },

  // setting is one setting with its meaning and where its value comes from.
  setting(s) {
    const mine = question.changes.set[s.key];
    const from = [s.source ? s.value + " (" + s.source + ")" : "not read with the other values"];
    const loaded = (results.settings || []).find((l) => l.key === s.key);
    if (mine !== undefined && loaded) from[0] = "loaded: " + loaded.value + " (" + loaded.source + ")";
    if (s.default) from.push("default of " + this.data.kafka + ": " + s.default);
    const row = this.row("set " + s.key, s.name, s.doc, s.free ? this.input(s) : this.choice(s));
    row.dataset.find = s.key + " " + s.doc;
    row.dataset.key = s.key;
    row.classList.toggle("on", mine !== undefined);
    row.classList.toggle("given", s.origin === "given");
    row.append(make("p", { class: "from" }, from.join("; "), s.cites ? make("span", { class: "cites" }, ". " + s.cites) : ""));
    if (mine !== undefined) row.append(make("button", { type: "button", class: "undo", "data-focus": "undo " + s.key, onclick: () => undo(s.key) }, "Undo"));
    return row;
  },

  // row is a control with its name and meaning.
  row(focus, title, doc, control) {
    const id = "control-" + focus.replaceAll(/[^a-z0-9]/gi, "-");
    const label = control.tagName === "FIELDSET" ? "" : make("label", { for: id }, title);
    if (label) control.id = id;
    return make("div", { class: "item", "data-find": title + " " + doc }, label, control, make("p", { class: "doc" }, doc));
  },

  // choice is a setting with a few words: all of them side by side, or a list of them.
  choice(s) {
    const values = s.values.includes(s.value) || !s.value ? s.values : s.values.map((v) => (v.toLowerCase() === s.value.toLowerCase() ? s.value : v));
    const set = (v) => change((c) => { c.set[s.key] = v; });
    if (values.length > 4) return this.select("set " + s.key, s.value ? values : ["", ...values], s.value, set);
    return make("fieldset", { class: "switch" }, make("legend", {}, s.name), ...values.map((v) => make("label", {},
      make("input", { type: "radio", name: s.key, value: v, checked: v === s.value, "data-focus": "set " + s.key + "=" + v, onchange: () => set(v) }),
      make("span", {}, v))));
  },

  // input is a setting with any number or text, with those suggested that make a difference.
  input(s) {
    const list = "values-" + s.key;
    return make("input", { type: "text", value: s.value, list, autocomplete: "off", spellcheck: "false", "data-focus": "set " + s.key,
      onchange: (e) => { const v = e.target.value.trim(); if (v && v !== s.value) change((c) => { c.set[s.key] = v; }); } },
      make("datalist", { id: list }, ...s.values.map((v) => make("option", { value: v }))));
  },

  // select is a list of words of which one is chosen.
  select(focus, values, value, set) {
    return make("select", { "data-focus": focus, onchange: (e) => set(e.target.value) },
      ...values.map((v) => make("option", { value: v, selected: v === value }, v)));
  },

  // filter hides what does not have the words that are looked for.
  filter() {
    const words = byID("filter").value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const group of byID("controls").children) {
      let any = false;
      for (const item of group.querySelectorAll("[data-find]")) {
        item.hidden = !words.every((w) => item.dataset.find.toLowerCase().includes(w));
        any = any || !item.hidden;
      }
      group.hidden = words.length > 0 && !any;
    }
  },
};

// numbers are the numbers from one to another, as words.
const numbers = (from, to) => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));
