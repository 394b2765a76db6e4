"""The explorers of the built site, on their own pages and all together on one page with one Python."""

import re

import pytest
from explorer_page import figure_of, settled, touch, use_theme
from faulty_host import hosted
from fingers import PHONE
from frenkel.explore import EXPLORERS
from upstream import watched_page

FIGURE = re.compile(r'<figure class="explorer".*?</figure>', re.DOTALL)
NAME = re.compile(r'data-explorer="([^"]*)"')
LIVE = re.compile(r"(?:\.\./)*_live/")


@pytest.fixture(scope="session")
def shown(site):
    """{explorer: (path of a page that shows it, its HTML there)}."""
    found = {}
    for file in sorted(site.rglob("*.html")):
        for figure in FIGURE.findall(file.read_text("utf-8")):
            found.setdefault(NAME.search(figure)[1], (file.relative_to(site).as_posix(), figure))
    lost = sorted(set(EXPLORERS) - set(found))
    assert not lost, f"No page shows the explorers {', '.join(lost)}"
    return found


@pytest.fixture(scope="module")
def host(site):
    """A host of the site whose answers a test can spoil."""
    with hosted(site) as server:
        yield server


@pytest.fixture
def first(shown, site_url):
    """Name and address of an explorer on its own page."""
    name, (path, _) = next(iter(shown.items()))
    return name, site_url + path


@pytest.fixture(scope="session")
def together(site, shown):
    """Return a function that gives (path, HTML) of a page of the site that has got the explorers `names`."""

    def page_with(names):
        path, html = next(iter(shown.values()))
        figures = "".join(LIVE.sub(LIVE.search(html)[0], shown[name][1]) for name in shown if name in names)
        before, after = (site / path).read_text("utf-8").split(html, 1)
        return path, FIGURE.sub("", before) + figures + FIGURE.sub("", after)

    return page_with


@pytest.fixture(scope="session")
def everything(together):
    """(path, HTML) of a page of the site that has got the explorers of all pages."""
    return together(EXPLORERS)


@pytest.fixture(scope="session")
def gallery(browser, site_url, everything):
    """The page that has got the explorers of all pages, alive."""
    path, body = everything
    context = browser.new_context(viewport={"width": 760, "height": 900}, reduced_motion="reduce")
    page = context.new_page()
    page.faults = []
    own = (site_url, "blob:", "data:")
    page.on("console", lambda message: message.type == "error" and page.faults.append(message.text))
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on("request", lambda request: request.url.startswith(own) or page.faults.append(request.url))
    page.route(site_url + path, lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(site_url + path)
    for name in EXPLORERS:
        touch(figure_of(page, name))
    for name in EXPLORERS:
        settled(figure_of(page, name))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    context.close()
    assert not [address for address in asked if "rest.zip" in address], (
        "core.txt lacks something: `make core`"
    )


@pytest.fixture(autouse=True)
def nothing_left(request):
    """A test that fails leaves no page behind, in which explorers would go on playing beside the next."""
    if "browser" not in request.fixturenames:
        yield
        return
    browser = request.getfixturevalue("browser")
    before = set(browser.contexts)
    yield
    for context in set(browser.contexts) - before:
        context.close()


@pytest.fixture
def page(browser):
    """A page of a browser that has seen nothing yet; what its scripts do not catch is in `page.errors`."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield watched_page(context)
    context.close()


@pytest.fixture
def narrow(browser):
    """An empty page as wide as a phone."""
    page = browser.new_page(viewport={"width": 390, "height": 844}, service_workers="block")
    yield page
    page.close()


@pytest.fixture
def phone(browser):
    """An empty page of a phone that has seen nothing yet."""
    context = browser.new_context(**PHONE)
    yield context.new_page()
    context.close()


@pytest.fixture(params=EXPLORERS)
def figure(request, gallery):
    """An explorer, live and at its defaults, on the page that holds them all."""
    use_theme(gallery, "light")
    figure = figure_of(gallery, request.param)
    figure.locator("[data-action=reset]").click()
    assert settled(figure) == "live", figure.locator(".explorer-status").inner_text()
    return figure
