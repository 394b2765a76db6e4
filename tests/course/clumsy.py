"""Clumsy submissions of assignment 1: what students, front ends and editors really do to a file.

Every one is honest work, worth all 18 points that the program gives unless it says otherwise.
`submissions(source)` yields (name of the file in the inbox, its bytes, what is expected of it); `in_archives`
in `clumsy_archives` yields the same of what an LMS packs.
"""

import base64
import copy
import json
from dataclasses import dataclass, field

import nbformat
from course import master, prove

ALL = 18
PNG = base64.b64encode(
    base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    )
).decode()
WORDS = "My own words: the error of the dipole counts twice."


@dataclass
class Expected:
    """What comes of a submission: who is said to have handed it in, the points, one note and some answers."""

    student: str
    points: float = ALL
    note: str = ""  # words of the one note; with none, there is nothing to say
    answers: dict = field(default_factory=dict)  # {cell: words that its answer holds}
    pictures: tuple = ()  # cells with a picture


def as_dict(source, student):
    """Return a perfect submission as the JSON of its file."""
    return json.loads(nbformat.writes(prove.submission(source, student)))


def pack(notebook):
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True).encode()


def find(notebook, name):
    return next(i for i, cell in enumerate(notebook["cells"]) if cell.get("id") == name)


def cell(notebook, name):
    return notebook["cells"][find(notebook, name)]


def own(source, kind="markdown", **more):
    """Return a cell of the student's own."""
    code = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {
        "cell_type": kind,
        "id": f"{abs(hash(source)) % 10**8:08d}",
        "metadata": {},
        "source": source,
        **code,
        **more,
    }


def text(cell):
    return "".join(cell["source"])


def blank(source, notebook, name):
    """Set an answer back to what was handed out, and return what it had been."""
    given = next(cell for cell in master.copy(source, solved=False).cells if cell.id == name)
    written = text(cell(notebook, name))
    cell(notebook, name)["source"] = given.source
    return written


CASES = {}


def case(note="", points=ALL, file="{student}.ipynb", answers=None, pictures=()):
    """Register a function that spoils the notebook (or returns bytes) with what is expected of it."""

    def register(spoil):
        name = spoil.__name__.replace("_", "-")
        expected = Expected(name, points, note, answers or {}, pictures)
        CASES[name] = file.format(student=name), spoil, expected
        return spoil

    return register


def submissions(source):
    """Yield (file name, bytes, Expected) for every clumsy file."""
    for name, (file, _, expected) in CASES.items():
        yield file, spoiled(source, name), copy.deepcopy(expected)


def spoiled(source, name):
    """Return the bytes of one clumsy file."""
    found = CASES[name][1](source, notebook := as_dict(source, name))
    return found if isinstance(found, bytes) else pack(notebook)


# Answers in other places


@case("`derive` stood in cells beside its own", answers={"derive": WORDS})
def answer_below(source, notebook):
    blank(source, notebook, "derive")
    notebook["cells"].insert(find(notebook, "derive") + 1, own(WORDS))


@case("`derive` stood in cells beside its own", answers={"derive": WORDS})
def answer_above(source, notebook):
    blank(source, notebook, "derive")
    notebook["cells"].insert(find(notebook, "derive"), own(WORDS))


@case("`derive` stood in cells beside its own", answers={"derive": f"First half.\n\n{WORDS}"})
def answer_split(source, notebook):
    first = cell(notebook, "derive")
    first["source"] = "First half."
    notebook["cells"].insert(
        find(notebook, "derive") + 1, {**copy.deepcopy(first), "id": "77aa", "source": WORDS}
    )


@case("`derive` stood in cells beside its own", answers={"derive": WORDS})
def answer_in_a_copy_far_away(source, notebook):
    """The cell was copied to the end and filled in there; the first one stayed blank."""
    blank(source, notebook, "criticize")
    notebook["cells"].append({**copy.deepcopy(cell(notebook, "derive")), "id": "88bb", "source": WORDS})
    cell(notebook, "criticize")["source"] = "Another answer."


@case("`derive` had become code", answers={"derive": WORDS})
def answer_turned_into_code(source, notebook):
    at = find(notebook, "derive")
    notebook["cells"][at] = {**own(f"# {WORDS}", "code"), "id": "derive"}


@case("`derive` had become raw text", answers={"derive": WORDS})
def answer_turned_into_raw(_, notebook):
    notebook["cells"][find(notebook, "derive")] = {**own(WORDS, "raw"), "id": "derive"}


@case("`dipole` had become Markdown")
def code_turned_into_text(source, notebook):
    written = text(cell(notebook, "dipole"))
    notebook["cells"][find(notebook, "dipole")] = {**own(f"```python\n{written}\n```"), "id": "dipole"}


@case("`derive` was left blank", answers={"derive": "1 + 1  # my derivation"})
def answer_below_as_code(source, notebook):
    blank(source, notebook, "derive")
    notebook["cells"].insert(find(notebook, "derive") + 1, own("1 + 1  # my derivation", "code"))


@case("`derive` stood in the text of the question", answers={"derive": WORDS})
def answer_in_the_question(source, notebook):
    blank(source, notebook, "derive")
    question = cell(notebook, "derive-text")
    question["source"] = f"{text(question)}\n\n{WORDS}"


@case("`derive` stood in the text of the question", answers={"derive": WORDS})
def question_and_answer_merged(source, notebook):
    question = cell(notebook, "derive-text")
    question["source"] = f"{text(question)}\n\n{WORDS}"
    del notebook["cells"][find(notebook, "derive")]


@case("`figure` stood in cells beside its own", answers={"figure": "ax.hist"})
def figure_below(source, notebook):
    written = blank(source, notebook, "figure")
    notebook["cells"].insert(find(notebook, "figure") + 1, own(written, "code"))


@case("`figure` was left blank", answers={"figure": "beside this cell"})
def figure_as_words(source, notebook):
    blank(source, notebook, "figure")
    notebook["cells"].insert(find(notebook, "figure") + 1, own("I drew it on paper."))


@case("`test-dipole` had been changed")
def answer_in_the_test(source, notebook):
    written = blank(source, notebook, "dipole")
    cell(notebook, "test-dipole")["source"] = f"{written}\n{text(cell(notebook, 'test-dipole'))}"


@case("`setup` had been changed")
def import_added_to_the_setup(source, notebook):
    cell(notebook, "setup")["source"] = f"{text(cell(notebook, 'setup'))}\nimport math as mathematics"
    drop = cell(notebook, "predict")
    drop["source"] = text(drop).replace(") ** -3", ") ** -mathematics.floor(3)")
    assert "mathematics" in drop["source"]


@case("`units` was missing; other cells define")
def answer_in_a_cell_before(source, notebook):
    """The answers of two cells stand in one; the other was deleted, and is not put back over them."""
    written = text(cell(notebook, "units"))
    del notebook["cells"][find(notebook, "units")]
    cell(notebook, "error")["source"] = f"{text(cell(notebook, 'error'))}\n{written}"


@case()
def cells_moved(source, notebook):
    moved = notebook["cells"].pop(find(notebook, "criticize"))
    notebook["cells"].insert(3, moved)


@case()
def blank_copy_of_an_answer(source, notebook):
    left = copy.deepcopy(cell(notebook, "dipole"))
    left.update(id="99cc", source="dipole = None  # debye\n# your code here")
    notebook["cells"].insert(find(notebook, "dipole") + 1, left)


# The id


@case("read as 'id-bare'")
def id_bare(source, notebook):
    cell(notebook, "student")["source"] = "student = id-bare  # mine"


@case("read as '4711001'")
def id_as_a_number(source, notebook):
    notebook["cells"] = as_dict(source, "4711001")["cells"]
    cell(notebook, "student")["source"] = "student = 4711001"


@case("read as '0471'")
def id_as_a_number_with_a_zero(source, notebook):
    notebook["cells"] = as_dict(source, "0471")["cells"]
    cell(notebook, "student")["source"] = "student = 0471"


@case("read as 'id-typographic'")
def id_typographic(source, notebook):
    cell(notebook, "student")["source"] = "student = “id-typographic”  # your student id, in quotation marks"


@case("read as 'id-in-the-comment'")
def id_in_the_comment(source, notebook):
    cell(notebook, "student")["source"] = 'student = ""  # id-in-the-comment'


@case("read as 'id-half-quoted'")
def id_half_quoted(source, notebook):
    cell(notebook, "student")["source"] = 'Student = "id-half-quoted'


@case("read as 'id-alone'")
def id_alone(source, notebook):
    cell(notebook, "student")["source"] = "id-alone"


# Pictures


@case(answers={"derive": "attachment:picture-"}, pictures=("derive",))
def picture_attached(source, notebook):
    attached = {"my image.png": {"image/png": PNG}}
    cell(notebook, "derive").update(source="![x](attachment:my%20image.png)", attachments=attached)


@case(answers={"criticize": "attachment:picture-"}, pictures=("criticize",))
def picture_inline(source, notebook):
    """As Colab has it: longer than any text."""
    data = base64.b64encode(base64.b64decode(PNG) + bytes(300_000)).decode()
    cell(notebook, "criticize")["source"] = f"Here: ![x](data:image/png;base64,{data})"


@case("`derive` stood in cells beside", answers={"derive": "attachment:picture-"}, pictures=("derive",))
def picture_below(source, notebook):
    blank(source, notebook, "derive")
    tag = '<img src="attachment:image.png" width="300">'
    below = own(tag, attachments={"image.png": {"image/png": PNG}})
    notebook["cells"].insert(find(notebook, "derive") + 1, below)


@case("The picture `image.png` was not in the notebook", answers={"derive": WORDS})
def picture_lost(source, notebook):
    cell(notebook, "derive")["source"] = f"{WORDS} ![image.png](attachment:image.png)"


@case("The picture `x.svg` is of a kind that is not shown", answers={"derive": WORDS})
def picture_that_runs(source, notebook):
    attached = {"x.svg": {"image/svg+xml": "<svg onload='alert(1)'/>"}}
    cell(notebook, "derive").update(source=f"{WORDS} ![x](attachment:x.svg)", attachments=attached)


# Front ends


@case("Cells had lost their names")
def all_names_stripped(source, notebook):
    for each in notebook["cells"]:
        each.pop("id")
        each["metadata"] = {}
    notebook["metadata"] = {}
    notebook["nbformat_minor"] = 4


@case("Cells had lost their names", answers={"derive": WORDS})
def new_names(source, notebook):
    cell(notebook, "derive")["source"] = WORDS
    notebook["cells"].insert(find(notebook, "dipole"), own("helper = 2", "code"))
    for number, each in enumerate(notebook["cells"]):
        each.update(id=f"new-{number}", metadata={"tags": []})


@case()
def names_in_metadata(source, notebook):
    for each in notebook["cells"]:
        each["metadata"] = {"cell_id": each.pop("id"), "deepnote_cell_type": each["cell_type"]}
    notebook["nbformat_minor"] = 4


@case("a Python script", file="{student}.py")
def exported_script(source, notebook):
    lines = ["#!/usr/bin/env python", "# coding: utf-8", ""]
    for each in notebook["cells"]:
        if each["cell_type"] == "code":
            lines += ["# In[ ]:", "", "", text(each), "", ""]
        else:
            lines += [*(f"# {line}" for line in text(each).split("\n")), ""]
    return "\n".join(lines).encode()


@case("a Python script", file="{student}.py")
def jupytext_script(source, notebook):
    lines = ["# ---", "# jupyter:", "#   jupytext:", "#     formats: ipynb,py:percent", "# ---", ""]
    for each in notebook["cells"]:
        if each["cell_type"] == "code":
            lines += ["# %%", text(each), ""]
        else:
            lines += ["# %% [markdown]", *(f"# {line}" for line in text(each).split("\n")), ""]
    return "\n".join(lines).encode()


@case()
def format_of_2014(source, notebook):
    cells = []
    for each in notebook["cells"]:
        new = {"cell_type": each["cell_type"], "metadata": {"nbgrader": {"grade_id": each["id"]}}}
        new |= (
            {"input": text(each), "language": "python"}
            if each["cell_type"] == "code"
            else {"source": text(each)}
        )
        cells.append(new)
    sheets = [{"cells": cells, "metadata": {}}]
    return pack({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": sheets})


# Files


def as_it_is(source, notebook):
    """Only the name of the file is odd."""


for odd, name in {
    "txt": "{student}.ipynb.txt",
    "json": "{student}.ipynb.json",
    "capitals": "{student}.IPYNB",
}.items():
    CASES[f"in-{odd}"] = name.format(student=f"in-{odd}"), as_it_is, Expected(f"in-{odd}")


@case()
def marked_with_a_bom(source, notebook):
    return b"\xef\xbb\xbf" + pack(notebook)


@case("saved as UTF-16")
def saved_as_utf16(source, notebook):
    return pack(notebook).decode().encode("utf-16")


@case("not saved as UTF-8", answers={"criticize": "Größe"})
def saved_as_latin1(source, notebook):
    cell(notebook, "criticize")["source"] = "Größe"
    return pack(notebook).decode().encode("cp1252", "replace")


@case()
def lines_of_windows(source, notebook):
    return pack(notebook).replace(b"\n", b"\r\n")


@case()
def not_a_number(_, notebook):
    notebook["metadata"]["widgets"] = {"value": float("nan"), "range": [float("-inf")]}


@case("commas where none may be")
def commas_too_many(source, notebook):
    return pack(notebook).replace(b"\n ]", b",\n ]").replace(b'"\n', b'",\n')


@case("merged by Git", answers={"criticize": "Mine."})
def merge_conflict(source, notebook):
    cell(notebook, "criticize")["source"] = "HERE"
    head, tail = pack(notebook).decode().split('"source": "HERE"')
    sides = ['   "source": "Mine."', '   "source": "Theirs."']
    words = f"\n<<<<<<< HEAD\n{sides[0]}\n=======\n{sides[1]}\n>>>>>>> branch\n"
    return f"{head.rstrip()}{words}{tail.lstrip()}".encode()


@case("The file breaks off", points=8)
def broken_off(source, notebook):
    data = pack(notebook)
    return data[: data.index(b"relative_error = np")]


@case("1 of 29 cells of the file could not be read")
def one_cell_damaged(source, notebook):
    notebook["cells"].insert(5, {"cell_type": 3})


@case("is too long", answers={"derive": WORDS})
def too_long_a_cell(source, notebook):
    cell(notebook, "derive")["source"] = WORDS
    notebook["cells"].append(own("data = [" + "1," * 300_000 + "]", "code"))


# What is no notebook


WRONG = {
    "printed.html": (b"<!DOCTYPE html>\n<html><body>dipole = 3</body></html>", "The file is a web page"),
    "printed-twice.pdf": (b"%PDF-1.7\n%...", "The file is a PDF"),
    "more/packed.7z": (b"7z\xbc\xaf\x27\x1c\x00\x04", "The file is an archive (7z)"),
    "more/packed-again.tar.gz": (b"\x1f\x8b\x08\x00", "The file is an archive (gz)"),
    "empty.ipynb": (b"\n", "The file is empty"),
}
for file, (content, said) in WRONG.items():
    called = file.removeprefix("more/").partition(".")[0]
    CASES[called] = file, lambda source, notebook, content=content: content, Expected(called, 0, said)


@case("another assignment, '9-other'", points=0)
def of_another_assignment(source, notebook):
    numbers = cell(notebook, "numbers")
    numbers["source"] = text(numbers).replace('"1-coupling"', '"9-other"')
