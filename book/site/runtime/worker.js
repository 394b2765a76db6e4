"use strict";
// It starts Python (Pyodide) from the files beside it and answers, one request after the other. A page has one
// such worker for its explorers, where `frenkel.explore.hosts.live` does the work, and another for its live cells,
// with `cells.py`, because a reader may stop that one. No file is used before its SHA-256 has been compared with
// the manifest's.

const version = self.location.search;
const folder = new URL("pyodide/", self.location).href;
const files = new Map(); // name -> {size, sent, sha256}, from the manifest
const TYPES = { js: "text/javascript", json: "application/json", wasm: "application/wasm" }; // some hosts name others
const progress = { doing: "Starting Python", loaded: 0, total: 0, problem: "" };
const runsCells = self.name.startsWith("cells-");
const store = self.caches?.open("frenkel-book").catch(() => null); // of Python's files
const parts = new Map(); // what cells may import later -> bytes
let python, desk, cells, tasks;

// The page waits for this lock: it gets it when the worker is no more, however it ended.
self.navigator.locks?.request(self.name, () => new Promise(() => {})).catch(() => {});

// Pyodide does not always notice that a file it waits for will not come.
let giveUp;
const failed = new Promise((_, reject) => (giveUp = reject));
failed.catch(() => {});

function fail(problem) {
  progress.problem ||= problem;
  const error = new Error(progress.problem);
  giveUp(error);
  throw error;
}

function report(words) {
  postMessage({ type: "progress", loaded: Math.round(progress.loaded), total: progress.total, words });
}

// Bytes are counted as they stream in, so that the page can say how much is still to come. What comes compressed
// is seen unpacked; what it weighed on the line is in the manifest.
function count(bytes) {
  progress.loaded += bytes;
  const megabytes = (number) => (number / 1e6).toFixed(1);
  report(`${progress.doing}: ${megabytes(progress.loaded)} of ${megabytes(progress.total)} MB`);
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const base64 = (text) => btoa(String.fromCharCode(...text.match(/../g).map((byte) => parseInt(byte, 16))));

// Nothing outside the folder of this script is asked for, whatever a reader's code may do.
const plainFetch = ((fetch, home) => async (url, options) => {
  if (!new URL(url, home).href.startsWith(home)) throw new TypeError(`${url} lies outside`);
  return fetch(url, options);
})(self.fetch.bind(self), new URL("./", self.location).href);

async function get(url, file, cache) {
  const name = url.split("?")[0].split("/").pop();
  const integrity = file && !self.crypto.subtle ? `sha256-${base64(file.sha256)}` : "";
  let response;
  try {
    response = await plainFetch(url, { cache, integrity });
  } catch {
    // Without a secure context the browser compares hashes itself, and says no more than that it failed.
    const altered = integrity && (await plainFetch(url).catch(() => null))?.ok;
    fail(altered ? `${name} is not the file it should be` : `${name} could not be loaded`);
  }
  if (!response.ok) fail(`${name} could not be loaded (HTTP ${response.status})`);
  return response;
}

// Return what a response holds if it is what the manifest says, and nothing otherwise.
async function checked(response, file) {
  if (!response) return null;
  const chunks = [];
  let size = 0;
  try {
    for (let reader = response.body.getReader(), part; !(part = await reader.read()).done; ) {
      chunks.push(part.value);
      size += part.value.byteLength;
      count((part.value.byteLength * file.sent) / file.size);
    }
  } catch {
    fail(`${file.name} broke off while it was being loaded`);
  }
  const content = await new Blob(chunks).arrayBuffer();
  const { subtle } = self.crypto;
  if (!subtle || hex(await subtle.digest("SHA-256", content)) === file.sha256) {
    return new Response(content, { headers: { "Content-Type": TYPES[file.name.split(".").pop()] ?? "" } });
  }
  count((-size * file.sent) / file.size);
  return null;
}

// Pyodide fetches through this: files of the manifest alone. Other bytes may be those of an earlier version
// that the browser has kept, so they are asked for once more, past its cache.
self.fetch = async (url) => {
  const name = String(url).split("?")[0].split("/").pop();
  const file = files.get(name) || fail(`${name} is not part of the runtime`);
  const address = folder + name;
  const cache = await store;
  const kept = await checked(await cache?.match(address), file);
  if (kept) return kept;
  const fresh =
    (await checked(await get(address, file, "default"), file)) ||
    (await checked(await get(address, file, "reload"), file)) ||
    fail(`${name} is not the file it should be`);
  cache?.put(address, fresh.clone()).catch(() => {}); // a full disk takes nothing away from the reader
  return fresh;
};

// The manifest, or nothing if it is something else, such as the login page of a network.
const list = (response) => response.json().then((content) => (content.files && content.later ? content : null)).catch(() => null);

// Wheels of former editions are kept no longer than those of this one are there.
async function tidy() {
  const cache = await store;
  for (const { url } of (await cache?.keys()) ?? []) {
    if (url.startsWith(folder) && !files.has(url.slice(folder.length))) await cache.delete(url);
  }
}

// Scripts are run from the bytes that were checked.
async function run(name) {
  const content = await (await self.fetch(name)).arrayBuffer();
  const address = URL.createObjectURL(new Blob([content], { type: "text/javascript" })); // importScripts insists
  try {
    importScripts(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

// Return the addresses of what it has read that is none of Python's own.
async function start() {
  const address = new URL(`manifest.json${version}`, self.location).href;
  const manifest =
    (await list(await get(address))) || (await list(await get(address, null, "reload"))) ||
    fail("manifest.json is not the file it should be");
  for (const file of [...manifest.files, ...manifest.later]) files.set(file.name, file);
  progress.total = manifest.files.reduce((sum, file) => sum + file.sent, 0);
  for (const name of ["pyodide.js", "pyodide.asm.js"]) await run(name);
  python = await loadPyodide({
    indexURL: folder,
    packages: ["frenkel"],
    env: { HOME: "/home/pyodide", MPLBACKEND: "agg", FRENKEL_STATIC: "1" }, // an explorer is a picture in a cell
    stdout: () => {},
    stderr: (line) => console.debug(line),
  });
  if (progress.problem) throw new Error(progress.problem);
  report("Starting Python: loading NumPy and Matplotlib");
  tidy().catch(() => {});
  if (runsCells) await startCells(manifest.later);
  else desk = python.runPython("from frenkel.explore.hosts.live import Desk; Desk()");
  return [self.location.href, address];
}

// The page that runs a reader's code, and nothing in reach of that code by which a page touches others.
async function startCells(later) {
  for (const { name, part, sent } of later) {
    if (part === "cells") python.FS.writeFile(`/home/pyodide/${name}`, await (await self.fetch(name)).text());
    else parts.set(part, (parts.get(part) ?? 0) + sent);
  }
  cells = python.pyimport("cells").Page([...parts.keys()]);
  tasks = python.pyimport("cell_tasks").Tasks([...parts.keys()]);
  const names = ["caches", "indexedDB", "importScripts", "Worker", "BroadcastChannel", "XMLHttpRequest", "WebSocket"];
  for (const name of [...names, "EventSource", "WebTransport"]) {
    for (let place = self; place; place = Object.getPrototypeOf(place)) delete place[name];
  }
}

// Run a cell, or check a task. Outputs are sent as they come; packages that it imports are loaded when it does.
async function runCell({ id, name, source, sealed }) {
  const page = sealed ? tasks : cells;
  const send = (output) => {
    postMessage({ type: "output", id, output: output.toJs({ dict_converter: Object.fromEntries }) });
  };
  page.begin(name, source, send, ...(sealed ? [sealed] : []));
  for (let missing; (missing = page.proceed()); ) {
    Object.assign(progress, { doing: `Loading ${missing}`, loaded: 0, total: parts.get(missing) });
    await Promise.race([python.loadPackage(missing, { messageCallback() {} }), failed]);
    report("Running");
  }
  return { failed: page.failed };
}

const lastLine = (error) => String(error.message || error).trim().split("\n").pop();

const started = Promise.race([start(), failed]).then(
  (loaded) => postMessage({ type: "ready", loaded }),
  (error) => postMessage({ type: "failed", reason: progress.problem || lastLine(error) }),
);

function answer(question) {
  const { task, explorer, values, layout, theme, width, way } = question;
  if (task === "cell") return runCell(question);
  if (task === "numbers") return { csv: desk.numbers(explorer, values) };
  const shown = desk.show(explorer, values, layout, theme, width, way);
  const reply = shown.toJs({ dict_converter: Object.fromEntries });
  shown.destroy();
  return reply;
}

self.onmessage = async ({ data }) => {
  await started;
  let reply;
  try {
    reply = await answer(data);
  } catch (error) {
    const reason = progress.problem || lastLine(error);
    if (runsCells) return postMessage({ type: "failed", reason }); // Python itself has failed
    reply = { error: `The model stopped: ${reason}` };
  }
  const transfer = reply.pixels ? [reply.pixels.buffer] : [];
  postMessage({ type: "answer", id: data.id, ...reply }, transfer);
};
