"""The sheet of hand marks: read as office programs save it, never lost, and the last word on every mark."""

import codecs
import csv
import io
import os
import re

import nbformat
import pytest
from classroom import FIRST, cell_of, copied, grade, hand_in, page_of, refused, submission
from course import master, sheet

POINTS = {"derive": 4.0, "figure": 3.0, "test-dipole": 2.0}
HEAD = ["student", "cell", "points", "score", "comment", "answer"]
ROW = ["ada", "derive", "4", "3.5", "Good; so far, yes.\nZoë", "x"]


def table(*rows, head=HEAD, separator=",", end="\r\n", quoting=csv.QUOTE_MINIMAL):
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=end, quoting=quoting).writerows([head, *rows])
    return text.getvalue()


def read(tmp_path, data):
    path = tmp_path / "byhand" / f"{FIRST}.csv"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return sheet.read(path, POINTS)


SAVED = {
    "utf-8": table(ROW).encode(),
    "with a mark": codecs.BOM_UTF8 + table(ROW).encode(),
    "semicolons and decimal commas": table([*ROW[:3], "3,5", *ROW[4:]], separator=";").encode(),
    "tabs, UTF-16 (Excel's Unicode text)": codecs.BOM_UTF16_LE
    + table(ROW, separator="\t").encode("utf-16-le"),
    "UTF-16, big end first": codecs.BOM_UTF16_BE + table(ROW).encode("utf-16-be"),
    "UTF-16 without a mark": table(ROW).encode("utf-16-le"),
    "Windows' own encoding": table(ROW).encode("cp1252"),
    "only line feeds": table(ROW, end="\n").encode(),
    "only carriage returns": table(ROW, end="\r").encode(),
    "sep= in front": b"sep=;\r\n" + table(ROW, separator=";").encode(),
    "everything in quotation marks": table(ROW, quoting=csv.QUOTE_ALL).encode(),
    "columns in another order": table(ROW[::-1], head=HEAD[::-1]).encode(),
    "empty columns and rows behind": table([*ROW, "", ""], [""] * 8, head=[*HEAD, "", ""]).encode(),
    "capitals and blanks": table(ROW, head=[f" {name.title()}\u00a0" for name in HEAD]).encode(),
    "an apostrophe before the mark": table([*ROW[:3], "'3.5", *ROW[4:]]).encode(),
    "no zero before the point": table([*ROW[:3], "3.50", *ROW[4:]]).encode(),
}


@pytest.mark.parametrize("how", SAVED)
def test_a_sheet_is_read_as_it_was_saved(tmp_path, how):
    (row,) = read(tmp_path, SAVED[how]).rows
    assert (row.line, row.student, row.cell, row.score) in [(line, "ada", "derive", 3.5) for line in (2, 3)]
    assert row.comment == "Good; so far, yes.\nZoë"


@pytest.mark.parametrize(
    ("score", "words"),
    [
        ("01.May", "'01.May' is not a mark; a spreadsheet took it for a date"),
        ("1. Mai", "took it for a date"),
        ("01.05", "took it for a date"),
        ("1.5.2027", "took it for a date"),
        ("2027-05-01", "took it for a date"),
        ("5/1", "took it for a date"),
        ("May-01", "took it for a date"),
        ("45413", "45413 is more than 4 points"),
        ("35", "35 is more than 4 points"),
        ("-1", "'-1' is not a mark"),
        ("three", "'three' is not a mark"),
        ("1,5,0", "is not a mark"),
        ("1e0", "is not a mark"),
        ("nan", "is not a mark"),
        ("3.", "is not a mark"),
        ("50%", "is not a mark"),
        ("#VALUE!", "is not a mark"),
        ("٣", "is not a mark"),
    ],
)
def test_what_is_no_mark_is_refused_with_its_line(tmp_path, score, words):
    with pytest.raises(sheet.SheetError, match="line 3") as refusal:
        read(tmp_path, table(ROW, ["emmy", "derive", "4", score, "", ""]))
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ("student\tcell\n", "must have the columns student, name, cell"),
        ("", "must have the columns"),
        (table(ROW, head=["student", "cell", "score", "score", "comment", "x"]), "two columns score"),
        ("student,cell,score,comment\nada,derive,3,good, but\n", "line 2: there is more in it"),
        ('student,cell,score,comment\nada,derive,3,"open\nemmy,derive,1,x\n', "unexpected end of data"),
        (table(["", "", "", "3", "", ""]), "line 2: something is typed"),
        (b"PK\x03\x04" + bytes(50), "a workbook"),
        (
            table([*ROW[:4], "Err:509", ""]),
            "line 2: Err:509: a spreadsheet took what was typed there for a formula",
        ),
        (table([*ROW[:4], "#FIRST?", ""]), "line 2: #FIRST?: a spreadsheet took"),
    ],
)
def test_a_sheet_that_would_lose_something_is_refused(tmp_path, data, words):
    with pytest.raises(sheet.SheetError, match=re.escape(words)):
        read(tmp_path, data)


@pytest.mark.parametrize("lock", [f".~lock.{FIRST}.csv#", f"~${FIRST}.csv"])
def test_an_open_sheet_is_not_read(tmp_path, lock):
    read(tmp_path, table(ROW))
    (tmp_path / "byhand" / lock).touch()
    with pytest.raises(sheet.SheetError, match="is open in another program: save and close it"):
        read(tmp_path, table(ROW))


@pytest.mark.parametrize("other", [f"{FIRST}.xlsx", f"{FIRST}.ods", f"{FIRST} (1).csv", f"{FIRST}.txt"])
def test_a_sheet_saved_under_another_name_is_said(tmp_path, other):
    read(tmp_path, table(ROW))
    path = tmp_path / "byhand" / other
    path.touch()
    os.utime(path, (2e9, 2e9))
    with pytest.raises(sheet.SheetError, match=r"is newer than .* and is not read"):
        read(tmp_path, table(ROW))


def test_a_sheet_keeps_its_separators_and_is_not_written_over_what_was_saved_meanwhile(tmp_path):
    data = table([*ROW[:3], "3,5", "=1+1", "x"], separator=";")
    found = read(tmp_path, data)
    path = tmp_path / "byhand" / f"{FIRST}.csv"
    line = {"student": "ada", "cell": "derive", "points": 4.0, "program": None, "score": 3.5}
    lines = [line | {"comment": "=1+1"}]
    written = sheet.write(path, lines, found)
    assert path.read_bytes() == written and written.startswith(codecs.BOM_UTF8)
    assert written.decode("utf-8-sig").splitlines()[1] == "ada;;derive;;4;;3,5;'=1+1;;"
    (row,) = sheet.read(path, POINTS).rows
    assert row.typed == (3.5, "=1+1")
    with pytest.raises(sheet.SheetError, match="was saved while this ran"):
        sheet.write(path, lines, found)


# A class, graded and marked by hand


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    source = master.read(FIRST)
    wrong = submission(source, "ada", dipole="dipole = 1.0", criticize="=1+1; so\n-2")
    cell_of(wrong, "derive").source = f"Long. {'word ' * 9000}"
    hand_in(folder, "ada.ipynb", wrong)
    hand_in(folder, "emmy.ipynb", submission(source, "emmy"))
    grade(folder)
    return folder


@pytest.fixture
def marked(graded, tmp_path):
    """The class in which two answers and a test have got marks by hand, as a spreadsheet saves them."""
    folder = copied(graded, tmp_path)
    change(folder, ("ada", "test-dipole"), score="2,0", comment="The formula was right.")
    change(folder, ("ada", "criticize"), score="2,5", comment="=Good; -1 for the reason", own="ask her")
    change(folder, ("emmy", "figure"), score="3", comment="Fine.")
    return folder


def path_of(folder):
    return folder / "byhand" / f"{FIRST}.csv"


def rows_of(folder):
    text = sheet.decode(path_of(folder).read_bytes())
    separator = ";" if text.startswith("student;") else ","
    found = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
    return {(row["student"], row["cell"]): row for row in found}


def save(folder, rows):
    with path_of(folder).open("w", encoding="utf-8", newline="") as file:
        head = list({name: None for row in rows for name in row})
        writer = csv.DictWriter(file, head, delimiter=";", restval="")
        writer.writeheader()
        writer.writerows(rows)


def change(folder, key, **cells):
    rows = rows_of(folder)
    rows[key].update(cells)
    save(folder, rows.values())


def total_of(folder, student):
    text = (folder / "export" / f"{FIRST}-canvas.csv").read_text("utf-8")
    return next(float(row[-1]) for row in csv.reader(io.StringIO(text)) if row[0] == student)


def test_the_sheet_has_every_mark_and_every_answer(graded):
    rows = rows_of(graded)
    assert len(rows) == 2 * 9
    kinds = [row["kind"] for row in rows.values()]
    # One question after the other, and tests last.
    assert kinds == ["words"] * 2 + ["figure"] * 2 + ["words"] * 2 + ["test"] * 12
    dipole = rows["ada", "test-dipole"]
    assert (dipole["points"], dipole["program"], dipole["score"]) == ("2", "0", "")
    assert "not yet" in dipole["answer"]
    assert rows["ada", "criticize"]["answer"] == "'=1+1; so\n'-2"
    page = f"feedback/emmy/{FIRST}/{FIRST}.html"
    assert f"[with a picture: see the page {page}]" in rows["emmy", "figure"]["answer"]
    long = rows["ada", "derive"]["answer"]
    assert 30_000 < len(long) < 32_767 and long.endswith("characters more: see the page]")


def test_a_correction_reaches_page_table_and_total_and_survives_grading(marked):
    before = total_of(marked, "ada")
    words = grade(marked)
    assert "1 marks of tests were corrected by hand; the corrections count." in words
    assert total_of(marked, "ada") == before + 2 + 2.5 and total_of(marked, "emmy") == 21
    page = page_of(marked, "ada").read_text("utf-8")
    assert "Corrected by hand: the tests had given 0." in page and "The formula was right." in page
    assert "=Good; -1 for the reason" in page
    row = rows_of(marked)["ada", "criticize"]
    assert (row["score"], row["comment"], row["own"]) == ("2,5", "'=Good; '-1 for the reason", "ask her")
    for state in marked.glob(f"marks/{FIRST}/*.json"):
        state.unlink()  # as after a change of the grader: everything is marked again
    words = grade(marked)
    assert "2 submissions, 2 to grade" in words and "1 marks of tests were corrected by hand" in words
    assert total_of(marked, "ada") == before + 4.5
    assert "The formula was right." in page_of(marked, "ada").read_text("utf-8")


def test_a_mark_whose_answer_has_changed_since_is_said_until_it_is_confirmed(marked):
    grade(marked)
    path = marked / "inbox" / FIRST / "ada.ipynb"
    notebook = nbformat.read(path, as_version=4)
    cell_of(notebook, "criticize").source = "Another reason."
    path.write_bytes(nbformat.writes(notebook).encode())
    for _ in range(2):
        assert "ada, criticize: handed in anew since the mark 2.5 was given." in grade(marked)
    rows = rows_of(marked)
    assert rows["ada", "criticize"]["score"] == "2,5"
    assert "handed in anew" in rows["ada", "criticize"]["changed"]
    assert rows["ada", "test-dipole"]["changed"] == ""
    change(marked, ("ada", "criticize"), changed="")
    assert "handed in anew" not in grade(marked)
    assert rows_of(marked)["ada", "criticize"]["changed"] == ""


def test_nothing_typed_is_lost(marked):
    """Not where a line was deleted, a mark taken back, a student left, or the sheet written anew."""
    typed = path_of(marked).read_bytes()
    grade(marked)
    (kept,) = (marked / "byhand" / "kept").iterdir()
    assert kept.read_bytes() == typed
    grade(marked)
    assert len(list((marked / "byhand" / "kept").iterdir())) == 1  # nothing was typed since
    rows = rows_of(marked)
    del rows["emmy", "figure"]
    rows["ada", "criticize"].update(score="")
    save(marked, [{}, *reversed(rows.values())])
    words = grade(marked)
    assert "1 lines were missing from byhand/1-coupling.csv and are back with their marks." in words
    rows = rows_of(marked)
    assert rows["emmy", "figure"]["score"] == "3" and rows["ada", "criticize"]["score"] == ""
    assert re.search(r"\b5 answers wait", words), words
    for name in ("submitted", "prepared", "autograded"):
        (marked / name / "emmy").rename(marked / f"{name}-gone")
    (marked / "inbox" / FIRST / "emmy.ipynb").unlink()
    assert "emmy has marks by hand and no submission any more; they are kept" in grade(marked)
    assert rows_of(marked)["emmy", "figure"]["score"] == "3"


def test_a_line_of_nobody_and_lines_that_differ_are_refused_and_kept(marked):
    rows = list(rows_of(marked).values())
    save(marked, [*rows, {**rows[0], "student": "adda", "score": "1"}])
    typed = path_of(marked).read_bytes()
    assert "line 20: a mark where there is no answer: adda, derive" in refused(marked)
    assert path_of(marked).read_bytes() == typed
    save(marked, [{**rows[0], "student": "??-4714", "score": "1"}])  # by a program that knows no Chinese
    assert "was the sheet saved as UTF-8?" in refused(marked)
    save(marked, [*rows, {**rows[4], "score": "1"}])
    words = r"lines \d+ and 20 are about the same answer and differ: ada, criticize"
    assert re.search(words, refused(marked))
    save(marked, [*rows, rows[4]])
    grade(marked)


def test_a_sheet_that_cannot_be_taken_in_stops_the_run_before_anything_is_graded(marked):
    change(marked, ("ada", "derive"), score="01.May")
    hand_in(marked, "late.ipynb", submission(master.read(FIRST), "late"))
    assert "took it for a date" in refused(marked)
    assert not (marked / "submitted" / "late").exists()
