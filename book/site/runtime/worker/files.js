// The files of Python, as the worker in which it runs sees them: it asks another for them, before they are wanted.

import { DECODER, runScript } from "./loader.js";

const LOADER = "files-"; // begins the name of the worker that brings them
export const isLoader = self.name.startsWith(LOADER);
// `starts`: Python starts or imports, and this worker has no ear for the line meanwhile
export const progress = { doing: "Starting Python", loaded: 0, total: 0, starts: false, problem: "" };
const coming = new Map(); // name -> promise of a file that was asked for before Pyodide wants it
const known = new Set(); // names of files, from the manifest
const open = []; // {resolve, reject} of each question to the loader
let loader;

// Pyodide does not always notice that a file it waits for will not come.
let giveUp;
export const failed = new Promise((_, reject) => (giveUp = reject));
failed.catch(() => {});

function problem(words) {
  progress.problem ||= words;
  const error = new Error(progress.problem);
  giveUp(error);
  return error;
}

export function report(words) {
  const { loaded, total, starts } = progress;
  postMessage({ type: "progress", loaded: Math.round(loaded), total, starts, words });
}

export function tell() {
  const { doing, loaded, total } = progress;
  const megabytes = (number) => (number / 1e6).toFixed(1);
  report(loaded < total ? `${doing}: ${megabytes(loaded)} of ${megabytes(total)} MB` : doing);
}

function heard({ data: { id, bytes, problem: words, ...answer } }) {
  progress.loaded += bytes;
  if (bytes || id === undefined) tell(); // of what comes, or that it is still at work
  if (words) open[id].reject(problem(words));
  else open[id]?.resolve(answer);
}

// Start the loader: the same script under another name, so that nothing more is on the line before it works. From
// then on Pyodide fetches through it, and so does a reader's code: nothing is asked for but files of the manifest.
export function startLoader() {
  try {
    loader = new Worker(self.location.href, { name: LOADER + self.name });
  } catch {
    throw problem("this browser or frame lets no page start it");
  }
  loader.onmessage = heard;
  loader.onerror = (event) => {
    event.preventDefault();
    problem(event.message || "worker.js could not be loaded");
  };
  self.fetch = (url) => {
    const name = String(url).split("?")[0].split("/").pop();
    const promise = coming.get(name) ?? load(name);
    coming.delete(name);
    return promise;
  };
}

export function ask(task, name) {
  return new Promise((resolve, reject) => {
    loader.postMessage({ id: open.push({ resolve, reject }) - 1, task, name });
  });
}

export async function readManifest() {
  const answer = await ask("bringManifest");
  for (const { name } of [...answer.manifest.files, ...answer.manifest.later]) known.add(name);
  return answer;
}

async function load(name) {
  if (!known.has(name)) throw new TypeError(`${name} is not part of the runtime`);
  const { content, type } = await ask("bringInTurn", name);
  return new Response(content, { headers: { "Content-Type": type } });
}

// Ask for files before Pyodide does, in the order in which it will: the line is never idle, and Python starts while
// its packages are still coming. The promise is that of those by which it starts.
export function ahead(list, first) {
  progress.total = list.reduce((sum, { sent }) => sum + sent, 0);
  tell();
  for (const { name } of list.filter(({ name }) => name !== DECODER)) {
    const promise = load(name);
    promise.catch(() => {}); // `failed` says it
    coming.set(name, promise);
  }
  return Promise.all(first.map((name) => coming.get(name)));
}

export async function run(name) {
  runScript(await (await self.fetch(name)).arrayBuffer());
}
