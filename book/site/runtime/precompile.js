"use strict";
// Compile the Python in archives ahead of time, with the very Python that will run them in the browser:
// node precompile.js RUNTIME SOURCE TARGET LEVEL. RUNTIME holds Pyodide's core files and a lock file; every archive
// of SOURCE is written to TARGET with bytecode in place of source. LEVEL is 2 for packages without docstrings, as
// python -OO has them, or 0, where frenkel's own wheel keeps its source; the standard library never has any.

const fs = require("fs");
const path = require("path");

const PYTHON = `
import importlib.util, marshal, zipfile

# Flags 1: bytecode that belongs to its source by promise; nobody compares dates.
HEAD = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8)

def bytecode(source, name, level):
    # Of this module NumPy hands the docstrings on, and insists on them.
    if name.endswith("/numpy/_core/multiarray.py"):
        level = 0
    optimize = 2 if name.startswith("/lib/python312.zip") else level
    return HEAD + marshal.dumps(compile(source, name, "exec", dont_inherit=True, optimize=optimize))

def precompile(place, keep_source, level):
    with zipfile.ZipFile("/source.zip") as old, zipfile.ZipFile("/target.zip", "w") as new:
        def write(name, data):
            new.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED, 9)
        for member in old.infolist():
            data = old.read(member)
            try:
                code = bytecode(data, place + member.filename, level) if member.filename.endswith(".py") else None
            except SyntaxError:  # the standard library carries some for its own tests
                code = None
            if code is None or keep_source:
                write(member.filename, data)
            if code is not None and keep_source:
                folder, _, name = member.filename.rpartition("/")
                write(f"{folder}/__pycache__/{name[:-3]}.cpython-312.pyc", code)
            elif code is not None:
                write(member.filename + "c", code)

precompile
`;

async function main([runtime, source, target, level]) {
  const { loadPyodide } = require(path.resolve(runtime, "pyodide.js"));
  const python = await loadPyodide({ indexURL: path.resolve(runtime) + path.sep });
  const precompile = python.runPython(PYTHON);
  for (const name of fs.readdirSync(source)) {
    const place = name === "python_stdlib.zip" ? "/lib/python312.zip/" : "/lib/python3.12/site-packages/";
    python.FS.writeFile("/source.zip", fs.readFileSync(path.join(source, name)));
    precompile(place, name.startsWith("frenkel-") && level === "0", Number(level));
    fs.writeFileSync(path.join(target, name), python.FS.readFile("/target.zip"));
  }
}

main(process.argv.slice(2)).then(
  () => process.exit(0),
  (error) => {
    console.error(String(error));
    process.exit(1);
  },
);
