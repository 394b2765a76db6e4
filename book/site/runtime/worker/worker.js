// It starts Python (Pyodide) from the files beside it and answers, one request after the other. A page has one
// such worker for its explorers, where `frenkel.explore.hosts.live` does the work, and another for its live cells,
// with `cells.py`, because a reader may stop that one. joined.py makes one script of this file and of those that it
// imports. Python's files are brought by a worker beside it, which is this script under another name.

import { members } from "./archive.js";
import { ahead, ask, failed, isLoader, progress, readManifest, report, run, startLoader, tell } from "./files.js";
import { bringFiles, folder } from "./loader.js";

const runsCells = self.name.startsWith("cells-");
// What explorers use, in the order in which it comes -> what is imported of it while the next is on the line.
const HOSTS = "frenkel.explore.hosts";
const CORE = { numpy: "numpy", frenkel: `${HOSTS}.live`, matplotlib: `${HOSTS}.picture`, fonts: "" };
const parts = new Map(); // what cells may import later -> bytes
// How Python says that a file is not there, and Matplotlib that a font is empty.
const LACKS = ["ImportError", "ModuleNotFoundError", "FileNotFoundError", "RuntimeError"];
const early = []; // questions that came before it could draw
let python, sys, site, desk, cells, tasks, rest;
let started;
let ready = false;

function starts(now) {
  progress.starts = now;
  tell();
}

// Put an archive of runtime/packing.py where Python finds it; Pyodide's own way takes five times as long. Each step
// of a start is told, so that none of them is taken for silence.
async function install(name) {
  const content = await (await self.fetch(`${name}.zip`)).arrayBuffer();
  for (const [path, bytes] of members(content)) {
    const place = `${site}/${path}`;
    python.FS.mkdirTree(place.slice(0, place.lastIndexOf("/")));
    python.FS.writeFile(place, bytes, { canOwn: true });
  }
  sys.path_importer_cache.clear();
  tell();
}

// Return the addresses of what it has read that is none of Python's own.
async function start() {
  startLoader();
  const { manifest, address } = await readManifest();
  const { files, later } = manifest;
  const more = later.filter(({ part }) => part === "cells");
  rest = more.find(({ name }) => name === "rest.zip");
  const all = runsCells ? [...files, ...more] : files;
  ahead(all, ["pyodide.asm.wasm", "lock.json", "library.zip"]).then(() => starts(true), () => {});
  for (const name of ["pyodide.js", "pyodide.asm.js"]) await run(name);
  python = await loadPyodide({
    indexURL: folder,
    lockFileURL: `${folder}lock.json`,
    stdLibURL: `${folder}library.zip`,
    env: { HOME: "/home/pyodide", MPLBACKEND: "agg", FRENKEL_STATIC: "1" }, // an explorer is a picture in a cell
    stdout: () => {},
    stderr: (line) => console.debug(line),
  });
  sys = python.pyimport("sys");
  site = python.pyimport("site").getsitepackages().get(0);
  starts(false);
  for (const [name, module] of Object.entries(CORE)) {
    await install(name);
    if (runsCells || !module) continue; // a reader's own code imports it with the rest that lies over it
    starts(true);
    python.pyimport(module);
    if (name === "frenkel") {
      desk = python.pyimport(CORE.frenkel).Desk();
      sayFirst();
    }
    starts(false);
  }
  if (runsCells) await install("rest");
  ask("forgetFormer").catch(() => {});
  if (runsCells) await startCells(later);
  return [self.location.href, address];
}

// The page that runs a reader's code, and nothing in reach of that code by which a page touches others.
async function startCells(later) {
  for (const { name, part, sent } of later) {
    if (name.endsWith(".py")) python.FS.writeFile(`/home/pyodide/${name}`, await (await self.fetch(name)).text());
    else if (part !== "cells") parts.set(part, (parts.get(part) ?? 0) + sent);
  }
  cells = python.pyimport("cells").Page([...parts.keys()]);
  tell();
  tasks = python.pyimport("cell_tasks").Tasks([...parts.keys()]);
  const names = ["caches", "indexedDB", "importScripts", "Worker", "BroadcastChannel", "XMLHttpRequest", "WebSocket"];
  for (const name of [...names, "EventSource", "WebTransport"]) {
    for (let place = self; place; place = Object.getPrototypeOf(place)) delete place[name];
  }
}

async function loadMore(title, total, get) {
  Object.assign(progress, { doing: `Loading ${title}`, loaded: 0, total });
  tell();
  await Promise.race([get(), failed]);
  if (progress.problem) throw new Error(progress.problem); // Pyodide does not
}

// Run a cell, or check a task. Outputs are sent as they come; packages that it imports are loaded when it does.
async function runCell({ id, name, source, sealed, anew = false }) {
  const page = sealed ? tasks : cells;
  const send = (output) => {
    postMessage({ type: "output", id, output: output.toJs({ dict_converter: Object.fromEntries }) });
  };
  page.begin(name, source, send, sealed ?? anew);
  for (let missing; (missing = page.proceed()); ) {
    await loadMore(missing, parts.get(missing), () => python.loadPackage(missing, { messageCallback() {} }));
    report("Running");
  }
  return { failed: page.failed };
}

const lastLine = (error) => String(error.message || error).trim().split("\n").pop();

// A sentence waits for no picture: it is said as soon as it can be computed. What goes wrong is told by the answer.
function sayFirst() {
  for (const { id, task, explorer, values } of early.splice(0)) {
    if (task !== "show") continue;
    try {
      const said = desk.words(explorer, values);
      postMessage({ type: "words", id, words: said.get("read_out") });
      said.destroy();
    } catch {}
  }
}

function show({ task, explorer, values, layout, theme, width, way }) {
  if (task === "numbers") return { csv: desk.numbers(explorer, values) };
  const shown = desk.show(explorer, values, layout, theme, width, way);
  const reply = shown.toJs({ dict_converter: Object.fromEntries });
  shown.destroy();
  return reply;
}

// Should an explorer want what core.txt lacks, the rest is loaded, once, and it is asked again.
async function answer(question) {
  if (question.task === "cell") return runCell(question);
  try {
    return show(question);
  } catch (error) {
    if (!rest || !LACKS.includes(error.type)) throw error;
    const { sent } = rest;
    rest = null;
    await loadMore("more of Python", sent, () => install("rest"));
    return show(question);
  }
}

async function hear({ data }) {
  if (!runsCells && !ready) early.push(data);
  if (desk) sayFirst();
  await started;
  let reply;
  try {
    reply = await answer(data);
  } catch (error) {
    const reason = progress.problem || lastLine(error);
    const isPythons = runsCells || progress.problem; // and not the model's
    if (isPythons) return postMessage({ type: "failed", reason });
    reply = { error: `The model stopped: ${reason}` };
  }
  const transfer = reply.pixels ? [reply.pixels.buffer] : [];
  postMessage({ type: "answer", id: data.id, ...reply }, transfer);
}

function runPython() {
  // The page waits for this lock: it gets it when the worker is no more, however it ended.
  self.navigator.locks?.request(self.name, () => new Promise(() => {})).catch(() => {});
  self.onmessage = hear;
  started = Promise.race([start(), failed]).then(
    (loaded) => {
      ready = true;
      postMessage({ type: "ready", loaded });
    },
    (error) => postMessage({ type: "failed", reason: progress.problem || lastLine(error) }),
  );
}

if (isLoader) bringFiles();
else runPython();
