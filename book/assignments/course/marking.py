"""Give marks outside the jail: the hidden tests meet the data that the student's notebook left behind.

No student's code runs here. `finish` turns one submission into a notebook whose test cells show what was
found and what it is worth.
"""

import ast
import base64
import contextlib
import hashlib
import html
import io
import json
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path

import frenkel
import nbformat
import numpy as np
from frenkel import coursework

from . import identity, jail, master, rebuild


def unpack(value):
    """Return what `inside.portable` packed."""
    if not isinstance(value, dict):
        return value
    (kind,) = value.keys() & {"complex", "array", "list", "dict"}
    if kind == "complex":
        return complex(*value["complex"])
    if kind == "array":
        dtype = {"float": float, "complex": complex}[value["kind"]]
        return np.frombuffer(base64.b64decode(value["array"]), dtype=dtype).reshape(value["shape"])
    if kind == "list":
        return [unpack(item) for item in value["list"]]
    return {key: unpack(item) for key, item in value["dict"].items()}


def near(value, target, tolerance=0.01):
    """Return whether `value` is a number, or an array of them, within a relative `tolerance` of `target`."""
    try:
        value, target = np.asarray(value, dtype=complex), np.asarray(target, dtype=complex)
    except (TypeError, ValueError):
        return False
    scale = np.abs(target).max(initial=0.0)
    return value.shape == target.shape and bool((np.abs(value - target) <= tolerance * scale).all())


class Score:
    """Counts what the hidden tests of one cell find; every finding is an equal share of the cell's points."""

    def __init__(self, source, which, checks):
        self.source, self.checks = source, checks
        self.numbers, self.answers = source.variants[which], source.right[which]
        self.findings, self.words = [], []

    def expect(self, question, value):
        """Count whether `value` is the answer to `question`; if not, say what it looks like."""
        right = self.answers[question]
        words = "right." if self._equal(question, value, right) else self.checks.diagnose(question, value)
        self.findings.append(words == "right.")
        self.words.append(f"{question}: {words}")

    def _equal(self, question, value, right):
        if isinstance(right, str):
            return isinstance(value, str) and value.strip().casefold() == right.casefold()
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        return abs(value - right) <= self.source.tolerance.get(question, 0.01) * abs(right)

    def require(self, condition, words):
        """Count whether `condition` holds; if not, say `words`."""
        self.findings.append(bool(condition))
        if not condition:
            self.words.append(words)

    def share(self, code, found):
        """Run the hidden tests `code` on the values `found`; return the share of the points, 0 to 1."""
        values, lost = {}, []
        for name in master.asked_of(code):
            try:
                values[name] = unpack(found[name])
            except Exception:  # missing, or not what the jail sends: either way there is no answer
                values[name] = None
                lost.append(name)
        if lost:
            self.words.append(f"Not found when this test ran, or of no kind to mark: {', '.join(lost)}.")
        if all(value is None for value in values.values()):
            self.words.append("There is no answer to mark.")
            return 0.0
        space = {"np": np, "near": near, "expect": self.expect, "require": self.require}
        space |= {"numbers": self.numbers, "answers": self.answers, **values}
        for statement in ast.parse(code).body:
            try:
                exec(compile(ast.Module([statement], []), "hidden test", "exec"), space)
            except Exception as error:  # an answer of another shape or kind than the test can read
                self.findings.append(False)
                self.words.append(f"An answer could not be read ({type(error).__name__}): {error}")
        return sum(self.findings) / len(self.findings)


def finish(notebook, run, source, listed=None):
    """Fill `notebook` with the outputs of `run`, the marks and what there is to say.

    `listed` is the student's id in the class list, None if there is no list.
    """
    said = notebook.metadata.get("frenkel", {})
    notes, readable = list(said.get("notes", [])), said.get("readable", True)
    records = {record["id"]: record for record in run.cells}
    typed = records.get("student", {}).get("exports", {}).get("student")
    typed = str(typed).strip() if isinstance(typed, (str, int)) and not isinstance(typed, bool) else ""
    student, own = identity.whose(typed, listed, said.get("group", ()))
    if readable and listed and not own:
        notes.append(f"The notebook says student = {typed!r}, the class list {listed!r}: its numbers count.")
    elif readable and not typed:
        notes.append("The notebook holds no student id: marked with the numbers of the example.")
    if run.ended:
        reached = next((cell.id for cell in notebook.cells if _lost(cell, records)), "the end")
        notes.append(f"The run was stopped at cell `{reached}`: {run.ended}. What came before it was marked.")
    with contextlib.redirect_stdout(io.StringIO()):  # it tells a student without an id what to do
        checks = coursework.Assignment(source.name, student, source.sealed)
    tests = {cell.id: master.hidden_tests(cell) for cell in source.cells if cell.cell_type == "code"}
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            cell.source = re.sub(r"<(?=[A-Za-z!/?])", "< ", cell.source)  # text stays text: no tag, no script
            continue
        if cell.id == "numbers":  # the long line of hashes says nothing to a reader
            cell.source = re.sub(r'"[^"\n]{200,}"', '"..."', cell.source)
        record = records.get(cell.id, {"outputs": [], "exports": {}})
        cell.outputs = [nbformat.from_dict(output) for output in record["outputs"]]
        cell.execution_count = number + 1 if cell.id in records else None
        slow = [output for output in cell.outputs if output.get("ename") == "CellTimeout"]
        notes += [f"Cell `{cell.id}` was {output['evalue']}; the cells after it were run." for output in slow]
        if tests.get(cell.id):
            score = Score(source, source.variant(student), checks)
            share = score.share(tests[cell.id], record["exports"])
            cell.outputs = _verdict(score.words, round(share * cell.metadata.nbgrader.points, 2))
    text = "\n".join(f"- {html.escape(note)}" for note in notes) or "- The notebook ran from top to bottom."
    words = nbformat.v4.new_markdown_cell(f"## About this run\n\n{text}", id="about-this-run")
    notebook.cells.insert(0, words)
    notebook.metadata["frenkel"] = {"assignment": source.name, "notes": notes, "student": typed}


def _lost(cell, records):
    return cell.cell_type == "code" and cell.id not in records


def _verdict(words, points):
    """Return the outputs of a test cell; nbgrader reads the points from the last one."""
    return [
        nbformat.v4.new_output("stream", name="stdout", text="".join(f"{line}\n" for line in words)),
        nbformat.v4.new_output("execute_result", data={"text/plain": f"{points:g}"}, execution_count=1),
    ]


@cache
def library_digest():
    """Return a hash of the library that students' code calls."""
    total = hashlib.sha256()
    for path in sorted(Path(frenkel.__file__).parent.rglob("*.py")):
        total.update(path.read_bytes())
    return total.hexdigest()


def run_of(notebook, source, limits, kept=None):
    """Return what came of `notebook` in the jail, from the file `kept` if it is of this very code."""
    job = rebuild.job_of(notebook, source)
    digest = hashlib.sha256(json.dumps([job, asdict(limits), library_digest()]).encode()).hexdigest()
    if kept and kept.is_file():
        stored = json.loads(kept.read_text("utf-8"))
        if stored["digest"] == digest:
            return jail.Run(stored["cells"], stored["ended"])
    run = jail.run(job, limits)
    if kept:
        kept.parent.mkdir(parents=True, exist_ok=True)
        half = kept.with_suffix(".part")
        half.write_text(json.dumps({"digest": digest, **asdict(run)}), encoding="utf-8")
        half.replace(kept)  # whole or not at all, whenever the grader is interrupted
    return run
