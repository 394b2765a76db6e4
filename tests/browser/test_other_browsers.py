"""The book in Firefox and in WebKit, the engine of Safari: all other tests read it in Chromium."""

import os
import shutil
from pathlib import Path

import pytest
from conftest import serve_folder
from engines import ENGINES
from explorer_page import CONTROLS, assert_numbers, meant, refusal_of
from frenkel.explore import EXPLORERS

pytestmark = pytest.mark.filterwarnings("ignore:setting remote_server_addr")  # selenium says it to itself

READER = f"<script>{Path(__file__).with_name('reader.js').read_text('utf-8')}</script>"
PHONE = """<!doctype html><meta charset="utf-8"><title>A phone</title>
<iframe width="390" height="800" style="border: 0"></iframe>"""
# Open a page on the phone; return how far it can be moved sideways.
OPEN = """(url) => new Promise((resolve) => {
    const phone = document.querySelector("iframe");
    phone.onload = () => {
        const { scrollWidth, clientWidth } = phone.contentDocument.documentElement;
        resolve(scrollWidth - clientWidth);
    };
    phone.src = url;
})"""


@pytest.fixture(scope="module")
def copy(site, everything, tmp_path_factory):
    """The site with two pages more: one with all explorers, and one with a window as narrow as a phone."""
    path, html = everything
    folder = tmp_path_factory.mktemp("copy") / "site"
    shutil.copytree(site, folder, copy_function=os.symlink)
    folder.joinpath(path).with_name("gallery.html").write_text(html.replace("<head>", f"<head>{READER}"), "utf-8")
    folder.joinpath("phone.html").write_text(READER + PHONE, "utf-8")
    return folder


@pytest.fixture(scope="module", params=ENGINES)
def gallery(request, site, copy, everything, tmp_path_factory):
    """The page with all explorers, awake."""
    server = serve_folder(copy)
    with ENGINES[request.param].start(tmp_path_factory.mktemp("profile")) as page:
        page.open(f"{server.url}{Path(everything[0]).with_name('gallery.html').as_posix()}")
        page.ask("() => Promise.all([...document.querySelectorAll('figure.explorer')].map(touch))")
        yield page
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", EXPLORERS)
def test_explorer_shows_what_the_library_says(gallery, name):
    explorer = EXPLORERS[name]

    def ask(function):
        return gallery.ask(f"() => ({function})(figureOf('{name}'))")

    seen = []
    for setting in (0, -1):
        positions = {}
        for parameter in explorer.parameters:
            end = parameter.corners[setting]
            positions[parameter.name] = parameter.to_position(end) if hasattr(parameter, "to_position") else end
        if setting:
            ask(f"(figure) => move(figure, {positions})")
        values = meant(explorer, ask(CONTROLS))
        shown = ask("look")
        seen.append(shown["picture"])
        if refusal := refusal_of(explorer, values):
            assert (shown["state"], shown["status"]) == ("error", refusal)
            continue
        assert shown["state"] == "live", shown["status"]
        assert shown["sentence"] == explorer.read_out(explorer.run(**values))
        assert_numbers(ask("numbers"), explorer, values)
    assert seen[0] != seen[1]
    assert gallery.ask("() => faults") == []


@pytest.mark.parametrize("engine", ENGINES)
def test_phone_and_second_visit_without_network(engine, copy, shown, tmp_path):
    server = serve_folder(copy)
    name = "dipoles"  # at this width its page once brought WebKit down
    path, _ = shown[name]
    figure = f"figureOf('{name}', document.querySelector('iframe').contentDocument)"
    with ENGINES[engine].start(tmp_path) as page:
        page.open(f"{server.url}phone.html")
        pages = "search.html?q=ENAQT", "book/notation.html", path
        assert [page.ask(OPEN, page_of_the_book) for page_of_the_book in pages] == [0, 0, 0]
        assert page.ask(f"() => touch({figure})") == "live"
        server.shutdown()
        server.server_close()
        assert page.ask(OPEN, path) == 0
        assert page.ask(f"() => touch({figure})") == "live"
        assert page.ask(f"() => look({figure})")["sentence"] == EXPLORERS[name].read_out(EXPLORERS[name].run())
