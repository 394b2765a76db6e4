"""A task in a notebook: the statement, a cell to write in, a cell that checks, and hints behind folds."""

import nbformat
from frenkel.tasks import check

from . import myst, tasks
from .question_cells import fold

CHECK = """\
# Checks your function. What it is compared with is packed, so that no solution stands open here.
from frenkel import tasks

tasks.check("{sealed}", {name})"""


def hints(task, inline):
    """Return the hints, each behind the one before it, and the solution behind the last."""
    folded = fold("Solution", f"```python\n{task.solution}\n```")
    for number, hint in reversed([*enumerate(task.hints, start=1)]):
        folded = fold(f"Hint {number}", f"{inline(hint)}\n\n{folded}")
    return folded


def said_to_starter(name, task):
    """Return the output of the check as long as nothing has been written."""
    namespace = {}
    exec(task.starter, namespace)
    said = repr(check(tasks.sealed(name, task), namespace[name]))
    return nbformat.v4.new_output("execute_result", {"text/plain": said})


def cells(chapter, block, inline, nested):
    """Return the cells of a `{task}` of the chapter with this name."""
    name = block.argument
    task = tasks.find(chapter, name)
    title = f'<a id="task-{name}"></a>**Task: {myst.html(task.title)}**'
    text, code = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell
    checks = CHECK.format(sealed=tasks.sealed(name, task), name=name)
    return [
        text(f"{title}\n\n{nested(block.text)}", id=f"task-{name}"),
        code(task.starter, id=f"write-{name}"),
        code(checks, id=f"check-{name}", outputs=[said_to_starter(name, task)]),
        text(hints(task, inline), id=f"hints-{name}"),
    ]
