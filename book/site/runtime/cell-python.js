// Python for the live cells and tasks of this page. Whatever ends it takes the cells' namespace along; the next run
// begins a new one.

const here = new URL(import.meta.url);
const file = (name) => new URL(`${name}${here.search}`, here).href;
const listeners = []; // called when Python has ended

export const python = {
  worker: null,
  run: null, // what the present run wants to know: {output, progress, resolve, reject}
  next: 0,

  whenGone(listener) {
    listeners.push(listener);
  },

  start() {
    if (typeof WebAssembly !== "object") throw new Error("this browser has no WebAssembly");
    if (location.protocol === "file:") throw new Error("the page was opened as a file, not from a server");
    const name = `cells-${Math.random()}`;
    const worker = new Worker(file("worker.js"), { name });
    this.worker = worker;
    let held = false;
    worker.onmessage = ({ data }) => {
      if (worker !== this.worker) return;
      // Whoever gets the lock that the worker holds from its beginning knows that the worker is no more.
      if (!held) navigator.locks?.request(name, () => this.end(worker, "it was stopped")).catch(() => {});
      held = true;
      if (data.type === "ready") {
        window.dispatchEvent(new CustomEvent("worker-ready", { detail: data.loaded }));
        this.run?.progress("Running");
      }
      if (data.type === "progress") this.run?.progress(data.words);
      if (data.type === "output" && data.id === this.run?.id) this.run.output(data.output);
      if (data.type === "failed") this.end(worker, data.reason);
      if (data.type === "answer") this.run?.resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.end(worker, event.message || "worker.js could not be loaded");
    };
  },

  // Run code: `name`, `source` and, of a task, `sealed`. Return whether it has failed.
  async ask(code, hears) {
    if (this.run) throw new Error("other code of this page is running, and has to end or to be stopped first");
    if (!this.worker) this.start();
    try {
      return await new Promise((resolve, reject) => {
        this.run = { id: this.next++, ...hears, resolve, reject };
        this.worker.postMessage({ task: "cell", id: this.run.id, ...code });
      });
    } finally {
      this.run = null;
    }
  },

  end(worker, reason) {
    if (!worker || worker !== this.worker) return;
    worker.terminate();
    this.worker = null;
    listeners.forEach((listener) => listener());
    this.run?.reject(new Error(reason));
  },
};
