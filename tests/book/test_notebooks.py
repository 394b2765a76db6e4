"""Chapters and what is recorded of them: prose is free, code in use is not, and trouble is told in words."""

import asyncio
import io
import shutil
from concurrent.futures import ThreadPoolExecutor

import frenkel
import nbformat
import numpy as np
import pytest
from matplotlib import image
from notebooks import __main__ as command
from notebooks import execute, lint, normalized, part, recorded, sources, working_copy, written

SOURCE = '''"""A module."""

def f(x: int) -> int:
    """Double."""
    # why
    return 2 * x  # twice
'''
TEXT = """\
# A chapter

Prose.

```{code-cell}
:id: one

x = 1
```

```{code-cell}
:id: two

print(x)
print(x + 1)
```

More prose.

```{code-cell}
---
id: three
mystnb:
  figure:
    name: fig-line
    caption: A line.
  image:
    alt: A rising line.
---
import matplotlib.pyplot as plt
plt.figure(figsize=(1, 1))
plt.plot([0, x]);
```
"""
DRAW = ("plot([0, x])", "plot([0, 2 * x, x])")


def meaning(source):
    return normalized.text_of(normalized.bare(normalized.ast.parse(source)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("A module", "A better\n\nmodule"),
        ("# why", ""),
        ("twice", "2x"),
        ("2 * x", "(2\n * x)"),
        ("x: int", "x"),
        (" -> int", ""),
    ],
)
def test_comments_docstrings_annotations_and_layout_do_not_count(old, new):
    assert meaning(SOURCE.replace(old, new)) == meaning(SOURCE)


@pytest.mark.parametrize(
    ("old", "new"),
    [("2 * x", "3 * x"), ("2 * x", "2.0 * x"), ("x: int", "x, y=1"), ("2 * x", "'# no comment'")],
)
def test_code_counts(old, new):
    assert meaning(SOURCE.replace(old, new)) != meaning(SOURCE)


def test_text_that_is_no_docstring_counts():
    assert meaning('x = """a"""\n') != meaning('x = """b"""\n')
    assert meaning("class A:\n    x: int = 1\n") == meaning("class A:\n    x: str = 1\n")
    assert meaning("class A:\n    x: int\n    y: int\n") != meaning("class A:\n    y: int\n    x: int\n")


@pytest.fixture
def chapter(tmp_path, monkeypatch):
    """Write the text of a chapter and return its path; what is executed is noted beside it."""
    monkeypatch.setattr(execute, "MARKS", tmp_path / "marks")
    monkeypatch.delenv("CI", raising=False)

    def write(text):
        path = tmp_path / "07-chapter.nb.md"
        path.write_text(text, "utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def first_run(tmp_path_factory):
    """A folder in which the chapter has been executed."""
    folder = tmp_path_factory.mktemp("book")
    path = folder / "07-chapter.nb.md"
    path.write_text(TEXT, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(execute, "MARKS", folder / "marks")
        patch.delenv("CI", raising=False)
        assert execute.execute([path]) == []
    return folder


@pytest.fixture
def executed(chapter, first_run, tmp_path):
    """The path of the chapter, executed; `chapter` writes another text there."""
    shutil.copytree(first_run, tmp_path, dirs_exist_ok=True)
    return tmp_path / "07-chapter.nb.md"


def files(path):
    return {file.name: file.read_bytes() for file in recorded.folder(path).glob("*")}


def test_a_rerun_changes_nothing(chapter):
    path = chapter(TEXT)
    assert execute.execute([path]) == []
    assert files(path).keys() == {"printed.toml", "fig-line.png", "fig-line.narrow.png"}
    record = recorded.read(recorded.folder(path))
    assert record.printed == {"two": "1\n2\n"}
    assert not list(execute.stale([path]))
    before = files(path)
    for mark in execute.MARKS.iterdir():
        mark.unlink()
    recorded.write(recorded.folder(path), record._replace(fingerprint="of other code"))
    stale = files(path)
    assert execute.execute([path]) == []
    assert files(path) == stale and files(path) != before
    assert not list(execute.stale([path]))
    assert execute.confirm([path]) == ["07-chapter.nb.md"] and files(path) == before
    assert execute.confirm([path]) == [] and not list(execute.stale([path]))
    path.write_text(TEXT.replace("x = 1", "x = 2"), "utf-8")
    assert execute.confirm([path]) == [] and files(path) == before, "confirmed without being executed"


def test_what_was_executed_on_another_branch_is_remembered(executed, capsys):
    for other in (TEXT.replace("x = 1", "x = 2 - 1"), TEXT):  # there and back
        executed.write_text(other, "utf-8")
        assert execute.execute([executed]) == []
        assert ("as before" in capsys.readouterr().out) == (other != TEXT)
    executed.write_text(TEXT.replace("x = 1", "x = 2 - 1"), "utf-8")
    assert execute.execute([executed]) == [] and capsys.readouterr().out == "Nothing to execute.\n"
    executed.write_text(TEXT.replace("x = 1", "x = 3 - 2"), "utf-8")
    assert [why for *_, why in execute.stale([executed])]


def test_a_page_is_shown_with_the_cells_that_a_change_reaches(chapter, executed, capsys):
    before = files(executed)
    chapter(TEXT.replace(*DRAW))
    assert part.show(executed) == []
    assert "2 of 3 cells: changed three" in capsys.readouterr().out
    shown = files(executed)
    assert shown.keys() == before.keys()
    assert {name for name in shown if shown[name] != before[name]} == shown.keys()
    assert recorded.read(recorded.folder(executed)).printed == {"two": "1\n2\n"}
    assert part.show(executed) == [] and capsys.readouterr().out == "07-chapter.nb.md: as before\n"
    assert [why for *_, why in execute.stale([executed])] == ["only some of its cells were executed"]
    assert execute.execute([executed]) == []
    whole = files(executed)
    assert {name for name in whole if whole[name] != shown[name]} == {"printed.toml"}
    assert not list(execute.stale([executed]))


def test_a_change_that_is_taken_back_leaves_no_diff(chapter, executed, capsys):
    before = files(executed)
    for text in (TEXT.replace("print(x + 1)", "print(x + 2)"), TEXT):
        chapter(text)
        assert part.show(executed) == []
        assert "2 of 3 cells: changed two" in capsys.readouterr().out
    assert [why for *_, why in execute.stale([executed])] == ["only some of its cells were executed"]
    assert execute.execute([executed]) == [] and files(executed) == before


def test_a_cell_that_goes_takes_what_it_printed_along(chapter, executed):
    chapter(TEXT.replace("print(x)\nprint(x + 1)", "y = x"))
    assert part.show(executed) == []
    assert recorded.read(recorded.folder(executed)).printed == {}
    start = TEXT.index("```{code-cell}\n---")
    chapter(TEXT[:start])
    assert part.show(executed) == []
    assert files(executed).keys() == {"printed.toml"}


def test_a_page_is_shown_where_an_event_loop_runs(chapter, executed):
    async def shown():
        return part.show(executed)

    chapter(TEXT.replace(*DRAW))
    with ThreadPoolExecutor(1) as thread:  # a browser's tests may have left a loop in this one
        assert thread.submit(asyncio.run, shown()).result() == []


def test_a_page_that_cannot_be_shown_is_told_and_nothing_is_written(chapter, executed):
    before = files(executed)
    chapter(TEXT.replace("print(x + 1)", "print(y)"))
    (complaint,) = part.show(executed)
    assert complaint.startswith("07-chapter.nb.md: did not run to its end") and "NameError" in complaint
    assert files(executed) == before


@pytest.mark.parametrize("word", ["enaqt", "07-enaqt", "07-enaqt.nb.md", "book/chapters/07-enaqt.nb.md"])
def test_a_chapter_is_found_by_name_and_by_file(word):
    assert sources.stem(sources.find(word)) == "07-enaqt"


@pytest.mark.parametrize("word", ["", "7", "chapters", "enaqt.py"])
def test_another_word_is_no_chapter(word):
    assert sources.find(word) is None


def test_what_is_written_is_the_chapter_with_its_outputs(executed):
    notebook = written.runnable(executed)
    nbformat.validate(notebook)
    cells = {cell.id: cell for cell in notebook.cells}
    assert list(cells) == ["top-text1", "install", "one", "two", "two-text1", "three", "caption-fig-line"]
    assert cells["two"].outputs[0].text == "1\n2\n" and cells["two"].execution_count == 3
    height, width, _ = recorded.pixels(recorded.read(recorded.folder(executed)).figures["fig-line"]).shape
    about = {"width": width // 2, "height": height // 2, "alt": "A rising line."}
    assert cells["three"].outputs[0].metadata == {"image/png": about}
    assert cells["three"].metadata.tags == ["nbval-ignore-output"]


def test_another_edition_of_the_library_is_told(executed, capsys, monkeypatch):
    notebook = written.runnable(executed)
    assert f"made with frenkel {frenkel.__version__}." in notebook.cells[0].source
    source = notebook.cells[1].source.replace("    %pip", "    pass  # %pip")
    exec(source, {})
    assert "frenkel" not in capsys.readouterr().out
    monkeypatch.setattr(frenkel, "__version__", "0.9")
    exec(source, {})
    assert "; installed here is 0.9." in capsys.readouterr().out


def test_prose_is_free_and_code_without_effect_leaves_no_diff(chapter, executed, capsys):
    before = files(executed)
    chapter(TEXT.replace("Prose.", "Better prose.").replace("A line.", "A straight line."))
    assert not list(execute.stale([executed]))
    chapter(TEXT.replace("print(x)", "print(x + 0)"))
    ((*_, why),) = execute.stale([executed])
    assert why == "changed: cell two"
    assert execute.execute([executed]) == [] and files(executed) == before
    assert not list(execute.stale([executed])), "known on this machine"
    assert "recorded" not in capsys.readouterr().out.split("executing", 1)[1]


def test_a_changed_figure_leaves_that_picture(chapter, executed):
    before = files(executed)
    chapter(TEXT.replace(*DRAW))
    assert execute.execute([executed]) == []
    after = files(executed)
    assert after["fig-line.png"] != before["fig-line.png"]
    assert len(set(after["printed.toml"].splitlines()) ^ set(before["printed.toml"].splitlines())) == 2


def test_a_figure_that_goes_takes_its_picture_along(chapter, executed):
    chapter(TEXT.replace("fig-line", "fig-other"))
    ((*_, why),) = execute.stale([executed])
    assert "figures" in why
    execute.execute([executed])
    assert files(executed).keys() == {"printed.toml", "fig-other.png", "fig-other.narrow.png"}


def test_a_record_that_was_changed_elsewhere_is_checked_again(chapter, executed):
    chapter(TEXT.replace("print(x)", "print(x + 0)"))
    execute.execute([executed])
    file = recorded.folder(executed) / "printed.toml"
    file.write_text(file.read_text("utf-8").replace("\n1\n", "\n3\n"), "utf-8")
    assert len(list(execute.stale([executed]))) == 1


def test_continuous_integration_executes_and_names_what_differs(chapter, executed, monkeypatch):
    before = files(executed)
    monkeypatch.setenv("CI", "true")
    chapter(TEXT.replace("print(x)", "print(x + 0)"))
    assert execute.execute([executed]) == []
    chapter(TEXT.replace("print(x)", "print(3)").replace(*DRAW))
    (words,) = execute.execute([executed])
    assert "07-chapter.nb.md" in words
    assert "cell two, fig-line, fig-line.narrow put out something else" in words
    assert files(executed) == before


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import sys\nprint('beware', file=sys.stderr)", "cell two wrote to stderr"),
        ("import warnings\nwarnings.warn('beware')", "beware"),
        ("x + 1", "cell two shows a value"),
        ("import matplotlib.pyplot as plt\nplt.plot([0, x]);", "drew 1 figures, names none"),
        ("print(\"'''\")", "plain lines of text"),
    ],
)
def test_trouble_is_told_and_nothing_is_written(chapter, cell, words):
    path = chapter(TEXT.replace("print(x)\nprint(x + 1)", cell))
    (complaint,) = execute.execute([path])
    assert complaint.startswith("07-chapter.nb.md") and words in complaint
    assert files(path) == {}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (":id: two", ":tags: [x]", r"07-chapter.nb.md: line \d+: a code cell needs an `id` of its own"),
        (":id: two", ":id: one", "of its own, but has 'one'"),
        (":id: two", ":id: [", "could not be read"),
        ("print(x)", "print(x", "07-chapter.nb.md, cell two, line 1: "),
    ],
)
def test_a_chapter_that_cannot_be_read_is_told(chapter, old, new, words):
    path = chapter(TEXT.replace(old, new, 1))
    with pytest.raises(sources.Trouble, match=words):
        list(execute.stale([path]))


@pytest.mark.parametrize("text", ["<<<<<<< ours\n{}=======\n{}>>>>>>> theirs\n", "", "fingerprint = 'x'\n"])
def test_a_record_that_is_none_is_told(executed, text):
    file = recorded.folder(executed) / "printed.toml"
    file.write_text(text.replace("{}", file.read_text("utf-8")), "utf-8")
    with pytest.raises(
        sources.Trouble, match=r"07-chapter.printed\.toml is no .*take one side and run `make"
    ):
        list(execute.stale([executed]))


def test_an_unknown_chapter_is_told():
    with pytest.raises(SystemExit, match=r"no chapter named enact\. There are: index, superlattices"):
        command.main(["enact"])


def png(pixels):
    file = io.BytesIO()
    image.imsave(file, pixels, vmin=0, vmax=1, cmap="gray")
    return file.getvalue()


def test_a_picture_that_looks_the_same_keeps_its_bytes(tmp_path):
    """A tick label that changes by one digit is another picture, however few its pixels."""
    pixels = np.random.default_rng(1).random((20, 20))
    first = recorded.Record("", {}, {"fig-a": png(pixels)})
    recorded.write(tmp_path, first)
    recorded.write(tmp_path, recorded.Record("", {}, {"fig-a": png(np.clip(pixels + 0.01, 0, 1))}))
    assert recorded.read(tmp_path) == first
    pixels[3, 3] = 1 - pixels[3, 3].round()
    recorded.write(tmp_path, recorded.Record("", {}, {"fig-a": png(pixels)}))
    assert recorded.read(tmp_path) != first


def test_a_working_copy_keeps_what_a_reader_has_changed(tmp_path, monkeypatch):
    monkeypatch.setattr(written, "FOLDER", tmp_path / "written")
    written.FOLDER.mkdir()
    for name in ("mine.ipynb", "other.ipynb"):
        (written.FOLDER / name).write_text("first", "utf-8")
    copy = tmp_path / "lab"
    assert working_copy.update(copy) == []
    (copy / "mine.ipynb").write_text("my own", "utf-8")
    for name in ("mine.ipynb", "other.ipynb"):
        (written.FOLDER / name).write_text("second", "utf-8")
    assert working_copy.update(copy) == ["mine.ipynb"]
    assert (copy / "mine.ipynb").read_text("utf-8") == "my own"
    assert (copy / "other.ipynb").read_text("utf-8") == "second"
    assert (written.FOLDER / "mine.ipynb").read_text("utf-8") == "second"


def test_a_fresh_chapter_keeps_the_readers(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(written, "FOLDER", tmp_path / "written")
    written.FOLDER.mkdir()
    (written.FOLDER / "07-enaqt.ipynb").write_text("the book's", "utf-8")
    copy = tmp_path / "lab"
    working_copy.main(copy)
    for count in (1, 2):
        (copy / "07-enaqt.ipynb").write_text(f"mine {count}", "utf-8")
        working_copy.main(copy, "--fresh", "enaqt")
        assert (copy / "07-enaqt.ipynb").read_text("utf-8") == "the book's"
        assert (copy / f"07-enaqt-mine-{count}.ipynb").read_text("utf-8") == f"mine {count}"
    assert "yours is now 07-enaqt-mine-2.ipynb" in capsys.readouterr().out
    working_copy.main(copy, "--fresh", "enact")
    assert "has no chapter 'enact'" in capsys.readouterr().out


def test_code_of_chapters_is_linted_where_it_stands(chapter, monkeypatch):
    path = chapter(TEXT.replace("x = 1\n", "import sys\nimport os\n\nx = len([sys.path, os.name])\n"))
    monkeypatch.chdir(path.parent)
    assert lint.complaints([path]) == [
        f"{path.name}:{line}: I001 Import block is un-sorted or un-formatted" for line in (8, 33)
    ]
    lint.fix([path])
    assert path.read_text("utf-8").count("import os\nimport sys\n") == 1
    assert not lint.complaints([path])
    path.write_text(TEXT.replace("x = 1\n", "x = 1\ny =\n"), "utf-8")
    assert lint.complaints([path])[0].startswith(f"{path.name}:9: invalid-syntax")


TASK = "\n`````{solution} ex-a\n:class: dropdown\n\n````{admonition} Why\n```python\n1\n```\n````\n`````\n"


def test_fences_close_as_they_open(chapter):
    path = chapter(TEXT + TASK)
    first = TEXT.count("\n") + 2
    assert lint.fences(path) == []
    for old, new, words in [
        ("\n`````\n", "\n````\n", f"{first + 8}: ```` closes no block: line {first} opened one with `````"),
        ("\n````\n", "\n```\n", f"{first + 7}: ``` closes no block: line {first + 3} opened one with ````"),
        ("\n`````\n", "\n", f"{first}: the block ````` is never closed"),
        ("```python", "", f"{first + 6}: ``` closes no block: line {first + 3} opened one with ````"),
        ("`````{", "````{", f"{first + 8}: ````` closes no block: line {first} opened one with ````"),
    ]:
        chapter(TEXT + TASK.replace(old, new))
        (told,) = lint.complaints([path])
        assert told.endswith(f"{path.name}:{words}")
    chapter("Text.\n```\n")
    assert lint.complaints([path])[0].endswith(":2: ``` closes no block: none is open")
