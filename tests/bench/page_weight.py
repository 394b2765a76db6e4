"""What a visit costs and how long it waits, printed as one table for several editions of the site:

PYTHONPATH=book/site/tools .venv/bin/python tests/bench/page_weight.py SITE [SITE ...]

A host that compresses, as GitHub Pages does, serves each site. The phone has a processor four times as slow
and the line that browsers' tools call "fast 3G". Both are made outside the browser, whose own tools spare its
workers: the host waits before each answer and shares the rate among all of them, and every process of the
browser is stopped for three quarters of the time.
"""

import gzip
import itertools
import mimetypes
import os
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from functools import cache, partial
from pathlib import Path

import chromium
import serve

LAPTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 664}, "device_scale_factor": 3, "has_touch": True}
FAST_3G = (0.5625, 180_000)  # s before an answer, bytes a second
MACHINES = {
    "laptop": (LAPTOP, 1, None),
    "slow laptop": (LAPTOP, 4, None),
    "phone on fast 3G": (PHONE, 4, FAST_3G),
}
PAGES = {
    "home": "index.html",
    "chapter 7": "enaqt.html",
}  # ends of names, which editions begin differently
TURN = 0.02  # s, of which a slow processor runs a part
PIECE = 4096  # bytes, of an answer on a slow line
SAID = "([figure, words]) => figure.querySelector('output').textContent !== words"
LIVE = "([figure]) => figure.dataset.state === 'live'"
FIRST_PAINT = """() => new Promise((resolve) =>
    new PerformanceObserver((list) => {
        const paint = list.getEntriesByName("first-contentful-paint")[0];
        if (paint) resolve(paint.startTime / 1000);
    }).observe({type: "paint", buffered: true}))"""


class Host(serve.Server):
    """Serves a site on `line`, (s before an answer, bytes a second) or None, and counts what it sends."""

    line = None
    sent = 0

    def __init__(self, site):
        super().__init__(("127.0.0.1", 0), partial(Compressing, directory=str(site)))
        self.url = f"http://127.0.0.1:{self.server_port}/"
        self.turn = threading.Lock()
        self.free = 0.0  # when the line has carried all that has been given to it

    def carry(self, size):
        """Wait until `size` bytes have gone through the line, which all answers share."""
        with self.turn:
            self.sent += size
            if self.line is None:
                return
            self.free = max(self.free, time.monotonic()) + size / self.line[1]
            wait = self.free - time.monotonic()
        time.sleep(max(wait, 0))


class Compressing(serve.Handler):
    """Sends texts and programs compressed and keeps connections, as a host of static sites does."""

    protocol_version = "HTTP/1.1"

    @staticmethod
    @cache
    def content(path):
        """Return (the bytes to be sent, whether they are compressed)."""
        data = Path(path).read_bytes()
        plain = (mimetypes.guess_type(path)[0] or "").startswith("image/png")
        if plain or path.endswith((".woff2", ".whl", ".zip")):
            return data, False
        return gzip.compress(data, 6), True

    def do_GET(self):
        if self.server.line:
            time.sleep(self.server.line[0])
        path = self.translate_path(self.path)
        if not Path(path).is_file():
            return super().do_GET()
        body, packed = self.content(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", self.date_time_string(Path(path).stat().st_mtime))
        self.end_headers()
        size = PIECE if self.server.line else max(len(body), 1)
        for begin in range(0, len(body), size):
            piece = body[begin : begin + size]
            self.server.carry(len(piece))
            self.wfile.write(piece)


@contextmanager
def hosted(site):
    with Host(site) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        yield host
        host.shutdown()


def path_of(site, name):
    """Return where the page whose file name ends with `name` is in a site."""
    (found,) = (
        file
        for file in (Path(site) / "book").rglob(f"*{name}")
        if file.stem.lstrip("0123456789-") == name.removesuffix(".html")
        and (file.parent.name == "book" or name != "index.html")
    )
    return found.relative_to(site).as_posix()


def tree_of(root):
    """Return the process `root` and all that descend from it, by their numbers."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            parents[int(place.name)] = int((place / "stat").read_text().rpartition(")")[2].split()[1])
    found = {root}
    while more := {number for number, parent in parents.items() if parent in found} - found:
        found |= more
    return found


@contextmanager
def slowed(browser, slowness):
    """Let all processes of a browser run for only one part in `slowness` of the time."""
    if slowness == 1:
        yield
        return
    told = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    root = next(process["id"] for process in told if process["type"] == "browser")
    over = threading.Event()

    def send(kind, processes):
        for process in processes:
            with suppress(ProcessLookupError):
                os.kill(process, kind)

    def hold():
        processes, looked = tree_of(root), time.monotonic()
        while not over.is_set():
            if time.monotonic() - looked > 0.25:  # tabs and workers come and go
                processes, looked = tree_of(root), time.monotonic()
            send(signal.SIGSTOP, processes)
            time.sleep(TURN * (1 - 1 / slowness))
            send(signal.SIGCONT, processes)
            time.sleep(TURN / slowness)

    holder = threading.Thread(target=hold, daemon=True)
    holder.start()
    try:
        yield
    finally:
        over.set()
        holder.join()


@contextmanager
def visit(browser, machine, host, path):
    """Open a page in a browser that has seen nothing; yield it and the bytes of each file that it loads."""
    look, slowness, host.line = MACHINES[machine]
    context = browser.new_context(**look)
    page = context.new_page()
    tools = context.new_cdp_session(page)
    loaded = []
    tools.on("Network.loadingFinished", lambda event: loaded.append(event["encodedDataLength"]))
    tools.send("Network.enable")
    with slowed(browser, slowness):
        answer = page.goto(host.url + path, wait_until="networkidle", timeout=120_000)
        if not answer.ok:
            raise RuntimeError(f"{path} was answered with {answer.status}")
        page.wait_for_timeout(2_000)  # for what the page asks for when it has come to rest
        yield page, loaded
    context.close()


def first_words(browser, machine, host, path):
    """Return (s until the first words, bytes before the reader scrolls)."""
    with visit(browser, machine, host, path) as (page, loaded):
        return page.evaluate(FIRST_PAINT), sum(loaded)


def explorer(browser, machine, host, path):
    """Return s from a touch to the first sentence and to the live figure, its MB, s of a slider's move."""
    with visit(browser, machine, host, path) as (page, _):
        figure = page.locator("figure.explorer").first
        figure.scroll_into_view_if_needed()

        words = figure.locator("output").inner_text()

        def seconds(act, *until):
            begin, waits = time.perf_counter(), []
            act()
            for condition in until:
                page.wait_for_function(condition, arg=[figure.element_handle(), words], timeout=600_000)
                waits.append(time.perf_counter() - begin)
            return waits

        slider = figure.locator("input[type=range][name]").first
        before = host.sent
        waits = seconds(lambda: slider.dispatch_event("pointerdown"), SAID, LIVE)
        size = host.sent - before
        return *waits, size / 1e6, *seconds(lambda: slider.press("End"), LIVE)


def main(sites):
    from playwright.sync_api import sync_playwright

    print(
        f"{'site':4} {'machine':18} {'page':10} words (s)  before scroll (kB)"
        "  said (s)    live (s)  touch (MB)  slider (s)"
    )
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        for number, site in enumerate(sites, 1):
            with hosted(site) as host:
                for machine, (name, ending) in itertools.product(MACHINES, PAGES.items()):
                    path = path_of(site, ending)
                    words, size = first_words(browser, machine, host, path)
                    waits = explorer(browser, machine, host, path) if name == "home" else ()
                    shown = "".join(f"{wait:12.1f}" for wait in waits)
                    print(
                        f"{number:<4} {machine:18} {name:10} {words:9.1f} {size / 1e3:19.0f} {shown}",
                        flush=True,
                    )
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
