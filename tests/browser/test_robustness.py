"""When things go wrong around an explorer, the page says so in a sentence and stays readable."""

import random
import re
from urllib.parse import urlencode, urljoin

import packing
import pytest
from conftest import serve_folder
from explorer_page import (
    CATCH_WORKERS,
    HIDE,
    STARTING,
    figure_of,
    move,
    settled,
    threads_of,
    touch,
    use_theme,
    values_of,
)
from frenkel.explore import EXPLORERS, Choice
from playwright.sync_api import expect

KILL_AT_REST = "() => workers.at(-1).terminate()"
KILL_AT_WORK = """(figure, name) => {
    const control = figure.querySelector(`[name="${name}"]`);
    control.value = control.max;
    control.dispatchEvent(new Event("input", {bubbles: true}));
    workers.at(-1).terminate();
}"""
# Moves as fast as a hand that is never still, and waits until the last one is answered.
RESTLESS = """async ([figure, moves]) => {
    for (const [name, position] of moves) {
        const control = figure.querySelector(`[name="${name}"]`);
        control.value = position;
        control.dispatchEvent(new Event("input", {bubbles: true}));
        await new Promise((resolve) => setTimeout(resolve, 10));
    }
}"""


def assert_static(figure, reason):
    """The figure says `reason` in a sentence and shows the picture and read-out that the page came with."""
    explorer = EXPLORERS[figure.get_attribute("data-explorer")]
    assert settled(figure) == "error"
    words = figure.locator(".explorer-status").inner_text()
    assert re.match(rf"Python does not run: .*{reason}.*\.$", words), words
    assert "Error" not in words and "\n" not in words
    assert figure.locator(".explorer-light img").is_visible()
    assert not figure.locator("canvas").is_visible()
    assert figure.locator("output").inner_text() == explorer.at_rest()[1]


def assert_page_works(page):
    """The rest of the page: theme, self-check, search."""
    use_theme(page, "dark")
    question = page.locator(".question:has(fieldset):has([role=status])").first
    if question.count():
        question.locator("fieldset input").first.check()
        assert question.locator("[role=status]").inner_text()
    use_theme(page, "light")
    assert page.errors == []


def test_worker_killed(page, first):
    """At rest, and while it computes: the next touch starts Python again."""
    name, url = first
    page.add_init_script(CATCH_WORKERS)
    page.goto(url)
    figure = figure_of(page, name)
    touch(figure)
    assert settled(figure) == "live"
    slider = next(p for p in EXPLORERS[name].parameters if not isinstance(p, Choice))
    for kill, patience in ((KILL_AT_REST, 5_000), (KILL_AT_WORK, STARTING)):
        figure.evaluate(kill, slider.name)
        page.wait_for_function(
            "figure => figure.dataset.state === 'error'", arg=figure.element_handle(), timeout=patience
        )
        assert_static(figure, "it was stopped")
        assert_page_works(page)
        assert move(figure, (slider, slider.corners[0])) == "live"
        values = values_of(figure, EXPLORERS[name])
        assert figure.locator("output").inner_text() == EXPLORERS[name].read_out(
            EXPLORERS[name].run(**values)
        )


@pytest.fixture
def awake(page, first):
    """The first explorer, live; Python's worker, and the one that brings its files."""
    name, url = first
    page.goto(url)
    figure = figure_of(page, name)
    touch(figure)
    assert settled(figure) == "live"
    return figure, *threads_of(page)


def test_an_explorer_that_wants_more_of_python_gets_it(page, first, awake):
    """Which none should: `core.txt` lists what they want."""
    name, _ = first
    figure, python, _ = awake
    python.evaluate(
        """() => void python.runPython(`
from frenkel.explore.hosts import live
plain = live.Desk.show
def show(*given):
    import wave
    return plain(*given)
live.Desk.show = show`)"""
    )
    slider = next(p for p in EXPLORERS[name].parameters if not isinstance(p, Choice))
    with page.expect_request("**/rest.zip.xz"):
        assert move(figure, (slider, slider.corners[0])) == "live"
    values = values_of(figure, EXPLORERS[name])
    assert figure.locator("output").inner_text() == EXPLORERS[name].read_out(EXPLORERS[name].run(**values))


def test_packages_are_imported_while_others_are_on_the_line(page, first):
    name, url = first
    page.context.route("**/fonts.zip.xz", lambda route: None)  # it never comes
    page.goto(url)
    with page.expect_event("worker") as started:
        touch(figure_of(page, name))
    started.value.evaluate(
        """async () => {
            const imported = () => python?.runPython("import sys; 'matplotlib.figure' in sys.modules");
            while (!imported()) await new Promise((resolve) => setTimeout(resolve, 50));
        }"""
    )


def test_python_has_its_hands_free_while_files_come(awake):
    """What it waits for another thread has asked for, unpacked and compared."""
    asked = "performance.getEntriesByType('resource').filter(({name}) => name.includes('/pyodide/')).length"
    python, loader = (thread.evaluate(asked) for thread in awake[1:])
    assert python == 0 and loader >= len(packing.SHELVES)


def test_nothing_but_files_of_the_runtime_is_fetched(awake):
    """Whatever a reader's code may ask; and Python runs on."""
    _, python, _ = awake
    told = ".catch(({message}) => message)"
    assert python.evaluate("fetch('https://x.org/a.csv')" + told) == "a.csv is not part of the runtime"
    assert python.evaluate("progress.problem") == ""
    other = "../worker.js is not part of the runtime"
    assert python.evaluate("ask('bringInTurn', '../worker.js')" + told) == other, "nor by the loader"


def test_the_sentence_does_not_wait_for_what_draws(page, first):
    name, url = first
    explorer = EXPLORERS[name]
    page.context.route("**/matplotlib.zip.xz", lambda route: None)  # it never comes
    page.goto(url)
    figure = figure_of(page, name)
    slider = next(p for p in explorer.parameters if not isinstance(p, Choice))
    control = figure.locator(f'[name="{slider.name}"]')
    control.evaluate("control => control.value = control.max")
    control.dispatch_event("input")
    values = values_of(figure, explorer)
    words = explorer.read_out(explorer.run(**values))
    assert words != explorer.at_rest()[1]
    expect(figure.locator("output")).to_have_text(words, timeout=STARTING)
    assert figure.get_attribute("data-state") == "loading"
    assert figure.locator(".explorer-other").is_visible() and figure.locator("progress").is_visible()
    assert page.errors == []


@pytest.mark.parametrize("file", ["worker.js", "pyodide.asm.wasm", "frenkel.zip"])
def test_file_missing(page, first, file):
    name, url = first
    page.context.route(f"**/{file}*", lambda route: route.fulfill(status=404, body=""))
    page.goto(url)
    touch(figure_of(page, name))
    assert_static(figure_of(page, name), f"{file} could not be loaded")
    assert_page_works(page)


@pytest.mark.parametrize("file", ["pyodide.js", "matplotlib.zip"])
def test_file_altered(page, first, file):
    """One byte is another, and nothing of it is run."""
    name, url = first

    def alter(route):
        answer = route.fetch()
        body = bytearray(answer.body())
        body[len(body) // 2] ^= 1
        route.fulfill(response=answer, body=bytes(body))

    page.context.route(f"**/pyodide/{file}.xz", alter)
    page.goto(url)
    touch(figure_of(page, name))
    assert_static(figure_of(page, name), f"{file} is not the file it should be")
    assert_page_works(page)


def test_former_version_in_the_browser_s_cache(page, first):
    """Other bytes at the first request only: the file is asked for again, past the cache."""
    name, url = first
    asked = []

    def once(route):
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(status=200, body="former")
        else:
            route.continue_()

    page.context.route("**/pyodide/library.zip.xz", once)
    page.goto(url)
    touch(figure_of(page, name))
    assert settled(figure_of(page, name)) == "live"
    assert len(asked) == 2


FORMER_WHEEL = """async (home) => {
    const cache = await caches.open("frenkel-book");
    await cache.put(`${home}/_live/pyodide/frenkel-0-0-none.whl`, new Response("of a former edition"));
}"""
ALL_KEPT = """async () => {
    const shown = [...document.images].filter((image) => image.offsetParent).map((image) => image.src);
    for (const address of [location.href, ...shown]) {
        while (!(await caches.match(address))) await new Promise((resolve) => setTimeout(resolve, 20));
    }
}"""


def test_second_visit_without_network(page, first):
    name, url = first
    page.goto(url)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    touch(figure_of(page, name))
    assert settled(figure_of(page, name)) == "live"
    page.evaluate(FORMER_WHEEL, url.rsplit("/", 3)[0])
    page.evaluate("scrollTo(0, 200)")  # now the pictures further down are kept too
    page.evaluate(ALL_KEPT)
    page.context.set_offline(True)
    begun, lost = set(), []
    page.on("request", lambda request: begun.add(request))
    page.on("requestfailed", lambda request: request in begun and lost.append(request.url))
    page.reload()
    assert page.evaluate("[...document.fonts].length") > 0
    touch(figure_of(page, name))
    assert settled(figure_of(page, name)) == "live"
    images = page.locator("img:visible")
    for index in range(images.count()):
        images.nth(index).scroll_into_view_if_needed()
    assert lost == []
    assert page.evaluate("caches.match('/_live/pyodide/frenkel-0-0-none.whl').then(Boolean)") is False
    page.goto(url.rpartition("/")[0] + "/never-opened.html")
    assert page.locator("h1").inner_text() == "Not on this device"


def test_next_page_of_the_visit_starts_python_by_itself(page, shown, site_url):
    """A reader who has used an explorer hardly waits for it on the next page."""
    one, (path, _) = next(iter(shown.items()))
    two, (other, _) = next(item for item in shown.items() if item[1][0] != path)
    page.goto(site_url + path)
    touch(figure_of(page, one))
    assert settled(figure_of(page, one)) == "live"
    with page.expect_worker():
        page.goto(site_url + other)
    assert figure_of(page, two).get_attribute("data-state") == "static"
    touch(figure_of(page, two))
    assert settled(figure_of(page, two)) == "live"


INJECTIONS = [
    "<img src=x onerror=window.hurt=1>",
    "javascript:window.hurt=1",
    '"><script>window.hurt=1</script>',
    "__proto__",
    "1e400",
    "NaN",
    "0x10",
    "1;window.hurt=1",
    "%00",
    "9" * 4000,
]


def test_state_link_is_data(page, site_url, everything):
    """Whatever a link says, controls stay in their ranges and no markup or script comes of it."""
    path, body = everything
    page.context.route("**/worker.js*", lambda route: route.abort())  # values matter here, not figures
    html = {"body": body, "content_type": "text/html; charset=utf-8"}
    page.context.route(f"{site_url}{path}*", lambda route: route.fulfill(**html))
    parameters = [(name, parameter) for name in EXPLORERS for parameter in EXPLORERS[name].parameters]
    elements = {}
    for words in ["", *INJECTIONS]:
        query = {f"{name}.{parameter.name}": words for name, parameter in parameters}
        query |= {f"{name}.__proto__": words for name in EXPLORERS} | {"__proto__.x": words, words: words}
        page.goto(f"{site_url}{path}?{urlencode(query if words else {})}")
        found = page.evaluate(
            """() => Object.fromEntries([...document.querySelectorAll("figure.explorer")].map((figure) => [
                figure.dataset.explorer,
                {
                    elements: figure.querySelectorAll("*").length,
                    values: Object.fromEntries(
                        [...figure.querySelectorAll("input, select")].map(({name, value}) => [name, value])
                    ),
                },
            ]))"""
        )
        for name, parameter in parameters:
            value = found[name]["values"][parameter.name]
            if isinstance(parameter, Choice):
                assert value in parameter.options
            else:
                low, high = (parameter.to_position(end) for end in (parameter.low, parameter.high))
                assert low - 1e-9 <= float(value) <= high + 1e-9
        count = {name: figure["elements"] for name, figure in found.items()}
        elements = elements or count
        assert count == elements, f"{words!r} made elements"
        assert page.evaluate("[window.hurt, ({}).x]") == [None, None]
    assert page.errors == []


def test_policy_stops_foreign_scripts_and_hosts(page, first):
    page.goto(first[1])
    outcome = page.evaluate(
        """async () => {
            const refused = [];
            addEventListener("securitypolicyviolation", (event) => refused.push(event.effectiveDirective));
            const script = document.createElement("script");
            script.textContent = "window.hurt = 1";
            document.body.append(script);
            document.body.insertAdjacentHTML("beforeend", "<img src=x onerror='window.hurt = 2'>");
            document.body.insertAdjacentHTML("beforeend", "<img src='http://outside.invalid/x.png'>");
            await fetch("http://outside.invalid/").catch(() => {});
            await new Promise((resolve) => setTimeout(resolve, 300));
            return [window.hurt, [...new Set(refused)].sort()];
        }"""
    )
    assert outcome[0] is None
    assert outcome[1] == ["connect-src", "img-src", "script-src-attr", "script-src-elem"]


def test_hundred_restless_moves(gallery, figure):
    """Back and forth, with the tab hidden and shown: the last move wins, nothing fails, memory stays."""
    explorer = EXPLORERS[figure.get_attribute("data-explorer")]
    rng = random.Random(explorer.name)
    worker, _ = threads_of(gallery)

    def restless(count):
        moves = []
        for _ in range(count):
            parameter = rng.choice(explorer.parameters)
            if isinstance(parameter, Choice):
                moves.append([parameter.name, rng.choice(list(parameter.options))])
            else:
                ends = (parameter.to_position(end) for end in (parameter.low, parameter.high))
                moves.append([parameter.name, rng.uniform(*ends)])
        gallery.evaluate(RESTLESS, [figure.element_handle(), moves])

    def assert_answered():
        values = values_of(figure, explorer)
        assert settled(figure) == ("live" if valid(explorer, values) else "error")
        if valid(explorer, values):
            assert figure.locator("output").inner_text() == explorer.read_out(explorer.run(**values))

    def memory_at_rest():
        """What Python holds when the explorer is back where it began: objects, and the bytes of the heap."""
        figure.locator("[data-action=reset]").click()
        assert settled(figure) == "live"
        objects = worker.evaluate("python.runPython('import gc; gc.collect(); len(gc.get_objects())')")
        return objects, worker.evaluate("python._module.HEAPU8.length")

    restless(60)  # fills caches
    objects, heap = memory_at_rest()
    restless(40)
    gallery.evaluate(HIDE, True)
    restless(20)
    gallery.evaluate(HIDE, False)
    restless(40)
    assert_answered()
    objects_then, heap_then = memory_at_rest()
    # Some twenty drawings: a line that each leaves behind is a thousand objects, caches grow by hundreds.
    # The heap grows by fifths: one step may mean that a move needed a little more than those before it.
    assert objects_then <= objects + 500, "objects stay behind"
    assert heap_then <= 1.2 * heap + 2**17, "the memory of the worker grows"
    assert gallery.faults == []


def valid(explorer, values):
    try:
        explorer.run(**values)
    except ValueError:
        return False
    return True


def test_site_works_under_any_path(site, tmp_path, page, shown):
    """As on GitHub Pages, where the book is a folder of a site."""
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "prefix").symlink_to(site)
    with serve_folder(tmp_path) as server:
        home = f"{server.url}some/prefix/"
        lost = []
        page.on("response", lambda response: response.status < 400 or lost.append(response.url))
        page.on(
            "request",
            lambda request: request.url.startswith((home, "data:", "blob:")) or lost.append(request.url),
        )
        name, (path, _) = next(iter(shown.items()))
        page.goto(home)
        page.wait_for_url(f"{home}book/index.html")
        page.goto(home + path)
        touch(figure_of(page, name))
        assert settled(figure_of(page, name)) == "live"
        scope = page.evaluate("navigator.serviceWorker.ready.then(({scope}) => scope)")
        assert scope == home
        link = page.get_by_role("link", name="Run this chapter as a live notebook").get_attribute("href")
        with page.expect_response(re.compile(r"/some/prefix/lite/wheels/ipywidgets-"), timeout=120_000):
            page.goto(urljoin(page.url, link))
        assert [address for address in lost if not address.endswith("/favicon.ico")] == []
        assert page.errors == []
