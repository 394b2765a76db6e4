"use strict";
// List the files of Python that explorers use, in Node.js: node used.js RUNTIME CODE. RUNTIME holds Pyodide and, in
// its folder `packages`, all that is beside Python; CODE is Python that does what explorers do and ends with a list
// of the modules' files. Out come those that were opened, and those of which was asked no more than whether they
// are there.

const fs = require("fs");
const path = require("path");

async function main([runtime, code]) {
  const { loadPyodide } = require(path.resolve(runtime, "pyodide.js"));
  const python = await loadPyodide({
    indexURL: path.resolve(runtime) + path.sep,
    env: { HOME: "/home/pyodide", MPLBACKEND: "agg", FRENKEL_STATIC: "1" },
    stdout: () => {},
    stderr: () => {},
  });
  const { FS } = python;
  python.mountNodeFS("/lib/python3.12/site-packages", path.resolve(runtime, "packages"));
  python.pyimport("sys").path_importer_cache.clear();
  const found = { open: new Set(), stat: new Set() };
  for (const [name, files] of Object.entries(found)) {
    const plain = FS[name].bind(FS);
    FS[name] = (file, ...others) => {
      const result = plain(file, ...others);
      if (typeof file === "string") files.add(file);
      return result;
    };
  }
  const imported = python.runPython(fs.readFileSync(code, "utf8"));
  for (const file of imported.toJs()) found.open.add(file);
  const opened = [...found.open];
  const seen = [...found.stat].filter((file) => !found.open.has(file));
  const isFile = (file) => FS.analyzePath(file).exists && FS.isFile(FS.stat(file).mode);
  const isPythons = (file) => file.startsWith("/lib/") && (file.includes(".zip/") || isFile(file));
  process.stdout.write(JSON.stringify({ opened: opened.filter(isPythons), seen: seen.filter(isPythons) }));
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    console.error(error.message ?? error);
    process.exit(1);
  },
);
