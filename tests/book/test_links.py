"""Which cells of a chapter a change reaches, and which of them these need."""

import contextlib
import io

import nbformat
import pytest
from notebooks import links, recorded, sources


def chapter(*codes):
    """A chapter of cells a, b, c, …"""
    cells = [nbformat.v4.new_code_cell(code, id=name) for name, code in zip("abcdef", codes, strict=False)]
    return nbformat.v4.new_notebook(cells=cells)


def needs(*codes):
    """{cell: those that it needs, as one word}"""
    found = links.of_chapter(chapter(*codes))
    return {link.cell: "".join(sorted(link.needs)) for link in found.values()}


@pytest.mark.parametrize(
    ("codes", "last"),
    [
        (("x = 1", "y = 2", "print(x)"), "a"),
        (("x = 1", "y = x", "z = 3", "print(y)"), "ab"),
        (("x = 1", "x = 2", "print(x)"), "b"),
        (("x = 1", "x += 1", "print(x)"), "ab"),
        (("x = [1]", "x.append(2)", "x.count(1)", "print(x)"), "abc"),
        (("x = [1]", "n = x.count(1)", "print(x)"), "a"),
        (("x = {}", "x[1] = 2", "print(x)"), "ab"),
        (("x = {}", "x[1].y = 2", "y = x[1]", "print(x)"), "ab"),
        (("x = [1]", "del x[0]", "print(x)"), "ab"),
        (("x = 1", "if x > 2:\n    x = 2", "print(x)"), "ab"),
        (("x = 1", "for x in range(3):\n    y = x", "print(y)"), "b"),
        (("x = 1", "y = [x for x in range(3)]", "print(x)"), "a"),
        (("x = 1", "x = 3\nprint(x)"), ""),
        (("x = 1", "x = x + 3\nprint(x)"), "a"),
        (("x = 1", "for k in range(3):\n    x = k\n    print(x)"), ""),
        (("x = 1", "for k in range(3):\n    print(x)\n    x = k"), "a"),
        (("x = 1", "y = (lambda x: 2 * x)(3)"), ""),
        (("x = 1", "def f():\n    return x", "x = 3", "print(f())"), "abc"),
        (("def f():\n    return g()", "def g():\n    return 1", "print(f())"), "ab"),
        (("x = 1", "def f(x):\n    return x", "print(f(3))"), "b"),
        (("x = 1", "def f(x):\n    x.append(1)", "f(x)", "print(x)"), "abc"),
        (("x = 1", "print(x)", "print(x)"), "a"),
        (("import numpy as np", "x = np.eye(2)", "np.fill_diagonal(x, 2)", "print(x)"), "abc"),
        (("import numpy as np", "x = np.eye(2)", "x[0] = np.ones(2)", "print(np.pi)"), "a"),
        (("import matplotlib.pyplot as plt", "plt.rcParams.update({})", "plt.plot([0, 1])"), "ab"),
        (("import matplotlib.pyplot as plt", "plt.figure(figsize=(1, 1))", "plt.plot([0, 1])"), "a"),
        (("import numpy as np", "r = np.random.default_rng(1)", "x = r.normal()", "y = r.normal()"), "abc"),
        (("from frenkel import units", "x = 1", "print(units.MEV)"), "a"),
    ],
    ids=lambda value: " | ".join(value) if isinstance(value, tuple) else value,
)
def test_a_cell_needs_those_that_made_what_it_reads(codes, last):
    assert list(needs(*codes).values())[-1] == last


FOUR = ("import numpy as np\nn = 3", "x = np.arange(n)", "y = 2 * n", "print(x + y)")


def changed(before, after):
    """The cells that a change reaches, as one word."""
    old, new = (links.of_chapter(chapter(*codes)) for codes in (before, after))
    return "".join(cell for cell in new if cell not in old or old[cell].mark != new[cell].mark)


@pytest.mark.parametrize(
    ("cell", "code", "reached"),
    [
        (0, "import numpy as np\nn = 4", "abcd"),
        (0, "import numpy as np\nimport math\nn = 3  # sites", "a"),
        (0, "import numpy as np\nn = 3\nm = 4", "a"),
        (1, "x = np.arange(n) + 1", "bd"),
        (2, "y = 2 * n + 1", "cd"),
        (2, "y = (2 * n)  # twice", ""),
        (3, "print(x - y)", "d"),
        (3, "print(x + y);", "d"),
    ],
)
def test_a_change_reaches_what_follows_from_it(cell, code, reached):
    assert changed(FOUR, (*FOUR[:cell], code, *FOUR[cell + 1 :])) == reached


def test_a_change_of_the_library_reaches_the_cells_that_use_it(monkeypatch):
    codes = (
        "import frenkel",
        "a = frenkel.first_maximum([1, 2, 1])",
        "b = frenkel.chain(3)",
        "print(a)",
        "print(b)",
    )
    before = links.of_chapter(chapter(*codes))
    library, marks = links.uses.library(), links.uses.Library.marks
    assert {p.name for p in library.roots(codes)} >= {"first_maximum", "chain"}
    monkeypatch.setattr(
        links.uses.Library,
        "marks",
        lambda self, places: {
            name: "other" if name.endswith(".first_maximum") else mark
            for name, mark in marks(self, places).items()
        },
    )
    after = links.of_chapter(chapter(*codes))
    assert "".join(cell for cell in after if after[cell].mark != before[cell].mark) == "bd"


def test_what_a_cell_needs_is_enough():
    """Each cell of chapter 1 prints what is recorded when only those are executed that it needs."""
    path = sources.find("superlattices")
    notebook, printed = sources.read(path), recorded.printed(recorded.folder(path))
    found = links.of_chapter(notebook)
    assert printed.keys() <= found.keys() and any(len(link.needs) < 2 for link in found.values())
    for cell in printed:
        names = {}
        for other in notebook.cells:
            if other.id in found[cell].needs | {cell}:
                words = io.StringIO()
                with contextlib.redirect_stdout(words):
                    exec(other.source, names)
        assert words.getvalue() == printed[cell], cell
