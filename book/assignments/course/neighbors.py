"""Numbers of somebody else's in a submission: each student has their own, which tell where they are from."""

import json
import math
import re
from collections import defaultdict
from dataclasses import dataclass

import nbformat

from . import classlist, marking, master, report

MOST = 100_000  # parts of the values of one cell
LEAST = 2  # numbers of one neighbor; a single one may be chance
NUMBER = re.compile(r"(?<![\w.])\d+\.?\d*(?:[eE][+-]?\d+)?(?![\w.])")


@dataclass
class Hint:
    """Numbers in the work of `student` that belong to `others`."""

    student: str
    others: list
    numbers: list


def cases(source, folder, students):
    """Return {student: the case whose numbers the student has seen}."""
    listed, found = classlist.read(folder / "students.csv"), {}
    for student in students:
        path = folder / "prepared" / student / source.name / f"{source.name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        found[student] = marking.case_of(notebook, source, student if student in listed else None)
    return found


def answers(folder, name, student):
    """Return {name: number} of what the student's notebook left behind."""
    path = folder / "runs" / name / f"{student}.json"
    cells = json.loads(path.read_text("utf-8"))["cells"] if path.is_file() else []
    found = {}
    for cell in cells:
        try:
            values = report.loads(cell["exports"].encode("utf-8", "replace"), parts=MOST)
        except (ValueError, RecursionError):
            continue
        found |= values if isinstance(values, dict) else {}
    return {key: value for key, value in found.items() if _is_number(value)}


def _is_number(value):
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and math.isfinite(value) and value != 0


def hints(source, folder, codes):
    """Return the `Hint`s on the code of {student: code}."""
    handed_out = "\n".join(cell.source for cell in master.copy(source, solved=True).cells)
    common = {float(text) for text in NUMBER.findall(handed_out)}
    found = cases(source, folder, codes)
    tasks = {student: (case.numbers, case.answers) for student, case in found.items()}
    owners = defaultdict(set)
    for student, (given, _) in tasks.items():
        for value in given.values():
            if _is_number(value) and float(value) not in common:
                owners[float(value)].add(student)
    found = []
    for student, code in codes.items():
        own, right = tasks[student]
        mine = {float(value) for value in own.values() if _is_number(value)}
        others = defaultdict(set)
        for text in set(NUMBER.findall(code)):
            if len(re.sub(r"\D", "", text).lstrip("0")) >= 3 and float(text) not in mine:
                for other in owners.get(float(text), ()):
                    others[other].add(f"{text} is given to them")
        wrong = {
            key: value
            for key, value in answers(folder, source.name, student).items()
            if _is_number(right.get(key)) and not math.isclose(value, right[key], rel_tol=0.01)
        }
        for other, (_, theirs) in tasks.items():
            for key, value in wrong.items():
                if _is_number(theirs.get(key)) and math.isclose(value, theirs[key], rel_tol=1e-3):
                    others[other].add(f"{key} = {value:.6g} is right for them")
        several = defaultdict(list)
        for other, numbers in others.items():
            if other != student and len(numbers) >= LEAST:
                several[tuple(sorted(numbers))].append(other)
        if several:
            numbers = max(several, key=len)
            found.append(Hint(student, sorted(several[numbers]), list(numbers)))
    return found
