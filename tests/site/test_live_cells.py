"""The Python behind live cells, in the Python of here; what of them stands in the site."""

import base64
import importlib
import sys

import cell_outputs
import pytest
from cell_reader import Reader
from conftest import ROOT
from notebooks import sources

HAS = "in this page; NumPy, SciPy and Matplotlib are"


@pytest.fixture
def reader(monkeypatch):
    monkeypatch.setattr("builtins.input", input)  # a page puts its own in place
    monkeypatch.setattr("warnings.showwarning", None)
    return Reader("late", "never")


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("print(1)\n2 + 2", "1\n4\n"),
        ("2 + 2;", ""),
        ("x = 3\nx  # the last line", "3\n"),
        ("None", ""),
        ("", ""),
        ("{'b': 1, 'a': 2}", "{'b': 1, 'a': 2}\n"),
        ("display('a', 2)", "'a'\n2\n"),
        ("int", "<class 'int'>\n"),
        ("'é';", ""),
    ],
)
def test_values_are_shown_as_in_jupyter(reader, source, text):
    assert reader.text(source) == text


def test_cells_share_a_namespace(reader):
    reader.run("def f(n):\n    return n + 1")
    assert reader.text("f(1)", "cell 2") == "2\n"


@pytest.mark.parametrize(
    ("source", "line", "message"),
    [
        ("x = 1\ny = x / 0", 2, "ZeroDivisionError: division by zero"),
        ("x = 1\ny = (x", 2, "        ^\nSyntaxError: '(' was never closed"),
        (
            "%timeit f(1)",
            1,
            "SyntaxError: lines that begin with % or ! are for Jupyter; here runs Python alone",
        ),
        ("import nowhere", 1, f"ModuleNotFoundError: there is no nowhere {HAS}"),
        ("1\nraise SystemExit", 2, "SystemExit: a page has nothing to leave; the cell ended here"),
        ("input('?')", 1, "RuntimeError: A page cannot ask for input: write the value into the code."),
    ],
)
def test_an_error_names_its_line(reader, source, line, message):
    (error,) = reader.run(source)
    assert (error["kind"], error["line"]) == ("error", line)
    assert error["text"] == f"Line {line}:\n    {source.splitlines()[line - 1]}\n{message}"
    assert reader.page.failed


def test_an_error_names_the_lines_of_other_cells(reader):
    reader.run("def f(n):\n    return 1 / n", "set-up 1")
    (error,) = reader.run("1\nf(0)")
    there = "Set-up 1, line 2, in f:\n    return 1 / n\n"
    assert error["text"] == f"Line 2:\n    f(0)\n{there}ZeroDivisionError: division by zero"
    assert error["line"] == 2


def test_an_error_stays_short(reader):
    (error,) = reader.run("def g():\n    g()\ng()")
    assert error["line"] == 2
    assert error["text"].count("\n") < 15
    (error,) = reader.run("raise ValueError('x' * 100_000)")
    assert len(error["text"]) < 3000


def test_what_a_library_says_is_kept_and_its_own_lines_are_not(reader):
    (error,) = reader.run("import frenkel\nfrenkel.site_energies(-1, 1.0)")
    assert error["text"].startswith(
        "Line 2:\n    frenkel.site_energies(-1, 1.0)\nValueError: Argument `n_sites`"
    )


def test_a_flood_of_words_is_cut_off(reader):
    outputs = reader.run("for i in range(100_000): print(i)")
    assert sum(len(output["text"]) for output in outputs) < 1.1 * cell_outputs.TEXT_LIMIT
    assert len(outputs) < 300
    assert "is not shown" in outputs[-1]["text"]


def test_a_flood_of_pictures_is_cut_off(reader):
    dot = "class Dot:\n    _repr_mimebundle_ = lambda self: {'image/png': b'dot'}\n"
    *pictures, words = reader.run(dot + "for _ in range(99):\n    display(Dot())")
    assert [it["kind"] for it in pictures] == ["picture"] * cell_outputs.PICTURE_LIMIT
    assert "is not shown" in words["text"]


@pytest.mark.parametrize("end", ["", "plt.show()", "ax.figure.suptitle('');"])
def test_figures_are_shown_once_with_words(reader, end):
    source = "import matplotlib.pyplot as plt\n_, ax = plt.subplots()\nax.set(xlabel='x', ylabel='y');\n"
    (picture,) = reader.run(source + end)
    assert base64.b64decode(picture["png"]).startswith(b"\x89PNG")
    assert picture["words"] == "Picture of this run: y against x"


def test_html_becomes_a_tree(reader):
    table = "<table onclick=x><tr><th scope=col>a<td>1 &lt; 2<tr><td>3</table>"
    html = f"{table}<script>b</script>c<br>d"
    (output,) = reader.run(f"class T:\n    _repr_html_ = lambda self: {html!r}\nT()")

    def plain(node):
        if isinstance(node, str):
            return node
        return (node["name"], *node["attributes"].items(), *map(plain, node["children"]))

    table = ("table", ("tr", ("th", ("scope", "col"), "a"), ("td", "1 < 2")), ("tr", ("td", "3")))
    assert plain(output["tree"]) == ("div", table, ("script",), "c", ("br",), "d")


@pytest.mark.parametrize("method", ["_repr_html_", "_repr_mimebundle_"])
def test_a_form_that_a_value_has_not_is_passed_over(reader, method):
    source = f"class T:\n    {method} = lambda self: None\n    __repr__ = lambda self: 'words'\nT()"
    assert reader.text(source) == "words\n"


@pytest.mark.parametrize("end", ["", "plt.show()", "display(figure)"])
def test_a_figure_too_large_for_a_page_is_an_error(reader, end):
    source = "import matplotlib.pyplot as plt\nfigure = plt.figure(figsize=(200, 200))\n"
    (error,) = reader.run(source + end)
    assert "40000 × 40000 pixels is too large for a page" in error["text"].splitlines()[-1]


ODD = ["name = 3", "name = property(lambda self: 1 / 0)", "filename, lineno, msg = 'cell 1', 'x', 'odd'"]


@pytest.mark.parametrize("body", ODD)
@pytest.mark.parametrize("base", ["Exception", "ImportError", "ModuleNotFoundError", "SyntaxError"])
def test_an_error_of_the_readers_own_make_is_told(reader, base, body):
    (error,) = reader.run(f"class E({base}):\n    {body}\nraise E")
    assert error["kind"] == "error"
    assert error["text"].splitlines()[-1].startswith("E")
    assert reader.text("1") == "1\n"


@pytest.mark.parametrize("mark", ["\x0c", "\x1c", "\u2028"])
def test_lines_are_those_of_the_editor(reader, mark):
    (error,) = reader.run(f"a = '{mark}'\nb = 1\n1 / 0  # here\nc = 2")
    assert error["text"].startswith("Line 3:\n    1 / 0  # here\n")
    (error,) = reader.run(f"a = '{mark}'\nb = (  # here")
    assert error["text"].startswith("Line 2:\n    b = (  # here\n")


@pytest.fixture
def library(tmp_path, monkeypatch):
    """Return a function that writes a module, which is gone after the test."""
    monkeypatch.syspath_prepend(tmp_path)

    def write(name, text=""):
        sys.modules.pop(name, None)
        (tmp_path / f"{name}.py").write_text(text)
        importlib.invalidate_caches()

    yield write
    for file in tmp_path.iterdir():
        sys.modules.pop(file.stem, None)


LATE = """\
rng = np.random.default_rng(1)
print("once")
for x in rng.normal(size=2):
    print(x)
    import late
"""


def test_a_package_is_waited_for(reader, library):
    """What imports it has the same random numbers, and prints once."""
    expected = reader.text("import numpy as np\n" + LATE.replace("import late", "pass"))
    outputs = reader.outputs
    outputs.clear()
    reader.page.begin("cell 2", LATE, reader.take)
    assert reader.page.proceed() == "late"
    library("late")
    assert reader.page.proceed() is None
    assert "".join(output["text"] for output in outputs) == expected


DEEP = """\
for t in (1.0, 2.0, 3.0):
    times.append(t); n += 1
    drawn += [np.random.rand(), rng.random()]
    print(t)
    deep.populations(t)
print(n, times, drawn)
"""
BEFORE = """\
import numpy as np
import deep
np.random.seed(3)
n, times, drawn, rng = 0, [], [np.random.rand()], np.random.default_rng(1)
"""


@pytest.mark.parametrize("between", ["", "times.append(0.5); n += 1", "drawn.append(rng.random()); 1 / 0"])
def test_a_package_that_is_imported_deep_in_a_library_changes_no_number(reader, library, between):
    """Whatever a statement has done before it stops, it is done once."""
    for import_ in ("pass", "import late"):
        library("deep", f"def populations(t):\n    {import_}\n")
        reader = Reader("late")
        reader.run(BEFORE)
        reader.run(between, "cell 2")
        reader.run(between, "cell 2")
        reader.outputs.clear()
        reader.page.begin("cell 3", DEEP, reader.take)
        waited = reader.page.proceed()
        if waited is None:
            expected = list(reader.outputs)
    assert waited == "late"
    library("late")
    assert reader.page.proceed() is None
    assert reader.outputs == expected


def test_random_numbers_that_nothing_has_seeded_stay_those_that_were_shown(reader):
    reader.run("import numpy as np, importlib")
    shown = reader.text("x = np.random.rand()\nx", "cell 2")
    reader.run("importlib.import_module('late')", "cell 3")  # it does not come
    assert reader.waited == ["late"]
    assert reader.text("x", "cell 4") == shown


def test_what_a_statement_imports_is_there_before_it_begins(reader, library):
    """So nothing has to run twice."""
    library("seen", "times = []")
    source = "import seen\nseen.times.append(1)\nfor t in (1, 2):\n    print(t)\n    from late import part"
    reader.page.begin("cell 1", source, reader.take)
    assert reader.page.proceed() == "late"
    library("late", "part = 1")
    assert reader.page.proceed() is None
    assert "".join(it["text"] for it in reader.outputs) == "1\n2\n"
    assert sys.modules["seen"].times == [1]


def test_a_cell_that_is_changed_finds_what_it_found_before(reader):
    import matplotlib

    reader.run("import numpy as np\nrng = np.random.default_rng(1)")
    book = "print(sum([1, 2]), max(1, 2), rng.random(), np.array([1 / 3]))\nlater = 1"
    expected = reader.text(book, "cell 2")
    look = dict(matplotlib.rcParams.copy())
    wild = "import matplotlib.pyplot as plt\nplt.style.use('dark_background')\nrng.random()\n"
    wild += "np.set_printoptions(precision=2)\nsum, max, print, rng = 0, 3, None, None"
    reader.page.begin("cell 2", wild, reader.take, anew=True)
    reader.page.proceed()
    assert not reader.page.failed
    assert dict(matplotlib.rcParams.copy()) != look
    reader.outputs.clear()
    reader.page.begin("cell 2", "print('later' in globals())\n" + book, reader.take, anew=True)
    reader.page.proceed()
    assert "".join(it["text"] for it in reader.outputs) == "False\n" + expected
    assert dict(matplotlib.rcParams.copy()) == look


def test_a_package_that_does_not_come_is_asked_for_once(reader):
    (error,) = reader.run("import never")
    assert reader.waited == ["never"]
    assert "there is no never in this page" in error["text"]


@pytest.mark.parametrize("path", sources.chapters(), ids=sources.name)
def test_the_page_holds_the_code_of_its_cells(parsed, path):
    """What live cells run is what stands in the page, folded or not."""
    page = parsed(path.relative_to(ROOT).as_posix().replace(sources.SUFFIX, ".html"))
    here = [code.get_text().strip("\n") for code in page.select("div.cell .cell_input pre")]
    hidden = {"remove-input", "remove-cell"}
    cells = [cell for cell in sources.read(path).cells if cell.cell_type == "code"]
    lost = [cell for cell in cells if hidden & set(cell.metadata.get("tags", ()))]
    assert all(sources.explorer(cell) for cell in lost), "a live cell below would miss it"
    assert here == [cell.source.strip("\n") for cell in cells if cell not in lost]
    assert bool(page.select("script[src*='_live/cells.js']")) == bool(here)
