"""The pages that students get back: nothing in them acts, nothing comes from elsewhere, nothing is lost."""

import base64
import csv
import io
import os
import re
import time
import zipfile

import nbformat
import pytest
from classroom import FIRST, PYTHON, cell_of, complete, copied, grade, hand_in, page_of, submission
from course import master, pages
from PIL import Image

LINKS = """[a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html,<script>alert(1)</script>)
[d](vbscript:x "t") [e][ref] <javascript:alert(1)> <https://evil.example/1> https://evil.example/2
[f](&#106;avascript:alert(1)) [g](java\tscript:alert(1)) [h](file:///etc/passwd) [i](//evil.example/3)

[ref]: javascript:alert(2) "title"
"""
REMOTE = """![a](https://evil.example/a.png) ![b](//evil.example/b.png "t") ![c](file:///etc/passwd)
![d](x.png)
![e](data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIj4=) ![f](data:text/html;base64,PGI+) ![g][r]
![h" onerror="alert(1)](https://evil.example/c.png) ![i](data:image/png;base64,AAAA) ![j](attachment:none.png)

[r]: https://evil.example/d.png
"""
HTML = """<script>alert(1)</script><img src=x onerror=alert(1)><svg/onload=alert(1)>
<iframe src=https://evil.example>
<form action=https://evil.example><input name=a><button>b</button></form>
<style>@import "https://evil.example";</style><link rel=stylesheet href=https://evil.example/x.css>
<base href=https://evil.example><meta http-equiv=refresh content=0>
<a href=javascript:alert(1)>x</a>
<math><mtext><table><mglyph><style><img src=x onerror=alert(1)></style></math>
<video src=https://evil.example><object data=https://evil.example>
<p style="background:url(https://evil.example)"><details open ontoggle=alert(1)>
<!--><img src=x onerror=alert(1)>--> <<img src=x onerror=alert(1)> <p id=clobber>

<div onclick=alert(1)>

`<script>alert(1)</script>`

    <script>alert(1)</script>

```html
<script>alert(1)</script>
```
"""
LATEX = r"""$\href{javascript:alert(1)}{x}$ $\url{https://evil.example}$
$\includegraphics{https://evil.example/x.png}$
$\htmlClass{x}{y}$ $\htmlStyle{background:url(https://evil.example)}{y}$ $\htmlId{clobber}{y}$ $\class{a}{b}$
$\text{<img src=x onerror=alert(1)>}$ $\mathrm{</math><script>alert(1)</script>}$ $a<b>c$
$\style{x}{y}$ $\unicode{x3c}$ $\text{&lt;script&gt;alert(1)&lt;/script&gt;}$

$$\require{html}\data{x=1}{y}$$ \begin{align}a&<script>b\\c&=d\end{align}
"""
ALL = {"links": LINKS, "remote": REMOTE, "html": HTML, "latex": LATEX}
each_attack = pytest.mark.parametrize("attack", ALL)
# What a page may hold: the tags of its templates and those of pages.TAGS.
OURS = {"html", "head", "meta", "title", "style", "body", "header", "main", "section", "h1", "a", "div"}
OURS |= {"span", "details", "summary", "strong", "tfoot", *pages.TAGS}


def tags(markup):
    return re.findall(r"<(/?[A-Za-z][^\s>/]*)([^>]*)>", markup)


@each_attack
def test_markdown_becomes_a_few_tags_without_attributes_that_act(attack):
    made = pages.rich(ALL[attack])
    for tag, attributes in tags(made):
        assert tag.lstrip("/") in pages.TAGS
        for name, value in re.findall(r'([\w-]+)="([^"]*)"', attributes):
            assert name in pages.ATTRIBUTES.get(tag, ())
            assert name != "src" or value.startswith("data:image/png;base64,")


def test_a_link_is_shown_and_leads_nowhere():
    made = pages.rich(LINKS)
    assert "a (<code>javascript:alert(1)</code>)" in made and "e (<code>javascript:alert(2)</code>)" in made
    assert "https://evil.example/1 https://evil.example/2" in made and "<a" not in made


def picture(kind="PNG", size=(30, 20), mode="RGB"):
    file = io.BytesIO()
    Image.new(mode, size, "white").save(file, kind)
    return base64.b64encode(file.getvalue()).decode()


def test_pasted_pictures_are_shown_and_no_others():
    pasted = {
        "one.png": {"image/png": picture()},
        "two two.jpg": {"image/jpeg": picture("JPEG")},
        "three.gif": {"image/gif": picture("GIF")},
        "svg": {"image/svg+xml": base64.b64encode(b"<svg/>").decode()},
        "lie.png": {"image/png": base64.b64encode(b"<svg onload=alert(1)/>").decode()},
        "odd": "nothing",
    }
    text = "![a curve](attachment:one.png) ![b](attachment:two%20two.jpg) "
    text += "![c](attachment:svg) ![d](attachment:lie.png)"
    made = pages.rich(text, pasted)
    kinds = re.findall(r'src="data:image/(\w+);base64,', made)
    assert sorted(kinds) == ["jpeg", "png", "png"]  # the GIF was not named in the text, and is shown as PNG
    assert 'alt="a curve"' in made
    assert made.count("a picture that is not shown") == 3
    inline = f"![x](data:image/png;base64,{picture()}) ![y](data:image/jpeg;base64,{picture('JPEG')})"
    inline = pages.rich(inline)
    assert inline.count("<img") == 2
    assert "<img" not in pages.rich(f"![x](data:image/svg+xml;base64,{picture()})")
    assert pages.picture(picture("WEBP")) and pages.picture(picture("BMP")) is None


def test_a_picture_that_unfolds_to_gigabytes_is_not_shown(monkeypatch):
    large = picture(size=(7000, 7000), mode="1")
    assert len(large) < 100_000 and pages.picture(large) is None
    bomb = bytearray(base64.b64decode(picture()))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    assert pages.picture(base64.b64encode(bytes(bomb)).decode()) is None
    assert pages.picture(base64.b64encode(bytes(pages.MAX_PICTURE + 1)).decode()) is None
    assert pages.picture(small := picture())
    monkeypatch.setattr(pages, "MAX_PICTURE", 10)
    assert pages.picture(small) is None
    assert pages.picture(None) is None and pages.picture("?") is None


def test_formulas_need_no_script():
    made = pages.rich("$a_1 < b^2$ and $$\\frac{\\sigma_J}{J}$$ \\begin{align}a&=b\\\\c&=d\\end{align}")
    assert made.count("<math") == 3
    assert "<mfrac>" in made and "<mtable>" in made and "<mo>&lt;</mo>" in made
    assert "$" not in made
    assert pages.formula("\\frac{", "inline") == "<code>\\frac{</code>"
    assert "<mtext>&lt;b&gt;" in pages.formula("\\text{<b>}", "inline")
    for size, end in ((pages.MAX_FORMULA, "<math"), (pages.MAX_FORMULA + 1, "<code")):
        assert pages.formula("x" * size, "inline").startswith(end)
        found = re.match(pages.Words.SPECIFICATION["inline_math_tex"], f"${'x' * size}$")
        assert bool(found) == (end == "<math")


def test_text_and_code_hold_no_controls():
    for shown in (pages.rich("a\x1b[31m b\u202e\x07"), pages.code("a\x1b[31m b\u202e\x07")):
        assert re.sub("<[^>]+>", "", shown).strip() == "a b[U+202E]\ufffd"


CLEAN = "import sys; from course import feedback; print(feedback.Page(folder=sys.argv[1]).clean(sys.argv[2]))"


def test_a_page_tells_no_place(tmp_path):
    told = complete(None, tmp_path, f"{tmp_path}/a.py\x1b[1m and {PYTHON.parents[1]}/b.py", code=CLEAN)
    assert told == (0, "class/a.py and python/b.py\n", "")


def test_a_sentence_of_the_grader_names_cells_as_code():
    said = pages.line("The cell `units` of <b>Eve</b> was stopped: `<img src=x>`.")
    shown = (
        "The cell <code>units</code> of &lt;b&gt;Eve&lt;/b&gt; was stopped: <code>&lt;img src=x&gt;</code>."
    )
    assert said == shown


def test_honest_markdown_is_set():
    text = "# A\n\n*b* **c** `d`\n\n1. e\n2. f\n\n| g | h |\n|---|---|\n| 1 | 2 |\n\n> i\n\na < b & c"
    made = pages.rich(text)
    for piece in ("<h3>A</h3>", "<em>b</em>", "<strong>c</strong>", "<code>d</code>", "<li>e</li>"):
        assert piece in made
    assert "<td>1</td>" in made
    assert "a &lt; b &amp; c" in made and "<blockquote>" in made


@pytest.mark.parametrize(
    "piece", ["\\\\(", "\\begin{a}", "\\\\[", "$", "[", "![", "*a _b ", "> ", "<a ", "$a$ "]
)
def test_hostile_markdown_ends(piece):
    """Within seconds of CPU time; with nbconvert's own rules the first and the third take a minute."""
    started = time.process_time()
    pages.rich(piece * (50_000 // len(piece)))
    assert time.process_time() - started < 20
    assert "<pre>" in pages.rich(piece * 200_000)  # as it was typed


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A class in which one student attacks the reader and another pastes and prints what is usual."""
    folder = tmp_path_factory.mktemp("class")
    source = master.read(FIRST)
    units = "import sys\nprint('\\x1b[31mred\\x1b[0m \\u202e', sys.prefix)\nnp.linalg.inv(np.zeros((2, 2)))"
    attacker = submission(source, "ada", derive="\n\n".join(ALL.values()), criticize="\x1b[2J\u202e]")
    cell_of(attacker, "units").source = units
    cell_of(attacker, "shift").source = f"# {HTML}\nshift = {HTML!r}\nprint(shift)\n1 / 0"
    hand_in(folder, "<b>Eve &amp;_4711_assignsubmission_file/1-coupling.ipynb", attacker, "moodle.zip")
    honest = submission(source, "emmy", criticize="A plain word.\n\nAnother.")
    hand_in(folder, "noetheremmy_LATE_12_9000_1-coupling.ipynb", honest, "canvas.zip")
    grade(folder)
    return folder


def student_of(graded, beginning):
    (found,) = (path.name for path in graded.glob("feedback/*") if path.name.startswith(beginning))
    return found


def test_a_page_holds_only_what_shows(graded):
    text = page_of(graded, student_of(graded, "b-eve")).read_text("utf-8")
    head, body = text.split("</head>")
    assert "default-src 'none'; style-src 'sha256-" in head and "base-uri 'none'; form-action 'none'" in head
    assert "http://" not in head and "https://" not in head and "<script" not in text
    for tag, attributes in tags(body):
        assert tag.lstrip("/") in OURS, tag
        for name, value in re.findall(r'([\w-]+)="([^"]*)"', attributes):
            assert not name.startswith("on") and name != "style"
            assert name != "href" or re.fullmatch(r"#[a-z-]+", value)
            assert name != "src" or value.startswith("data:image/png;base64,")
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert "[U+202E]" in body


def test_text_stays_text_in_what_is_marked(graded):
    """The notebook that the formgrader opens."""
    notebook = nbformat.read(next(graded.glob("autograded/b-eve*/*/*.ipynb")), as_version=4)
    texts = [cell.source for cell in notebook.cells if cell.cell_type == "markdown"]
    assert any("< script" in text for text in texts)
    assert not any(re.search(r"<[A-Za-z!/?]", text) for text in texts)


def test_the_policy_of_all_pages():
    """Word by word: of the browser's refusals only the first can be seen where others stand behind it."""
    text = (pages.HERE / "base.html.j2").read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)[1]
    assert policy.split("; ") == [
        "default-src 'none'",
        "style-src 'sha256-{{ digest }}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert '<meta name="referrer" content="no-referrer">' in text
    for name in ("page.html.j2", "similar.html.j2"):
        assert (pages.HERE / name).read_text("utf-8").startswith('{% extends "base.html.j2" %}')


def test_no_place_of_this_machine_is_told(graded):
    text = page_of(graded, student_of(graded, "b-eve")).read_text("utf-8")
    assert "LinAlgError" in text and "site-packages/numpy/linalg" in text.replace("</span>", "")
    places = (str(graded), os.path.expanduser("~/"), str(master.ASSIGNMENTS.parents[1]), "/.venv-grading")
    for place in places:
        assert place not in text


def test_nothing_is_fetched_and_nothing_runs(graded, browser):
    page = browser.new_page()
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    for student in ("b-eve", "noether"):
        page.goto(page_of(graded, student_of(graded, student)).as_uri())
        assert [url for url in asked if not url.startswith("data:image/png")] == [page.url]
        assert said == [] and page.title().startswith("Assignment 1: From an absorption band to a coupling: ")
        assert page.locator("script, iframe, form, input, svg, object, link, a[href^='http']").count() == 0
        # The policy itself holds, if ever something slipped through.
        refused = page.evaluate("""async () => {
            const heard = new Promise(done => addEventListener('securitypolicyviolation', done));
            document.body.append(Object.assign(new Image(), {src: 'https://evil.example/x.png'}));
            return (await heard).effectiveDirective;
        }""")
        assert refused == "img-src"
        asked.clear()
    page.close()


FORMGRADER = """
import sys
from nbconvert.exporters import HTMLExporter
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config
from course import settings

config = settings.configure(Config())
config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
config.HTMLExporter.template_name = "formgrade"
about = dict.fromkeys(("assignment_id", "notebook_id", "submission_id", "base_url"), "x")
about |= dict.fromkeys(("last_name", "first_name", "mathjax_url", "next", "prev", "resources"), "")
about |= {"index": 0, "total": 1}
print(HTMLExporter(config=config).from_filename(sys.argv[1], resources=about)[0])
"""


def test_the_formgrader_shows_nothing_else(graded):
    """It sets the same notebooks in the instructor's browser, with nbconvert's own templates."""
    student = student_of(graded, "b-eve")
    status, shown, complaints = complete(
        None, graded / "autograded" / student / FIRST / f"{FIRST}.ipynb", code=FORMGRADER
    )
    assert status == 0, complaints
    answers = shown[shown.index("<body") :]
    assert "evil.example" in answers and "<math" in answers
    assert not re.search(
        r"(?:href|src)=\"(?:javascript|https?://evil|//evil|data:text)", answers, re.IGNORECASE
    )
    assert "<iframe" not in answers and "onerror=alert(1)>" not in answers.replace("&gt;", "")


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_can_be_read_everywhere(graded, browser, width, scheme):
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    for student in ("b-eve", "noether"):
        page.goto(page_of(graded, student_of(graded, student)).as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (ground == "rgb(255, 255, 255)") == (scheme == "light")
        marks = page.locator("main table").first
        assert marks.locator("tbody tr").count() == 9 and marks.is_visible()
    page.close()


def test_a_page_says_who_and_how_much(graded):
    text = page_of(graded, student_of(graded, "noether")).read_text("utf-8")
    body = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text[text.index("<body") :]))
    assert "noetheremmy" in body and "18 of 29 points" in body
    assert "Late, as Canvas says; course.toml states no deadline." in body
    assert "Answers that wait for their mark: 3. Until then they count as zero." in body
    assert "5. How well do you know J? by tests 4 4" in body and "6. Plot by hand waits 3" in body
    assert "A plain word." in body and body.count("The notebook ran from top to bottom.") == 1
    assert 'alt="Figure of cell figure"' in text


def test_pages_are_packed_when_every_answer_has_its_mark(graded, tmp_path):
    folder = copied(graded, tmp_path)
    assert not list((folder / "export").glob("*.zip"))
    path = folder / "byhand" / f"{FIRST}.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    for row in rows:
        row["score"] = "1" if row["kind"] != "test" else ""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    assert "not packed" not in grade(folder)
    eve = student_of(folder, "b-eve")
    for kind, student in (("moodle", eve), ("canvas", "noetheremmy-12")):
        with zipfile.ZipFile(folder / "export" / f"{FIRST}-{kind}-feedback.zip") as archive:
            (name,) = archive.namelist()
            assert archive.read(name) == page_of(folder, student).read_bytes()
        assert ("_4711_" if kind == "moodle" else "_12_9000_") in name
    assert "21 of 29 points" in page_of(folder, "noetheremmy-12").read_text("utf-8")
