// The question: what was loaded, what was changed, and both as a link.

// make makes an element with attributes, listeners ("onclick") and children.
function make(tag, attributes, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === false || value === undefined || value === null) continue;
    if (name.startsWith("on")) e.addEventListener(name.slice(2), value);
    else e.setAttribute(name, value === true ? "" : value);
  }
  e.append(...children.flat().filter((c) => c !== undefined && c !== null && c !== ""));
  return e;
}

const byID = (id) => document.getElementById(id);

// bytesOf decodes base 64.
function bytesOf(text) {
  if (Uint8Array.fromBase64) return Uint8Array.fromBase64(text);
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i++) bytes[i] = raw.charCodeAt(i);
  return bytes;
}

// through sends bytes through a stream that packs or unpacks them.
const through = (bytes, stream) => new Response(new Blob([bytes]).stream().pipeThrough(stream));

// question is what is asked: loaded is a request, changes lays over it what was switched.
const question = {
  loaded: {},
  changes: { set: {} },

  // request is the question as one request.
  request() {
    const r = { ...this.loaded, set: [...(this.loaded.set || [])] };
    for (const [key, value] of Object.entries(this.changes.set)) r.set.push(key + "=" + value);
    for (const name of ["kafka", "guarantees", "counted", "faults", "messages"]) {
      if (this.changes[name] !== undefined) r[name] = this.changes[name];
    }
    if (!r.set.length) delete r.set;
    return r;
  },

  // changed says whether anything was switched.
  changed() {
    return Object.keys(this.changes.set).length > 0 || Object.keys(this.changes).length > 1;
  },

  // load takes another question, of which nothing is changed yet.
  load(request) {
    this.loaded = request;
    this.changes = { set: {} };
  },

  // link is the question for the fragment of an address.
  async link() {
    const text = new TextEncoder().encode(JSON.stringify({ loaded: this.loaded, changes: this.changes }));
    const bytes = new Uint8Array(await through(text, new CompressionStream("deflate-raw")).arrayBuffer());
    let raw = "";
    for (const b of bytes) raw += String.fromCharCode(b);
    return "q=" + btoa(raw).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  },

  // follow takes the question of a fragment; false where it has none.
  async follow(fragment) {
    if (!fragment.startsWith("q=")) return false;
    let text = fragment.slice(2).replaceAll("-", "+").replaceAll("_", "/");
    text += "=".repeat((4 - (text.length % 4)) % 4);
    const read = await through(bytesOf(text), new DecompressionStream("deflate-raw")).json();
    const isObject = (v) => typeof v === "object" && v !== null && !Array.isArray(v);
    if (!isObject(read) || !isObject(read.loaded) || !isObject(read.changes) || !isObject(read.changes.set)) throw new Error("it is no question");
    this.loaded = read.loaded;
    this.changes = read.changes;
    return true;
  },
};

// nameOf names what was loaded.
function nameOf(request) {
  const names = [...(request.files || []), ...Object.values(request.partFiles || {})].map((n) => n.split("/").pop());
  return names.join(", ") || "nothing but defaults";
}
