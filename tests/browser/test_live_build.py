"""What the site serves to explorers is complete, verified and today's; a notebook gets the same figure."""

import hashlib
import json
import lzma
import re
import shutil
import subprocess
import zipfile
from collections import ChainMap
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from pathlib import Path

import frenkel
import ipywidgets
import numpy as np
import packing
import pytest
import runtime
import serve
from fontTools.ttLib import TTFont
from frenkel.explore import EXPLORERS
from frenkel.explore.hosts import notebook
from matplotlib.ft2font import FT2Font

LIBRARY = Path(frenkel.__file__).parent


def test_site_holds_every_file_that_a_page_loads(site):
    folder = site / "_live" / "pyodide"
    manifest = json.loads((site / "_live" / "manifest.json").read_text("utf-8"))
    files = {file["name"]: file for file in [*manifest["files"], *manifest["later"]]}
    for name, file in files.items():
        sent = (folder / (f"{name}.xz" if "packed" in file else name)).read_bytes()
        assert len(sent) == file["sent"]
        assert hashlib.sha256(sent).hexdigest() == file.get("packed", file["sha256"])
        assert hashlib.sha256(unpacked(folder, name)).hexdigest() == file["sha256"]
    notebooks = json.loads((folder / "pyodide-lock.json").read_text("utf-8"))["packages"]
    assert {path.name.removesuffix(".xz") for path in folder.iterdir()} == {
        *files,
        *(package["file_name"] for package in notebooks.values()),
        "pyodide-lock.json",
        "python_stdlib.zip",
    }
    packages = json.loads((folder / "lock.json").read_text("utf-8"))["packages"]
    for found, read in (
        (notebooks, lambda name: (folder / name).read_bytes()),
        (packages, partial(unpacked, folder)),
    ):
        for package in found.values():
            assert hashlib.sha256(read(package["file_name"])).hexdigest() == package["sha256"], package[
                "name"
            ]
            assert set(package["depends"]) <= set(found)


def unpacked(folder, name):
    """What a page has of a file of Python."""
    packed = folder / f"{name}.xz"
    return lzma.decompress(packed.read_bytes()) if packed.is_file() else (folder / name).read_bytes()


def archives(site):
    """The members of library, core and rest."""
    library, *core, rest = (
        packing.members(unpacked(site / "_live" / "pyodide", f"{name}.zip"))
        for name in ("library", *packing.SHELVES, "rest")
    )
    together = ChainMap(*core)
    assert len(together) == sum(map(len, core)), "nothing stands on two shelves"
    return library, dict(together), rest


def test_a_first_touch_loads_less_than_half_of_what_notebooks_do(site):
    manifest = json.loads((site / "_live" / "manifest.json").read_text("utf-8"))
    assert sum(file["sent"] for file in manifest["files"]) < 7.2e6


def test_cells_have_all_that_is_in_the_archives(site):
    """In core and the rest over it nothing is lost, nothing is changed, and licenses are core."""
    folder = site / "_live" / "pyodide"
    library, core, rest = archives(site)
    whole = packing.members((folder / "python_stdlib.zip").read_bytes())
    for name, package in json.loads((folder / "pyodide-lock.json").read_text("utf-8"))["packages"].items():
        if name not in ("scipy", "openblas"):
            whole |= packing.members((folder / package["file_name"]).read_bytes())
    # Of the library Python takes the source that the rest lays beside it.
    short = {name for name in core if name.startswith("frenkel/")}
    assert short == {f"{name}c" for name in whole if re.fullmatch(r"frenkel/.*\.py", name)}
    assert {name: data for name, data in (core | library | rest).items() if name not in short} == whole
    assert not library.keys() & (core | rest).keys()
    both = core.keys() & rest.keys()
    assert {Path(name).suffix for name in both} == {".pyc", ".ttf"}
    assert all(core[name] != rest[name] for name in both), "nothing comes twice"
    assert {name for name in whole if ".dist-info/" in name and not name.endswith("/RECORD")} <= core.keys()


def test_a_list_of_the_core_that_names_what_is_not_there_stops_the_build(monkeypatch):
    monkeypatch.setattr(packing, "listed", lambda: ({"json", "numpy/lost.pyc"}, set()))
    library, wheel = packing.stored({"json/__init__.pyc": b"1"}), packing.stored({"numpy/version.pyc": b"2"})
    with pytest.raises(ValueError, match=r"core.txt lists numpy/lost.pyc.* run `make core`"):
        packing.split(library, [wheel], [wheel])


def test_the_worker_reads_what_is_packed(tmp_path):
    files = {"a/b.pyc": bytes(range(256)), "a/empty.ttf": b"", "größe.txt": b"1"}
    (tmp_path / "packed.zip").write_bytes(packing.stored(files))
    shutil.copy(Path(packing.__file__).parent / "worker" / "archive.js", tmp_path / "archive.mjs")
    script = tmp_path / "read.mjs"
    script.write_text("""
        import { readFileSync } from "node:fs";
        import { members } from "./archive.mjs";
        const { buffer } = new Uint8Array(readFileSync(process.argv[2]));
        process.stdout.write(JSON.stringify([...members(buffer)].map(([name, bytes]) => [name, [...bytes]])));
    """)
    read = subprocess.check_output([runtime.node(), script, tmp_path / "packed.zip"])
    assert {name: bytes(data) for name, data in json.loads(read)} == files


FONTS = "matplotlib/mpl-data/fonts/ttf/"


def test_fonts_of_explorers_draw_what_whole_ones_draw(site, tmp_path):
    """Bitmap, place and width, and every sign that the library's source holds."""
    _, core, rest = archives(site)
    written = {sign for file in LIBRARY.rglob("*.py") for sign in file.read_text("utf-8")}
    for name in ("DejaVuSans.ttf", "DejaVuSans-Oblique.ttf"):
        fonts = []
        for files in (core, rest):
            file = tmp_path / f"{len(fonts)}{name}"
            file.write_bytes(files[FONTS + name])
            fonts.append(FT2Font(str(file)))
        short, whole = (set(map(chr, font.get_charmap())) for font in fonts)
        assert written & whole <= short < whole
        told = [
            {str(entry) for entry in TTFont(BytesIO(files[FONTS + name]))["name"].names}
            for files in (core, rest)
        ]
        assert told[0] == told[1] and any("Bitstream" in words for words in told[0]), "the license is told"
        for words in ("AV To", *short):
            drawn = []
            for font in fonts:
                font.set_size(10.0, 96.0)
                font.set_text(words)
                font.draw_glyphs_to_bitmap()
                drawn.append(font.get_image())
            assert np.array_equal(*drawn), words


def test_python_is_told_of_no_font_that_is_not_there(site):
    _, core, rest = archives(site)
    listed = json.loads(core["matplotlib/fontlist.json"])["ttflist"]
    assert {f"matplotlib/mpl-data/{font['fname']}" for font in listed} <= (core | rest).keys()


def test_wheel_in_the_site_is_the_library_of_today(site):
    (wheel,) = (site / "_live" / "pyodide").glob("frenkel-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        for source in LIBRARY.rglob("*.py"):
            name = f"frenkel/{source.relative_to(LIBRARY).as_posix()}"
            assert archive.read(name) == source.read_bytes(), f"{name} is stale: run `make book`"


def test_server_is_silent_only_about_readers_who_leave(tmp_path, capsys):
    with serve.server(tmp_path) as server:
        for error, words in ((BrokenPipeError(), ""), (ValueError("a fault of ours"), "a fault of ours")):
            try:
                raise error
            except (ConnectionError, ValueError):
                server.handle_error(None, ("127.0.0.1", 1))
            assert words in (told := capsys.readouterr().err) and bool(told) == bool(words)


def test_a_file_with_another_hash_is_refused_by_name(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    right = {"pyodide.js": b"right"}
    lock = {"pyodide.js": {"sha256": hashlib.sha256(b"right").hexdigest(), "size": 5}}
    monkeypatch.setitem(runtime.LOCK, "files", lock)
    monkeypatch.setattr(runtime, "_from_directory", lambda names: iter([("pyodide.js", b"wrong")]))
    monkeypatch.setattr(runtime, "_from_wheel", lambda names: iter(right.items()))
    assert runtime.fetch() == right
    (cached,) = runtime.cache_folder().iterdir()
    cached.write_bytes(b"rotten")
    monkeypatch.setattr(runtime, "_from_wheel", lambda names: iter([("pyodide.js", b"also wrong")]))
    with pytest.raises(runtime.RuntimeMissing, match=r"lacks pyodide\.js .*provisa\S+ has another hash"):
        runtime.fetch()


@pytest.mark.parametrize("name", EXPLORERS)
def test_notebook_shows_the_figure_of_the_page(name, monkeypatch):
    explorer = EXPLORERS[name]
    static, about = notebook.mime_bundle(explorer)
    assert set(static) == {"text/plain", "image/png"}, "a book under construction opens no widget"
    assert static["text/plain"] == f"{explorer.title}. {explorer.at_rest()[2]}"
    assert about["image/png"]["alt"] == static["text/plain"]
    monkeypatch.delenv("FRENKEL_STATIC")
    assert "application/vnd.jupyter.widget-view+json" in notebook.mime_bundle(explorer)[0]


def without_event_loop(function, *arguments):
    """Call a function in a thread of its own: Playwright keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *arguments).result()


@pytest.mark.parametrize("name", EXPLORERS)
def test_widget_follows_its_sliders(name):
    without_event_loop(follow_sliders, EXPLORERS[name])


def follow_sliders(explorer):
    widget = notebook.Widget(explorer)
    start = widget.image.value, widget.sentence.value
    parameter = explorer.parameters[0]
    widget.controls[parameter.name].value = next(v for v in parameter.corners if v != parameter.default)
    assert (widget.image.value, widget.sentence.value) != start
    rows = [row.children for row in (widget.box.children[1], widget.box.children[-1])]
    buttons = {it.description: it for row in rows for it in row if isinstance(it, ipywidgets.Button)}
    for words, values in explorer.settings.items():
        buttons[words].click()
        assert {name: widget.values[name] for name in values} == pytest.approx(values)
    buttons["Reset"].click()
    assert widget.values == explorer.defaults
    assert widget.sentence.value == start[1]
