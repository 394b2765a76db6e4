"""A live notebook that the browser has kept when the book has a new edition of its chapter."""

import json
import re
import threading

import lite_editions
import nbformat
import pytest
from notebook_app import KEPT, MINUTES, OPENED, expose
from notebooks import sources
from playwright.sync_api import expect
from upstream import is_known

NAME, OTHER = (f"{sources.stem(sources.find(name))}.ipynb" for name in ("dephasing", "enaqt"))
MINE, NEW = "6 * 7  # mine", "A sentence of the new edition."
SAVE = """async (mine) => {
    const panel = jupyterapp.shell.currentWidget;
    await panel.context.ready;
    if (mine) {
        await jupyterapp.commands.execute("notebook:insert-cell-below");
        panel.content.activeCell.model.sharedModel.setSource(mine);
    }
    await panel.context.save();
}"""
# What is kept in the browser, {name: texts of cells}; on `change` it loses its mark and gets a date.
STORE = """(change) => new Promise((resolve, reject) => {
    const place = new URL("../", location.href).pathname;
    const request = indexedDB.open(`JupyterLite Storage - ${place}`);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
        const transaction = request.result.transaction("files", "readwrite");
        const found = {};
        transaction.objectStore("files").openCursor().onsuccess = ({target: {result: cursor}}) => {
            if (!cursor) return;
            const {content} = cursor.value;
            found[cursor.key] = content.cells.map(({source}) => source);
            if (change) {
                delete content.metadata.frenkel;
                cursor.value.last_modified = "2025-03-04T05:06:07.000Z";
                cursor.update(cursor.value);
            }
            cursor.continue();
        };
        transaction.oncomplete = () => (request.result.close(), resolve(found));
    };
})"""
NO_DATABASE = """Object.defineProperty(window, "indexedDB", {
    get() { throw new DOMException("refused", "SecurityError"); }});"""


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport={"width": 390, "height": 664})
    page = context.new_page()
    page.faults = []
    page.on("pageerror", lambda error: is_known(error) or page.faults.append(str(error)))
    page.on("console", lambda said: "Content Security" in said.text and page.faults.append(said.text))
    expose(context)
    yield page
    context.close()


@pytest.fixture
def book(host, site):
    """The host, on which `renew` puts a new edition of a chapter."""

    def renew(name):
        notebook = nbformat.read(site / "lite" / "files" / name, as_version=4)
        notebook.cells.append(nbformat.v4.new_markdown_cell(NEW))
        notebook.metadata.frenkel.edition = lite_editions.mark(notebook)
        marks = json.loads((site / "lite" / "editions.json").read_text())
        marks[name] = notebook.metadata.frenkel.edition
        host.edition["lite/editions.json"] = json.dumps(marks).encode()
        host.edition[f"lite/files/{name}"] = nbformat.writes(notebook).encode()

    host.renew = renew
    yield host
    host.edition.clear()
    host.faults.clear()


def texts(page, book, name=NAME):
    """Open a notebook; return the texts of its cells."""
    page.goto(f"{book.url}lite/notebooks/index.html?path={name}")
    page.wait_for_function(OPENED, timeout=3 * MINUTES)
    return [cell["source"] for cell in page.evaluate(KEPT)]


def news(page):
    return page.locator("#edition-news")


def test_what_the_reader_changed_is_set_aside_and_told(page, book):
    former = texts(page, book)
    page.evaluate(SAVE, MINE)
    book.renew(OTHER)
    assert MINE in texts(page, book), "the new edition is another chapter's"
    assert news(page).count() == 0
    book.renew(NAME)
    assert texts(page, book) == [*former, NEW]
    other = news(page).get_by_role("link").inner_text()
    assert re.fullmatch(rf"{NAME.removesuffix('.ipynb')}-yours-\d{{4}}-\d\d-\d\d\.ipynb", other)
    words = "The book has a new edition, which is shown; what you had changed in the older one is kept as"
    assert news(page).inner_text().startswith(f"{words} {other}.")
    news(page).get_by_role("link").click()
    expect(page).to_have_url(re.compile(re.escape(other)))
    page.wait_for_function(OPENED, timeout=3 * MINUTES)
    mine = [cell["source"] for cell in page.evaluate(KEPT)]
    assert MINE in mine and NEW not in mine and len(mine) == len(former) + 1
    assert news(page).count() == 0, "told once"
    assert page.faults == []


def test_what_was_only_saved_gives_way(page, book):
    former = texts(page, book)
    page.evaluate(SAVE, "")
    assert list(page.evaluate(STORE)) == [NAME]
    book.renew(NAME)
    assert texts(page, book) == [*former, NEW]
    assert news(page).count() == 0
    assert page.evaluate(STORE) == {}
    assert page.faults == []


def test_a_copy_without_a_mark_is_kept_with_its_date(page, book):
    """It was saved before notebooks had marks: it may be changed, unless its text is the book's."""
    former = texts(page, book)
    page.evaluate(SAVE, "")
    page.evaluate(STORE, "unmark")
    assert texts(page, book) == former
    assert news(page).count() == 0
    assert list(page.evaluate(STORE)) == [NAME]
    page.evaluate(STORE, "unmark")
    book.renew(NAME)
    assert texts(page, book) == [*former, NEW]
    other = f"{NAME.removesuffix('.ipynb')}-yours-2025-03-04.ipynb"
    assert page.evaluate(STORE) == {other: former}
    assert other in news(page).inner_text()
    news(page).get_by_role("button", name="Close").click()
    assert news(page).count() == 0


def test_an_older_copy_stays_if_the_new_edition_does_not_come(page, book):
    texts(page, book)
    page.evaluate(SAVE, MINE)
    book.renew(NAME)
    del book.edition[f"lite/files/{NAME}"]
    book.faults[f"lite/files/{NAME}"] = lambda host: host.send_error(503)
    assert MINE in texts(page, book)
    assert news(page).count() == 0


def test_a_host_that_is_silent_delays_nothing(page, book):
    texts(page, book)
    page.evaluate(SAVE, MINE)
    silence = threading.Event()
    book.faults["lite/editions.json"] = lambda host: silence.wait(300)
    try:
        assert MINE in texts(page, book)
    finally:
        silence.set()


def test_a_browser_without_a_database_opens_the_book(page, book):
    page.add_init_script(NO_DATABASE)
    assert MINE not in texts(page, book)
    assert news(page).count() == 0
    assert page.faults == []
