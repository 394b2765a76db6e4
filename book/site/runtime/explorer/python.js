// Python for the explorers of a page: one worker, which starts at the first question, and whether it has run before.

const source = new URL(document.currentScript.src);
export const COMPUTING = "Python is ready: computing";
const HELP = "The notebook of this chapter, run locally, has the same explorer.";
const SILENCE = 30_000; // ms, of Python at work

// Whether Python has run in this visit. Private windows and frames may refuse to remember.
export function visited(answer) {
  try {
    if (answer) sessionStorage.setItem("frenkel.python", answer);
    return sessionStorage.getItem("frenkel.python") === "yes";
  } catch {
    return false;
  }
}

// The worker and its open questions. It starts at the first question, and anew at the next one after it died.
export const python = {
  open: new Map(),
  listeners: new Set(),
  news: null, // the last word of how it starts
  next: 0,

  async start() {
    if (location.protocol === "file:") {
      throw this.failure("the page was opened as a file, not from a server", true);
    }
    this.module ??= import(new URL(`python-worker.js${source.search}`, source)).then(
      ({ PythonWorker }) => new PythonWorker("explorers", { ...this.hears, silence: SILENCE }),
    );
    let worker;
    try {
      worker = await this.module;
    } catch {
      this.module = null;
      const framed = window.origin === "null"; // a frame without an origin of its own loads no module
      if (framed) throw this.failure("this browser or frame lets no page start it", true);
      throw this.failure("python-worker.js could not be loaded");
    }
    try {
      worker.start();
    } catch ({ message }) {
      throw this.failure(message, true);
    }
    return worker;
  },

  // `hear` is called with the sentence, should that come before the answer.
  async ask(question, hear) {
    const worker = await this.start();
    const id = this.next++;
    return new Promise((resolve, reject) => {
      this.open.set(id, { resolve, reject, hear });
      worker.ask({ id, ...question });
    });
  },

  hears: {
    heard(data) {
      if (data.type === "words") return python.open.get(data.id)?.hear?.(data.words);
      if (data.type === "ready") {
        visited("yes");
        window.dispatchEvent(new CustomEvent("worker-ready", { detail: data.loaded }));
      }
      if (data.type !== "answer") python.news = data;
      if (data.type === "answer") {
        python.open.get(data.id).resolve(data);
        python.open.delete(data.id);
        this.waits = python.open.size > 0;
      } else python.listeners.forEach((listen) => listen(data));
    },

    gone(reason) {
      visited("no");
      python.news = null;
      const failure = python.failure(reason);
      python.listeners.forEach((listen) => listen({ type: "gone", failure }));
      python.open.forEach(({ reject }) => reject(failure));
      python.open.clear();
    },
  },

  failure(reason, final = false) {
    const next = final ? HELP : `The figure shows its defaults; touch a control to try again. ${HELP}`;
    return Object.assign(new Error(`Python does not run: ${reason.replace(/\.$/, "")}. ${next}`), { final });
  },
};
