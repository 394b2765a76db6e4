// The files of Python: asked for, counted, unpacked, compared with the manifest, and kept. None is used before its
// SHA-256 has been compared.

export const folder = new URL("pyodide/", self.location).href;
// `starts`: Python starts or imports, and the worker has no ear for the line meanwhile
export const progress = { doing: "Starting Python", loaded: 0, total: 0, starts: false, problem: "" };
const files = new Map(); // name -> {size, sent, sha256, packed}, from the manifest
const coming = new Map(); // name -> promise of a file that was asked for before Pyodide wants it
const TYPES = { js: "text/javascript", json: "application/json", wasm: "application/wasm" }; // some hosts name others
const store = self.caches?.open("frenkel-book").catch(() => null); // of Python's files
const BEAT = 1000; // ms, after which the page hears that it is still at work
let decoder;
let spoke = 0; // when the page last heard of it

// Pyodide does not always notice that a file it waits for will not come.
let giveUp;
export const failed = new Promise((_, reject) => (giveUp = reject));
failed.catch(() => {});

export function fail(problem) {
  progress.problem ||= problem;
  const error = new Error(progress.problem);
  giveUp(error);
  throw error;
}

export function report(words) {
  spoke = performance.now();
  const { loaded, total, starts } = progress;
  postMessage({ type: "progress", loaded: Math.round(loaded), total, starts, words });
}

export function tell() {
  const { doing, loaded, total } = progress;
  const megabytes = (number) => (number / 1e6).toFixed(1);
  report(loaded < total ? `${doing}: ${megabytes(loaded)} of ${megabytes(total)} MB` : doing);
}

// Bytes are counted as they stream in, so that the page can say how much is still to come. What comes compressed
// is seen unpacked; what it weighed on the line is in the manifest.
function count(bytes) {
  progress.loaded += bytes;
  tell();
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const base64 = (text) => btoa(String.fromCharCode(...text.match(/../g).map((byte) => parseInt(byte, 16))));

// Nothing outside the folder of this script is asked for, whatever a reader's code may do.
const plainFetch = ((fetch, home) => async (url, options) => {
  if (!new URL(url, home).href.startsWith(home)) throw new TypeError(`${url} lies outside`);
  return fetch(url, options);
})(self.fetch.bind(self), new URL("./", self.location).href);

async function get(url, file, cache) {
  const name = file?.name ?? url.split("?")[0].split("/").pop();
  const integrity = file && !self.crypto.subtle ? `sha256-${base64(file.packed ?? file.sha256)}` : "";
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

const source = ({ name, packed }) => folder + name + (packed ? ".xz" : ""); // where the host has it

// Return what a response holds, unpacked and as it was sent, if it is what the manifest says, and nothing otherwise.
// One that breaks off throws.
async function checked(response, file) {
  if (!response) return null;
  const [sent, unpacked] = [[], []];
  const line = response.body.getReader();
  let counted = 0;
  let broken = false;
  const stream = new ReadableStream({
    async pull(controller) {
      const part = await line.read().catch(() => (broken = true));
      if (broken) return controller.error(new Error("broken"));
      if (part.done) return controller.close();
      const bytes = file.packed ? part.value.byteLength : (part.value.byteLength * file.sent) / file.size;
      counted += bytes;
      count(bytes);
      sent.push(part.value);
      controller.enqueue(part.value);
    },
  });
  try {
    const content = file.packed ? new (await decoder).XzReadableStream(stream) : stream;
    for (let reader = content.getReader(), part; !(part = await reader.read()).done; ) {
      unpacked.push(part.value);
      if (performance.now() > spoke + BEAT) tell(); // much may come of few bytes
    }
  } catch {
    unpacked.length = 0; // it is not what xz has packed, or not all of it
    line.cancel().catch(() => {});
    if (broken) {
      count(-counted);
      throw new Error(`${file.name} broke off while it was being loaded`);
    }
  }
  const content = await new Blob(unpacked).arrayBuffer();
  const { subtle } = self.crypto;
  const right = subtle ? hex(await subtle.digest("SHA-256", content)) === file.sha256 : content.byteLength === file.size;
  if (right) return { content, sent };
  count(-counted);
  return null;
}

// A file of the manifest, from what is kept or else from the host. Other bytes may be those of an earlier version
// that the browser has kept, so they are asked for once more, past its cache. It is kept as it was sent.
async function load(name) {
  const file = files.get(name) || fail(`${name} is not part of the runtime`);
  const address = source(file);
  const headers = { "Content-Type": TYPES[name.split(".").pop()] ?? "" };
  const cache = await store;
  const mine = await cache?.match(address).catch(() => null);
  let found = await checked(mine, file).catch(() => null); // a disk may not give it back
  if (!found) {
    const sent = async (from) => checked(await get(address, file, from), file).catch(({ message }) => fail(message));
    found =
      (await sent("default")) ||
      (await sent("reload")) ||
      fail(`${name} is not the file it should be`);
    // A full disk takes nothing away from the reader.
    cache?.put(address, new Response(new Blob(found.sent), { headers })).catch(() => {});
  }
  return new Response(found.content, { headers });
}

// Ask for files before Pyodide does, three at a time and in the order in which it will: the line is never idle, and
// Python starts while its packages are still coming. The promise is that of those by which it starts.
export function ahead(list, first) {
  progress.total = list.reduce((sum, { sent }) => sum + sent, 0);
  const lines = Array(3).fill(Promise.resolve());
  list.forEach(({ name }, index) => {
    const promise = lines[index % lines.length].then(() => load(name));
    lines[index % lines.length] = promise;
    promise.catch(() => {}); // `failed` says it
    coming.set(name, promise);
  });
  decoder = run("xz-decompress.js").then(() => self["xz-decompress"]);
  decoder.catch(() => {});
  return Promise.all(first.map((name) => coming.get(name)));
}

// Pyodide fetches through this.
self.fetch = (url) => {
  const name = String(url).split("?")[0].split("/").pop();
  const promise = coming.get(name) ?? load(name);
  coming.delete(name);
  return promise;
};

// Return the manifest, from `address`, unless what comes is something else, such as the login page of a network.
export async function readManifest(address) {
  const read = (response) => response.json().catch(() => null);
  const isRight = (content) => content?.files && content.later;
  let manifest = await read(await get(address));
  if (!isRight(manifest)) manifest = await read(await get(address, null, "reload"));
  if (!isRight(manifest)) fail("manifest.json is not the file it should be");
  for (const file of [...manifest.files, ...manifest.later]) files.set(file.name, file);
  return manifest;
}

// Wheels of former editions are kept no longer than those of this one are there.
export async function tidy() {
  const cache = await store;
  const ours = new Set([...files.values()].map(source));
  for (const { url } of (await cache?.keys()) ?? []) {
    if (url.startsWith(folder) && !ours.has(url)) await cache.delete(url);
  }
}

// Scripts are run from the bytes that were checked.
export async function run(name) {
  const content = await (await self.fetch(name)).arrayBuffer();
  const address = URL.createObjectURL(new Blob([content], { type: "text/javascript" })); // importScripts insists
  try {
    importScripts(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

