"""What a visit costs and how long it waits: python tests/bench/page_weight.py SITE [SITE ...].

A host that compresses, as GitHub Pages does, serves each site. The phone has a processor four times as slow
and the line that browsers' tools call "fast 3G".
"""

import gzip
import itertools
import mimetypes
import shutil
import sys
import threading
import time
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path

import serve

LAPTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 664}, "device_scale_factor": 3, "has_touch": True}
# Latency in ms, throughput in bytes a second.
LINE = {"offline": False, "latency": 562.5, "downloadThroughput": 180_000, "uploadThroughput": 84_375}
MACHINES = {
    "laptop": (LAPTOP, 1, None),
    "slow laptop": (LAPTOP, 4, None),
    "phone on fast 3G": (PHONE, 4, LINE),
}
PAGES = {"home": "book/index.html", "chapter 7": "book/chapters/07-enaqt.html"}
LIVE = "figure => figure.dataset.state === 'live'"
FIRST_PAINT = """() => new Promise((resolve) =>
    new PerformanceObserver((list) => {
        const paint = list.getEntriesByName("first-contentful-paint")[0];
        if (paint) resolve(paint.startTime / 1000);
    }).observe({type: "paint", buffered: true}))"""


class Compressing(serve.Handler):
    """Sends texts and programs compressed and keeps connections, as a host of static sites does."""

    protocol_version = "HTTP/1.1"

    @staticmethod
    @cache
    def packed(path):
        return gzip.compress(Path(path).read_bytes(), 6)

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        kind = mimetypes.guess_type(path)[0] or ""
        if not path.is_file() or kind.startswith("image/png") or path.suffix in (".woff2", ".whl", ".zip"):
            return super().do_GET()
        body = self.packed(str(path))
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", self.date_time_string(path.stat().st_mtime))
        self.end_headers()
        return self.wfile.write(body)


@contextmanager
def hosted(site):
    http = serve.Server(("127.0.0.1", 0), partial(Compressing, directory=str(site)))
    threading.Thread(target=http.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{http.server_port}/"
    http.shutdown()
    http.server_close()


@contextmanager
def visit(browser, machine, url):
    """Open a page in a browser that has seen nothing; yield it and the bytes of each file that it loads."""
    look, slowness, line = MACHINES[machine]
    context = browser.new_context(**look)
    page = context.new_page()
    tools = context.new_cdp_session(page)
    loaded = []
    tools.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    tools.send("Network.enable")
    tools.send("Emulation.setCPUThrottlingRate", {"rate": slowness})
    if line:
        tools.send("Network.emulateNetworkConditions", line)
    page.goto(url, wait_until="networkidle", timeout=120_000)
    page.wait_for_timeout(2_000)  # for what the page asks for when it has come to rest
    yield page, loaded
    context.close()


def first_words(browser, machine, url):
    """Return (s until the first words, bytes before the reader scrolls)."""
    with visit(browser, machine, url) as (page, loaded):
        return page.evaluate(FIRST_PAINT), sum(loaded)


def explorer(browser, machine, url):
    """Return (s from a touch to the live figure, s from its slider to the next), of the first explorer."""
    with visit(browser, machine, url) as (page, _):
        figure = page.locator("figure.explorer").first
        figure.scroll_into_view_if_needed()

        def seconds(act):
            begin = time.perf_counter()
            act()
            page.wait_for_function(LIVE, arg=figure.element_handle(), timeout=300_000)
            return time.perf_counter() - begin

        slider = figure.locator("input[type=range][name]").first
        return seconds(lambda: slider.dispatch_event("pointerdown")), seconds(lambda: slider.press("End"))


def main(sites):
    from playwright.sync_api import sync_playwright

    print(f"{'site':10} {'machine':18} {'page':10} words (s)  before scroll (kB)  live (s)  slider (s)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for number, site in enumerate(sites, 1):
            with hosted(site) as home:
                for machine, (name, path) in itertools.product(MACHINES, PAGES.items()):
                    words, size = first_words(browser, machine, home + path)
                    waits = explorer(browser, machine, home + path) if name == "home" else ()
                    shown = "".join(f"{wait:10.1f}" for wait in waits)
                    print(
                        f"{number:<10} {machine:18} {name:10} {words:9.1f} {size / 1e3:19.0f} {shown}",
                        flush=True,
                    )
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
