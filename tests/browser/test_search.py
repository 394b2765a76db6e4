"""The search: what it finds, and where its links lead."""

import re
from functools import partial
from urllib.parse import urlencode

import pytest
from colors import contrast
from explorer_page import use_theme
from upstream import watched_page

CHAPTER = "book/chapters/"
SEARCHES = [
    ("ENAQT", "07-enaqt.html"),
    ("environment-assisted quantum transport", "07-enaqt.html"),
    ("best noise", "07-enaqt.html#where-is-the-best-noise"),
    ("transfer matrix", "04-localization.html"),
    ("localization length", "04-localization.html"),
    ("localisation", "04-localization.html"),
    ("Anderson localisation", "04-localization.html"),
    ("participation ratio", "04-localization.html#two-lengths-of-a-state"),
    ("D(t)", "05-ballistic.html"),
    ("why is D negative", "05-ballistic.html#when-d-t-is-negative"),
    ("Γ", "06-dephasing.html#how-grows-with-temperature"),
    ("gamma", "06-dephasing.html#how-grows-with-temperature"),
    ("nearest neighbour", "02-coupling.html#beyond-the-nearest-neighbor"),
    ("polaron", "14-phonons.html"),
    ("superradiance", "03-spectra.html#sharing-light-superradiance"),
    ("superradience", "03-spectra.html#sharing-light-superradiance"),
    ("orientation factor", "02-coupling.html#from-a-dipole-to-a-coupling"),
    ("turnover temperature", "08-temperature.html#the-turnover-temperature"),
    ("background counts", "09-microscopy.html#background"),
    ("weak localization in a plane", "12-dimensions.html"),
]


@pytest.fixture(scope="module")
def desk(browser):
    """The page of a reader who searches again and again."""
    context = browser.new_context(service_workers="block")
    yield watched_page(context)
    context.close()


def search(page, site_url, words):
    """Search for words; return what the page says and where its places are."""
    page.goto(f"{site_url}search.html")
    page.locator(".bd-search-container input").fill(words)
    page.locator(".bd-search-container input").press("Enter")
    status = page.locator("#search-results [role=status]").filter(has_text=re.compile("found|loaded", re.I))
    status.wait_for()
    links = page.locator("#search-results li > a").evaluate_all("links => links.map((link) => link.href)")
    return status.inner_text(), [re.sub(r"\?[^#]*", "", link.removeprefix(site_url)) for link in links]


@pytest.fixture
def ask(desk, site_url):
    """A function that searches for words on that page."""
    return partial(search, desk, site_url)


@pytest.mark.parametrize(("words", "place"), SEARCHES, ids=[words for words, _ in SEARCHES])
def test_a_search_lands(ask, desk, words, place):
    _, places = ask(words)
    assert len(places) == len(set(places))
    assert desk.locator("#search-results .context mark").count() or words in "Γ gamma"
    defined = desk.locator("#search-results .answer").count()
    assert places[defined].startswith(CHAPTER + place)


def test_accents_do_not_count(ask):
    with_them, without = ask("Förster")[1], ask("Forster")[1]
    assert with_them == without and with_them


@pytest.mark.parametrize("words", ["exchange narrowing", "Exchange-Narrowing", "exciton", "D(t)", "ENAQT"])
def test_the_glossary_answers_first(ask, desk, words):
    _, places = ask(words)
    assert places[0].startswith("book/pages/glossary.html#term-")
    assert len(desk.locator("#search-results .answer p").inner_text()) > 50


@pytest.mark.parametrize(
    "words", ["__proto__", "<img src=x onerror=alert(1)>zzzz", "the", "hasOwnProperty ½", "🙂", "x" * 5000]
)
def test_words_that_are_nowhere(ask, desk, words):
    said, places = ask(words)
    assert said.startswith("Nothing found for") == (not places)
    assert desk.errors == []


def test_other_words_for_objects_are_words(ask, desk):
    assert "instructors.html" in ask("constructor")[1][0]
    assert desk.errors == []


def test_a_link_leads_to_the_marked_words(page, site_url):
    search(page, site_url, "why is D negative")
    page.locator("#search-results li > a").first.click()
    page.wait_for_url("**/05-ballistic.html#when-d-t-is-negative")
    section = page.locator("#when-d-t-is-negative")
    section.locator(".highlighted").first.wait_for()
    assert {text.lower() for text in section.locator(".highlighted").all_inner_texts()} == {"negative"}
    assert page.evaluate("scrollY") > 1000


def test_a_link_with_many_words_marks_six(page, site_url):
    words = " ".join(2000 * ["diffusion"] + ["disorder", "noise", "exciton", "phase", "ring", "Haken"])
    page.goto(f"{site_url}{CHAPTER}07-enaqt.html?{urlencode({'highlight': words})}")
    page.locator(".highlighted").first.wait_for()
    marked = {text.lower() for text in page.locator(".highlighted").all_text_contents()}
    assert marked - {""} == {"diffusion", "disorder", "noise", "exciton", "phase", "ring"}
    assert "highlight" not in page.url


def test_a_fold_opens_where_the_words_are(page, site_url):
    search(page, site_url, "exponentially distributed lengths segments")
    link = page.locator("#search-results li.solution > a").first
    assert link.inner_text() == "Solution: Segments of many lengths"
    link.click()
    page.locator(".solution .highlighted").first.wait_for()
    page.wait_for_timeout(500)
    opened = page.locator(".solution:not(.toggle-hidden)")
    assert opened.count() == 1
    assert opened.locator(".highlighted").first.is_visible()


def test_without_its_list_the_search_says_so(browser, site_url):
    page = browser.new_page(service_workers="block")
    page.route("**/search.json*", lambda route: route.abort())
    said, places = search(page, site_url, "noise")
    assert said.startswith("The list of the book’s places could not be loaded") and not places
    page.close()


MARKED = (
    "noise import def return sites the of figure 0.3 frenkel"  # in text, links, heads, and code of all colors
)
# Of every marked word: what it stands in, its color and the first ground below it that covers, as #rrggbb.
LOOKS = """() => {
    const kinds = { "pre": "code", "h1, h2, h3": "head", "a": "link", "code": "name", "p, li": "text" };
    const pair = (part) => Number(part).toString(16).padStart(2, "0");
    const hex = (color) => "#" + color.match(/[\\d.]+/g).map(pair).join("");
    const marks = [...document.querySelectorAll(".bd-article .highlighted")];
    return marks.filter((it) => !it.closest("svg, .katex")).map((it) => {
        const { color } = getComputedStyle(it);
        let backgroundColor = "transparent";
        for (let at = it; /transparent|rgba/.test(backgroundColor); at = at.parentElement) {
            backgroundColor = getComputedStyle(at).backgroundColor;
        }
        const kind = Object.entries(kinds).find(([place]) => it.closest(place))?.[1] ?? "other";
        return [kind, hex(color), hex(backgroundColor)];
    });
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_marked_words_are_legible(page, site_url, theme):
    page.goto(f"{site_url}{CHAPTER}07-enaqt.html?highlight={MARKED.replace(' ', '+')}")
    page.locator(".highlighted").nth(50).wait_for(state="attached")
    use_theme(page, theme)
    looks = {tuple(look) for look in page.evaluate(LOOKS)}
    assert {kind for kind, _, _ in looks} >= {"code", "head", "link", "name", "text"}
    assert len({color for kind, color, _ in looks if kind == "code"}) > 3, "code has several colors"
    assert {look: contrast(*look[1:]) for look in looks if contrast(*look[1:]) < 4.5} == {}
