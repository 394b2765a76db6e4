"""Questions and equation lines: what an author writes becomes HTML that answers, and mistakes are told."""

import html
import io
import random
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from bs4 import BeautifulSoup
from conftest import ROOT, serve_folder
from frenkel import _formulas, questions
from notebooks import myst, question_cells
from sphinx.application import Sphinx

SEALED = re.compile(r'ask\("(.*)"\)')
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

```{self-check} How far does it get?
:formula: 2 J^2 t^2 a^2 / ħ^2
:names: J energy, t time, a length, ħ energy time
:left: $\mathrm{MSD} =$
:hint: Which power of $t$ is *ballistic*?
- J^2 t^2 a^2 / ħ^2 : There are **two** ways to go.
- 2 J t a^2 / ħ : So walks a drunkard.

Ballistic, $2t^2$.
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
        "html_js_files": [["formula.js", {"defer": "defer"}], ["quiz.js", {"defer": "defer"}]],
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
    with serve_folder(built[0]) as server:
        page = browser.new_page()
        page.goto(server.url + "index.html")
        yield page
        page.close()


def test_questions_are_labeled(built):
    out, warnings = built
    page = BeautifulSoup((out / "index.html").read_text("utf-8"), "html.parser")
    inputs = page.select(".question input")
    assert len(inputs) == 6
    assert all(page.select_one(f'label[for="{field["id"]}"]') for field in inputs)
    assert len(page.select('[role="status"]')) == 4
    assert [part["data-verdict"] for part in page.select(".question")[0].select(".answers > div")] == [
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
        ("much", "Enter a number", "open"),
        ("", "Enter a number", "open"),
    ],
)
def test_a_number_is_answered(page, entry, words, verdict):
    page.locator(".typed input").first.fill(entry)
    page.keyboard.press("Enter")
    answer = page.locator(".answer").nth(1)
    assert words in answer.inner_text()
    assert answer.get_attribute("data-verdict") == verdict


@pytest.mark.parametrize(
    ("entry", "words", "verdict"),
    [
        ("2 J^2 t^2 a^2 / hbar^2", "Ballistic", "right"),
        ("2(Jta/ħ)²", "Ballistic", "right"),
        ("(J t a/ħ)^2 + a**2 (J t)^2/ħ^2", "Ballistic", "right"),
        ("(Jta/ħ)²", "two ways", "other"),
        ("2Jta²/ħ", "drunkard", "other"),
        ("3 J t a^2/ħ", "ballistic", "other"),
        ("2 J^2 t^2", "Its dimension is energy² time²; asked for is length².", "other"),
        ("J + t", "Two terms have different dimensions: energy and time.", "other"),
        ("exp(J t)", "must be a pure number", "other"),
        ("2 D t", "There is no “D” here. Names here: J, t, a, ħ.", "open"),
        ("2 (J t", "A bracket is not closed. Names here: J, t, a, ħ.", "open"),
        ("<b>", "There is no “b” here", "open"),
        ("<J>", "“<” stands where a number or a name should", "open"),
        ("__proto__", "There is no “proto” here", "open"),
        ("hasOwnProperty", "There is no “hasOwnProperty” here", "open"),
        ("constructor", "There is no “constructor” here", "open"),
        ("(" * 150, "ends too early", "open"),
        ("J" * 201, "at most 200 characters", "open"),
        ("J^J^J^J^999999", "An exponent must be a pure number", "other"),
        ("1/0", "asked for is length²", "other"),
        ("", "ends too early", "open"),
    ],
)
def test_a_formula_is_answered(page, entry, words, verdict):
    """In the page, and by the same words in a notebook."""
    page.locator(".typed input").nth(1).fill(entry)
    page.keyboard.press("Enter")
    answer = page.locator(".answer").nth(3)
    assert words in answer.inner_text()
    assert answer.get_attribute("data-verdict") == verdict
    assert answer.locator(".words > p > math").count() == (verdict != "open")
    (block,) = (block for block in myst.blocks(PAGE) if "formula" in block.options)
    cell = question_cells.cell(block, "name", lambda text: text, lambda text: text)
    found = questions.ask(SEALED.search(cell.source)[1]).answer(entry)
    assert found[0] == verdict and words in re.sub("<[^>]*>", "", html.unescape(found[1]))


PIECES = [
    *(
        "J",
        "t",
        "Jt",
        "Γ",
        "Gamma",
        "k_B",
        "k_BT",
        "hbar",
        "ħ",
        "pi",
        "2",
        "0,5",
        ".5",
        "1e-3",
        "3.",
        "+",
        "-",
    ),
    *(
        "−",
        "*",
        "**",
        "·",
        "/",
        "^",
        "²",
        "⁻¹",
        "(",
        ")",
        "[",
        "sqrt(",
        "√(",
        "exp(",
        "tanh",
        "ln(",
        "x",
        "=",
        "é",
    ),
    *(" ", " "),
]
NAMES = {
    "J": {"energy": 1},
    "t": {"time": 1},
    "Γ": {"energy": 1},
    "k_B": {"energy": 1, "temperature": -1},
    "T": {"temperature": 1},
    "ħ": {"energy": 1, "time": 1},
}
READ = """([texts, names]) => {
    const said = (read) => { try { return read(); } catch (error) { return error.message; } };
    const list = Object.keys(names);
    return texts.map((text) => said(() => {
        const tree = formulas.parse(text, list);
        const dimension = said(() => formulas.inWords(formulas.dimension(tree, names)));
        return [tree, formulas.agree(tree, formulas.parse("2 J", list), list), dimension];
    }));
}"""


def read(text):
    try:
        tree = _formulas.parse(text, NAMES)
    except _formulas.Misread as error:
        return str(error)
    alike = _formulas.agree(tree, _formulas.parse("2 J", NAMES), NAMES)
    try:
        return [tree, alike, _formulas.in_words(_formulas.dimension(tree, NAMES))]
    except _formulas.Misread as error:
        return [tree, alike, str(error)]


def as_lists(found):
    return [as_lists(part) for part in found] if isinstance(found, (list, tuple)) else found


def test_page_and_notebook_read_every_formula_alike(page):
    draw = random.Random(1)
    texts = ["J+J", "2J", "J t^0 + J"] + [
        "".join(draw.choices(PIECES, k=draw.randint(1, 7))) for _ in range(20_000)
    ]
    here = [as_lists(read(text)) for text in texts]
    there = page.evaluate(READ, [texts, NAMES])
    differ = [(text, one, other) for text, one, other in zip(texts, here, there, strict=True) if one != other]
    assert not differ, differ[:3]
    assert sum(isinstance(each, list) for each in here) > 2000
    assert sum(isinstance(each, list) and each[1] for each in here) > 3


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("-(J + t) Γ", r"-\left(J + t\right) \, \Gamma "),
        ("2 3 J", r"2 \cdot 3 \, J"),
        ("J - (t - Γ)", r"J - \left(t - \Gamma \right)"),
        ("J - t/2", r"J - \frac{t}{2}"),
        ("(J t)^2", r"\left(J \, t\right)^{2}"),
        ("exp(-Γ t/ħ)", r"\exp\left(-\frac{\Gamma  \, t}{\hbar }\right)"),
        ("1.5e-3 k_B T", r"1.5 \cdot 10^{-3} \, k_\mathrm{B} \, T"),
    ],
)
def test_a_formula_is_shown_with_the_brackets_that_it_needs(text, latex):
    assert _formulas.latex(_formulas.parse(text, NAMES)) == latex


def test_a_prediction_shows_the_text_whatever_was_chosen(page):
    page.get_by_role("radio").nth(3).check()
    answer = page.locator(".answer").nth(2)
    assert "You said: (b) It rises" in answer.inner_text()
    assert "It rises, as" in answer.inner_text()


def test_what_computes_an_equation_stands_behind_a_mark(page):
    mark = page.locator("details.implements")
    assert "frenkel" not in mark.inner_text()
    mark.locator("summary").press("Enter")
    words = "Computed by frenkel.transition_dipole, checked by test_questions_are_labeled."
    assert mark.locator("p").inner_text() == words
    assert mark.locator("a[href$='/tests/book/test_questions.py']").count() == 1


def test_answers_stand_in_the_page_without_scripts(built, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((built[0] / "index.html").as_uri())
    page.locator("details.answers summary").first.click()
    assert page.get_by_text("Localized at").is_visible()
    context.close()


def test_paper_has_no_folds(page):
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator("details.answers[open]").count() == 4


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
        ("```{self-check} Q?\n:formula: J\n:hint: h\n\nRight.\n```", "needs :names:"),
        (
            "```{self-check} Q?\n:formula: a\n:names: a, b, c, d, e, f, g, h, i\n:hint: h\n\nRight.\n```",
            "may have 8 names, but has 9",
        ),
        ("```{self-check} Q?\n:formula: J\n:names: J energy\n\nRight.\n```", "needs :hint:"),
        ("```{self-check} Q?\n:formula: J\n:names: J a_b\n:hint: h\n\nRight.\n```", "names must read"),
        ("```{self-check} Q?\n:formula: J +\n:names: J energy\n:hint: h\n\nRight.\n```", "cannot be read"),
        (
            "```{self-check} Q?\n:formula: J + 1\n:names: J energy\n:hint: h\n\nRight.\n```",
            "different dimensions",
        ),
        ("```{self-check} Q?\n:formula: log(-J)\n:names: J\n:hint: h\n\nRight.\n```", "has no value"),
        (
            "```{self-check} Q?\n:formula: 2J\n:names: J\n:hint: h\n- J + J : No.\n\nRight.\n```",
            "another way",
        ),
        (
            "```{self-check} Q?\n:formula: 2J\n:names: J\n:hint: h\n- J\n\nRight.\n```",
            "a wrong formula must read",
        ),
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
