"use strict";
// Keeps what a reader has opened, so that it opens again without a network. Only what is, to the last byte, the
// file that the build has made is kept: a login page of a network, half a file or one of another edition is
// passed on and forgotten. Whatever is not the book's own is left alone.

const FILES = {}; // {path: the beginning of its SHA-256}, written here by kept.py
const KEPT = "frenkel-pages";
const home = new URL("./", self.location).href;
const TYPES = {
  css: "text/css",
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  json: "application/json",
  png: "image/png",
  svg: "image/svg+xml",
  woff: "font/woff",
  woff2: "font/woff2",
};

const pathOf = (url) => url.slice(home.length).split(/[?#]/)[0].replace(/(^|\/)$/, "$1index.html");
const endOf = (path) => path.slice(path.lastIndexOf(".") + 1);
const isOwn = (url) => url.startsWith(home) && Object.hasOwn(FILES, pathOf(url));

// Pages are kept without the state of an explorer or the words of a search, which make no other page; files with
// the version in their address.
const addressOf = (url) => (endOf(pathOf(url)) === "html" ? home + pathOf(url) : url.split("#")[0]);

async function isWhole(content, path) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
  const text = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return text.startsWith(FILES[path]);
}

// The content of an answer if it is the file that it should be; an answer that breaks off throws.
async function checked(response, path) {
  if (response?.status !== 200) return null;
  const content = await response.arrayBuffer();
  return (await isWhole(content, path)) ? content : null;
}

// First the new one is put, which a full disk may refuse, then those with other versions in their address go.
async function keep(url, content, headers) {
  const address = addressOf(url);
  const cache = await caches.open(KEPT);
  await cache.put(address, new Response(content, { headers }));
  for (const other of await cache.keys(address, { ignoreSearch: true })) {
    if (other.url !== address) await cache.delete(other);
  }
}

// Some hosts name no type, or a wrong one; of what the bytes are there is no doubt.
function headersOf(response, path) {
  const headers = new Headers(response.headers);
  headers.delete("Content-Encoding");
  headers.delete("Content-Length");
  if (TYPES[endOf(path)]) headers.set("Content-Type", TYPES[endOf(path)]);
  return headers;
}

async function kept(url, options) {
  const cache = await caches.open(KEPT).catch(() => null);
  return (await cache?.match(addressOf(url), options)) ?? null;
}

// What is kept and its content, if the disk still gives it back.
async function readable(url, options) {
  try {
    const mine = await kept(url, options);
    return mine && { mine, content: await mine.clone().arrayBuffer() };
  } catch {
    return null;
  }
}

// A page comes from the network as long as there is one, word by word; it is checked beside.
async function page(event) {
  const { request } = event;
  const path = pathOf(request.url);
  try {
    const response = await fetch(request);
    if (response.status >= 500) throw new Error(response.statusText);
    if (isOwn(request.url)) {
      const copy = response.clone();
      const store = async () => {
        const content = await checked(copy, path);
        if (content) await keep(request.url, content, headersOf(copy, path));
      };
      event.waitUntil(store().catch(() => {}));
    }
    return response;
  } catch {
    return (await readable(request.url))?.mine ?? notHere();
  }
}

function notHere() {
  const words =
    "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>" +
    "<title>Not on this device</title><h1>Not on this device</h1><p>There is no network, and this page of " +
    `the book was not opened before. <a href="${home}">To the first page</a>`;
  return new Response(words, { status: 503, headers: { "Content-Type": TYPES.html } });
}

// Another file of the book comes from what is kept, if that is whole, and else from the network; if the answer is
// not the file, once more past the browser's own cache, which may be what answers wrongly.
async function file(event) {
  const { request } = event;
  const path = pathOf(request.url);
  const found = await readable(request.url);
  if (found && (await isWhole(found.content, path))) return found.mine;
  let other;
  for (const cache of ["default", "reload"]) {
    try {
      const response = await fetch(request.url, { cache });
      const copy = response.clone();
      const content = await checked(response, path);
      if (content) {
        const headers = headersOf(response, path);
        event.waitUntil(keep(request.url, content, headers).catch(() => {}));
        return new Response(content, { headers });
      }
      if (endOf(path) === "html" || !/html/.test(copy.headers.get("Content-Type"))) other = copy;
    } catch {
      // no network, or half an answer
    }
  }
  return found?.mine ?? other ?? (await readable(request.url, { ignoreSearch: true }))?.mine ?? Response.error();
}

// What a page has loaded before this worker was there.
async function take(urls) {
  for (const url of urls.filter(isOwn)) {
    if (await readable(url)) continue;
    try {
      const response = await fetch(url, { cache: "force-cache" });
      const content = await checked(response, pathOf(url));
      if (content) await keep(url, content, headersOf(response, pathOf(url)));
    } catch {
      // another time
    }
  }
}

async function tidy() {
  await self.clients.claim();
  const cache = await caches.open(KEPT);
  for (const { url } of await cache.keys()) {
    if (url.startsWith(home) && !isOwn(url)) await cache.delete(url);
  }
  const former = await caches.open("frenkel-book"); // where an earlier worker kept pages unchecked; Python stays
  for (const { url } of await former.keys()) {
    if (url.startsWith(home) && !url.startsWith(`${home}_live/pyodide/`)) await former.delete(url);
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(tidy().catch(() => {})));
self.addEventListener("message", (event) => event.waitUntil(take(event.data.keep)));
self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  if (method !== "GET") return;
  if (mode === "navigate") {
    if (isOwn(url) || url.startsWith(`${home}book/`)) event.respondWith(page(event));
  } else if (isOwn(url)) event.respondWith(file(event));
});
