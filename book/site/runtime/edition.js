// A notebook that a reader has saved stays in the browser, where JupyterLite would show it ever after. Before it starts,
// a saved one of an older edition gets a name of its own, the book's is shown, and the reader is told. One in which
// nothing was changed just goes.

const here = new URL("./", import.meta.url);
const STORAGE = `JupyterLite Storage - ${here.pathname}`;
const PATIENCE = 3000; // ms that this may take; another time will do
const LOOK =
  "position: fixed; inset: auto 1rem 1rem; z-index: 20000; max-width: 40rem; padding: 0.75rem 1rem; " +
  "border: 2px solid #00598c; border-radius: 6px; background: #fff; color: #000; font: 1rem/1.4 system-ui, sans-serif";

const done = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

// The mark that lite_editions.py makes of the text of a notebook's cells. On an address without https browsers make
// none: then a notebook counts as changed.
async function mark({ cells }) {
  const texts = cells.map(({ cell_type: kind, source }) => [kind, [source].flat().join("")]);
  const digest = await crypto.subtle?.digest("SHA-256", new TextEncoder().encode(JSON.stringify(texts)));
  return digest && [...new Uint8Array(digest, 0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function openStorage() {
  const request = indexedDB.open(STORAGE);
  request.onupgradeneeded = () => request.transaction.abort(); // nothing has been kept yet
  return done(request);
}

// The notebooks of an older edition, [{name, kept, changed}]. The book's new ones are asked for past the browser's own
// cache, and are on their way.
async function older(storage, patience) {
  const files = () => storage.transaction("files").objectStore("files");
  const names = await done(files().getAllKeys());
  if (!names.length) return [];
  const answer = await fetch(new URL("editions.json", here), { cache: "no-cache", signal: patience });
  const editions = await answer.json();
  const look = async (name) => {
    const kept = await done(files().get(name));
    const edition = kept?.content?.metadata?.frenkel?.edition;
    if (!Array.isArray(kept?.content?.cells) || edition === editions[name]) return null;
    const now = await mark(kept.content);
    if (now === editions[name]) return null; // from before this script, but its text is the book's
    const fresh = await fetch(new URL(`files/${name}`, here), { cache: "reload" });
    fresh.blob().catch(() => {});
    return fresh.ok ? { name, kept, changed: !now || now !== edition } : null;
  };
  const found = await Promise.all(names.filter((name) => Object.hasOwn(editions, name)).map(look));
  return found.filter(Boolean);
}

function nameFor({ name, kept }, taken) {
  const stem = `${name.replace(/\.ipynb$/, "")}-yours-${String(kept.last_modified).slice(0, 10)}`;
  let other = `${stem}.ipynb`;
  for (let count = 2; taken.has(other); count += 1) other = `${stem}-${count}.ipynb`;
  return other;
}

// All or nothing; what another tab has saved meanwhile waits for the next start. Return the new names.
async function setAside(storage, found) {
  const transaction = storage.transaction("files", "readwrite");
  const ended = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  const files = transaction.objectStore("files");
  const taken = new Set(await done(files.getAllKeys()));
  const names = [];
  for (const item of found) {
    const present = await done(files.get(item.name));
    if (present?.last_modified !== item.kept.last_modified) continue;
    if (item.changed) {
      const other = nameFor(item, taken);
      files.put({ ...present, name: other, path: other }, other);
      taken.add(other);
      names.push(other);
    }
    files.delete(item.name);
  }
  await ended;
  return names;
}

function tell(names) {
  const box = document.createElement("div");
  box.id = "edition-news";
  box.style.cssText = LOOK;
  box.setAttribute("role", "alert");
  const links = names.map((name) => {
    const link = document.createElement("a");
    [link.href, link.textContent] = [new URL(`notebooks/index.html?path=${encodeURIComponent(name)}`, here), name];
    link.style.cssText = "color: #00598c";
    return link;
  });
  const button = document.createElement("button");
  button.textContent = "Close";
  button.addEventListener("click", () => box.remove());
  const words = "The book has a new edition, which is shown; what you had changed in the older one is kept as ";
  box.append(words, ...links.flatMap((link, at) => (at ? [", ", link] : [link])), ". ", button);
  document.body.append(box);
}

async function look(patience) {
  const storage = await openStorage();
  try {
    const found = await older(storage, patience);
    patience.throwIfAborted(); // JupyterLite may have read the older one by now
    const names = await setAside(storage, found);
    if (names.length) tell(names);
  } finally {
    storage.close(); // or JupyterLite could not change it
  }
}

const patience = AbortSignal.timeout(PATIENCE);
const late = new Promise((resolve) => patience.addEventListener("abort", resolve));
// No network, or a browser that keeps nothing: then there is nothing to set aside, now or at all.
await Promise.race([look(patience).catch(() => {}), late]);
