"""How long a reader waits for a live cell: at first, on a second visit, at the next run. How many bytes come.

The limits hold on two cores of a plain machine with nothing else to do.
"""

import json
import time

import pytest
from explorer_page import wake
from live_page import cells_of, run, write

BEYOND, AGAIN_LIMIT = 3.0, 0.3  # s: beyond the start of an explorer; when Python is there
EDITOR_LIMIT, BEFORE_LIMIT = 400e3, 6e3  # bytes
CHAPTER = "book/chapters/07-enaqt.html"
NUMPY = "import numpy as np\nprint(np.linalg.eigvalsh(np.eye(3)).sum())"
# Leave out the set-up above the first cell, and the picture that belongs to it.
ALONE = """() => {
    document.querySelector(".cell.tag_hide-input:not([data-live]) pre").textContent = "";
    document.querySelector("[data-live]").after(document.createElement("hr"));
}"""


@pytest.fixture
def visit(browser, site_url):
    """A function that opens chapter 7, in a fresh browser or in the same; it returns the first cell."""
    contexts = []

    def open_chapter(again=False):
        if not again:
            contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].pages[0] if again else contexts[-1].new_page()
        page.goto(site_url + CHAPTER)
        return cells_of(page)[0]

    yield open_chapter
    for context in contexts:
        context.close()


def with_numpy_alone(cell):
    cell.page.evaluate(ALONE)
    write(cell, NUMPY)
    return (cell,), {}


def explorer_start(open_page):
    """Seconds from the first touch of an explorer to its figure."""
    figure = open_page("enaqt")
    start = time.perf_counter()
    wake(figure)
    return time.perf_counter() - start


def test_first_press_to_output_with_numpy_alone(benchmark, visit, open_page):
    explorer = sorted(explorer_start(open_page) for _ in range(3))[1]
    benchmark.pedantic(run, setup=lambda: with_numpy_alone(visit()), rounds=3)
    print(f"\nan explorer starts in {explorer:.1f} s, a cell in {benchmark.stats.stats.median:.1f} s")
    assert benchmark.stats.stats.median < explorer + BEYOND


def test_press_to_output_on_a_second_visit(benchmark, visit):
    run(*with_numpy_alone(visit())[0])
    benchmark.pedantic(run, setup=lambda: with_numpy_alone(visit(again=True)), rounds=3)


def test_first_press_to_picture_of_a_chapter(benchmark, visit):
    """The set-up of the chapter, six curves of D(t) and their picture."""
    benchmark.pedantic(run, setup=lambda: ((visit(),), {}), rounds=1)


def test_next_press_to_output(benchmark, visit):
    cell = visit()
    with_numpy_alone(cell)
    run(cell)
    benchmark.pedantic(run, args=(cell,), rounds=5)
    assert benchmark.stats.stats.median < AGAIN_LIMIT


def test_bytes(benchmark, site, visit):
    cell, asked = visit(), set()
    cell.page.on("request", lambda request: asked.add(request.url.split("?")[0].rpartition("/_live/")[2]))
    benchmark.pedantic(run, args=with_numpy_alone(cell)[0], rounds=1)
    size = {path.name: path.stat().st_size for path in (site / "_live").iterdir() if path.is_file()}
    editor, before = (sum(map(size.get, names)) for names in (asked & size.keys(), ("cells.js", "cells.css")))
    listed = json.loads((site / "_live" / "manifest.json").read_text("utf-8"))
    python, later = (sum(file["size"] for file in listed[kind]) for kind in ("files", "later"))
    print(f"\nbytes before a press: {before}; scripts {editor}, Python {python}, SciPy {later}")
    assert before < BEFORE_LIMIT
    assert editor < EDITOR_LIMIT
