// The worker in which Python runs, for explorers and for live cells: how it starts, and how the page notices that it is
// no more or that its line has stalled.

const here = new URL(import.meta.url);
// ms, of a line that has still something to bring; without a secure context a file is seen when all of it is there
const STALL = window.isSecureContext ? 10_000 : 120_000;
const START = 30_000; // ms, from the last byte to the first word

export class PythonWorker {
  // `kind` begins the worker's name; `heard` is called with what it says, `gone` with the reason when it has ended.
  // `silence`: ms, after which it is given up though it was at work.
  constructor(kind, { heard, gone, silence = Infinity }) {
    Object.assign(this, { kind, heard, gone, silence });
    this.worker = null;
    this.waits = false; // whether something is still to be answered; only then is it waited for
    document.addEventListener("visibilitychange", () => this.listen());
  }

  // Start, if it does not run; throw an error that says why that cannot be.
  start() {
    if (this.worker) return;
    if (typeof WebAssembly !== "object") throw new Error("this browser has no WebAssembly");
    const name = `${this.kind}-${Math.random()}`;
    let worker;
    try {
      worker = new Worker(new URL(`worker.js${here.search}`, here), { name });
    } catch {
      throw new Error("this browser or frame lets no page start it");
    }
    this.worker = worker;
    this.ready = false;
    this.doing = "load";
    let held = false;
    worker.onmessage = ({ data }) => {
      if (worker !== this.worker) return;
      // Whoever gets the lock that the worker holds from its beginning knows that the worker is no more.
      if (!held) navigator.locks?.request(name, () => this.end("it was stopped", worker)).catch(() => {});
      held = true;
      if (data.type === "failed") return this.end(data.reason);
      if (data.type === "ready") this.ready = true;
      const loads = data.type === "progress" && data.loaded < data.total && !data.starts;
      this.doing = loads ? "load" : this.ready ? "work" : "start";
      this.heard(data);
      this.listen();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.end(event.message || "worker.js could not be loaded", worker);
    };
  }

  ask(question) {
    this.waits = true;
    this.worker.postMessage(question);
    this.listen();
  }

  // Silence for so long means that no answer will come. A hidden page is not waited for, and a page that
  // comes back is given the whole time again.
  listen() {
    clearTimeout(this.watch);
    const patience = { load: STALL, start: START, work: this.silence }[this.doing];
    if (!this.worker || !this.waits || patience === Infinity) return;
    const silent = this.doing === "load" ? "nothing has come over the line" : "it did not answer";
    this.watch = setTimeout(() => {
      if (document.hidden) this.listen();
      else this.end(`${silent} for ${patience / 1000} seconds`);
    }, patience);
  }

  end(reason, worker = this.worker) {
    if (!worker || worker !== this.worker) return;
    worker.terminate();
    this.worker = null;
    this.waits = false;
    clearTimeout(this.watch);
    this.gone(reason);
  }
}
