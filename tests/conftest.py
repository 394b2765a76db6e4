"""What all tests share: one BLAS thread, two tolerances, the built site and a browser to read it in."""

import ctypes
import os
import threading
from contextlib import contextmanager
from functools import cache
from pathlib import Path

# Before NumPy is imported, so that sums repeat to the last digit and parallel tests do not compete.
os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1", FRENKEL_STATIC="1")

import chromium
import matplotlib
import notebooks  # noqa: F401  # before nbformat: see there
import numpy as np
import pytest
import serve
from bs4 import BeautifulSoup

ROOT = Path(__file__).resolve().parents[1]
EXACT = 1e-10  # identities, up to rounding
CONVERGED = 1e-6  # numerics that have converged
# A plugin, pytest-randomly, imports NumPy before this file is read; its wheel's BLAS is told once more.
BLAS = [ctypes.CDLL(str(file)) for file in Path(np.__file__).parents[1].glob("numpy.libs/*openblas64*")]
for library in BLAS:
    library.scipy_openblas_set_num_threads64_(1)

THOROUGH = "FRENKEL_THOROUGH" in os.environ  # set by `make live`: all of what `make test` does a part of


FIRST = ("browser", "explore", "site", "book", "motion")  # one worker does a file: long ones begin


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    def turn(item):
        room = item.path.parent.name
        return FIRST.index(room) if room in FIRST else len(FIRST)

    items.sort(key=turn)


@pytest.fixture(autouse=True)
def own_style():
    """A test that runs the cells of a chapter leaves no style behind for the next."""
    with matplotlib.rc_context():
        yield


@pytest.fixture(scope="session")
def site():
    """The folder of the built book."""
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").is_file():
        pytest.fail("The book is not built. Run `make book` first; `make test` does.", pytrace=False)
    return folder


@pytest.fixture(scope="session")
def paths(site):
    """Where the pages of the built book are in the site."""
    others = {"_static", "_live", "lite"}
    files = (file.relative_to(site) for file in site.rglob("*.html"))
    return sorted(file.as_posix() for file in files if not others & set(file.parts))


@pytest.fixture(scope="session")
def parsed(site):
    """Return a function that gives a page of the site, parsed once for all tests, by its path."""
    return cache(lambda path: BeautifulSoup((site / path).read_text("utf-8"), "html.parser"))


@contextmanager
def serve_folder(folder):
    """Serve `folder` as `make serve` does, on a free local port: a server with its address in `url`.

    `stop` ends it early.
    """
    server = serve.server(folder)
    server.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def stop():
        server.shutdown()
        server.server_close()

    server.stop = stop
    try:
        yield server
    finally:
        stop()


@pytest.fixture(scope="session")
def site_url(site):
    """The address of the built book on a local server."""
    with serve_folder(site) as server:
        yield server.url


@pytest.fixture
def stoppable(site):
    """The site on a server of the test's own, which the test may stop: then there is no network."""
    with serve_folder(site) as server:
        yield server


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium from the system."""
    from playwright.sync_api import sync_playwright

    if chromium.path() is None:
        if os.environ.get("CI"):
            pytest.fail(chromium.MISSING, pytrace=False)
        pytest.skip(chromium.MISSING)
    with sync_playwright() as playwright:
        running = chromium.launch(playwright)
        yield running
        running.close()
