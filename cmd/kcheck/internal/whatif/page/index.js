// The index: everything that kcheck knows, with its source.

const index = {
  entries: null,

  // open shows the index.
  async open() {
    byID("index").showModal();
    byID("index-search").focus();
    if (!this.entries) this.entries = await through(bytesOf(byID("index-data").textContent), new DecompressionStream("gzip")).json();
    this.search();
  },

  // search shows the entries that have all words, those with a word in their name first.
  search() {
    if (!this.entries) return;
    const words = byID("index-search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const has = (text) => words.every((w) => text.toLowerCase().includes(w));
    const all = (e) => [e.kind, e.name, ...(e.aliases || []), e.summary, ...(e.fields || []).map((f) => f.text)].join(" ");
    const found = this.entries.filter((e) => has(all(e)));
    const named = (e) => (words.length && words.some((w) => e.name.toLowerCase().includes(w)) ? 0 : 1);
    found.sort((a, b) => named(a) - named(b));
    const most = 200;
    byID("index-count").textContent = found.length + " of " + this.entries.length + (found.length > most ? ", the first " + most + " are shown" : "");
    byID("index-list").replaceChildren(...found.slice(0, most).map((e) => this.entry(e)));
  },

  // entry is one entry, folded.
  entry(e) {
    return make("details", { class: "entry" },
      make("summary", {}, make("strong", {}, e.name), " ", make("span", { class: "of" }, e.kind), make("span", { class: "brief" }, e.summary)),
      make("dl", {}, ...(e.fields || []).flatMap((f) => [make("dt", {}, f.label), make("dd", {}, f.text)])),
      e.opens ? make("button", { type: "button", "data-opens": e.opens, onclick: () => this.openSpec(e.opens) }, "Open this scenario") : "");
  },

  openSpec(name) {
    byID("index").close();
    load({ files: [name] });
  },
};
