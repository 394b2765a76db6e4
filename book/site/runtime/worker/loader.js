// The worker that brings Python's files, beside the one in which Python runs and has no hand free: they are asked for,
// counted, unpacked, compared with the manifest, and kept. None is handed on before its SHA-256 has been compared.
// It brings what the manifest names and nothing else, whatever a reader's code may ask.

export const DECODER = "xz-decompress.js"; // it unpacks the others
export const folder = new URL("pyodide/", self.location).href;
const files = new Map(); // name -> {name, size, sent, sha256, packed}, from the manifest
const TYPES = { js: "text/javascript", json: "application/json", wasm: "application/wasm" }; // some hosts name others
const LINES = 3; // files that come at the same time
const BEAT = 50; // ms, after which it says again how much has come, or that it is still at work
let decoder, store;
let counted = 0; // bytes that have come since it last spoke
let spoke = 0;

function speak(message) {
  spoke = performance.now();
  postMessage({ bytes: counted, ...message }, message?.content ? [message.content] : []);
  counted = 0;
}

// Bytes are counted as they stream in, so that the page can say how much is still to come. What comes compressed
// is seen unpacked; what it weighed on the line is in the manifest.
function count(bytes) {
  counted += bytes;
  if (performance.now() > spoke + BEAT) speak();
}

const hex = (buffer) => [...new Uint8Array(buffer)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const base64 = (text) => btoa(String.fromCharCode(...text.match(/../g).map((byte) => parseInt(byte, 16))));

async function get(url, file, cache) {
  const name = file?.name ?? url.split("?")[0].split("/").pop();
  const integrity = file && !self.crypto.subtle ? `sha256-${base64(file.packed ?? file.sha256)}` : "";
  let response;
  try {
    response = await fetch(url, { cache, integrity });
  } catch {
    // Without a secure context the browser compares hashes itself, and says no more than that it failed.
    const whole = (answer) => answer.ok && answer.blob();
    const altered = integrity && (await fetch(url).then(whole).catch(() => null));
    throw new Error(altered ? `${name} is not the file it should be` : `${name} could not be loaded`);
  }
  if (!response.ok) throw new Error(`${name} could not be loaded (HTTP ${response.status})`);
  return response;
}

const source = ({ name, packed }) => folder + name + (packed ? ".xz" : ""); // where the host has it

// Return what a response holds, unpacked and as it was sent, if it is what the manifest says, and nothing otherwise.
// One that breaks off throws.
async function checked(response, file) {
  if (!response) return null;
  if (file.packed) await decoder; // which comes in the same way, unpacked
  const sent = [];
  const whole = new Uint8Array(file.size);
  const line = response.body.getReader();
  let [seen, filled] = [0, 0];
  let broken = false;
  const stream = new ReadableStream({
    async pull(controller) {
      const part = await line.read().catch(() => (broken = true));
      if (broken) return controller.error(new Error("broken"));
      if (part.done) return controller.close();
      const bytes = file.packed ? part.value.byteLength : (part.value.byteLength * file.sent) / file.size;
      seen += bytes;
      count(bytes);
      sent.push(part.value);
      controller.enqueue(part.value);
    },
  });
  try {
    const content = file.packed ? new self["xz-decompress"].XzReadableStream(stream) : stream;
    for (let reader = content.getReader(), part; !(part = await reader.read()).done; ) {
      whole.set(part.value, filled); // throws where it is more than it should be
      filled += part.value.byteLength;
      count(0); // much may come of few bytes
    }
  } catch {
    filled = 0; // it is not what xz has packed, or not all of it
    line.cancel().catch(() => {});
    if (broken) {
      count(-seen);
      throw new Error(`${file.name} broke off while it was being loaded`);
    }
  }
  const { subtle } = self.crypto;
  const isWhole = filled === file.size;
  const isRight = isWhole && (!subtle || hex(await subtle.digest("SHA-256", whole)) === file.sha256);
  if (isRight) return { content: whole.buffer, sent };
  count(-seen);
  return null;
}

// A file from what is kept or else from the host. Other bytes may be those of an earlier version that the browser
// has kept, so they are asked for once more, past its cache. It is kept as it was sent. It is asked for at once, and
// unpacked when those `before` it are: the first is wanted first.
async function bring(name, before) {
  const file = files.get(name);
  if (!file) throw new Error(`${name} is not part of the runtime`);
  const address = source(file);
  const type = TYPES[name.split(".").pop()] ?? "";
  const cache = await store;
  const mine = await cache?.match(address).catch(() => null);
  const asked = mine ? null : get(address, file, "default");
  asked?.catch(() => {}); // it is told in its turn
  await before;
  let found = await checked(mine, file).catch(() => null); // a disk may not give it back
  if (!found) {
    const first = await (asked ?? get(address, file, "default")).catch((error) => {
      if (self.crypto.subtle) throw error; // what was altered is found here in the same way
    });
    found = (await checked(first, file)) || (await checked(await get(address, file, "reload"), file));
    if (!found) throw new Error(`${name} is not the file it should be`);
    // A full disk takes nothing away from the reader.
    cache?.put(address, new Response(new Blob(found.sent), { headers: { "Content-Type": type } })).catch(() => {});
  }
  return { content: found.content, type };
}

// Return the manifest, unless what comes is something else, such as the login page of a network, and its address.
async function bringManifest() {
  const address = new URL(`manifest.json${self.location.search}`, self.location).href;
  const read = (response) => response.json().catch(() => null);
  const isRight = (content) => content?.files && content.later;
  let manifest = await read(await get(address));
  if (!isRight(manifest)) manifest = await read(await get(address, null, "reload"));
  if (!isRight(manifest)) throw new Error("manifest.json is not the file it should be");
  for (const file of [...manifest.files, ...manifest.later]) files.set(file.name, file);
  return { manifest, address };
}

// Scripts are run from the bytes that were checked.
export function runScript(content) {
  const address = URL.createObjectURL(new Blob([content], { type: "text/javascript" })); // importScripts insists
  try {
    importScripts(address);
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function bringDecoder() {
  runScript((await bring(DECODER)).content);
}

// Files of former editions are kept no longer than those of this one are there.
async function forgetFormer() {
  const cache = await store;
  const ours = new Set([...files.values()].map(source));
  for (const { url } of (await cache?.keys()) ?? []) {
    if (url.startsWith(folder) && !ours.has(url)) await cache.delete(url);
  }
  return {};
}

// Answer each question, {id, task, name}: with what the task returns, or with its problem. Files come in the order
// in which they are asked for, after what unpacks them.
export function bringFiles() {
  const lines = Array(LINES).fill(Promise.resolve());
  let [turn, last] = [0, null];
  store = self.caches?.open("frenkel-book").catch(() => null);
  const tasks = {
    bringManifest,
    forgetFormer,
    bringInTurn(name) {
      decoder ??= bringDecoder();
      const here = turn++ % LINES;
      const before = last;
      const promise = lines[here].then(() => bring(name, before));
      last = lines[here] = promise.catch(() => {});
      return promise;
    },
  };
  self.onmessage = async ({ data: { id, task, name } }) => {
    try {
      speak({ id, ...(await tasks[task](name)) });
    } catch ({ message }) {
      speak({ id, problem: message });
    }
  };
}
