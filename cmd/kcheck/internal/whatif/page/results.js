// The results: verdicts beside those of what was loaded, causes, fixes, what was changed, what is survived.

const signs = { holds: "✓", violated: "✗", refused: "⊘", inconclusive: "?", vacuous: "∅" };

// word is a verdict as a word in a frame.
const word = (v) => make("span", { class: "verdict " + v }, v);

// faultsText lists faults.
const faultsText = (faults) => Object.entries(faults || {}).map(([name, n]) => (n === 1 ? name : name + " × " + n)).join(", ") || "no fault";

const results = {
  answer: null, // the newest
  loaded: {}, // the verdicts of what was loaded, by guarantee

  // show shows a report.
  show(answer, html) {
    this.answer = answer;
    this.table();
    if (html !== undefined) {
      byID("report").innerHTML = html; // made by the templates of the report, which escape what others wrote
      document.dispatchEvent(new Event("kcheck:report"));
    }
    this.problems(answer.report.problems.map((p) => [p.file, p.line || "", p.column || "", p.key, p.message].filter(Boolean).join(": ")));
  },

  // problems shows what is wrong with the input.
  problems(list) {
    byID("problems").replaceChildren(...(list.length ? [make("ul", { class: "problems" }, ...list.map((p) => make("li", {}, p)))] : []));
  },

  // table shows one line for each guarantee.
  table() {
    const compared = question.changed();
    const head = ["guarantee", ...(compared ? ["as loaded"] : []), compared ? "now" : "verdict", "faults needed", "cause", "fix"];
    const rows = this.answer.report.results.map((r) => make("tr", { "data-guarantee": r.guarantee, "data-verdict": r.verdict },
      make("th", { scope: "row" }, r.guarantee),
      compared ? make("td", {}, this.loaded[r.guarantee] ? word(this.loaded[r.guarantee]) : "–") : null,
      make("td", {}, word(r.verdict)),
      make("td", {}, r.verdict === "violated" ? faultsText(r.faults) : "–"),
      make("td", {}, ...this.causes(r)),
      make("td", {}, ...this.fix(r))));
    byID("answers").replaceChildren(...(rows.length ? [make("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": "Verdicts" },
      make("table", { class: "answers" }, make("thead", {}, make("tr", {}, ...head.map((h) => make("th", { scope: "col" }, h)))), make("tbody", {}, ...rows)))] : []));
    for (const r of this.answer.report.results) byID("answers").append(...this.rests(r));
  },

  // causes are the settings whose change removes the violation, each with the change.
  causes(r) {
    if (r.verdict !== "violated") return ["–"];
    if (!r.cause) return [this.answer.final ? "not looked for" : "looking for it"];
    if (!r.cause.length) return ["no single setting"];
    return r.cause.map((c) => make("div", {}, this.set(c.key, c.instead, c.value), c.key + "=" + c.value));
  },

  // fix is the cheapest change under which the guarantee holds, to be applied by one click.
  fix(r) {
    if (r.verdict !== "violated") return ["–"];
    if (!r.fix) return [this.answer.final ? "none found" : "looking for it"];
    const apply = () => change((c) => { for (const f of r.fix.changes) c.set[f.key] = f.to; });
    return [make("button", { type: "button", class: "apply", "data-focus": "fix " + r.guarantee, onclick: apply, title: r.fix.costs.join("; ") },
      "Apply " + r.fix.changes.map((f) => f.key + "=" + f.to).join(", "))];
  },

  // set is a button that switches a setting.
  set(key, value, from) {
    return make("button", { type: "button", class: "try", "data-focus": "try " + key + "=" + value, "aria-label": "try " + value + " for " + key + ", in place of " + from,
      onclick: () => change((c) => { c.set[key] = value; }) }, "try " + value);
  },

  // rests are the assumptions of a guarantee that holds, and what is just beyond the budget.
  rests(r) {
    const parts = [];
    if (r.rests_on && r.rests_on.length) {
      parts.push(make("p", { class: "rests" }, r.guarantee + " rests on what no file says:"),
        make("ul", { class: "rests" }, ...r.rests_on.map((a) => make("li", {}, this.set(a.key, a.instead, a.value), make("code", {}, a.key + "=" + a.value),
          ". With " + a.instead + " it is violated by " + faultsText(a.faults) + "."))));
    }
    if (r.beyond && r.beyond.length) parts.push(make("p", { class: "rests" }, r.guarantee + " is violated just beyond these faults: " + r.beyond.map((b) => faultsText(b.faults)).join("; ") + "."));
    return parts;
  },

  // changes lists what was changed against what was loaded.
  changes() {
    const items = [];
    const before = new Map((this.settings || []).map((s) => [s.key, s.value]));
    for (const [key, value] of Object.entries(question.changes.set)) {
      items.push(make("li", {}, make("code", {}, key), ": ", before.has(key) && before.get(key) ? make("s", {}, before.get(key)) : "", " → ", make("code", {}, value), " ",
        make("button", { type: "button", class: "undo", "data-focus": "undo-list " + key, "aria-label": "Undo " + key, onclick: () => undo(key) }, "Undo")));
    }
    const names = { kafka: "Kafka", guarantees: "guarantees", counted: "counted", faults: "faults", messages: "messages" };
    for (const [name, title] of Object.entries(names)) {
      if (question.changes[name] === undefined) continue;
      items.push(make("li", {}, title + ": ", make("code", {}, String(question.changes[name]).replaceAll(",", ", ")), " ",
        make("button", { type: "button", class: "undo", "data-focus": "undo-list " + name, "aria-label": "Undo " + title, onclick: () => change((c) => { delete c[name]; }) }, "Undo")));
    }
    byID("changes").replaceChildren(...(items.length ? [make("h3", {}, "Changed against what was loaded"), make("ul", { class: "changed" }, ...items),
      make("button", { type: "button", id: "reset", "data-focus": "reset", onclick: () => { question.changes = { set: {} }; ask(); } }, "Back to what was loaded")] : []));
  },

  // survival shows which kinds of fault each guarantee survives once.
  survival(list) {
    byID("survives").hidden = !list || !list.length;
    if (!list || !list.length) return;
    const names = (s, which) => s.kinds.filter(which).map((k) => k.fault).join(", ") || "none";
    const row = (s) => make("tr", {}, make("th", { scope: "row" }, s.guarantee),
      make("td", { class: "violated" }, names(s, (k) => k.applies && !k.undecided && k.tolerated === 0)),
      make("td", { class: "holds" }, names(s, (k) => k.applies && !k.undecided && k.tolerated > 0)),
      make("td", { class: "refused" }, names(s, (k) => !k.applies || k.undecided)));
    byID("survival").replaceChildren(make("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": "What it survives" }, make("table", { class: "heat" },
      make("thead", {}, make("tr", {}, ...["guarantee", "✗ one of these breaks it", "✓ one of these is survived", "cannot happen, or not decided"].map((h) => make("th", { scope: "col" }, h)))),
      make("tbody", {}, ...list.map(row)))));
  },
};
