"""Give marks: the hidden tests meet the data that the student's notebook left behind.

No student's code runs here, and no hidden test: see `scoring`. `finish` turns one submission into a notebook
whose test cells show what was found and what it is worth.
"""

import hashlib
import html
import json
import re
import time
from dataclasses import asdict
from functools import cache
from pathlib import Path

import frenkel
import nbformat

from . import copies, identity, jail, master, rebuild, report

SCORING = Path(__file__).with_name("scoring.py")
# What the hidden tests of one submission may use together; a test that is not done in its seconds is lost.
BOUNDS = jail.Limits(seconds=60, cell_seconds=5.0, memory=1024**3, processes=8, file=1024**2, report=1024**2)
SLOW = re.compile(r"stopped after [\d.]+ seconds")
RAN = "The notebook ran from top to bottom."
MAX_PLAIN = 20_000  # characters of a text that is shown as it was typed


def student_of(notebook, listed=None):
    """Return (whose numbers count, the id in the notebook, whether it is the student's or a group mate's).

    The id is read off its cell without running it; `listed` is the student's in the class list.
    """
    typed = identity.typed(next((cell.source for cell in notebook.cells if cell.id == "student"), ""))
    student, own = identity.whose(typed, listed, group_of(notebook))
    return student, typed, own


def group_of(notebook):
    """Return the ids of the class list whose common notebook this is."""
    return notebook.metadata.get("frenkel", {}).get("group", ())


def case_of(notebook, source, listed=None):
    """Return the case whose numbers the notebook's student has seen, in the copy that was handed in."""
    student, _, _ = student_of(notebook, listed)
    made_for = notebook.metadata.get("frenkel", {}).get("made_for")
    if not listed and made_for == copies.CLASS:
        return source.case_of("", listed=True)  # the example's, for an id that the class does not know
    if not listed or made_for == copies.EVERYONE:
        return source.case_of(student)
    same = (each for each in group_of(notebook) if identity.plain(each) == identity.plain(student))
    return source.case_of(next(same, listed), listed=True)


def runs_of(notebook, source, limits, listed=None, kept=None):
    """Return what came of `notebook` in the jail, with its own numbers and with others, from the file `kept`.

    The second run ends with the last test that compares with the key, or with the cell that ended the first.
    Nobody will see its figures, so none is drawn.
    """
    job = rebuild.job_of(notebook, source, case_of(notebook, source, listed))
    own = run_of(job, limits, kept)
    last = max((i for i, cell in enumerate(job) if source.is_compared(cell["id"])), default=-1)
    other = rebuild.job_of(notebook, source, source.unseen)[: min(last + 1, len(own.cells))]
    return own, run_of(other, limits, kept and kept.with_suffix(".other.json"), figures=False)


def scores_of(notebook, runs, source, listed=None, kept=None):
    """Return {test: (share of its points, what there is to say)} of all hidden tests.

    They run in a jail of their own, bounded as students' code is. What is in the file `kept` is taken from
    it.
    """
    cases = [case_of(notebook, source, listed), source.unseen]
    values = [{record["id"]: record["exports"] for record in run.cells} for run in runs]
    about = {
        "questions": source.questions,
        "cases": [
            {"numbers": case.numbers, "answers": case.answers, "mistakes": case.mistakes} for case in cases
        ],
    }
    tests = []
    for cell in source.cells:
        if cell.cell_type == "code" and (code := master.hidden_tests(cell)):
            found = [each.get(cell.id, "{}") for each in values[: 1 + source.is_compared(cell.id)]]
            tests.append({"id": cell.id, "code": code, "asked": master.asked_of(code), "values": found})
    return _kept(kept, [about, tests, SCORING.read_text("utf-8")], lambda: _score(about, tests))


def _score(about, tests):
    found, until = {}, time.monotonic() + BOUNDS.seconds
    while tests:
        if time.monotonic() > until:
            return found | {
                test["id"]: (0.0, ["The tests before this one took all the time."]) for test in tests
            }
        job = json.dumps({**about, "tests": tests}, default=_plain).encode()
        guard, ready = jail.Guard(SCORING, job, BOUNDS), False
        for line in guard:
            record, ready = report.loads(line), True
            if "share" in record:
                found[record["id"]] = record["share"], [report.whole(line) for line in record["words"]]
            guard.deadline = time.monotonic() + BOUNDS.cell_seconds
        if not ready:
            raise RuntimeError(f"the hidden tests did not start: {guard.ended or 'Python ended'}")
        tests = [test for test in tests if test["id"] not in found]
        if tests:
            reason = guard.ended or "it crashed Python"
            words = f"An answer is such that the test could not be finished: {reason}."
            found[tests.pop(0)["id"]] = 0.0, [words]
    return found


def _plain(value):
    """Return an array as lists, a NumPy number as a number."""
    return value.tolist()


def finish(notebook, runs, source, listed=None, kept=None):
    """Fill `notebook` with the outputs of its run, the marks and what there is to say.

    `listed` is the student's id in the class list, None if there is no list; `kept` is as in `scores_of`.
    """
    said = notebook.metadata.get("frenkel", {})
    notes, readable = list(said.get("notes", [])), said.get("readable", True)
    run, records = runs[0], {record["id"]: record for record in runs[0].cells}
    ran = readable and not run.ended
    _, typed, own = student_of(notebook, listed)
    scores = scores_of(notebook, runs, source, listed, kept)
    if listed and said.get("made_for") == copies.EVERYONE:
        notes.append("This is the copy for everyone, not that of the class: marked with its numbers.")
    if readable and listed and not own:
        notes.append(f"The notebook says student = {typed!r}, the class list {listed!r}: its numbers count.")
    elif readable and not typed:
        notes.append("The notebook holds no student id: marked with the numbers of the example.")
    if run.ended:
        reached = next((cell.id for cell in notebook.cells if _lost(cell, records)), "the end")
        notes.append(f"The run was stopped at cell `{reached}`: {run.ended}. What came before it was marked.")
    if said.get("plain"):
        notes.append("Its texts could not be made into a page: they are shown as typed, without outputs.")
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type != "code":
            cell.source = re.sub(r"<(?=[A-Za-z!/?])", "< ", cell.source)  # text stays text: no tag, no script
            if said.get("plain"):
                cell.source = "".join(f"    {line}\n" for line in cell.source[:MAX_PLAIN].splitlines())
            continue
        if cell.id == "numbers":  # the long line of hashes says nothing to a reader
            cell.source = re.sub(r'"[^"\n]{200,}"', '"..."', cell.source)
        record = records.get(cell.id, {"outputs": []})
        cell.outputs = [nbformat.from_dict(output) for output in record["outputs"]]
        cell.execution_count = number + 1 if cell.id in records else None
        for output in cell.outputs:
            if output.get("ename") == "CellTimeout" and SLOW.fullmatch(output["evalue"]):
                ran = False
                notes.append(f"Cell `{cell.id}` was {output['evalue']}; the cells after it were run.")
        if said.get("plain"):
            cell.source, cell.outputs = cell.source[:MAX_PLAIN], []
        if cell.id in scores:
            share, words = scores[cell.id]
            cell.outputs = _verdict(words, round(share * cell.metadata.nbgrader.points, 2))
    text = "\n".join(f"- {html.escape(note)}" for note in [*notes, *[RAN] * ran])
    words = nbformat.v4.new_markdown_cell(f"## About this run\n\n{text}", id="about-this-run")
    notebook.cells.insert(0, words)
    notebook.metadata["frenkel"] = {"assignment": source.name, "notes": notes, "ran": ran, "student": typed}


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


def run_of(job, limits, kept=None, figures=True):
    """Return what came of the cells `job` in the jail, from the file `kept` if it is of this very code."""
    return jail.Run(**_kept(kept, [job, asdict(limits)], lambda: asdict(jail.run(job, limits, figures))))


def _kept(path, about, make):
    """Return what `make` returns, a dictionary, from the file `path` if it was made there of the same."""
    about = json.dumps([about, library_digest()], default=_plain)
    digest = hashlib.sha256(about.encode()).hexdigest()
    if path and path.is_file():
        stored = json.loads(path.read_text("utf-8"))
        if stored.pop("digest") == digest:
            return stored
    made = make()
    if path:
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_suffix(".part")
        half.write_text(json.dumps({"digest": digest, **made}), encoding="utf-8")
        half.replace(path)  # whole or not at all, whenever the grader is interrupted
    return made
