"""Chapters and assignments as live notebooks in the site: they run, and the numbers are CPython's."""

import contextlib
import re

import nbformat
import pytest
from conftest import ROOT, THOROUGH
from frenkel.explore import EXPLORERS
from notebook_app import KEPT, MINUTES, OPENED, expose
from notebooks import sources, written
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from upstream import is_known

# One chapter by default; `make live` runs them all.
CHOSEN = sources.chapters() if THOROUGH else [sources.find("dephasing")]
FOLDERS = (ROOT / "book" / "assignments", ROOT / "book" / "assignments" / "release")
COPIES = sorted(path.name for folder in FOLDERS for path in folder.glob("*.ipynb"))
ASSIGNMENTS = COPIES if THOROUGH else COPIES[:1]

RUN = """async () => {
    const panel = jupyterapp.shell.currentWidget;
    await panel.context.ready;
    await panel.sessionContext.ready;
    await jupyterapp.commands.execute("notebook:run-all-cells");
    const session = panel.sessionContext.session;
    while (session.kernel.status !== "idle") await new Promise((resolve) => setTimeout(resolve, 200));
    return panel.content.model.toJSON();
}"""
# Cells out of sight are not in the page: go to the first explorer.
GO_TO_EXPLORER = """async () => {
    const { content } = jupyterapp.shell.currentWidget;
    const shows = (cell) => cell.source.includes("EXPLORERS[");
    content.activeCellIndex = content.model.toJSON().cells.findIndex(shows);
    await content.scrollToItem(content.activeCellIndex, "start");
}"""
PICTURE = "async (image) => [...new Uint8Array(await (await fetch(image.src)).arrayBuffer())].join()"
READY = (
    """() => window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === "idle" """
)


@pytest.fixture
def notebook_page(browser, site_url):
    """A page that notes errors and requests to other hosts in `faults`, sizes of answers in `sizes`."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    page = context.new_page()
    page.faults, page.sizes = [], {}
    own = (site_url, "blob:", "data:")
    page.on("pageerror", lambda error: is_known(error) or page.faults.append(str(error)))
    page.on(
        "console", lambda message: "Content Security" in message.text and page.faults.append(message.text)
    )
    context.on(
        "response",
        lambda answer: page.sizes.update({answer.url: int(answer.headers.get("content-length", 0))}),
    )
    context.on("request", lambda request: request.url.startswith(own) or page.faults.append(request.url))

    expose(context)
    yield page
    context.close()


def open_notebook(page, site_url, path):
    """Open a chapter as its page does, by the link under the heading, at the cost that stands beside it."""
    page.goto(f"{site_url}{path.relative_to(ROOT).as_posix().replace(sources.SUFFIX, '.html')}")
    said = re.search(r"\(about (\d+) MB, once\)", page.locator(".run-live").inner_text())
    page.sizes.clear()
    page.get_by_role("link", name="Run this chapter as a live notebook").click()
    page.wait_for_function(READY, timeout=3 * MINUTES)
    assert float(said[1]) == pytest.approx(sum(page.sizes.values()) / 1e6, rel=0.1)


def said(outputs):
    """What a cell has printed or shown as text, as nbval compares it."""
    streams = "".join(output.get("text", "") for output in outputs if output["output_type"] == "stream")
    shown = [output["data"].get("text/plain") for output in outputs if "data" in output]
    return streams, shown


@pytest.mark.parametrize("path", CHOSEN, ids=sources.name)
def test_chapter_runs_from_top_to_bottom(notebook_page, site_url, path):
    page = notebook_page
    open_notebook(page, site_url, path)
    page.set_default_timeout(10 * MINUTES)
    found = page.evaluate(RUN)["cells"]
    stored = nbformat.read(written.FOLDER / f"{sources.stem(path)}.ipynb", as_version=4).cells
    assert [cell["source"] for cell in found] == [cell.source for cell in stored]
    differences = []
    for here, there in zip(found, stored, strict=True):
        if here["cell_type"] != "code":
            continue
        errors = [output["evalue"] for output in here["outputs"] if output["output_type"] == "error"]
        assert not errors, here["source"]
        strict = "nbval-ignore-output" not in there.metadata.get("tags", ())
        if strict and said(here["outputs"]) != said(there.outputs):
            differences.append((here["source"], said(here["outputs"]), said(there.outputs)))
    assert not differences
    assert_explorer_moves(page)
    first = next(filter(None, (sources.explorer(cell) for cell in stored if cell.cell_type == "code")))
    if EXPLORERS[first].clock:
        assert_explorer_plays(page)
    assert_notebook_is_kept(page)
    assert page.faults == []


def explorer_box(page, part):
    """Return the first explorer's widget, which has got a `part`: a selector."""
    box = page.locator(f".widget-vbox:has({part})").first
    for _ in range(20):  # cells that come into being above it push it out of sight, and out of the page
        page.evaluate(GO_TO_EXPLORER)
        with contextlib.suppress(PlaywrightTimeoutError):
            box.wait_for(timeout=MINUTES / 12)
            return box
    raise AssertionError(f"there is no widget with a {part}")


def assert_explorer_moves(page):
    box = explorer_box(page, ".widget-slider")
    sentence, picture = box.locator(".widget-html-content:has(> div)").first, box.locator("img")
    before = sentence.inner_text(), picture.evaluate(PICTURE)
    handle = box.locator(".noUi-handle").first
    now, highest = (float(handle.get_attribute(f"aria-value{end}")) for end in ("now", "max"))
    handle.press("End" if now < highest else "Home")
    page.wait_for_function(
        "([place, words]) => place.innerText !== words",
        arg=[sentence.element_handle(), before[0]],
        timeout=MINUTES,
    )
    assert picture.evaluate(PICTURE) != before[1]


def assert_explorer_plays(page):
    """Play: its time goes on, and with it picture and sentence; pause: it stands."""
    box = explorer_box(page, ".widget-play")
    time, picture = box.locator(".noUi-handle").last, box.locator("img")
    before = picture.evaluate(PICTURE)
    stood = float(time.get_attribute("aria-valuenow"))
    box.locator(".widget-play button").first.click()
    page.wait_for_function(
        "([handle, stood]) => Math.abs(handle.getAttribute('aria-valuenow') - stood) > 1",
        arg=[time.element_handle(), stood],
        timeout=MINUTES,
    )
    box.locator(".widget-play button").first.click()
    assert picture.evaluate(PICTURE) != before


def assert_notebook_is_kept(page):
    """What is typed, run and saved is there after a reload, and in the file that is downloaded."""

    def command(name):
        page.evaluate("name => jupyterapp.commands.execute(name).then(() => {})", name)

    command("notebook:insert-cell-below")
    page.locator(".jp-Cell.jp-mod-active .cm-content").press_sequentially("6 * 7")
    command("notebook:run-cell")
    command("docmanager:save")
    page.reload()
    page.wait_for_function(OPENED)
    with page.expect_download() as download:
        command("docmanager:download")
    file = nbformat.read(download.value.path(), as_version=4)
    nbformat.validate(file)
    for cells in (page.evaluate(KEPT), file.cells):
        (typed,) = [cell for cell in cells if cell["source"] == "6 * 7"]
        assert said(typed["outputs"]) == ("", ["42"])


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_assignment_runs_from_top_to_bottom(notebook_page, site_url, name):
    page = notebook_page
    page.goto(f"{site_url}book/pages/assignments.html")
    page.locator(f"a[href$='path={name}']").click()
    page.wait_for_function(READY, timeout=3 * MINUTES)
    page.set_default_timeout(10 * MINUTES)
    cells = [cell for cell in page.evaluate(RUN)["cells"] if cell["cell_type"] == "code"]
    errors = [
        output["evalue"] for cell in cells for output in cell["outputs"] if output["output_type"] == "error"
    ]
    text = "".join(said(cell["outputs"])[0] for cell in cells)
    assert not errors
    assert ": no answer yet." in text
    assert page.faults == []
