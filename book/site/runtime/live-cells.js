// Live cells: the reader's text in place of the book's, run in a worker of its own, with its outputs below.

const here = new URL(import.meta.url);
const file = (name) => new URL(`${name}${here.search}`, here).href;
const { edit, markFailed, setText, textOf } = await import(file("cell-editor.js"));
const { render, reachable } = await import(file("cell-output.js"));
const { BUSY, python } = await import(file("cell-python.js"));
const { OLDER, keep, typed } = await import(file("typed.js"));

const STOPPED = "Stopped. What this page had computed is gone: the next run begins anew, with all cells above.";
let cells = [];
let running = null;
let done = []; // the cells that stand behind the present namespace, in the order in which they came there

class LiveCell {
  constructor(cell) {
    this.cell = cell;
    this.code = cell.element.querySelector(".cell_input .highlight");
    this.book = this.code.querySelector("pre").textContent.replace(/\n$/, "");
    this.ran = null; // the text that stands behind the present namespace
    this.builds = cell.element.matches("[class*='tag_mychain']"); // of a section Build it yourself
    if (cell.status) this.open();
  }

  open() {
    const { cell } = this;
    const block = this.code.parentElement; // with the button that copies the book's code
    const place = document.createElement("div");
    place.className = "live-editor highlight";
    block.after(place);
    block.hidden = true;
    const { text, older } = typed(cell.key, this.book);
    this.view = edit(place, text, { name: cell.name, run: () => run(this), changed: () => this.changed() });
    this.loaded = document.createElement("span");
    this.loaded.className = "live-loaded";
    cell.status.after(this.loaded);
    cell.buttons.edit.hidden = true;
    Object.assign(cell, {
      run: () => run(this),
      edit: () => this.focus(),
      reset: () => this.reset(),
      stop: () => python.stop(STOPPED),
    });
    if (text === this.book) return;
    cell.fold.open = true; // what a reader comes back to is in sight
    cell.buttons.reset.hidden = false;
    if (older) this.say(OLDER);
    else this.changed();
  }

  get text() {
    return this.view ? textOf(this.view) : this.book;
  }

  get isFresh() {
    return this.ran === this.text;
  }

  belongsTo(above) {
    return this.view && this.cell.folded && above.cell.element.nextElementSibling === this.cell.element;
  }

  focus() {
    this.cell.fold.open = true;
    this.view.focus();
  }

  changed() {
    keep(this.cell.key, this.book, this.text);
    this.cell.buttons.reset.hidden = false;
    this.edited = Boolean(running); // it is said when it can be run
    if (!running) this.say(this.text === this.book ? "" : "Edited: press Run");
  }

  say(words, loaded = "") {
    if (this.cell.status.textContent !== words) this.cell.status.textContent = words;
    this.loaded.textContent = loaded;
  }

  // Back to the book's text and output.
  reset() {
    if (this.text !== this.book) setText(this.view, this.book);
    markFailed(this.view, 0);
    this.show(null);
    this.cell.buttons.reset.hidden = true;
    this.cell.buttons.run.focus({ preventScroll: true });
    this.say("As in the book");
  }

  // Show outputs, or the book's own again, and move nothing that the reader may be about to press.
  show(outputs) {
    inPlace(() => this.put(outputs));
  }

  put(outputs) {
    this.live?.remove();
    const stored = this.cell.element.querySelector(":scope > .cell_output");
    const figure = stored?.querySelector(":scope > figure");
    const kept = figure ? [...figure.children].filter((child) => !child.matches("figcaption, .live-output")) : [stored];
    for (const element of kept.filter(Boolean)) element.hidden = Boolean(outputs?.length);
    if (!outputs?.length) return;
    const table = stored?.querySelector("[data-printed]");
    const printed = table ? JSON.parse(table.dataset.printed) : stored?.querySelector("pre")?.textContent;
    const words = figure ? undefined : printed;
    this.live = render(outputs, { name: this.cell.name, words, captioned: Boolean(figure) });
    if (figure) figure.prepend(this.live);
    else {
      this.live.classList.add("cell_output"); // pictures look as those of the book
      this.cell.element.append(this.live);
    }
    reachable(this.live);
  }
}

// Change the page above or below the pointer without moving what is under it.
function inPlace(change) {
  const held = [...document.querySelectorAll(":hover")].at(-1) ?? document.activeElement;
  const before = held.getBoundingClientRect().top;
  change();
  const moved = held.isConnected ? held.getBoundingClientRect().top - before : 0;
  if (moved) window.scrollBy({ top: moved, behavior: "instant" });
}

// What runs when a cell is to run: what above it has not run, or comes after a change, and pictures right below it
// whose code is folded, for they belong to what is read as one piece. A section Build it yourself needs nothing of
// its page but the set-up, which is the first cell, and shares no name with the rest.
function plan(cell) {
  const last = cells.indexOf(cell);
  if (cell.builds) {
    const own = cells.slice(0, last + 1).filter((other) => other.builds || other === cells[0]);
    const stale = own.findIndex((other) => !other.isFresh);
    return own.slice(stale < 0 ? -1 : stale);
  }
  const first = cells.slice(0, last).findIndex((other) => !other.isFresh);
  let end = last + 1;
  while (!cell.cell.folded && cells[end]?.belongsTo(cells[end - 1])) end += 1;
  return cells.slice(first < 0 ? last : first, end);
}

async function run(pressed) {
  if (running) return;
  running = pressed;
  const start = performance.now();
  const { run: button, stop } = pressed.cell.buttons;
  stop.hidden = false;
  pass(button, stop);
  setButtons();
  let edited = false;
  try {
    for (const cell of plan(pressed)) {
      edited ||= cell.text !== cell.book;
      const shows = Boolean(cell.view) && (edited || cells.indexOf(cell) >= cells.indexOf(pressed));
      if (!(await runOne(cell, pressed, shows))) throw new Failure(cell);
    }
    pressed.say(`Ran in ${((performance.now() - start) / 1000).toFixed(1)} s`);
  } catch (error) {
    const known = [STOPPED, BUSY].includes(error.message);
    if (error instanceof Failure) pressed.say(error.wordsFor(pressed));
    else pressed.say(known ? error.message : `Python does not run: ${error.message.replace(/\.$/, "")}. Press Run to try again.`);
  }
  running = null;
  setButtons();
  pass(stop, button);
  stop.hidden = true;
  cells.filter((cell) => cell.edited).forEach((cell) => cell.changed());
}

// The focus goes on from a button that is about to be disabled or hidden, and the page stays where it is.
function pass(from, to) {
  if (document.activeElement === from) to.focus({ preventScroll: true });
}

class Failure extends Error {
  constructor(cell) {
    super();
    this.cell = cell;
  }

  wordsFor(pressed) {
    const { cell, failedLine } = this.cell;
    const line = failedLine ? ` in line ${failedLine}` : "";
    if (this.cell === pressed) return `Error${line}, see below`;
    const below = cells.indexOf(this.cell) > cells.indexOf(pressed);
    return `${below ? "Ran; then an error" : "Error"} in ${cell.name}${line}, see there`;
  }
}

// Run one cell; return whether it came to its end.
async function runOne(cell, pressed, shows) {
  const { name } = cell.cell;
  const words = cell === pressed ? "Running" : `Running ${name}`;
  const outputs = [];
  let due = 0;
  const draw = () => {
    due = 0;
    if (shows || outputs.some(({ kind }) => kind === "error")) (cell.view ? cell : pressed).show(outputs);
  };
  pressed.say(python.runs ? words : "Starting Python");
  if (cell.view) markFailed(cell.view, 0);
  const source = cell.text;
  // A change begins where the cell began before, and what came after it has to run again: the names are always
  // those of the page read from the top.
  const anew = source !== cell.ran;
  if (anew && done.includes(cell)) done.splice(done.indexOf(cell)).forEach((later) => (later.ran = null));
  if (!done.includes(cell)) done.push(cell);
  cell.ran = null;
  try {
    const { failed } = await python.ask({ name, source, anew }, {
      progress: (said, loaded) => pressed.say(said === "Running" ? words : said, loaded),
      output: (output) => {
        if (output.kind === "back") outputs.length = output.count;
        else outputs.push(output);
        due ||= requestAnimationFrame(draw);
      },
    });
    if (!failed) cell.ran = source;
    cell.failedLine = failed ? outputs.find(({ kind }) => kind === "error").line : null;
    if (failed && cell.view) markFailed(cell.view, cell.failedLine);
    return !failed;
  } finally {
    cancelAnimationFrame(due);
    draw();
    if (shows && cell.view) cell.cell.buttons.reset.hidden = false;
  }
}

function setButtons() {
  for (const { cell } of cells) {
    for (const action of cell.status ? ["run", "reset"] : []) cell.buttons[action].disabled = Boolean(running);
  }
}

export function open(found) {
  inPlace(() => (cells = found.map((cell) => new LiveCell(cell))));
  python.whenGone(() => {
    cells.forEach((cell) => (cell.ran = null));
    done = [];
  });
}
