// Python for the live cells and tasks of this page. Whatever ends it takes the cells' namespace along; the next run
// begins a new one. `progress` is told what is being done and, apart from it, how much of it is there: megabytes are
// shown and not spoken.

const here = new URL(import.meta.url);
const { PythonWorker } = await import(new URL(`python-worker.js${here.search}`, here));
const listeners = []; // called when Python has ended

export const BUSY = "Other code of this page is running, and has to end or to be stopped first.";

export const python = {
  run: null, // what the present run wants to know: {output, progress, resolve, reject}
  next: 0,

  // A reader's code may be silent for as long as it likes: there is a button that stops it.
  client: new PythonWorker("cells", {
    heard(data) {
      const { run } = python;
      if (data.type === "ready") {
        window.dispatchEvent(new CustomEvent("worker-ready", { detail: data.loaded }));
        run?.progress("Running");
      }
      if (data.type === "progress") run?.progress(...data.words.split(": "));
      if (data.type === "output" && data.id === run?.id) run.output(data.output);
      if (data.type === "answer") run?.resolve(data);
    },
    gone(reason) {
      listeners.forEach((listener) => listener());
      python.run?.reject(new Error(reason));
    },
  }),

  get runs() {
    return Boolean(this.client.worker);
  },

  whenGone(listener) {
    listeners.push(listener);
  },

  stop(reason) {
    this.client.end(reason);
  },

  // Run code: `name`, `source` and, of a task, `sealed`. Return whether it has failed.
  async ask(code, hears) {
    if (this.run) throw new Error(BUSY);
    this.client.start();
    try {
      return await new Promise((resolve, reject) => {
        this.run = { id: this.next++, ...hears, resolve, reject };
        this.client.ask({ task: "cell", id: this.run.id, ...code });
      });
    } finally {
      this.run = null;
      this.client.waits = false;
    }
  },
};
