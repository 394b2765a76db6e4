"""How long a reader waits: for the page, for the first live figure, for the next, from slider to figure.

The limits hold on two cores of a plain machine with nothing else to do.
"""

import gzip
import itertools
import json

import pytest
from explorer_page import wake
from frenkel.explore import EXPLORERS, Slider

COLD_LIMIT, WARM_LIMIT, MOVE_LIMIT = 8.0, 4.0, 0.3  # s
RUNTIME_LIMIT, PAGE_LIMIT, PAINT_LIMIT = 27e6, 1e6, 1.5  # bytes, bytes gzipped, s

# The largest paint so far in ms, and how much of the page has jumped.
PAINT = """() => new Promise((resolve) =>
    new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime))
        .observe({type: "largest-contentful-paint", buffered: true}))"""
SHIFTS = """() => {
    window.shift = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => (window.shift += entry.value)))
        .observe({type: "layout-shift"});
}"""

MOVE = """async ([figure, name, part]) => {
    const control = figure.querySelector(`[name="${name}"]`);
    control.value = Number(control.min) + (control.max - control.min) * part;
    control.dispatchEvent(new Event("input", {bubbles: true}));
    const end = performance.now() + 10_000;
    const busy = () => ["busy", "loading"].includes(figure.dataset.state) && performance.now() < end;
    while (busy()) await new Promise(requestAnimationFrame);
}"""


def test_first_touch_to_live(benchmark, open_page, site):
    manifest = json.loads((site / "_live" / "manifest.json").read_text("utf-8"))
    benchmark.extra_info["bytes"] = size = sum(file["size"] for file in manifest["files"])
    name = next(iter(EXPLORERS))
    benchmark.pedantic(wake, setup=lambda: ((open_page(name),), {}), rounds=3)
    assert benchmark.stats.stats.median < COLD_LIMIT
    assert size < RUNTIME_LIMIT


def test_touch_on_the_next_page_of_the_visit(benchmark, open_page):
    """At once, before the page has had the time to start Python by itself."""
    figure = open_page(next(iter(EXPLORERS)))
    wake(figure)

    def another_visit():
        figure.page.reload()
        return (figure,), {}

    benchmark.pedantic(wake, setup=another_visit, rounds=3)
    assert benchmark.stats.stats.median < WARM_LIMIT


def test_first_page(benchmark, open_page):
    """What comes before any touch, and when the largest part of it is on the screen."""
    figure = open_page(next(iter(EXPLORERS)))
    loaded = []

    def visit():
        page = figure.page.context.browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.on("response", lambda answer: loaded.append(answer))
        page.goto(figure.page.url.split("?")[0], wait_until="networkidle")
        paints.append(page.evaluate(PAINT) / 1e3)
        benchmark.extra_info["gzipped bytes"] = sum(len(gzip.compress(answer.body(), 6)) for answer in loaded)
        loaded.clear()
        page.context.close()

    paints = []
    benchmark.pedantic(visit, rounds=3)
    benchmark.extra_info["largest paint (s)"] = paint = sorted(paints)[1]
    size = benchmark.extra_info["gzipped bytes"]
    print(f"\nfirst page: {size / 1e3:.0f} kB gzipped, painted in {paint:.2f} s")
    assert size < PAGE_LIMIT
    assert paint < PAINT_LIMIT


@pytest.mark.parametrize("name", EXPLORERS)
def test_nothing_jumps_when_an_explorer_wakes(benchmark, open_page, name):
    figure = open_page(name)
    figure.scroll_into_view_if_needed()
    figure.page.wait_for_load_state("networkidle")
    figure.page.evaluate(SHIFTS)
    benchmark.pedantic(wake, args=(figure,), rounds=1)
    assert figure.page.evaluate("window.shift") == 0


@pytest.mark.parametrize("name", EXPLORERS)
def test_slider_to_figure(benchmark, open_page, name):
    figure = open_page(name)
    wake(figure)
    handle = figure.element_handle()
    slider = next(parameter for parameter in EXPLORERS[name].parameters if isinstance(parameter, Slider))
    parts = itertools.count(1)

    def move():
        figure.page.evaluate(MOVE, [handle, slider.name, next(parts) / 22])

    benchmark.pedantic(move, rounds=20)
    assert sorted(benchmark.stats.stats.data)[18] < MOVE_LIMIT  # the 95th percentile of 20
