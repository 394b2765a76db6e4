"""Prove the masters before anyone depends on them: `make prove`.

The solutions of every master go through the grader, jail and all, and must earn every point that is not given
by hand; every usual mistake must be told what the master says to it, and nothing else.
"""

import itertools
import sys
from concurrent.futures import ThreadPoolExecutor

from frenkel import coursework

from . import jail, marking, master

STUDENTS = ("ada", "emmy")


def submission(source, student):
    """Return a perfect submission of `student`: the copy with the solutions in place."""
    copy, solved = (master.copy(source, solved=choice) for choice in (False, True))
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
    notebook = submission(source, student)
    run = marking.run_of(notebook, source, jail.Limits())
    marking.finish(notebook, run, source)
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


def wrong_words(source):
    """Return every usual mistake that is told something else than the master says."""
    told = []
    for which in range(len(source.variants)):
        names = (f"student-{number}" for number in itertools.count())
        student = next(name for name in names if source.variant(name) == which)
        checks = coursework.Assignment(source.name, student, source.sealed)
        for question, value in source.right[which].items():
            said = {"right.": value}
            says = source.wrong.get(question, {})
            said |= {f"not yet. {words}": wrong[which] for words, wrong in says.items()}
            for words, answer in said.items():
                heard = checks.diagnose(question, answer)
                if heard != words:
                    told.append(f"{source.name}, variant {which}, {question}: {heard!r} instead of {words!r}")
    return told


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
        found = wrong_words(source)
        with ThreadPoolExecutor(max_workers=len(STUDENTS)) as pool:
            for lost in pool.map(lost_points, [source] * len(STUDENTS), STUDENTS):
                found += lost
        print(f"{name}: {'not proven' if found else 'proven'}", flush=True)
        told += found
    return told


if __name__ == "__main__":
    main()
