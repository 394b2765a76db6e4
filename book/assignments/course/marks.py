"""The marks of one submission: what the program gave, what a person gave, and what counts."""

from dataclasses import dataclass

from nbgrader.api import MissingEntry


@dataclass
class Mark:
    """The mark of one cell; `program` and `hand` are None where nobody has given one."""

    cell: str
    kind: str  # test, words or figure
    most: float
    program: float | None
    hand: float | None
    score: float  # what counts, with nbgrader's extra credit
    comment: str

    @property
    def waits(self):
        return self.program is None and self.hand is None

    @property
    def corrected(self):
        """Whether a person gave another mark than the program did."""
        return None not in (self.program, self.hand) and self.program != self.hand


def graded_cells(copy):
    """Return [(cell, kind)] of the cells of a student's copy that carry points, in their order."""
    found = []
    for cell in copy.cells:
        mark = cell.metadata.get("nbgrader", {})
        if mark.get("grade"):
            kind = "test" if not mark["solution"] else "figure" if cell.cell_type == "code" else "words"
            found.append((mark["grade_id"], kind))
    return found


def of(gradebook, assignment, student, cells, comments):
    """Return the `Mark` of each of `cells`, as `graded_cells` returns them.

    `comments` holds what was said of tests, {cell: words}: nbgrader knows comments for answers only.
    """
    found = []
    for cell, kind in cells:
        grade = gradebook.find_grade(cell, assignment, assignment, student)
        try:
            said = gradebook.find_comment(cell, assignment, assignment, student).manual_comment
        except MissingEntry:
            said = comments.get(cell)
        numbers = (grade.max_score, grade.auto_score, grade.manual_score, grade.score)
        found.append(Mark(cell, kind, *numbers, said or ""))
    return found
