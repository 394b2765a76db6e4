"""What leaves the grader as a table, in an archive or on the terminal, as others read it."""

import csv
import io
import re
import zipfile

import pytest
from course import export, pack, people, plain
from hypothesis import given
from hypothesis import strategies as st

FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "=cmd|'/c calc'!A0",
    '=HYPERLINK("http://x","y")',
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "'=1",
    "words;=1+1",
    "words,=1+1",
    "words\t=1+1",
    "words\n=1+1",
    "words\r=1+1",
    'words"=1+1',
    'words";=1+1',
    "words|=1+1",
    "words;\n =1+1",
    "words, -1",
    "\u202e=1",
    "\x00=1",
    "\x1b[31m=1",
    ";\x07=1",
]
HOSTILE = [
    "\x1b]0;title\x07x",
    "\x1b[2Jx",
    "\x9b2Jx",
    "\x1bP1;1|x\x1b\\",
    "a\x08b",
    "a\x00b",
    "a\x7fb",
    "a\x85b",
    "\ud800",
]
TURNED = ["\u202e", "\u2066", "\u200f", "\u061c"]


def cells_of(text, separator):
    """Yield the cells that a spreadsheet finds that splits at `separator`, with quotation marks or not."""
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
        yield from row
    for quoting in (csv.QUOTE_NONE, csv.QUOTE_MINIMAL):
        for line in re.split(r"[\r\n]+", text):
            for row in csv.reader([line], delimiter=separator, quoting=quoting):
                yield from (cell.strip('"') for cell in row)


def is_formula(cell):
    return re.match(r"\s*[=+\-@＝＋－＠]", cell) is not None


@pytest.mark.parametrize("text", FORMULAS)
def test_no_field_is_a_formula_however_the_table_is_split(tmp_path, text):
    export.write(tmp_path / "table.csv", [["a", "b", "c"], ["ada", text, "2"], [text, "", text]])
    written = (tmp_path / "table.csv").read_bytes().decode()
    for separator in ",;\t|":
        assert not [cell for cell in cells_of(written, separator) if is_formula(cell)]


@given(st.text(st.sampled_from("=+-@＝'\";,\t\n\r |x1 "), max_size=12))
def test_what_was_typed_comes_back_from_a_harmless_field(text):
    field = plain.harmless(text)
    assert plain.typed(field) == plain.visible(text)
    assert plain.harmless(plain.typed(field)) == field
    for separator in ",;\t|":
        (cells,) = csv.reader([field.split("\n")[0] or "x"], delimiter=separator)
        assert not any(is_formula(cell) for cell in cells)


@pytest.mark.parametrize("text", HOSTILE + [f"abc{mark}def" for mark in TURNED])
def test_no_control_leaves_the_grader(text, tmp_path):
    for shown in (plain.visible(text), plain.harmless(text)):
        shown.encode("utf-8")
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200f\u061c]", shown)
    stream = io.StringIO()
    plain.Terminal(stream).write(f"{text}\n")
    assert stream.getvalue()[:-1].isprintable() and stream.getvalue().endswith("\n")
    export.write(tmp_path / "table.csv", [[text]])


def test_escape_codes_go_as_a_whole_and_take_no_text_with_them():
    assert plain.visible("\x1b[1;31mred\x1b[0m \x9b2Jx") == "red x"
    assert plain.visible("\x1b]0;title\x07a\x1b]8;;http://x\x1b\\b\x1bP1\x9cc\x1b(Bd") == "abcd"
    assert plain.visible("\x1b]0;never ended\nand more") == "0;never ended\nand more"


def test_honest_text_is_left_as_it_is():
    for text in (
        "Zoë O'Brien-Núñez",
        "李雷",
        "a < b, then c > d; e",
        "שלום",
        "one\ntwo\tthree",
        "x = 1 - 2",
        "1.5",
    ):
        assert plain.harmless(text) == plain.visible(text) == text
    stream = io.StringIO()
    print("Zoë 李雷: 18 of 29", file=plain.Terminal(stream))
    assert stream.getvalue() == "Zoë 李雷: 18 of 29\n"


@pytest.mark.timeout(60)
@pytest.mark.parametrize("piece", ["\n", "'", "\n'", ";", "\x1b]", "\x1b[", "\x9d", "= ", '"'])
def test_long_text_takes_no_time_and_fits_a_cell(piece):
    field = plain.harmless(piece * 200_000)
    assert len(field) < 32_767
    assert not field or len(piece.strip("\x1b\x9d[]")) == 0 or "characters more: see the page" in field


def test_places_of_this_machine_are_not_told(monkeypatch, tmp_path):
    monkeypatch.setattr(plain.sys, "prefix", "/home/teacher/book/.venv-grading")
    monkeypatch.setattr(plain.sys, "base_prefix", "/opt/python3.11")
    monkeypatch.setattr(plain.Path, "home", lambda: plain.Path("/home/teacher"))
    text = "File /home/teacher/book/.venv-grading/lib/numpy/linalg.py:9, /opt/python3.11/x"
    text += f" /home/teacher/secret /home/teachers /usr/lib {tmp_path}/marks"
    clean = "File python/lib/numpy/linalg.py:9, python/x ~/secret /home/teachers /usr/lib class/marks"
    assert plain.placeless(text, tmp_path) == clean


def person(student="ada", **about):
    nothing = {"name": student, "email": "", "login": "", "canvas": "", "moodle": "", "attachment": ""}
    return people.Person(student, **nothing | {"hours_late": "", "file": "", "share": 1.0} | about)


def test_tables_of_both_platforms():
    ada = person(name="Ada L.", canvas="12", login="al1", email="a@x.org")
    results = [
        export.Result(ada, 17.5, ["Handed in late."]),
        export.Result(person("b", moodle="4711"), 0, []),
    ]
    assert export.canvas(results, "1-coupling", 29.0) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "1-coupling"],
        ["    Points Possible", "", "", "", "", "29"],
        ["Ada L.", "12", "", "al1", "", "17.5"],
        ["b", "", "", "", "", "0"],
    ]
    head, first, second = export.moodle(results, 29.0, "2027-01-01T00:00:00+00:00")
    assert dict(zip(head, first, strict=True)) == {
        "Identifier": "",
        "Full name": "Ada L.",
        "Email address": "a@x.org",
        "Grade": "17.5",
        "Maximum grade": "29",
        "Last modified (grade)": "2027-01-01T00:00:00+00:00",
        "Feedback comments": "Handed in late.",
    }
    assert second[0] == "Participant 4711"


def test_people_are_who_the_list_and_the_platform_say(tmp_path):
    (tmp_path / "received").mkdir()
    (tmp_path / "received" / "1-coupling.json").write_text(
        '{"ab1": {"platform": "canvas", "number": "7", "name": "lovelaceada", "turn": 99, "late": "Late."},'
        '"m": {"platform": "moodle", "number": "3", "name": "Max", "hours_late": 2.0,'
        ' "late": "Late by 2 hours.",'
        ' "share": 0.9,'
        ' "group": ["m", "mate"]}}'
    )
    (tmp_path / "students.csv").write_text("student,name,canvas,email\nab1,Ada Lovelace,8,a@x.org\n")
    ada, other = (people.about(tmp_path, "1-coupling", student) for student in ("ab1", "m"))
    assert (ada.name, ada.canvas, ada.attachment, ada.login) == ("Ada Lovelace", "8", "99", "ab1")
    assert (ada.hours_late, other.hours_late, other.share, other.moodle) == ("late", "2.0", 0.9, "3")
    assert people.counted(other, 10.0) == 9.0
    _, mate = people.group(tmp_path, "1-coupling", "m")
    assert (mate.student, mate.share, mate.hours_late) == ("mate", 0.9, "2.0")
    assert (mate.name, mate.moodle) == ("mate", ""), "the number is that of who handed in"
    assert [each.student for each in people.group(tmp_path, "1-coupling", "ab1")] == ["ab1"]


def moodle_reads(path, participants):
    """Return (participant, file) as Moodle's importziplib.php does, or None."""
    parts = path.split("/")
    if parts[-1].startswith((".", "~")):
        return None
    while parts:
        info = parts.pop(0).split("_", 4)
        if len(info) < 4 or not info[1].isdigit() or int(info[1]) not in participants:
            continue
        if info[2:4] != ["assignsubmission", "file"]:
            continue
        rest = [*([info[4]] if len(info) > 4 else [""]), *parts]
        return int(info[1]), "/".join(rest).lstrip("/")
    return None


def canvas_reads(path, attachments):
    """Return the user as Canvas's infer_comment_context_from_filename does, or None."""
    pieces = [piece for piece in path.rsplit("/", 1)[-1].split("_") if piece != "LATE"]
    if pieces[0] == "anon" or pieces[-1].startswith("link") or path.startswith("._"):
        return None
    numbers = [piece for piece in pieces if re.fullmatch(r"\d+", piece)][:2]
    return numbers[0] if len(numbers) == 2 and attachments.get(numbers[0]) == numbers[1] else None


NAMES = [
    "Jane Doe",
    "Under_Score",
    "12",
    "_7_",
    "anon",
    "../../etc/x",
    "a/b",
    ".hidden",
    "~x",
    "李雷",
    "\x1b[31m",
    "LATE",
    "",
]


@pytest.mark.parametrize("name", NAMES)
def test_each_page_comes_back_to_its_student(tmp_path, name):
    class_of = {
        "m": person("m", name=name, moodle="4711"),
        "c": person("c", name=name, canvas="100", attachment="9000"),
        "typed-in": person("typed-in", name=name, canvas="101"),
        "loose": person("loose", name=name),
    }
    for student in class_of:
        page = tmp_path / "feedback" / student / "1-coupling" / "1-coupling.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"the page of {student}")
    assert pack.pack(tmp_path, "1-coupling", class_of) == ["typed-in", "loose"]
    with zipfile.ZipFile(tmp_path / "export" / "1-coupling-moodle-feedback.zip") as archive:
        (path,) = archive.namelist()
        assert archive.read(path) == b"the page of m"
    assert ".." not in path.split("/") and not path.startswith("/")
    assert moodle_reads(path, {4711}) == (4711, "1-coupling-feedback.html")
    with zipfile.ZipFile(tmp_path / "export" / "1-coupling-canvas-feedback.zip") as archive:
        (path,) = archive.namelist()
        assert archive.read(path) == b"the page of c"
    assert canvas_reads(path, {"100": "9000"}) == "100" and "/" not in path
    assert pack.pack(tmp_path, "1-coupling", {}) == []
    assert not list((tmp_path / "export").glob("*.zip"))  # nothing that is out of date stays
