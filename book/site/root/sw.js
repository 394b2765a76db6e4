"use strict";
// Keeps what a reader has opened, so that it opens again without a network. Pages and whatever has no version
// in its address come from the network as long as there is one; an address with a version (`?v=…`) never
// changes its content and comes from what is kept.

const KEPT = "frenkel-book"; // site.js and worker.js put into it too
const home = new URL("./", self.location).href;
const elsewhere = new URL("lite/", home).href; // the notebooks' own service worker looks after these

self.addEventListener("install", () => self.skipWaiting());

// The state in the link of an explorer, or the words of a search, make no other page.
function addressOf(request) {
  const url = new URL(request.url);
  url.hash = "";
  if (request.mode === "navigate") url.search = "";
  return url.href;
}

async function answer(event) {
  const { request } = event;
  const cache = await caches.open(KEPT);
  const address = addressOf(request);
  if (address.includes("?")) {
    const kept = await cache.match(address);
    if (kept) return kept;
  }
  try {
    const response = await fetch(request);
    if (response.status === 200) {
      const copy = response.clone();
      const keep = async () => {
        await cache.delete(address, { ignoreSearch: true }); // other versions of it
        await cache.put(address, copy);
      };
      event.waitUntil(keep().catch(() => {})); // a full disk takes nothing away from the reader
    }
    return response;
  } catch (error) {
    const kept = await cache.match(address, { ignoreSearch: true });
    if (kept) return kept;
    if (request.mode !== "navigate") throw error;
    const words =
      "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>" +
      "<title>Not on this device</title><h1>Not on this device</h1><p>There is no network, and this page of " +
      `the book was not opened before. <a href="${home}">To the first page</a>`;
    return new Response(words, {
      status: 503,
      headers: { "Content-Type": "text/html; charset=utf-8" },
    });
  }
}

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(home) && !url.startsWith(elsewhere)) event.respondWith(answer(event));
});
