"""Tasks in built pages and notebooks, and the Python that checks them in a page, in the Python of here."""

from itertools import pairwise

import cell_tasks
import nbformat
import pytest
from cell_reader import Reader
from conftest import ROOT
from notebooks import sources
from notebooks import tasks as written

CHAPTERS = [path for path in sources.chapters() if written.of(sources.name(path))]
every_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=sources.name)


def test_every_chapter_has_two_or_three():
    assert {len(written.of(sources.name(path))) for path in sources.chapters()[1:]} <= {2, 3}


@every_chapter
def test_the_page_holds_each_task(parsed, path):
    page = parsed(path.relative_to(ROOT).as_posix().replace(sources.SUFFIX, ".html"))
    shown = {section["data-task"]: section for section in page.select("section.task")}
    assert shown.keys() == written.of(sources.name(path)).keys()
    for name, section in shown.items():
        task = written.find(sources.name(path), name)
        assert section.select_one(".task-starter pre").get_text().strip("\n") == task.starter
        *hints, solution = section.select("details")
        assert solution.select_one("pre").get_text().strip("\n") == task.solution
        folds = [*hints, solution]
        assert all(inner.parent is outer for outer, inner in pairwise(folds))
        assert len(hints) == len(task.hints)
        assert section["data-check"] == written.sealed(name, task)
        assert all("hidden" in button.attrs for button in section.select("button[data-action]"))
        assert section.find("output").get_text() == ""


@every_chapter
def test_the_notebook_holds_each_task(path):
    """Statement, starter, check, hints; and no solution stands open in it."""
    notebook = nbformat.read(ROOT / "_build" / "notebooks" / f"{sources.stem(path)}.ipynb", 4)
    cells = {cell.id: cell for cell in notebook.cells}
    order = list(cells)
    for name, task in written.of(sources.name(path)).items():
        place = order.index(f"task-{name}")
        assert order[place : place + 4] == [f"{kind}-{name}" for kind in ("task", "write", "check", "hints")]
        assert cells[f"write-{name}"].source == task.starter
        assert cells[f"check-{name}"].source.endswith(f", {name})")
        assert cells[f"check-{name}"].outputs[0].data["text/plain"].startswith("Not yet. ")
        assert task.solution in cells[f"hints-{name}"].source
        code = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")
        assert task.solution not in code


class Student(Reader):
    """A reader of the task `hopping_constant`."""

    task = written.find("enaqt", "hopping_constant")
    sealed = written.sealed("hopping_constant", task)

    def check(self, source):
        return self.run(source, "hopping_constant", sealed=self.sealed)


@pytest.fixture
def student(monkeypatch):
    monkeypatch.setattr("builtins.input", input)  # a page puts its own in place
    monkeypatch.setattr("warnings.showwarning", None)
    return Student("arriving", page=cell_tasks.Tasks)


def test_a_page_gives_the_verdict(student):
    (said,) = student.check(student.task.solution)
    assert (said["kind"], said["passed"], said["line"]) == ("verdict", True, None)
    right, wrong, words = student.task.mistakes[0]
    (said,) = student.check(student.task.solution.replace(right, wrong))
    assert (said["passed"], said["words"]) == (False, words)


def test_the_line_that_raises_is_named(student):
    said = student.check("def hopping_constant(energies, dephasing):\n    print('x')\n    return 1 / 0")
    assert [it["kind"] for it in said] == ["text", "verdict"]
    assert said[-1]["line"] == 3
    assert "in line 3: ZeroDivisionError" in said[-1]["words"]


def test_code_that_fails_gets_no_verdict(student):
    (said,) = student.check("x = 1 / 0")
    assert (said["kind"], said["line"]) == ("error", 1)
    (said,) = student.check("def f(:")
    assert said["kind"] == "error"


def test_every_check_begins_with_an_empty_namespace(student):
    student.check(student.task.solution)
    (said,) = student.check("1")[-1:]
    assert "needs a function with the name `hopping_constant`" in said["words"]


def test_a_package_that_the_function_imports_is_waited_for(student, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(tmp_path)
    source = student.task.solution.replace("    steps", "    import arriving\n\n    steps", 1)
    student.page.begin("hopping_constant", source, student.take, student.sealed)
    assert student.page.proceed() == "arriving"
    (tmp_path / "arriving.py").touch()
    assert student.page.proceed() is None
    assert student.outputs[-1]["passed"]
