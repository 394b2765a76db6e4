"""The map of the project: sources, build, results."""

from drawings.kit import Drawing

LEFT, MIDDLE, RIGHT = 14, 150, 258
ROWS = (22, 112, 202)
HIGH = 56


def box(sheet, x, y, across, name, place):
    sheet.rect(x, y, across, HIGH, stroke="ink")
    sheet.text(x + 8, y + 23, name)
    sheet.text(x + 8, y + 43, place, "quiet")


def draw():
    sheet = Drawing(
        "Map of the book",
        """Three sources stand on the left: the library in lib/frenkel, the chapters in
        book/chapters, and the masters of the assignments in book/assignments. The chapters and the
        masters use the library. In the middle stands the build, book/site: it executes chapters
        whose code has changed and records what they print. On the right stand three results, in
        _build: the site in html, which also carries the library and a Python runtime for its explorers; the
        notebooks that readers open; and the students' copies in course, made from the masters. The
        grader takes the copies that come back.""",
        270,
    )
    for y, name, place in zip(
        ROWS,
        ("Library", "Chapters", "Assignments"),
        ("lib/frenkel", "book/chapters", "…/assignments"),
        strict=True,
    ):
        box(sheet, LEFT, y, 112, name, place)
    box(sheet, MIDDLE, ROWS[1], 76, "Build", "book/site")
    for y, name, place in zip(
        ROWS,
        ("Site", "Notebooks", "Copies"),
        ("…/html", "…/notebooks", "…/course"),
        strict=True,
    ):
        box(sheet, RIGHT, y, 98, name, place)
    middle = [y + HIGH / 2 for y in ROWS]
    sheet.arrow(66, ROWS[0] + HIGH, 54, ROWS[1], "wave")
    sheet.path([(LEFT, middle[0]), (6, middle[0]), (6, middle[2]), (LEFT - 5, middle[2])], stroke="wave")
    sheet.head(LEFT, middle[2], 0.0, "wave")
    sheet.arrow(LEFT + 112, middle[0], 168, ROWS[1], "wave")
    sheet.arrow(LEFT + 112, middle[1], MIDDLE, middle[1], "wave")
    sheet.arrow(LEFT + 112, middle[2], RIGHT, middle[2], "wave")
    sheet.arrow(200, ROWS[1], RIGHT, middle[0], "wave")
    sheet.arrow(226, middle[1], RIGHT, middle[1], "wave")
    return sheet
