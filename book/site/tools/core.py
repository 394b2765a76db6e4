"""Write `core.txt`, the list of what explorers use of Python: what a page loads at a first touch.

Every explorer is drawn in both layouts and themes, at its defaults, at the ends of each of its sliders and at
every option; its numbers are asked for, and a value that it refuses. What is opened meanwhile is the core. Of
a font that Matplotlib never opens it wants to see that it is there: an empty file will do.
"""

import io
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

SITE = Path(__file__).parents[1]
sys.path[:0] = [str(SITE / "runtime"), str(SITE / "extensions"), str(SITE)]

import live_site  # noqa: E402
import packing  # noqa: E402
import runtime  # noqa: E402

PYTHON = """
import json, sys, traceback, warnings
sys.modules["ctypes"] = None  # NumPy goes without it where it is not
from frenkel.explore import EXPLORERS
from frenkel.explore.hosts.live import Desk

desk = Desk()
for name, explorer in EXPLORERS.items():
    states = [explorer.defaults]
    states += [
        explorer.defaults | {part.name: corner} for part in explorer.parameters for corner in part.corners
    ]
    for layout in ("wide", "narrow"):
        for theme in ("light", "dark"):
            for values in states:
                desk.show(name, json.dumps(values), layout, theme, 720)
    desk.numbers(name, json.dumps(explorer.defaults))
    try:
        desk.show(name, json.dumps({explorer.parameters[0].name: "no value"}), "wide", "light", 720)
    except (TypeError, ValueError) as error:
        traceback.format_exception(error)
warnings.warn("as a model may")
specs = [getattr(module, "__spec__", None) for module in list(sys.modules.values())]
[spec.origin for spec in specs if spec and spec.origin]
"""
LIBRARY, PACKAGES = "/lib/python312.zip/", "/lib/python3.12/site-packages/"
HEAD = "# What explorers use of Python and its packages; written by `make core`.\n"


def used(folder, code):
    """Return {"opened", "seen"}: paths of Python's files that `code` has, with the runtime in `folder`."""
    script = folder / "used.py"
    script.write_text(code, "utf-8")
    command = [runtime.node(), SITE / "runtime" / "used.js", folder, script]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"The explorers could not be drawn: {done.stderr.strip()}")
    return json.loads(done.stdout)


def lines(opened, seen):
    """Return the lines of `core.txt`: top-level names of the library, files of packages but frenkel's."""
    fonts = {path for path in seen if path.endswith(".ttf")}
    paths = {*opened, *seen} - fonts
    library = {packing.top(path.removeprefix(LIBRARY)) for path in paths if path.startswith(LIBRARY)}
    packages = {path.removeprefix(PACKAGES) for path in paths if path.startswith(PACKAGES)}
    files = sorted(name for name in packages if not name.startswith("frenkel"))
    return [*sorted(library), *files, *(f"empty {path.removeprefix(PACKAGES)}" for path in sorted(fonts))]


def main():
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        wheel = live_site.build_wheel(folder)
        for name, data in runtime.whole(wheel).items():
            (folder / name).write_bytes(data)
        for data in runtime.abridged(wheel).values():
            with zipfile.ZipFile(io.BytesIO(data)) as opened:
                opened.extractall(folder / "packages")
        found = lines(**used(folder, PYTHON))
    (SITE / "runtime" / "core.txt").write_text(HEAD + "\n".join(found) + "\n", "utf-8")
    print(f"{len(found)} names in core.txt")


if __name__ == "__main__":
    main()
