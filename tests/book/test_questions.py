"""Questions and equation lines: what an author writes becomes HTML that answers, and mistakes are told."""

import io

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from conftest import ROOT, serve_folder
from sphinx.application import Sphinx

STATIC = ROOT / "book" / "site" / "static"
PAGE = r"""# Questions

```{self-check} Which $\Gamma$ is best?
- [ ] $\Gamma = 0$ : Localized at $\xi$.
- [x] $\Gamma \approx \Delta$ : Noise undoes interference,
  and **more**.
```

```{self-check} What is $D_s$?
:number: 0.37 ± 0.01
:unit: $J a^2/\hbar$
:hint: Look at $2/\Gamma$.
- 0.74 ± 0.01 : Twice too much.

Yes, $2\Gamma/(\Gamma^2 + 2\Delta^2)$.
```

```{prediction} What comes next?
- It falls
- It *rises*

It rises, as $\Gamma$ does.
```

{implements}`frenkel.transition_dipole tests/book/test_questions.py::test_questions_are_labeled`
"""


def build(folder, text):
    """Build a page with the book's extension; return its folder and the warnings."""
    source = folder / "source"
    source.mkdir()
    (source / "index.md").write_text(text, "utf-8")
    settings = {
        "extensions": ["myst_parser", "formulas", "sphinx.ext.autodoc", "implements", "quiz"],
        "myst_enable_extensions": ["dollarmath"],
        "html_math_renderer": "formulas",
        "html_static_path": [str(STATIC)],
        "html_js_files": [["quiz.js", {"defer": "defer"}]],
        "language": "en",
    }
    warnings = io.StringIO()
    out = folder / "html"
    Sphinx(
        source, None, out, folder / "trees", "html", settings, status=None, warning=warnings, freshenv=True
    ).build()
    return out, warnings.getvalue()


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return build(tmp_path_factory.mktemp("questions"), PAGE)


@pytest.fixture
def page(built, browser):
    server = serve_folder(built[0])
    page = browser.new_page()
    page.goto(server.url + "index.html")
    yield page
    page.close()
    server.shutdown()
    server.server_close()


def test_questions_are_labeled(built):
    out, warnings = built
    html = BeautifulSoup((out / "index.html").read_text("utf-8"), "html.parser")
    inputs = html.select(".question input")
    assert len(inputs) == 5
    assert all(html.select_one(f'label[for="{field["id"]}"]') for field in inputs)
    assert len(html.select('[role="status"]')) == 3
    assert [part["data-verdict"] for part in html.select(".question")[0].select(".answers > div")] == [
        "other",
        "right",
    ]
    assert "ERROR" not in warnings


def test_a_choice_is_answered_at_once(page):
    answer = page.locator(".answer").nth(0)
    page.get_by_role("radio").nth(0).check()
    assert "Localized" in answer.inner_text()
    assert answer.locator(".katex").count() == 1
    page.keyboard.press("ArrowDown")
    assert "and more" in answer.inner_text()
    assert answer.get_attribute("data-verdict") == "right"


@pytest.mark.parametrize(
    ("entry", "words", "verdict"),
    [
        ("0.38", "Yes", "right"),
        ("0,37", "Yes", "right"),
        ("3.7e-1", "Yes", "right"),
        ("0.75", "Twice", "other"),
        ("0.39", "Look", "other"),
        ("much", "Enter a number", "other"),
        ("", "Enter a number", "other"),
    ],
)
def test_a_number_is_answered(page, entry, words, verdict):
    page.locator(".numeric input").fill(entry)
    page.keyboard.press("Enter")
    answer = page.locator(".answer").nth(1)
    assert words in answer.inner_text()
    assert answer.get_attribute("data-verdict") == verdict


def test_a_prediction_shows_the_text_whatever_was_chosen(page):
    page.get_by_role("radio").nth(3).check()
    answer = page.locator(".answer").nth(2)
    assert "You said: (b) It rises" in answer.inner_text()
    assert "It rises, as" in answer.inner_text()


def test_answers_stand_in_the_page_without_scripts(built, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((built[0] / "index.html").as_uri())
    page.locator("details.answers summary").first.click()
    assert page.get_by_text("Localized at").is_visible()
    context.close()


def test_paper_has_no_folds(page):
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.answers[open]").count() == 3


def test_questions_pass_axe(page):
    page.get_by_role("radio").nth(0).check()
    rules = {"include": [[".question"]]}
    assert Axe().run(page, context=rules, options={"preload": False}).violations_count == 0


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("```{self-check} Q?\n- [x] a : b\n```", "there must be two"),
        ("```{self-check} Q?\n- [ ] a : b\n- [ ] c : d\n```", "exactly one"),
        ("```{self-check} Q?\n- [x] a\n- [ ] c : d\n```", "every option must read"),
        ("```{self-check} Q?\n:number: 3\n:hint: h\n\nRight.\n```", "0.37 ± 0.01"),
        ("```{self-check} Q?\n:number: 3 ± 1\n\nRight.\n```", "needs :hint:"),
        ("```{prediction} Q?\n- a\n\nText.\n```", "two options"),
        (
            "{implements}`frenkel.units.nothing tests/book/test_questions.py::test_paper_has_no_folds`",
            "no function",
        ),
        ("{implements}`frenkel.units.thermal_energy tests/book/test_questions.py::test_nothing`", "no test"),
        ("{implements}`frenkel.units.thermal_energy`", "no test"),
    ],
)
def test_mistakes_of_the_author_are_told(tmp_path, text, words):
    _, warnings = build(tmp_path, f"# Page\n\n{text}\n")
    assert words in warnings
