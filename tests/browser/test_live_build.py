"""What the site serves to explorers is complete, verified and today's; a notebook gets the same figure."""

import hashlib
import json
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import frenkel
import ipywidgets
import pytest
import runtime
import serve
from frenkel.explore import EXPLORERS
from frenkel.explore.hosts import notebook

LIBRARY = Path(frenkel.__file__).parent


def test_site_holds_every_file_that_a_page_loads(site):
    folder = site / "_live" / "pyodide"
    manifest = json.loads((site / "_live" / "manifest.json").read_text("utf-8"))
    assert {file["name"]: file["size"] for file in [*manifest["files"], *manifest["later"]]} == {
        path.name: path.stat().st_size for path in folder.iterdir()
    }
    packages = json.loads((folder / "pyodide-lock.json").read_text("utf-8"))["packages"]
    for package in packages.values():
        content = (folder / package["file_name"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == package["sha256"], package["name"]
        assert set(package["depends"]) <= set(packages)


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
