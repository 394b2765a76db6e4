// Tasks: the reader's function in an editor, checked in the worker of the live cells, in a namespace of its own.

const here = new URL(import.meta.url);
const file = (name) => new URL(`${name}${here.search}`, here).href;
const { edit, markFailed, setText, textOf } = await import(file("cell-editor.js"));
const { render, reachable } = await import(file("cell-output.js"));
const { BUSY, python } = await import(file("cell-python.js"));
const { OLDER, keep, typed } = await import(file("typed.js"));

const STOPPED = "Stopped, and with it what cells of this page had computed. Change the code, and press Check to try again.";
const CHANGED = "The code has changed while it was checked: press Check again.";
const UNSAID = "Not yet. The code ended before the check could say anything.";

class Task {
  constructor(task) {
    const { element, buttons } = task;
    this.task = task;
    this.name = element.dataset.task;
    const code = element.querySelector(".task-starter > *");
    const stands = (block) => block.querySelector("pre").textContent.replace(/\n$/, "");
    this.starter = stands(code);
    this.solution = stands(buttons.use.closest("details"));
    const place = document.createElement("div");
    place.className = "live-editor highlight";
    code.after(place);
    code.hidden = true;
    const { text, older } = typed(task.key, this.starter);
    this.view = edit(place, text, { name: `task ${this.name}`, run: () => this.check(), changed: () => this.changed() });
    this.loaded = document.createElement("span");
    this.loaded.className = "live-loaded";
    task.status.after(this.loaded);
    buttons.edit.hidden = true;
    buttons.reset.hidden = text === this.starter;
    if (older) this.say(OLDER);
    Object.assign(task, {
      check: () => this.check(),
      edit: () => this.view.focus(),
      reset: () => this.put(this.starter, ""),
      use: () => this.put(this.solution, "The solution stands in the editor: press Check."),
      stop: () => python.stop(STOPPED),
    });
  }

  changed() {
    keep(this.task.key, this.starter, textOf(this.view));
    this.task.buttons.reset.hidden = false;
    this.say("");
  }

  put(text, words) {
    setText(this.view, text);
    this.show([]);
    this.task.buttons.reset.hidden = text === this.starter;
    this.say(words);
    this.view.focus();
  }

  say(words, { verdict = "", loaded = "" } = {}) {
    const { status } = this.task;
    this.loaded.textContent = loaded;
    if (words === this.said) return;
    this.said = words;
    status.dataset.verdict = verdict;
    // Words between backticks are code.
    const parts = words.split("`").map((part, index) => {
      if (index % 2 === 0) return part;
      const code = document.createElement("code");
      code.textContent = part;
      return code;
    });
    status.replaceChildren(...parts);
  }

  // Show what the code has put out.
  show(outputs) {
    this.live?.remove();
    if (!outputs.length) return;
    this.live = render(outputs, { name: `task ${this.name}` });
    this.task.status.after(this.live);
    reachable(this.live);
  }

  async check() {
    const { stop, check } = this.task.buttons;
    if (check.disabled) return;
    const outputs = [];
    stop.hidden = false;
    pass(check, stop);
    check.disabled = true;
    markFailed(this.view, 0);
    this.show([]);
    this.say(python.runs ? "Checking" : "Starting Python");
    try {
      const source = textOf(this.view);
      const code = { name: this.name, source, sealed: this.task.element.dataset.check };
      await python.ask(code, {
        progress: (words, loaded) => this.say(words === "Running" ? "Checking" : words, { loaded }),
        output: (output) => {
          if (output.kind === "back") outputs.length = output.count;
          else outputs.push(output);
        },
      });
      if (textOf(this.view) === source) this.tell(outputs);
      else this.say(CHANGED);
    } catch (error) {
      const known = [STOPPED, BUSY].includes(error.message);
      this.show(outputs);
      this.say(known ? error.message : `Python does not run: ${error.message.replace(/\.$/, "")}. Press Check to try again.`);
    }
    check.disabled = false;
    pass(stop, check);
    stop.hidden = true;
  }

  // Show what the code has put out, and say the verdict, or that the code did not run to its end.
  tell(outputs) {
    const [verdict, error] = ["verdict", "error"].map((kind) => outputs.find((output) => output.kind === kind));
    this.show(outputs.filter((output) => output !== verdict));
    const line = (verdict ?? error)?.line;
    if (line) markFailed(this.view, line);
    if (verdict) this.say(`${verdict.passed ? "Passed." : "Not yet."} ${verdict.words}`, { verdict: verdict.passed ? "right" : "other" });
    else this.say(error ? `Not yet. Error${line ? ` in line ${line}` : ""}, see below.` : UNSAID, { verdict: "other" });
  }
}

// The focus goes on from a button that is about to be disabled or hidden, and the page stays where it is.
function pass(from, to) {
  if (document.activeElement === from) to.focus({ preventScroll: true });
}

export function open(found) {
  for (const task of found) new Task(task);
}
