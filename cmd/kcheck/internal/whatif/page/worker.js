// What follows wasm_exec.js in the worker: it starts the engine and passes messages on.
// There are no files but those that a message brings.
globalThis.fs.stat = globalThis.fs.lstat = (path, callback) => {
  const error = new Error("no such file or directory");
  error.code = "ENOENT";
  callback(error);
};
onmessage = async (e) => {
  if (e.data.program) {
    const go = new Go();
    go.run(await WebAssembly.instantiate(e.data.program, go.importObject));
    return;
  }
  kcheckAsk(JSON.stringify(e.data.message), e.data.files || {});
};
