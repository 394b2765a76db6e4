"""Sphinx extension: tells the service worker which files the book has, and what is in them.

It keeps for a visit without a network only what is, to the last byte, a file of this list.
"""

import hashlib
import json
from pathlib import Path

PLACE = "const FILES = {};"
DIGITS = 12  # of a hash: enough to tell files from each other and from accidents
# The notebooks' own worker looks after `lite`, worker.js after Python; the others no page loads.
OTHERS = ("lite", "_live/pyodide", "_sources", "assignments", "_static/locales")
UNKEPT = {"sw.js", "404.html", ".buildinfo", "objects.inv"}


def mark(content):
    return hashlib.sha256(content).hexdigest()[:DIGITS]


def files_of(site):
    """Return {path: the beginning of its SHA-256} of what pages of the site show and load."""
    found = {}
    for file in sorted(site.rglob("*")):
        path = file.relative_to(site).as_posix()
        if file.is_file() and file.suffix != ".map" and path not in UNKEPT:
            if not any(path.startswith(f"{folder}/") for folder in OTHERS):
                found[path] = mark(file.read_bytes())
    return found


def write_worker(site):
    """Write the service worker of a site, with the list of the files it has now."""
    worker = (Path(__file__).parents[1] / "root" / "sw.js").read_text("utf-8")
    listed = json.dumps(files_of(site), separators=(",", ":"))
    (site / "sw.js").unlink(missing_ok=True)
    (site / "sw.js").write_text(worker.replace(PLACE, f"const FILES = {listed};"), "utf-8")


def finish(app, exception):
    if not exception and app.builder.format == "html":
        write_worker(Path(app.outdir))


def setup(app):
    app.connect("build-finished", finish, priority=900)  # when every file is there
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
