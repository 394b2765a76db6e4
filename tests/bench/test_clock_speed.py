"""What playing costs: pictures in a second, the processor's share, and memory after five minutes of it.

The limits hold on two cores of a plain machine with nothing else to do, whose browser paints without graphics
hardware.
"""

import itertools
import os
import statistics
import time
from pathlib import Path

import pytest
from explorer_page import PLAYING, wake

RATE_LIMIT, SHARE_LIMIT, REST_LIMIT, GROWTH_LIMIT = 25, 0.5, 0.02, 40e6  # 1/s, of a core, of a core, bytes
LONG = 300  # s

PICTURES = """figure => {
    window.pictures = [];
    const context = figure.querySelector("canvas").getContext("2d");
    context.putImageData = function (...rest) {
        window.pictures.push(performance.now());
        CanvasRenderingContext2D.prototype.putImageData.apply(this, rest);
    };
}"""
# Play from the beginning again and again.
AGAIN = """figure => setInterval(() => {
    const play = figure.querySelector("[data-action=play]");
    if (play.textContent !== "Pause") play.click();
}, 200)"""


def renderer(page):
    """Return the process that draws the page: {"id", "cpuTime"}."""
    session = page.context.browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return max((it for it in processes if it["type"] == "renderer"), key=lambda it: it["cpuTime"])


def memory(page):
    pages = int(Path(f"/proc/{renderer(page)['id']}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def share(page, seconds):
    """Return the part of one core that the page's process uses."""
    before, start = renderer(page)["cpuTime"], time.perf_counter()
    page.wait_for_timeout(1000 * seconds)
    return (renderer(page)["cpuTime"] - before) / (time.perf_counter() - start)


@pytest.fixture
def playing(open_page):
    """A function that opens the explorer `name` awake and lets it play without end."""

    def play(name):
        figure = open_page(name)
        wake(figure)
        figure.scroll_into_view_if_needed()
        figure.evaluate(PICTURES)
        figure.evaluate(AGAIN)
        return figure

    return play


@pytest.mark.parametrize("name", PLAYING)
def test_playing(benchmark, playing, name):
    figure = playing(name)
    page = figure.page
    page.wait_for_timeout(1000)
    page.evaluate("() => { window.pictures = []; }")
    used = benchmark.pedantic(share, args=(page, 6), rounds=1)
    shown = page.evaluate("window.pictures")
    rate = 1000 / statistics.median(after - before for before, after in itertools.pairwise(shown))
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    page.wait_for_timeout(1000)
    rests = share(page, 3)
    benchmark.extra_info.update({"pictures per s": rate, "of a core": used, "out of sight": rests})
    print(f"\n{name}: {rate:.0f} pictures a second, {used:.2f} of a core; out of sight {rests:.3f}")
    assert rate >= RATE_LIMIT
    assert used <= SHARE_LIMIT
    assert rests <= REST_LIMIT


def test_five_minutes(benchmark, playing):
    page = playing("exciton").page
    page.wait_for_timeout(20_000)  # until what is made once has been made
    before = memory(page)
    benchmark.pedantic(page.wait_for_timeout, args=(1000 * LONG,), rounds=1)
    after = memory(page)
    benchmark.extra_info.update({"bytes before": before, "bytes after": after})
    print(f"\nafter {LONG} s of play {after / 1e6:.0f} MB, before {before / 1e6:.0f} MB")
    assert after - before < GROWTH_LIMIT
