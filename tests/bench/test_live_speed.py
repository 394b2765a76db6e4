"""How long a reader waits, with an empty browser cache: to the first live figure, and from slider to figure.

The limits hold on two cores of a plain machine; `make bench` prints the figures (seconds).
"""

import json

import pytest
from frenkel.explore import EXPLORERS

START_LIMIT, MOVE_LIMIT, SIZE_LIMIT = 12.0, 0.5, 26e6

MOVES = """async (figure) => {
    const control = figure.querySelector("input");
    const seconds = [];
    for (let i = 0; i < 20; i++) {
        const start = performance.now();
        control.value = Number(control.min) + (control.max - control.min) * (i + 1) / 22;
        control.dispatchEvent(new Event("input", {bubbles: true}));
        const busy = () => figure.dataset.state === "busy" && performance.now() < start + 10_000;
        while (busy()) await new Promise(requestAnimationFrame);
        seconds.push((performance.now() - start) / 1000);
    }
    return seconds.sort((a, b) => a - b);
}"""

START = """async (figure) => {
    const start = performance.now();
    figure.querySelector("input").dispatchEvent(new Event("pointerdown", {bubbles: true}));
    const loading = () => figure.dataset.state === "loading" && performance.now() < start + 60_000;
    while (loading()) await new Promise(requestAnimationFrame);
    return (performance.now() - start) / 1000;
}"""


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context.new_page()
    context.close()


def test_download_is_small(site):
    manifest = json.loads((site / "_live" / "manifest.json").read_text("utf-8"))
    size = sum(file["size"] for file in manifest["files"])
    print(f"\nruntime: {size / 1e6:.1f} MB")
    assert size < SIZE_LIMIT


@pytest.mark.parametrize("name", EXPLORERS)
def test_explorer_is_quick(page, site, site_url, name):
    mark = f'data-explorer="{name}"'
    path = next(file for file in sorted(site.rglob("*.html")) if mark in file.read_text("utf-8"))
    page.goto(site_url + path.relative_to(site).as_posix())
    figure = page.locator(f"figure.explorer[{mark}]")
    start = figure.evaluate(START)
    moves = figure.evaluate(MOVES)
    late = moves[18]  # the 95th percentile of 20
    print(f"\n{name}: first touch to live {start:.1f}, slider to figure {moves[9]:.2f} (95 %: {late:.2f})")
    assert figure.get_attribute("data-state") == "live"
    assert start < START_LIMIT
    assert late < MOVE_LIMIT
