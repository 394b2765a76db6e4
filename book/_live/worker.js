"use strict";
// One worker a page: it starts Python (Pyodide) from the files beside it and answers, one request after
// the other, with read-outs and pictures. `frenkel.explore.live` does the work.

const version = self.location.search;
const folder = new URL("pyodide/", self.location).href;
let desk;

// Files are counted as they stream in, so that the page can say how much is still to come.
const progress = { loaded: 0, total: 0, problem: "" };

function report(words) {
  postMessage({ type: "progress", loaded: progress.loaded, total: progress.total, words });
}

function count(bytes) {
  progress.loaded += bytes;
  const megabytes = (number) => (number / 1e6).toFixed(1);
  report(`Starting Python: ${megabytes(progress.loaded)} of ${megabytes(progress.total)} MB`);
}

const plainFetch = self.fetch.bind(self);

async function load(url, options) {
  const name = String(url).split("/").pop().split("?")[0];
  let response;
  try {
    response = await plainFetch(url, options);
  } catch {
    progress.problem ||= `${name} could not be loaded`;
    throw new Error(progress.problem);
  }
  if (!response.ok) {
    progress.problem ||= `${name} could not be loaded (HTTP ${response.status})`;
    throw new Error(progress.problem);
  }
  return response;
}

self.fetch = async (url, options) => {
  const response = await load(url, options);
  const counted = response.body.pipeThrough(
    new TransformStream({
      transform(chunk, stream) {
        count(chunk.byteLength);
        stream.enqueue(chunk);
      },
    }),
  );
  return new Response(counted, { status: response.status, headers: response.headers });
};

function script(name, size) {
  try {
    importScripts(folder + name);
  } catch (error) {
    progress.problem ||= `${name} could not be loaded`;
    throw error;
  }
  count(size);
}

async function start() {
  const manifest = await (await load(new URL(`manifest.json${version}`, self.location))).json();
  const size = Object.fromEntries(manifest.files.map((file) => [file.name, file.size]));
  progress.total = manifest.files.reduce((sum, file) => sum + file.size, 0);
  for (const name of ["pyodide.js", "pyodide.asm.js"]) script(name, size[name]);
  const pyodide = await loadPyodide({
    indexURL: folder,
    lockFileURL: `${folder}pyodide-lock.json${version}`,
    packages: ["frenkel"],
    env: { HOME: "/home/pyodide", MPLBACKEND: "agg" },
    stdout: () => {},
    stderr: (line) => console.debug(line),
  });
  if (progress.problem) throw new Error(progress.problem);
  report("Starting Python: loading NumPy and Matplotlib");
  desk = pyodide.runPython("from frenkel.explore.live import Desk; Desk()");
}

const started = start().then(
  () => postMessage({ type: "ready" }),
  (error) => {
    const reason = progress.problem || String(error.message || error).trim().split("\n").pop();
    postMessage({ type: "failed", reason });
  },
);

function answer({ task, explorer, values, layout, theme, width }) {
  if (task === "numbers") return { csv: desk.numbers(explorer, values) };
  const shown = desk.show(explorer, values, layout, theme, width);
  const reply = shown.toJs({ dict_converter: Object.fromEntries });
  shown.destroy();
  return reply;
}

self.onmessage = async ({ data }) => {
  await started;
  let reply;
  try {
    reply = answer(data);
  } catch (error) {
    reply = { error: `The model stopped: ${String(error.message || error).trim().split("\n").pop()}` };
  }
  const transfer = reply.pixels ? [reply.pixels.buffer] : [];
  postMessage({ type: "answer", id: data.id, ...reply }, transfer);
};
