"""The freshness machinery: prose is free, code is not, and trouble is told in words."""

import nbformat
import notebooks
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

SOURCE = '''"""A module."""

def f(x):
    """Double."""
    # why
    return 2 * x  # twice
'''


def test_comments_and_docstrings_do_not_count():
    edited = SOURCE.replace("A module", "A better\n\nmodule").replace("# why", "").replace("twice", "2x")
    assert notebooks.code_only(edited) == notebooks.code_only(SOURCE) == "def f(x):\n    return 2 * x"


@pytest.mark.parametrize(
    ("old", "new"), [("2 * x", "3 * x"), ("f(x)", "f(x, y=1)"), ("2 * x", "'# no comment'")]
)
def test_code_counts(old, new):
    assert notebooks.code_only(SOURCE.replace(old, new)) != notebooks.code_only(SOURCE)


def test_text_that_is_no_docstring_counts():
    assert "value" in notebooks.code_only('def f(): "value"\n')
    assert notebooks.code_only('x = """a"""\n') != notebooks.code_only('x = """b"""\n')


def test_fingerprint_sees_cells_and_library():
    first = new_notebook(cells=[new_markdown_cell("Prose."), new_code_cell("x = 1")])
    prose = new_notebook(cells=[new_markdown_cell("Other prose."), new_code_cell("x = 1")])
    code = new_notebook(cells=[new_markdown_cell("Prose."), new_code_cell("x = 2")])
    assert notebooks.fingerprint(first, "a") == notebooks.fingerprint(prose, "a")
    assert notebooks.fingerprint(first, "a") != notebooks.fingerprint(code, "a")
    assert notebooks.fingerprint(first, "a") != notebooks.fingerprint(first, "b")


@pytest.fixture
def chapter(tmp_path, monkeypatch):
    """Write a notebook with the given code cells and return its path."""
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)

    def write(*sources):
        path = tmp_path / "chapter.ipynb"
        nbformat.write(new_notebook(cells=[new_code_cell(source) for source in sources]), path)
        return path

    return write


def test_a_rerun_changes_nothing(chapter):
    path = chapter("x = 1", "print(x)\nprint(x + 1)", "x + 2")
    assert notebooks.execute(path, "library") is None
    first = path.read_text("utf-8")
    stored = nbformat.read(path, as_version=4)
    assert [cell.execution_count for cell in stored.cells] == [1, 2, 3]
    assert stored.cells[1].outputs[0].text == "1\n2\n"
    assert notebooks.stored_fingerprint(stored) == notebooks.fingerprint(stored, "library")
    assert notebooks.execute(path, "library") is None
    assert path.read_text("utf-8") == first


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import sys\nprint('beware', file=sys.stderr)", "cell 2 wrote to stderr"),
        ("import warnings\nwarnings.warn('beware')", "beware"),
    ],
)
def test_trouble_is_told_and_nothing_is_written(chapter, source, words):
    path = chapter("x = 1", source)
    before = path.read_text("utf-8")
    complaint = notebooks.execute(path, "library")
    assert "chapter.ipynb" in complaint and words in complaint
    assert path.read_text("utf-8") == before


def test_continuous_integration_refuses_what_is_stale(chapter, monkeypatch, tmp_path):
    path = chapter("x = 1")
    (tmp_path / "book").mkdir()
    path.rename(tmp_path / "book" / "chapter.ipynb")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(SystemExit, match=r"Executed with other code: book/chapter\.ipynb"):
        notebooks.main()
