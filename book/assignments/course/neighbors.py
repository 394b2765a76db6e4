"""Numbers of somebody else's in a submission: each student has their own, which tell where they are from."""

import json
import math
import re
from collections import defaultdict
from dataclasses import dataclass

from . import classlist, master

LEAST = 2  # numbers of one neighbor; a single one may be chance
NUMBER = re.compile(r"(?<![\w.])\d+\.?\d*(?:[eE][+-]?\d+)?(?![\w.])")


@dataclass
class Hint:
    """Numbers in the work of `student` that belong to `others`."""

    student: str
    others: list
    numbers: list


def task_of(source, student):
    """Return (numbers given, right answers) of a student of the assignment `source`."""
    which = source.variant(student)
    return source.variants[which], source.right[which]


def ids(folder, name, students):
    """Return {student: the id from which the numbers follow}."""
    listed, found = classlist.read(folder / "students.csv"), {}
    for student in students:
        state = folder / "marks" / name / f"{student}.json"
        typed = json.loads(state.read_text("utf-8")).get("student") if state.is_file() else ""
        found[student] = student if student in listed else typed or ""
    return found


def answers(folder, name, student):
    """Return {name: number} of what the student's notebook left behind."""
    path = folder / "runs" / name / f"{student}.json"
    cells = json.loads(path.read_text("utf-8"))["cells"] if path.is_file() else []
    found = {}
    for cell in cells:
        found |= cell.get("exports", {})
    return {key: value for key, value in found.items() if _is_number(value)}


def _is_number(value):
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return number and math.isfinite(value) and value != 0


def hints(source, folder, codes):
    """Return the `Hint`s on the code of {student: code}."""
    handed_out = "\n".join(cell.source for cell in master.copy(source, solved=True).cells)
    common = {float(text) for text in NUMBER.findall(handed_out)}
    tasks = {student: task_of(source, each) for student, each in ids(folder, source.name, codes).items()}
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
            found.append(Hint(student, several[numbers], list(numbers)))
    return found
