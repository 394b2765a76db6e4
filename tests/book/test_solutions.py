"""The programs in solutions print what stands below them: each runs after what it needs of its chapter."""

import ast
import contextlib
import dis
import io
import re

import pytest
from notebooks import sources

TOO_LONG = {"ex-dimensions-weak": "planes of 40² sites, a minute or two"}  # nothing runs these again
PROGRAM = re.compile(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", re.MULTILINE | re.DOTALL)


def programs():
    """Return chapter, line, code and what the page says it prints, for each program that is no cell."""
    for path in sources.chapters():
        text = path.read_text("utf-8")
        for found in PROGRAM.finditer(text):
            line = text.count("\n", 0, found.start()) + 1
            label = re.findall(r"^`+\{solution(?:-start)?\} (\S+)", text[: found.start()], re.MULTILINE)[-1]
            yield pytest.param(path, line, *found.groups(), id=label)


def code_above(path, line):
    """Return the code of the cells above a line of a chapter."""
    notebook = sources.read(path)
    above = zip(notebook.cells, notebook.metadata.source_map, strict=True)
    return "\n".join(cell.source for cell, start in above if cell.cell_type == "code" and start < line)


def read_and_bound(code):
    """Return the global names that code reads before it binds them, functions included, and what it binds."""
    reads, binds = set(), set()
    for step in dis.get_instructions(code):
        if step.opname == "STORE_NAME":
            binds.add(step.argval)
        elif step.opname in ("LOAD_NAME", "LOAD_GLOBAL"):
            reads |= {step.argval} - binds
        elif hasattr(step.argval, "co_code"):
            reads |= read_and_bound(step.argval)[0] - binds
    return reads, binds


def changed(statement):
    """Return the names of objects that a statement changes: `x` for `x[0] = 1` and `x.append(1)`."""
    parts = [node.value for node in ast.walk(statement) if isinstance(node, ast.Expr)]
    parts = [call.func for call in parts if isinstance(call, ast.Call)] + [
        node for node in ast.walk(statement) if isinstance(getattr(node, "ctx", None), ast.Store)
    ]
    inside = (part.value for part in parts if isinstance(part, ast.Subscript | ast.Attribute))
    return {node.id for node in inside if isinstance(node, ast.Name)}


def needed(program, code):
    """Return the statements of `code` that bind what a program reads, what these read, and so on."""
    steps = [
        (statement, *read_and_bound(compile(ast.Module([statement], []), "", "exec")))
        for statement in ast.parse(code).body
    ]
    functions = {s.name: reads for s, reads, _ in steps if isinstance(s, ast.FunctionDef)}

    def with_functions(names):
        """Add what the functions among the names read when they are called."""
        while more := set().union(*(functions[n] for n in names & functions.keys())) - names:
            names = names | more
        return names

    kept, names = [], with_functions(read_and_bound(compile(program, "", "exec"))[0])
    for statement, reads, binds in reversed(steps):
        if names & (binds | changed(statement)):
            kept.insert(0, statement)
            if isinstance(statement, ast.Assign):
                names -= binds
            names |= with_functions(reads)
    return ast.Module(kept, [])


def test_every_program_shows_what_it_prints():
    assert not [program.id for program in programs() if program.values[3] is None]


@pytest.mark.parametrize(
    ("path", "line", "program", "says"), [program for program in programs() if program.id not in TOO_LONG]
)
def test_a_program_prints_what_stands_below_it(path, line, program, says):
    space, printed = {}, io.StringIO()
    with contextlib.redirect_stdout(io.StringIO()):
        exec(compile(needed(program, code_above(path, line)), path.name, "exec"), space)
    with contextlib.redirect_stdout(printed):
        exec(compile(program, f"{path.name}:{line}", "exec"), space)
    assert printed.getvalue() == says
