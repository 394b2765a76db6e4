"""How long a reader waits for a live cell: at first, on a second visit, at the next run. How many bytes come.

The limits hold on two cores of a plain machine with nothing else to do.
"""

import json
import time

import pytest
from explorer_page import wake
from frenkel.explore import EXPLORERS
from live_page import cells_of, run, write

MORE, AGAIN_LIMIT = 3.0, 0.3  # s: beyond the start of an explorer; a cell whose Python is there
EDITOR_LIMIT, BEFORE_LIMIT = 400e3, 6e3  # bytes
CHAPTER = "book/chapters/07-enaqt.html"
NUMPY = "import numpy as np\nprint(np.linalg.eigvalsh(np.eye(3)).sum())"


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


def plain(cell):
    """Make it a cell for NumPy alone: its editor opens without Python."""
    cell.locator("[data-action=edit]").click()
    cell.locator(".cm-content").wait_for()
    write(cell, NUMPY)
    cell.page.evaluate(
        "document.querySelectorAll('.cell.tag_hide-input:not([data-live]) pre')[0].textContent = ''"
    )


def explorer_start(open_page):
    """Seconds from the first touch of an explorer to its figure."""
    figure = open_page(next(iter(EXPLORERS)))
    start = time.perf_counter()
    wake(figure)
    return time.perf_counter() - start


def test_press_to_output_cold(benchmark, visit, open_page):
    """The set-up of the chapter and its first two cells, with a picture."""
    limit = sorted(explorer_start(open_page) for _ in range(3))[1] + MORE
    benchmark.extra_info["explorer's start (s)"] = limit - MORE
    benchmark.pedantic(run, setup=lambda: ((visit(),), {}), rounds=3)
    print(f"\nthe start of an explorer takes {limit - MORE:.1f} s")


def test_press_to_output_cold_with_numpy_alone(benchmark, visit, open_page):
    limit = sorted(explorer_start(open_page) for _ in range(3))[1] + MORE

    def fresh():
        cell = visit()
        plain(cell)
        return (cell,), {}

    benchmark.pedantic(run, setup=fresh, rounds=3)
    assert benchmark.stats.stats.median < limit


def test_press_to_output_on_a_second_visit(benchmark, visit):
    run(visit())

    def again():
        return (visit(again=True),), {}

    benchmark.pedantic(run, setup=again, rounds=3)


def test_press_to_output_again(benchmark, visit):
    cell = visit()
    run(cell)
    write(cell, NUMPY)
    run(cell)
    benchmark.pedantic(run, args=(cell,), rounds=5)


def test_bytes(site, visit):
    cell = visit()
    sizes, seen = {}, []
    cell.page.on("response", lambda answer: seen.append(answer))
    run(cell)
    cell.page.wait_for_load_state("networkidle")
    for answer in seen:
        sizes[answer.url.split("?")[0].rpartition("/_live/")[2]] = len(answer.body())
    editor = sum(size for name, size in sizes.items() if "pyodide" not in name)
    before = sum((site / "_live" / name).stat().st_size for name in ("cells.js", "cells.css"))
    listed = json.loads((site / "_live" / "manifest.json").read_text("utf-8"))
    later = sum(file["size"] for file in listed["later"])
    python = sum(sizes.values()) - editor
    print(f"\nbytes before a press: {before}; scripts {editor}, Python {python}, later {later}")
    assert before < BEFORE_LIMIT
    assert editor < EDITOR_LIMIT
