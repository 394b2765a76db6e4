"""Prove the masters before anyone depends on them: `make prove`.

The solutions of every master go through the grader, jail and all, and must earn every point that is not given
by hand; every usual mistake must be told what the master says to it, and nothing else; no answer may be the
same for two students. What a program gets that tries numbers until the checks agree is printed beside it.
"""

import ast
import math
import sys
from concurrent.futures import ThreadPoolExecutor

from frenkel import coursework

from . import copies, jail, marking, master, scoring

STUDENTS = ("ada", "emmy")
CLASS = [f"student-{number}" for number in range(12)]  # whose numbers are compared


def submission(source, student, **about):
    """Return a perfect submission of `student`: the copy with the solutions in place; see `copies.copy`."""
    copy, solved = (copies.copy(source, solved=choice, **about) for choice in (False, True))
    answers = {cell.id: cell.source for cell in solved.cells}
    for cell in copy.cells:
        mark = cell.metadata.nbgrader
        if cell.id == "student":
            cell.source = f'student = "{student}"'
        elif mark.solution:
            cell.source = answers[cell.id]
    return copy


def lost_points(source, student):
    """Return what the perfect submission of `student` is told where it does not get all points."""
    notebook = submission(source, student, line="not needed: the grader puts its own")
    runs = marking.runs_of(notebook, source, jail.Limits())
    marking.finish(notebook, runs, source)
    told = [f"{source.name}: {note}" for note in notebook.metadata["frenkel"]["notes"]]
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                told.append(f"{source.name}, {cell.id}: {output.ename}: {output.evalue}")
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade") and not mark.get("solution"):
            words, points = cell.outputs[0].text, float(cell.outputs[1].data["text/plain"])
            if points != mark["points"]:
                told.append(f"{source.name}, {cell.id}: {points:g} of {mark['points']:g}\n{words}")
    return told


def wrong_words(source, student=CLASS[0]):
    """Return every usual mistake that is told something else than the master says, in a copy of `student`."""
    told, case = [], source.case_of(student, listed=True)
    checks = coursework.Assignment(source.name, student, source.seal([case], [student]))
    for question in source.questions:
        said = {"right.": case.answers[question]}
        said |= {f"not yet. {words}": wrong for words, wrong in case.mistakes.get(question, {}).items()}
        for words, answer in said.items():
            heard = checks.diagnose(question, answer)
            if heard != words:
                told.append(f"{source.name}, {student}, {question}: {heard!r} instead of {words!r}")
    return told


def shared_answers(source):
    """Return the questions whose answer is one and the same for all students of a class."""
    cases = [source.case_of(student, listed=True) for student in CLASS]
    constant = [name for name in source.questions if len({case.answers[name] for case in cases}) == 1]
    return [f"{source.name}, {question}: every student has the same answer" for question in constant]


def hashes(source):
    """Return {question: slow hashes that a search through all plausible answers takes}, the sign known.

    What is said to wrong answers (a factor of two, of ten) shortens a clever search about sevenfold.
    """
    widths = {question: 2 * math.log1p(spec["tolerance"]) for question, spec in source.questions.items()}
    bins = {name: math.log(high / low) / widths[name] for name, (low, high) in source.plausible.items()}
    return {question: math.ceil(count) for question, count in bins.items()}


def searched_points(source):
    """Return how many points the checks give away to who tries all numbers, predictions included."""
    total = 0.0
    for cell in source.cells:
        code = master.hidden_tests(cell)
        if not code:
            continue
        findings = [ast.unparse(node) for node in ast.parse(code).body if isinstance(node, ast.Expr)]
        found = sum(scoring.OWN for each in findings if each.startswith("expect("))
        found += sum("prediction in" in each for each in findings)
        total += master.tags_of(cell)[1] * found / len(findings)
    return total


def main():
    try:
        told = prove(sys.argv[1:] or master.names())
    except (jail.JailMissing, master.MasterError) as problem:
        sys.exit(str(problem))
    sys.exit("\n".join(told) or 0)


def prove(names):
    """Return all that speaks against the masters `names`, and print a line for each of them."""
    told = []
    for name in names:
        source = master.read(name)
        found = wrong_words(source) + shared_answers(source)
        with ThreadPoolExecutor(max_workers=len(STUDENTS)) as pool:
            for lost in pool.map(lost_points, [source] * len(STUDENTS), STUDENTS):
                found += lost
        cost = sum(hashes(source).values())
        points = f"{searched_points(source):.3g} of {source.points:g} points"
        print(f"{name}: {'not proven' if found else 'proven'};", end=" ")
        print(f"a search of up to {cost} slow hashes finds {points}", flush=True)
        told += found
    return told


if __name__ == "__main__":
    main()
