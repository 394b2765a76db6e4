"""Tasks: the solution passes, the starter does not, and every usual mistake gets its own words."""

import ast
import re
import statistics
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from frenkel import questions, tasks
from notebooks import sources, task_cells
from notebooks import tasks as written

FOUND = {
    f"{sources.name(path)}-{name}": (path, name, task)
    for path in sources.chapters()
    for name, task in written.of(sources.name(path)).items()
}
MISTAKES = [
    pytest.param(task, name, index, id=f"{name}-{index}")
    for _, name, task in FOUND.values()
    for index in range(len(task.mistakes))
]
every_task = pytest.mark.parametrize("found", FOUND.values(), ids=FOUND)


def defined(code, name):
    namespace = {}
    exec(code, namespace)
    return namespace[name]


def verdict(task, name, code):
    return tasks.check(written.sealed(name, task), defined(code, name))


@every_task
def test_the_solution_passes_and_the_starter_does_not(found):
    _, name, task = found
    assert verdict(task, name, task.solution).passed, verdict(task, name, task.solution)
    begun = verdict(task, name, task.starter)
    assert not begun.passed
    assert begun.words not in [words for *_, words in task.mistakes]


@pytest.mark.parametrize(("task", "name", "index"), MISTAKES)
def test_a_mistake_gets_its_own_words(task, name, index):
    """Also if it is not the listed code: what counts is what the function returns."""
    right, wrong, words = task.mistakes[index]
    code = task.solution.replace(right, wrong)
    assert verdict(task, name, code) == (False, words, None)
    others = [other for place, (*_, other) in enumerate(task.mistakes) if place != index]
    assert words not in others


ANSWERS = {
    "nothing": (lambda *_: None, "returns nothing"),
    "words": (lambda *_: "a number", "is no number"),
    "ragged": (lambda *_: [[1.0], [1.0, 2.0]], "is no number"),
    "an ellipsis": (lambda *_: ..., "still returns `...`"),
    "another shape": (lambda *_: np.ones((2, 3, 5, 7)), "it should be"),
    "an error": (lambda *_: 1 / 0, "ZeroDivisionError: division by zero"),
    "too few parameters": (lambda: 1.0, "TypeError"),
}


@every_task
@pytest.mark.parametrize("answer", ANSWERS)
def test_a_hostile_answer_gets_words(found, answer):
    _, name, task = found
    function, words = ANSWERS[answer]
    found = tasks.check(written.sealed(name, task), function)
    assert not found.passed
    assert words in found.words


@every_task
def test_numbers_that_are_not_finite_do_not_pass(found):
    _, name, task = found
    right = defined(task.solution, name)
    for value in (np.nan, np.inf):
        said = tasks.check(
            written.sealed(name, task), lambda *case, value=value: np.full(np.shape(right(*case)), value)
        )
        assert not said.passed
        assert "not finite" in said.words


@every_task
def test_a_factor_that_no_mistake_explains_is_told(found):
    _, name, task = found
    right = defined(task.solution, name)
    said = tasks.check(written.sealed(name, task), lambda *case: 1.2345 * np.asarray(right(*case)))
    assert not said.passed
    assert said.words.startswith("Your numbers are 1.2345 times what they should be")


SPOILED = {
    "name": "total",
    "solution": "def total(x):\n    return x.sum()",
    "cases": "def cases(rng):\n    return [(rng.normal(size=3),), (np.array([1.0, 2.0]),)]",
    "library": "def right(x):\n    return np.sum(x)",
    "mistakes": [["x.sum()", "x.mean()", "A sum."]],
}


def test_arguments_are_not_to_be_changed():
    def total(x):
        x *= 2
        return x.sum() / 2

    assert "changes its argument `x`" in tasks.check(questions.seal(SPOILED), total).words


def test_a_function_that_is_none_gets_words():
    for thing in (None, 3.0):
        said = tasks.check(questions.seal(SPOILED), thing)
        assert repr(said) == "Not yet. The check needs a function with the name `total`."


def test_a_single_wrong_case_is_named():
    said = tasks.check(questions.seal(SPOILED), lambda x: x.sum() if len(x) == 3 else 0.0)
    assert said.words == "For `x` = an array of shape (2,), your function gives 0; it should be 3."


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda x: (it for it in x), "your function returns a generator, which is no number"),
        (lambda x: sys.exit(3), "your function raises an error in line"),
        (lambda x: np.ma.masked_array([x.sum()], [True])[0], "which is no number"),
        (lambda x: True, "your function returns True, which is no number"),
        (lambda x: str(x.sum()), "which is no number"),
        (lambda x: 10**400, "which is no number"),
        (lambda x: np.ma.masked_array([[1.0], [2.0]]), "returns masked_array( data=[[1."),
        (lambda x: statistics.mean([]), f"an error in line {sys._getframe().f_lineno}: statistics."),
        (lambda x: 1j * x.sum(), "Your numbers are i times what they should be"),
        (lambda x: x.sum() * (1 + 3e-6), "your function gives -2.73423; it should be -2.73422"),
    ],
)
def test_an_odd_answer_gets_words_that_are_true(answer, words):
    said = tasks.check(questions.seal(SPOILED), answer)
    assert not said.passed
    assert words in said.words


@pytest.mark.parametrize(
    "number", [Fraction, Decimal, complex, np.array, lambda value: np.array(value, object)]
)
def test_a_right_number_of_any_kind_passes(number):
    assert tasks.check(questions.seal(SPOILED), lambda x: number(float(x.sum()))).passed


def test_a_missing_module_and_an_interrupt_go_through():
    """In a page the one is fetched then; the other is the reader's, who has had enough."""

    def asks(x):
        import nowhere  # noqa: F401

    def waits(x):
        raise KeyboardInterrupt

    for function, error in ((asks, ModuleNotFoundError), (waits, KeyboardInterrupt)):
        with pytest.raises(error):
            tasks.check(questions.seal(SPOILED), function)


@pytest.mark.parametrize("line", ["", "no line of a task", None, 3])
def test_a_line_that_is_no_task_is_refused(line):
    with pytest.raises(ValueError, match="Argument `sealed` must be a line that `seal` has made"):
        tasks.check(line, abs)


@every_task
def test_a_task_is_small_and_says_what_it_teaches(found):
    _, name, task = found
    assert 2 <= len(task.hints) <= 4
    assert 2 <= len(task.mistakes) <= 6
    body = ast.parse(task.solution).body[-1]
    assert isinstance(body, ast.FunctionDef)
    assert len(ast.unparse(body).splitlines()) <= 15
    assert len(written.sealed(name, task)) < 3_000
    assert all(len(words) > 60 for *_, words in task.mistakes), "words that say why"


def test_names_are_new():
    """A task in a notebook must not take a name away from a cell of its chapter."""
    names = [name for _, name, _ in FOUND.values()]
    assert len(names) == len(set(names))
    for path, name, _ in FOUND.values():
        code = "\n".join(cell.source for cell in sources.read(path).cells if cell.cell_type == "code")
        assert not re.search(rf"\b{name}\b", code), f"{path.name} uses {name}"


def test_a_chapter_shows_each_of_its_tasks_once():
    for path in sources.chapters():
        shown = re.findall(r"^```\{task\} (\S+)$", path.read_text("utf-8"), re.MULTILINE)
        assert sorted(shown) == sorted(written.of(sources.name(path)))


def test_hints_come_one_by_one():
    task = next(iter(FOUND.values()))[2]
    text = task_cells.hints(task, lambda hint: hint)
    order = [*task.hints, task.solution]
    assert [text.index(part) for part in order] == sorted(text.index(part) for part in order)
    assert text.count("<details>") == len(order)
    assert text.endswith("</details>\n\n" * len(task.hints) + "</details>")
