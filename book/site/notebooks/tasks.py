"""Tasks of the chapters, `book/tasks/*.py`, read for the pages (`extensions/tasks.py`) and the notebooks
(`plain.py`) alike. A file has the name of its chapter; a task is a variable in it, whose name is that of the
function to be written.
"""

import importlib.util
import inspect
import sys
import textwrap
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

from frenkel import questions

from . import sources
from .sources import Trouble

FOLDER = sources.BOOK / "tasks"


class Task(NamedTuple):
    """A function to be written. Hints are lines of Markdown; `frenkel.tasks.check` uses what checks it."""

    title: str
    starter: str
    solution: str
    cases: Callable  # of a random generator, returns tuples of arguments
    library: Callable  # of these arguments, returns what is right; its parameters name them in words
    mistakes: tuple  # of (what stands in the solution, what some write in its place, what to say then)
    hints: tuple


def sealed(name, task):
    """Return a task as the line that `frenkel.tasks.check` reads."""
    given = {"name": name, "solution": task.solution, "mistakes": task.mistakes}
    given |= {"cases": inspect.getsource(task.cases), "library": inspect.getsource(task.library)}
    return questions.seal(given)


def _clean(name, task):
    """Return a task with its code as it is shown; complain of one that cannot work."""
    starter, solution = (textwrap.dedent(code).strip("\n") for code in (task.starter, task.solution))
    for code in (starter, solution):
        if f"def {name}(" not in code:
            raise Trouble(f"the task {name} must begin and end with a function of this name")
    for right, _, _ in task.mistakes:
        if right not in solution:
            raise Trouble(f"the task {name}: its solution has no {right!r}, so nobody can mistake it")
    return task._replace(starter=starter, solution=solution)


@cache
def _read(path, state):
    spec = importlib.util.spec_from_file_location(f"tasks_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # where `inspect` looks for the source
    spec.loader.exec_module(module)
    found = {name: value for name, value in vars(module).items() if isinstance(value, Task)}
    return {name: _clean(name, task) for name, task in found.items()}


def of(chapter):
    """Return {name: task} of the chapter with this name."""
    path = FOLDER / f"{chapter}.py"
    return _read(path, path.stat().st_mtime_ns) if path.is_file() else {}


def find(chapter, name):
    """Return a task of a chapter."""
    if name not in of(chapter):
        known = ", ".join(of(chapter)) or "none"
        raise Trouble(f"book/tasks/{chapter}.py has no task {name!r}; it has {known}")
    return of(chapter)[name]
