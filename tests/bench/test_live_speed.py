"""How long a reader waits, with an empty browser cache: to the first live figure, and from slider to figure.

The limits hold on two cores of a plain machine with nothing else to do.
"""

import itertools
import json

import pytest
from frenkel.explore import EXPLORERS, Slider

START_LIMIT, MOVE_LIMIT, SIZE_LIMIT = 12.0, 0.5, 26e6  # s, s, bytes

MOVE = """async ([figure, name, part]) => {
    const control = figure.querySelector(`[name="${name}"]`);
    control.value = Number(control.min) + (control.max - control.min) * part;
    control.dispatchEvent(new Event("input", {bubbles: true}));
    const end = performance.now() + 10_000;
    const busy = () => ["busy", "loading"].includes(figure.dataset.state) && performance.now() < end;
    while (busy()) await new Promise(requestAnimationFrame);
}"""


@pytest.fixture
def open_page(browser, site, site_url):
    """A function that opens the page of an explorer in a fresh browser and returns the figure."""
    contexts = []

    def open_page(name):
        mark = f'data-explorer="{name}"'
        path = next(file for file in sorted(site.rglob("*.html")) if mark in file.read_text("utf-8"))
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.goto(site_url + path.relative_to(site).as_posix())
        return page.locator(f"figure.explorer[{mark}]")

    yield open_page
    for context in contexts:
        context.close()


def wake(figure):
    figure.locator("input, select").first.dispatch_event("pointerdown")
    figure.page.wait_for_function(
        "figure => figure.dataset.state === 'live'", arg=figure.element_handle(), timeout=60_000
    )


def test_first_touch_to_live(benchmark, open_page, site):
    manifest = json.loads((site / "_live" / "manifest.json").read_text("utf-8"))
    benchmark.extra_info["bytes"] = size = sum(file["size"] for file in manifest["files"])
    name = next(iter(EXPLORERS))
    benchmark.pedantic(wake, setup=lambda: ((open_page(name),), {}), rounds=3)
    assert benchmark.stats.stats.median < START_LIMIT
    assert size < SIZE_LIMIT


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
