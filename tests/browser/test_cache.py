"""Of bad answers and half ones nothing is kept, nothing good is lost, and the next good answer heals."""

import kept
import pytest
from explorer_page import figure_of, touch
from faulty_host import former, gone, half, login

PATH = "book/index.html"
# What a page loads, and what shows that it came.
LOADED = [
    "_static/pages.css",
    "_static/site.js",
    "_live/explorer.js",
    "_live/worker.js",
    "_live/manifest.json",
]
KEPT = """async () => {
    const cache = await caches.open("frenkel-pages");
    const found = {};
    for (const request of await cache.keys()) {
        const content = await (await cache.match(request)).arrayBuffer();
        const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
        found[request.url] = [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    }
    return found;
}"""
UPDATE = """async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update();
    const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
    while (registration.installing || registration.waiting) await pause();
}"""
CONTROLLED = "() => navigator.serviceWorker.controller?.state === 'activated'"


@pytest.fixture
def page(browser, host):
    host.faults, host.edition = {"pyodide.js.xz": gone}, {}  # as far as Python's first file, and no further
    context = browser.new_context(viewport={"width": 390, "height": 664})
    yield context.new_page()
    context.close()


def is_whole(page):
    """Whether every file of `LOADED` does what it is there for."""
    explorer = figure_of(page, page.locator("figure.explorer").first.get_attribute("data-explorer"))
    if not page.evaluate("getComputedStyle(document.body).getPropertyValue('--book-accent')"):
        return False
    if explorer.locator("[data-action=reset]").is_disabled():
        return False
    touch(explorer)
    page.wait_for_function("e => e.dataset.state === 'error'", arg=explorer.element_handle())
    return "pyodide.js could not be loaded" in explorer.locator(".explorer-status").inner_text()


def visit(page, host, path=PATH):
    page.goto(host.url + path)
    page.wait_for_function(CONTROLLED)


def kept_of(page, host, wanted=()):
    """What is kept, {path: SHA-256}, once `wanted` is there."""
    page.evaluate(
        """async (urls) => {
            const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
            const cache = await caches.open("frenkel-pages");
            for (const url of urls) while (!(await cache.match(url, {ignoreSearch: true}))) await pause();
        }""",
        [host.url + path for path in wanted],
    )
    return {url.removeprefix(host.url).split("?")[0]: digest for url, digest in page.evaluate(KEPT).items()}


def assert_nothing_bad(page, host, site, wanted=()):
    good = kept.files_of(site) | {path: kept.mark(content) for path, content in host.edition.items()}
    found = kept_of(page, host, wanted)
    assert found
    assert {path: digest[: kept.DIGITS] for path, digest in found.items()} == {
        path: good[path] for path in found
    }


@pytest.mark.parametrize("fault", [login, half, former])
@pytest.mark.parametrize("when", ["first visit", "later visit"])
def test_bad_answers_heal(page, host, site, fault, when):
    if when == "later visit":
        visit(page, host)
        kept_of(page, host, LOADED[:3])
        page.evaluate("caches.delete('frenkel-pages')")
    host.faults |= dict.fromkeys(LOADED, fault)
    page.goto(host.url + PATH, wait_until="load")
    page.wait_for_timeout(300)
    host.faults = {"pyodide.js.xz": gone}
    visit(page, host)
    assert is_whole(page)
    assert_nothing_bad(page, host, site, [PATH, *LOADED])


@pytest.mark.parametrize("fault", [login, half])
def test_page_that_is_no_page(page, host, site, fault):
    """The reader sees what the network says; what was kept stays."""
    visit(page, host)
    kept_of(page, host, [PATH])
    host.faults[PATH] = fault
    page.goto(host.url + PATH, wait_until="commit")
    page.wait_for_timeout(200)
    host.faults = {".html": gone}
    page.goto(host.url + PATH)
    assert page.locator("article h1").count() == 1
    assert page.locator(".bd-footer-content").count() == 1
    assert_nothing_bad(page, host, site, [PATH])


def test_good_files_outlive_bad_answers(page, host):
    """With everything kept, whatever the network answers, the page is whole."""
    visit(page, host)
    assert is_whole(page)
    kept_of(page, host, [PATH, *LOADED])
    host.faults |= dict.fromkeys(LOADED, login)
    page.reload()
    assert is_whole(page)


def test_full_disk(page, host, site):
    """Nothing more is kept, and a new edition takes away nothing of the former."""
    visit(page, host)
    before = kept_of(page, host, [PATH, *LOADED[:3]])
    tools = page.context.new_cdp_session(page)
    tools.send("Storage.overrideQuotaForOrigin", {"origin": host.url.rstrip("/"), "quotaSize": 1})
    style = (site / LOADED[0]).read_bytes() + b"/* new */"
    host.edition = edition_with(site, {LOADED[0]: style})
    page.reload()
    page.wait_for_timeout(500)
    visit(page, host, "book/pages/glossary.html")
    page.wait_for_timeout(500)
    after = kept_of(page, host)
    assert before.items() <= after.items()
    assert "book/pages/glossary.html" not in after
    host.faults = {"": gone}
    visit(page, host)
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--book-accent')")


def edition_with(site, changed):
    """A new edition: changed files, and the service worker that knows them."""
    worker = (site / "sw.js").read_text("utf-8")
    for path, content in changed.items():
        old, new = (f'"{path}":"{kept.mark(one)}"' for one in ((site / path).read_bytes(), content))
        assert old in worker
        worker = worker.replace(old, new)
    return changed | {"sw.js": worker.encode()}


def test_new_edition(page, host, site):
    """It is shown at once, and kept in place of the former at the second visit at the latest."""
    visit(page, host)
    kept_of(page, host, [PATH, LOADED[0]])
    style = (site / LOADED[0]).read_bytes() + b"\n:root { --edition: new; }"
    html = (site / PATH).read_text("utf-8").replace(f"{LOADED[0]}?v=", f"{LOADED[0]}?v=new")
    changed = {LOADED[0]: style, PATH: html.encode()}
    host.edition = edition_with(site, changed)
    page.reload()
    assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--edition')") == "new"
    page.evaluate(UPDATE)
    page.reload(wait_until="networkidle")
    addresses = [url for url in page.evaluate(KEPT) if LOADED[0] in url]
    assert [address.split("?")[1][:5] for address in addresses] == ["v=new"]
    host.edition = {path: content for path, content in host.edition.items() if path != "sw.js"}
    assert_nothing_bad(page, host, site)


def test_other_things_at_the_origin_are_left_alone(page, host):
    host.edition = {
        "other/index.html": b"<!doctype html><title>Another site</title>",
        "other/data.json": b"{}",
    }
    visit(page, host)
    page.evaluate(
        """async () => {
            await (await caches.open("of another site")).put("other/data.json", new Response("{}"));
            await (await caches.open("frenkel-book")).put("book/index.html", new Response("kept unchecked"));
        }"""
    )
    answers = []
    page.on("response", lambda response: answers.append((response.url, response.from_service_worker)))
    page.goto(f"{host.url}other/index.html")
    page.evaluate("fetch('/other/data.json').then((answer) => answer.json())")
    assert [from_worker for url, from_worker in answers if "/other/" in url] == [False, False]
    assert not [path for path in kept_of(page, host) if path.startswith("other")]
    page.evaluate(
        "navigator.serviceWorker.getRegistrations().then((all) => all.map((one) => one.unregister()))"
    )
    visit(page, host)
    names = "async () => [(await caches.keys()), (await (await caches.open('frenkel-book')).keys()).length]"
    caches, unchecked = page.evaluate(names)
    assert "of another site" in caches
    assert unchecked == 0


# A disk that gives nothing of it back.
UNREADABLE = """() => {
    Cache.prototype.match = async () => new Response(new ReadableStream({
        pull(controller) { controller.error(new Error("disk")); },
    }));
}"""


def test_what_the_disk_does_not_give_back_comes_from_the_host(page, host):
    visit(page, host)
    kept_of(page, host, [PATH, *LOADED[:3]])
    (worker,) = page.context.service_workers
    worker.evaluate(UNREADABLE)
    page.goto(host.url + PATH)
    assert is_whole(page)
    host.faults[".html"] = gone
    page.goto(host.url + PATH)
    assert "Not on this device" in page.locator("h1").inner_text()
