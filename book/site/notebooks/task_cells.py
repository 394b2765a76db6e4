"""A task in a notebook: the statement, a cell to write in, a cell that checks, and hints behind folds."""

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


def cells(chapter, block, inline, nested):
    """Yield (kind, text, id) of the cells of a `{task}` of the chapter with this name."""
    name = block.argument
    task = tasks.find(chapter, name)
    title = f'<a id="task-{name}"></a>**Task: {myst.html(task.title)}**'
    yield "text", f"{title}\n\n{nested(block.text)}", f"task-{name}"
    yield "code", task.starter, f"write-{name}"
    yield "code", CHECK.format(sealed=tasks.sealed(name, task), name=name), f"check-{name}"
    yield "text", hints(task, inline), f"hints-{name}"
