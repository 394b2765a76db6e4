"""A small class on its way from the inbox to the tables: killed, taken up, marked by hand, graded again."""

import csv
import json
import os
import re
import signal
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import nbformat
import pytest
from classroom import FIRST, PYTHON, Class, call, cell_of, complete, copied, page_of
from conftest import ROOT
from course import master, prove

LOOKING = """
import os, socket
found = []
for folder, folders, files in os.walk("/"):
    if folder in ("/dev", "/proc", "/usr", "/lib", "/lib64", "/bin", sys.prefix, sys.base_prefix):
        folders.clear()
        continue
    for name in files:
        try:
            text = open(os.path.join(folder, name), errors="ignore").read()
        except OSError:
            continue
        if any(word in text for word in ("BEGIN " + "HIDDEN", "def " + "answers", "secret of " + "right")):
            found.append(os.path.join(folder, name))
        if name.endswith((".db", ".csv")) or "gradebook" in name:
            found.append(name)
for path in PATHS:
    if os.path.exists(path):
        found.append(path)
try:
    socket.create_connection(("1.1.1.1", 53), timeout=1)
    found.append("network")
except OSError:
    pass
for path in ("/x", "/opt/x", "/dev/shm/x", sys.prefix + "/x"):
    try:
        open(path, "w")
        found.append("wrote " + path)
    except OSError:
        pass
looked_for = "found: " + " ".join(found)
print(looked_for, sorted(os.listdir("/")), os.environ.get("HOME"))
"""
FORGING = """
import json, os
class Always(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
course.check = lambda *about: print("right.")
dipole = Always(1.0)
for descriptor in range(3, 20):
    try:
        forged = json.dumps({"id": "test-dipole", "outputs": [], "exports": {"dipole": 1.0}})
        os.write(descriptor, forged.encode() + b"\\n")
        os.write(descriptor, b'{"done": true}\\n[[[[{"id": 3}\\n')
    except OSError:
        pass
"""
HEADSTRONG = """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def graded(grader, tmp_path_factory):
    """Honest and hostile submissions: graded, killed on the way, and graded to the end."""
    folder = tmp_path_factory.mktemp("class")
    source = master.read(FIRST)
    group = Class(source, folder)
    blank = master.copy(source, solved=False)
    half = {
        "coupling": "coupling_si = None\ncoupling_printed = 1.0",
        "error": "relative_error, mean_ratio = None, None",
        "units": "raise RuntimeError('lost')",
        "shift": "",
        "derive": blank.cells[0].source,
        "figure": "1 / 0",
    }
    group.hand_in("right", {"criticize": f"The secret of right. {SCRIPT}"})
    group.hand_in("half", half)
    with zipfile.ZipFile(group.inbox / "canvas.zip", "w") as archive:
        archive.writestr("emptyhanded_LATE_501_900_1-coupling.ipynb", nbformat.writes(blank))
    with zipfile.ZipFile(group.inbox / "moodle.zip", "w") as archive:
        name = "Zoë Núñez-李_77_assignsubmission_file/work/1-coupling.ipynb"
        archive.writestr(name, nbformat.writes(prove.submission(source, "corrupted"))[:5000])
    deleted = prove.submission(source, "deleted")
    gone = ("test-dipole", "units", "criticize-text")
    deleted.cells = [cell for cell in deleted.cells if cell.id not in gone]
    group.hand_in("deleted", data=nbformat.writes(deleted).encode())
    edited = prove.submission(source, "edited")
    cell_of(edited, "test-dipole").source = "print('full marks')"
    cell_of(edited, "test-dipole").metadata["nbgrader"]["points"] = 100
    cell_of(edited, "dipole").source = "dipole = 1.0"
    group.hand_in("edited", data=nbformat.writes(edited).encode())
    # Begun after the interruption, so that the others are graded while it lasts.
    group.hand_in("headstrong", {"units": HEADSTRONG})
    paths = [ROOT / "book", ROOT / "lib", ROOT / "_build", folder, folder / "submitted" / "right"]
    paths = [str(path) for path in paths]
    group.hand_in("thief", {"units": f"PATHS = {paths}\n{LOOKING}", "shift": "raise SystemExit"})
    group.hand_in("forger", {"dipole": FORGING})
    listed = "student,name,canvas,email\ncorrupted,Zoë Núñez-李,,zoe@x.org\nabsent,Nobody,,\n"
    (folder / "students.csv").write_text(listed, "utf-8")

    limits = ["--cell-seconds", "2", "--seconds", "15"]
    arguments = [FIRST, "--class-folder", str(folder), "--jobs", "2", *limits]
    first = call(grader, "grade", *arguments, start_new_session=True)
    lines = [first.stdout.readline() for _ in range(4)]  # the heading and three students
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    second = call(grader, "grade", *arguments)
    words, complaints = second.communicate(timeout=300)
    return SimpleNamespace(
        group=group,
        folder=folder,
        before=lines,
        words=words,
        complaints=complaints,
        status=second.returncode,
        arguments=arguments,
    )


def table_of(folder, which="canvas"):
    with (folder / "export" / f"{FIRST}-{which}.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


# points that the program gives: dipole 2, coupling 4, predict 2, error 4, units 3, shift 3 of 29
MARKS = {
    "right": 18,
    "half": 4,  # dipole, predict
    "emptyhanded-501": 0,
    "corrupted": 0,
    "deleted": 15,  # the test is back, the answer of units is not
    "edited": 6,  # a wrong dipole costs what follows from it: coupling 4, units 3, shift 3
    "thief": 12,
    "forger": 6,
}
SAYS = {
    "right": "Not on the class list.",
    "half": "coupling_printed: not yet.",
    "emptyhanded-501": "The notebook holds no student id",
    "corrupted": "The file breaks off: only its first",
    "deleted": "Missing, and put back as handed out: the test cell test-dipole, the answer cell units.",
    "edited": "The test cell test-dipole had been changed; the original was run, and what was added",
    "forger": "dipole: not yet.",
}


def test_everyone_gets_the_mark_deserved(graded):
    assert (graded.status, graded.complaints) == (0, ""), graded.words
    rows = table_of(graded.folder)
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", FIRST]
    assert rows[1] == ["    Points Possible", "", "", "", "", "29"]
    named = {"Zoë Núñez-李": "corrupted", "emptyhanded": "emptyhanded-501"}
    marks = {named.get(row[0], row[0]): float(row[5]) for row in rows[2:]}
    # The headstrong loop may escape its alarms for as long as it likes; then the whole run is stopped.
    assert marks.pop("headstrong") in (12, 15)
    assert marks == MARKS
    assert ["emptyhanded", "501", "", "", "", "0"] in rows
    assert ["Zoë Núñez-李", "", "", "corrupted", "", "0"] in rows


@pytest.mark.parametrize("student", SAYS)
def test_feedback_says_why(graded, student):
    assert SAYS[student] in graded.group.feedback(student)


def test_headstrong_loop_costs_its_own_cell_alone_or_ends_the_run(graded):
    told = graded.group.feedback("headstrong")
    ends = ("stopped after 2 seconds", "longer than 2 seconds and did not stop", "longer than 15 seconds")
    assert any(words in told for words in ends)


def test_moodle_reads_marks_and_comments(graded):
    """By the English names of columns, of which it needs the identifier, the grade and its time."""
    head, *rows = table_of(graded.folder, "moodle")
    assert {"Identifier", "Grade", "Last modified (grade)", "Feedback comments"} <= set(head)
    (row,) = [dict(zip(head, row, strict=True)) for row in rows if "Zoë Núñez-李" in row]
    assert (row["Identifier"], row["Email address"]) == ("Participant 77", "zoe@x.org")
    assert (row["Grade"], row["Maximum grade"]) == ("0", "29")
    assert "breaks off" in row["Feedback comments"]
    age = datetime.now(UTC) - datetime.fromisoformat(row["Last modified (grade)"])
    assert timedelta(0) <= age < timedelta(hours=1)


def test_nothing_to_find_in_the_jail(graded):
    run = json.loads((graded.folder / "runs" / FIRST / "thief.json").read_text("utf-8"))
    (told,) = [cell["outputs"][0]["text"] for cell in run["cells"] if cell["id"] == "units"]
    found, shown = re.fullmatch(r"found: (.*)\[('.*')\] /tmp\n", told).groups()
    assert found.strip() == ""
    system = {"bin", "dev", "etc", "lib", "lib32", "lib64", "opt", "proc", "tmp", "usr"}
    python = {path.split("/")[1] for path in (str(PYTHON), os.path.realpath(sys.base_prefix))}
    assert set(re.findall(r"'(\w+)'", shown)) <= system | python


def test_feedback_shows_no_hidden_test_and_runs_nothing(graded):
    for path in graded.folder.glob(f"feedback/*/{FIRST}/*.html"):
        page = path.read_text("utf-8")
        body = page[page.index("<body") :]
        assert "expect(" not in body and "HIDDEN TESTS" not in body
        assert "<script>alert" not in page and "<img src=x" not in body
        if path.parts[-3] in ("emptyhanded-501", "corrupted"):  # the others' answers are the master's
            assert "Rubric" not in body


def test_an_interruption_loses_nothing(graded):
    assert len(graded.before) == 4 and graded.before[0].startswith(f"{FIRST}: 9 submissions, 9 to grade")
    waiting = int(re.search(r"9 submissions, (\d+) to grade", graded.words)[1])
    assert waiting <= 7, "what had been marked was marked again"
    assert re.search(r"\d\.\d s per submission", graded.words)


def test_everyone_stands_in_the_overview(graded):
    """Also who handed nothing in, and how late the others were."""
    head, *rows = table_of(graded.folder, "overview")
    rows = {row[0]: dict(zip(head, row, strict=True)) for row in rows}
    assert set(rows) == {*MARKS, "headstrong", "absent"}
    assert rows["absent"] | {"points": ""} == dict.fromkeys(head, "") | {
        "student": "absent",
        "name": "Nobody",
        "notes": "Nothing was handed in.",
    }
    late = rows["emptyhanded-501"]
    assert (late["score"], late["hours late"], late["file"]) == ("0", "late", "1-coupling.ipynb")
    assert late["notes"].startswith("Late, as Canvas says; ") and rows["right"]["hours late"] == ""


def test_hand_marks_are_taken_in_and_nothing_is_graded_again(graded, grader, tmp_path):
    """The sheet comes back as a spreadsheet on the continent saves it; see `test_hand_marks` for the rest."""
    folder = copied(graded.folder, tmp_path)
    sheet = folder / "byhand" / f"{FIRST}.csv"
    with sheet.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    mine = [row for row in rows if row["student"] == "right" and row["kind"] != "test"]
    assert [(row["cell"], row["points"]) for row in mine] == [
        ("derive", "4"),
        ("figure", "3"),
        ("criticize", "4"),
    ]
    assert "secret of right" in mine[2]["answer"]
    assert [row["program"] for row in rows if row["student"] == "emptyhanded-501"] == ["0"] * 9
    mine[0].update(score="3,5", comment="The powers are right.")
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    again = call(
        grader, "grade", *[str(folder) if each == str(graded.folder) else each for each in graded.arguments]
    )
    words, complaints = again.communicate(timeout=120)
    assert (again.returncode, complaints) == (0, ""), words
    assert "9 submissions, 0 to grade" in words
    assert ["right", "", "", "", "", "21.5"] in table_of(folder)
    assert "The powers are right." in page_of(folder, "right").read_text("utf-8")
    assert "right;right;derive;words;4;;3,5;The powers are right." in sheet.read_text("utf-8-sig")


def test_without_bubblewrap_nothing_runs(grader, tmp_path):
    group = Class(master.read(FIRST), tmp_path)
    group.hand_in("right")
    arguments = (FIRST, "--class-folder", str(tmp_path))
    refused = call(grader, "grade", *arguments, env={"PATH": str(grader.parent)})
    _, complaints = refused.communicate(timeout=120)
    assert refused.returncode == 2
    assert complaints.startswith("bubblewrap is not installed, so nothing was graded.")
    assert not (tmp_path / "submitted").exists() and not (tmp_path / "gradebook.db").exists()


HOSTILE_WORDS = r"""
import sys
from course import grade

def refuse(limits):
    print("out \x1b[2J")
    raise ValueError("no \x1b[2J")

grade.jail.check, sys.argv = refuse, ["grade", "1-coupling"]
grade.main()
"""


def test_no_control_reaches_the_terminal():
    status, words, complaints = complete(None, code=HOSTILE_WORDS)
    assert (status, words, complaints) == (2, "out \\x1b[2J\n", "no \\x1b[2J\n")
