"""The coursework: what students get, and a whole class graded, honest and hostile, from inbox to marks."""

import csv
import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import nbformat
import pytest
from conftest import ROOT
from course import build, classlist, collect, inside, jail, master, prove, public, rebuild

NAMES = master.names()
PYTHON = ROOT / ".venv-grading" / "bin" / "python"
each_master = pytest.mark.parametrize("name", NAMES)
FIRST = "1-coupling"


@pytest.fixture(scope="session")
def grader():
    """The Python that grades."""
    if not PYTHON.is_file():
        pytest.fail("The grader is not set up. Run `make grader` first; `make test` does.", pytrace=False)
    try:
        jail.check()
    except jail.JailMissing as problem:
        if os.environ.get("CI"):
            pytest.fail(str(problem), pytrace=False)
        pytest.skip(str(problem))
    return PYTHON


def call(python, module, *arguments, **settings):
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "book" / "assignments"), **settings.pop("env", {})}
    command = [str(python), "-m", f"course.{module}", *arguments]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=environment, cwd=ROOT, **pipes, **settings)


# The masters and what is made of them


@pytest.fixture(scope="session")
def masters():
    return {name: master.read(name) for name in NAMES}


def secrets(source):
    """Return what only instructors may see: pieces of solutions, hidden tests, model answers and the key."""
    found = []
    for cell in source.cells:
        answer, points = master.tags_of(cell)
        if answer:
            found += [master.STUB.sub("", body) for _, body in master.SOLUTION.findall(cell.source)]
        elif points is not None and cell.cell_type == "code":
            found += master.HIDDEN.findall(cell.source)
        elif points is not None:
            found += re.split(r"\n\n|(?<=\.) ", cell.source)
    pieces = [" ".join(piece.split()) for piece in found]
    return [piece for piece in pieces if len(piece) > 25]


def flat(text):
    return " ".join(text.split())


@each_master
def test_student_copy_holds_no_solution(name, masters):
    copy = master.copy(masters[name], solved=False)
    text = flat("\n\n".join(cell.source for cell in copy.cells))
    hints = flat(json.dumps(copy, ensure_ascii=False))
    for piece in secrets(masters[name]):
        assert piece not in text
        assert piece not in hints
    words = ("BEGIN", "END", "STUB", "HIDDEN", "Rubric", "def answers", "mistakes =", "expect(", "require(")
    for word in words:
        assert word not in text


@each_master
def test_secrets_are_searched_for_in_earnest(name, masters):
    """The same search finds them in the solved copy, but for tests, which it shows with their marks."""
    text = flat("\n\n".join(cell.source for cell in master.copy(masters[name], solved=True).cells))
    found = [piece in text for piece in secrets(masters[name])]
    assert len(found) > 8
    assert sum(found) > 0.9 * len(found)


def contents(folder):
    """Yield (path, text in one line) of every text in a folder, and of what the library's wheels hold."""
    for path in folder.rglob("*"):
        if path.suffix in {".html", ".ipynb", ".js", ".json", ".txt", ".md", ".py", ".toml", ".yml"}:
            yield path, flat(path.read_text("utf-8", errors="replace").replace("\\n", " "))
        elif path.suffix == ".whl" and path.name.startswith("frenkel"):
            with zipfile.ZipFile(path) as wheel:
                for member in wheel.namelist():
                    yield path, flat(wheel.read(member).decode("utf-8", "replace"))


@pytest.fixture(scope="session")
def leaks(masters):
    """Return the function that finds pieces of solutions in a text, plain or as HTML or JSON write them."""
    pieces = {piece for source in masters.values() for piece in secrets(source)}
    forms = {form for piece in pieces for form in (piece, html.escape(piece), json.dumps(piece)[1:-1])}
    words = {form: set(re.findall(r"\w+", form)[1:-1]) for form in forms}  # missed quickly

    def find(content):
        found = set(re.findall(r"\w+", content))
        return [form for form in forms if words[form] <= found and form in content]

    return find


def test_site_holds_no_solution(site, leaks):
    """Neither in a page nor in a notebook, the search index or the library's wheel."""
    explain = ("instructors.html", "instructors.md", "searchindex.js")  # the guide's own words on these marks
    for path, content in contents(site):
        assert not leaks(content), path
        if path.name not in explain:
            assert "BEGIN HIDDEN TESTS" not in content and "BEGIN SOLUTION" not in content, path


def test_public_repository_holds_no_solution_and_builds_the_copies(site, leaks, tmp_path):
    """Written over its own checkout it removes what has gone and leaves what is not its own."""
    folder = tmp_path / "public"
    folder.mkdir()
    for command in (["init", "--quiet"], ["add", "."]):
        (folder / "gone.py").write_text("")
        subprocess.run(["git", *command], cwd=folder, check=True)
    (folder / "mine.txt").write_text("")
    public.write(folder)
    assert not (folder / "gone.py").exists() and (folder / "mine.txt").exists()
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    assert {"README.md", "Makefile", "book/enaqt.ipynb", "tests/test_site.py"} <= files
    assert not [name for name in NAMES if f"book/assignments/{name}.ipynb" in files]
    for path, content in contents(folder):
        assert not leaks(content), path
    command = "from course import build; build.build()"
    subprocess.run([sys.executable, "-c", command], cwd=folder / "book" / "assignments", check=True)
    built, ours = folder / "_build" / "course" / "release", build.OUTPUT / "release"
    assert len(list(built.glob("*.whl"))) == 1
    for name in NAMES:
        assert (built / f"{name}.ipynb").read_bytes() == (ours / f"{name}.ipynb").read_bytes()
    with pytest.raises(ValueError, match="name a folder beside it"):
        public.write(ROOT)


@each_master
def test_site_offers_the_student_copies(name, site, masters):
    published = nbformat.read(site / "assignments" / f"{name}.ipynb", as_version=4)
    assert published.cells == master.copy(masters[name], solved=False).cells
    assert f"assignments/{name}.ipynb" in (site / "book" / "assignments.html").read_text("utf-8")


@each_master
def test_each_usual_mistake_has_its_own_words(name, masters):
    assert prove.wrong_words(masters[name]) == []
    questions = masters[name].right[0]
    assert sum(len(says) for says in masters[name].mistakes.values()) >= 4
    assert set(masters[name].mistakes) <= set(questions)
    assert set(masters[name].hints) == set(questions), "every answer that looks like no mistake gets a hint"


@each_master
def test_tests_cover_every_question(name, masters):
    """Each question is checked where the student sees it, and marked where the student does not."""
    visible = "\n".join(master.HIDDEN.sub("", cell.source) for cell in masters[name].cells)
    hidden = "\n".join(master.hidden_tests(cell) for cell in masters[name].cells)
    for question in masters[name].right[0]:
        assert f'course.check("{question}"' in visible
        assert f'expect("{question}"' in hidden


@each_master
def test_tasks_of_several_kinds(name, masters):
    kinds = [(cell.cell_type, *master.tags_of(cell)) for cell in masters[name].cells]
    by_hand = [points for kind, answer, points in kinds if points and (answer or kind == "markdown")]
    total = sum(points or 0 for _, _, points in kinds)
    assert 20 <= total <= 40
    assert len(by_hand) >= 2 and sum(by_hand) < 0.65 * total
    assert len(masters[name].variants) >= 12
    assert "**Rubric.**" in "".join(cell.source for cell in masters[name].cells)


@each_master
def test_student_copy_runs_before_anything_is_answered(name, masters):
    """From top to bottom, without an error, and every check says that there is no answer yet."""
    copy = master.copy(masters[name], solved=False)
    space, told = {}, []
    for cell in copy.cells:
        if cell.cell_type == "code" and cell.id != "setup":
            exec(cell.source, space)
        elif cell.id == "setup":
            exec(cell.source[cell.source.index("import frenkel") :], space)
            space["coursework"] = SimpleNamespace(Assignment=lambda *about: Listener(told, *about))
    assert told and all(value is None or value in ("no answer yet.",) for value in told)


class Listener:
    """An assignment that notes what its checks say."""

    def __init__(self, told, *about):
        from frenkel import coursework

        self.course, self.told = coursework.Assignment(*about), told
        self.numbers = self.course.numbers

    def check(self, question, value):
        self.told.append(self.course.diagnose(question, value))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda cells: cells[0].metadata.update(tags=["key"]), "exactly one cell must have the tag `key`"),
        (lambda cells: cells[1].update(source="variants = []"), "the key defines no 'answers'"),
        (lambda cells: cells[3].update(source=cells[3].source + "\n### END SOLUTION"), "a BEGIN without"),
        (lambda cells: cells[3].update(source="dipole = 1"), "an answer is code with a solution in it"),
        (lambda cells: cells[4].update(source="course.check('dipole', dipole)"), "gives no marks"),
        (lambda cells: cells[3].metadata.update(tags=[]), "where its tag does not allow it"),
        (lambda cells: cells[3].update(id="intro"), "ids are unique"),
    ],
)
def test_a_master_that_would_leak_or_not_mark_is_refused(tmp_path, change, words):
    notebook = nbformat.read(master.ASSIGNMENTS / f"{FIRST}.ipynb", as_version=4)
    change(notebook.cells)
    (tmp_path / "broken.ipynb").write_text(json.dumps(notebook), "utf-8")
    with pytest.raises(master.MasterError, match=re.escape(words)):
        master.read("broken", tmp_path)


def test_make_course_writes_both_copies(site):
    """The build of the site has called it."""
    release, solved = build.OUTPUT / "release", build.OUTPUT / "solved"
    for folder in (release, solved):
        assert sorted(path.stem for path in folder.glob("*.ipynb")) == NAMES
    (wheel,) = release.glob("*.whl")
    for name in NAMES:
        text = (solved / f"{name}.ipynb").read_text("utf-8")
        assert "Rubric" in text and "STUB" not in text
    assert (site / "assignments" / wheel.name).read_bytes() == wheel.read_bytes()


def test_one_setting_says_where_the_site_is(site, tmp_path):
    """Pages and copies have it from the same line, and the copies fetch from there what is there."""
    page = (site / "book" / "assignments.html").read_text("utf-8")
    (address,) = re.findall(r'<link rel="canonical" href="(.+?)/book/assignments.html"', page)
    (wheel,) = (site / "assignments").glob("*.whl")
    for path in (*build.OUTPUT.glob("release/*.ipynb"), *(site / "assignments").glob("*.ipynb")):
        assert f"@ {address}/assignments/{wheel.name}" in path.read_text("utf-8"), path
    other = (ROOT / "_config.yml").read_text("utf-8").replace(f"{address}/", "https://exciton.example/book")
    (tmp_path / "_config.yml").write_text(other, "utf-8")
    assert (master.site(), master.site(tmp_path / "_config.yml")) == (address, "https://exciton.example/book")


# Collecting


@pytest.mark.parametrize(
    ("path", "student", "platform", "late"),
    [
        ("doejane_12345_678901_1-coupling.ipynb", "doejane-12345", "canvas", False),
        ("doejane_LATE_12345_678901_1-coupling-2.ipynb", "doejane-12345", "canvas", True),
        ("all/garcíañúñezinés_12345_678901_my_2_answers.ipynb", "garcíañúñezinés-12345", "canvas", False),
        ("doe_jane_3rd_LATE_12345_678901_1-coupling.ipynb", "doe_jane_3rd-12345", "canvas", True),
        ("李雷_12345_678901_1-coupling.ipynb", "李雷-12345", "canvas", False),
        ("doejane_LATE_12345_text.html", "doejane-12345", "canvas", True),
        ("Jane Doe_4711_assignsubmission_file/1-coupling.ipynb", "jane-doe-4711", "moodle", False),
        ("Jane Doe_4711_assignsubmission_file/work/week 1/x.ipynb", "jane-doe-4711", "moodle", False),
        ("Jane Doe_4711_assignsubmission_onlinetext/onlinetext.html", "jane-doe-4711", "moodle", False),
        ("all/Anne-Marie Li_4711_assignsubmission_file/x.ipynb", "anne-marie-li-4711", "moodle", False),
        ("Participant_4711_assignsubmission_file/1-coupling.ipynb", "participant-4711", "moodle", False),
        ("Jane Doe_4711_assignsubmission_file_/1-coupling.ipynb", "jane-doe-4711", "moodle", False),
        ("Jane Doe_4711_assignsubmission_file_1-coupling.ipynb", "jane-doe-4711", "moodle", False),
        ("José Ñúñez_4711_assignsubmission_file_/my_1_2_answer.ipynb", "josé-ñúñez-4711", "moodle", False),
        ("Jose\u0301_4711_assignsubmission_file/x.ipynb", "jos\u00e9-4711", "moodle", False),
        ("x" * 300 + "_4711_assignsubmission_file/x.ipynb", "x" * 60 + "-4711", "moodle", False),
        ("ab1234/1-coupling.ipynb", "ab1234", "plain", False),
        ("ab1234.ipynb", "ab1234", "plain", False),
        ("../../etc/ab1234.ipynb", "ab1234", "plain", False),
        ("../1-coupling.ipynb", "unnamed", "plain", False),
    ],
)
def test_names_of_platforms(path, student, platform, late):
    hand = collect.parse(path, FIRST, {})
    assert (hand.student, hand.platform, hand.late) == (student, platform, late)


def test_the_class_list_knows_who_it_is(tmp_path):
    rows = "student,name,canvas\nJD99,Jane O'Brien-Doe,12345\nll1,Li Lei,7\nll2,Li Lei,8\n"
    (tmp_path / "students.csv").write_text("\ufeff" + rows, "utf-8")  # as a spreadsheet saves it
    listed = classlist.read(tmp_path / "students.csv")

    def student(path):
        return collect.parse(path, FIRST, listed).student

    for path in ("doe_12345_1_x.ipynb", "Jane OBrien-Doe_4711_assignsubmission_file/x.ipynb", "jd99.ipynb"):
        assert student(path) == "JD99"
    assert [student(f"lilei_{number}_1_x.ipynb") for number in (7, 8, 9)] == ["ll1", "ll2", "lilei-9"]
    twins = [student(f"Li Lei_{number}_assignsubmission_file/x.ipynb") for number in (31, 32)]
    assert twins == ["li-lei-31", "li-lei-32"]  # the list cannot tell them apart, Moodle's numbers can


def test_the_latest_notebook_counts(tmp_path):
    inbox = tmp_path / "inbox" / FIRST
    inbox.mkdir(parents=True)
    with zipfile.ZipFile(inbox / "submissions.zip", "w") as archive:
        archive.writestr("doejane_1_100_1-coupling.ipynb", "old")
        archive.writestr("doejane_1_200_1-coupling-1.ipynb", "new")
        archive.writestr("doejane_1_300_notes.pdf", "no notebook")
        archive.writestr("doejane_1_text.html", "no notebook")
        archive.writestr("doejane_2_250_1-coupling.ipynb", "namesake")
        archive.writestr("../../outside.ipynb", "no way out")
        archive.writestr("bomb_3_400_1-coupling.ipynb", bytes(3 * rebuild.MAX_BYTES), zipfile.ZIP_DEFLATED)
    (inbox / "broken.zip").write_bytes(b"PK\x03\x04 nothing")
    received = collect.collect(tmp_path, FIRST)
    assert set(received) == {"doejane-1", "doejane-2", "outside", "bomb-3"}
    submitted = tmp_path / "submitted"
    assert (submitted / "doejane-1" / FIRST / f"{FIRST}.ipynb").read_text() == "new"
    assert (submitted / "bomb-3" / FIRST / f"{FIRST}.ipynb").stat().st_size == rebuild.MAX_BYTES + 1
    assert not list(tmp_path.parent.glob("outside*"))


# Rebuilding


@pytest.fixture
def copy(masters):
    return master.copy(masters[FIRST], solved=False)


def as_bytes(notebook):
    return nbformat.writes(notebook).encode()


def test_an_untouched_copy_is_rebuilt_as_it_is(copy):
    notebook, notes = rebuild.rebuild(copy, rebuild.read(as_bytes(copy), FIRST))
    assert notes == []
    assert notebook == copy


def test_one_students_notes_are_no_others(copy):
    first, second = (rebuild.rebuild(copy, rebuild.read(as_bytes(copy), FIRST))[0] for _ in range(2))
    first.metadata["frenkel"]["notes"] = ["The file is damaged."]
    first.cells[0].metadata["nbgrader"]["points"] = 1000
    assert second == copy and "notes" not in copy.metadata["frenkel"]


def test_names_survive_what_colab_does_to_a_notebook(copy):
    submitted = json.loads(as_bytes(copy))
    for cell in submitted["cells"]:
        cell["metadata"] = {"id": cell.pop("id")}
    submitted["cells"][5]["source"] = "dipole = 90.0"
    notebook, notes = rebuild.rebuild(copy, rebuild.read(json.dumps(submitted).encode(), FIRST))
    assert notes == [] and notebook.cells[5].source == "dipole = 90.0"


def test_a_copy_of_last_week_was_not_changed_by_the_student(copy):
    """A new version of the library or other words of a check do not count, an edit beside them does."""
    submitted = nbformat.from_dict(copy)
    setup, numbers = (cell_of(submitted, name) for name in ("setup", "numbers"))
    setup.source = setup.source.replace("frenkel-", "frenkel-0.").replace("\n", " \n")
    numbers.source = numbers.source.replace(re.search(r'"[^"]{200,}"', numbers.source)[0], f'"{"x" * 900}"')
    assert rebuild.rebuild(copy, rebuild.read(as_bytes(submitted), FIRST)) == (copy, [])
    numbers.source += "\nnumbers['distance_nm'] = 1.0"
    _, (note,) = rebuild.rebuild(copy, rebuild.read(as_bytes(submitted), FIRST))
    assert note == "The given cell `numbers` had been changed; the original was run."


def test_own_cells_stay_where_they_were(copy):
    submitted = nbformat.from_dict(copy)
    own = nbformat.v4.new_code_cell("helper = 1", metadata=copy.cells[6].metadata)  # a copied test cell, say
    submitted = nbformat.v4.new_notebook(cells=[*copy.cells[:6], copy.cells[6], own, *copy.cells[7:]])
    notebook, notes = rebuild.rebuild(copy, rebuild.read(as_bytes(submitted), FIRST))
    assert notes == [] and notebook.cells[7].source == "helper = 1"
    assert "nbgrader" not in notebook.cells[7].metadata


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"{", "damaged"),
        (b"\xff\xfe\x00", "damaged"),
        (b"[]", "damaged"),
        (b'{"nbformat": 4, "cells": [{}]}', "damaged"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]}', "damaged"),
        (b'{"nbformat": 3, "worksheets": []}', "old format"),
        (b"[" * 100_000, "damaged"),
        (b"PK\x03\x04 work.zip", "archive"),
        (bytes(rebuild.MAX_BYTES + 1), "limit"),
        (b'{"nbformat": 4, "cells": [], "metadata": {"frenkel": {"assignment": "x"}}}', "another assignment"),
    ],
)
def test_what_cannot_be_read_is_said_to_the_student(data, words):
    with pytest.raises(rebuild.Unreadable, match=words):
        rebuild.read(data, FIRST)


def test_python_that_stops_is_started_once_more(tmp_path, monkeypatch):
    """Here it is killed the first time and done the second; the third answer would be another."""
    record = json.dumps({"id": "a", "outputs": [], "exports": {"x": 1}})
    done = json.dumps({"done": True})
    script = f"""
n=$(wc -l < {tmp_path}/starts); echo start >> {tmp_path}/starts
test $n -gt 0 || kill -9 $$
test $n -gt 1 || printf '%s\\n%s\\n' '{record}' '{done}'
"""
    (tmp_path / "starts").touch()
    monkeypatch.setattr(jail, "command", lambda program, limits: ["/bin/sh", "-c", script])
    run = jail.run([{"id": "a", "source": "x = 1", "exports": ["x"]}])
    assert (run.ended, run.cells[0]["exports"]) == (None, {"x": 1})
    again = jail.run([{"id": "a", "source": "x = 1", "exports": ["x"]}])
    assert (again.ended, again.cells) == (jail.CRASHED, [])
    assert len((tmp_path / "starts").read_text().splitlines()) == 4


def test_values_are_carried_as_plain_data():
    import numpy as np
    from course import marking

    values = [None, True, 3, 2.5, "word", 1 + 2j, [1, [2.0, "x"]], {"a": 1.0}]
    assert [marking.unpack(json.loads(json.dumps(inside.portable(value)))) for value in values] == values
    array = np.arange(6.0).reshape(2, 3) * 1j
    assert (marking.unpack(inside.portable(array)) == array).all()
    for refused in (object(), np.array([object()]), 10**400, np.zeros(10**6), {"f": print}):
        with pytest.raises(ValueError, match=r"too|not an array|cannot"):
            inside.portable(refused)
    assert inside.exports(["a", "b"], {"a": print}) == {}


# A whole class, graded


@pytest.fixture(scope="module")
def proof(grader):
    """The proof of all masters, on its way beside tests that leave a processor idle."""
    running = call(grader, "prove")
    yield running
    running.kill()
    running.communicate()


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


class Class:
    """Writes submissions into an inbox, as the platforms name them."""

    def __init__(self, source, folder):
        self.source, self.inbox = source, folder / "inbox" / source.name
        self.inbox.mkdir(parents=True)

    def right(self, student):
        return prove.submission(self.source, student)

    def hand_in(self, student, notebook=None, answers=None, data=None):
        if notebook is None and data is None:
            notebook = self.right(student)
        for name, source in (answers or {}).items():
            cell_of(notebook, name).source = source
        data = data if data is not None else as_bytes(notebook)
        (self.inbox / f"{student}.ipynb").write_bytes(data)


def cell_of(notebook, name):
    return next(cell for cell in notebook.cells if cell.id == name)


@pytest.fixture(scope="module")
def graded(grader, masters, tmp_path_factory):
    """A class of honest and hostile submissions: graded, killed on the way, and graded to the end."""
    folder = tmp_path_factory.mktemp("class")
    source = masters[FIRST]
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
    group.hand_in("right", answers={"criticize": f"The secret of right. {SCRIPT}"})
    group.hand_in("half", answers=half)
    with zipfile.ZipFile(group.inbox / "canvas.zip", "w") as archive:
        archive.writestr("emptyhanded_LATE_501_900_1-coupling.ipynb", as_bytes(blank))
    with zipfile.ZipFile(group.inbox / "moodle.zip", "w") as archive:
        name = "Zoë Núñez-李_77_assignsubmission_file/work/1-coupling.ipynb"
        archive.writestr(name, as_bytes(group.right("corrupted"))[:5000])
    group.hand_in("oversized", data=as_bytes(group.right("oversized")) + b" " * rebuild.MAX_BYTES)
    other = group.right("other")
    other.metadata["frenkel"]["assignment"] = "9-other"
    group.hand_in("other", notebook=other)
    deleted = group.right("deleted")
    gone = ("test-dipole", "units", "criticize-text")
    deleted.cells = [cell for cell in deleted.cells if cell.id not in gone]
    group.hand_in("deleted", notebook=deleted)
    edited = group.right("edited")
    cell_of(edited, "test-dipole").source = "print('full marks')"
    cell_of(edited, "test-dipole").metadata["nbgrader"]["points"] = 100
    cell_of(edited, "dipole").source = "dipole = 1.0"
    group.hand_in("edited", notebook=edited)
    group.hand_in("endless", answers={"units": "while True: pass"})
    # Begun after the interruption, so that the others are graded while it lasts.
    group.hand_in("headstrong", answers={"units": HEADSTRONG})
    group.hand_in("bomb", answers={"units": "hoard = bytearray(8 * 10**9)"})
    group.hand_in("forks", answers={"units": "import os\nwhile True:\n    os.fork()"})
    group.hand_in("crash", answers={"units": "import ctypes\nctypes.string_at(0)"})
    paths = [ROOT / "book", ROOT / "lib", ROOT / "_build", folder, folder / "submitted" / "right"]
    paths = [str(path) for path in paths]
    group.hand_in("thief", answers={"units": f"PATHS = {paths}\n{LOOKING}", "shift": "raise SystemExit"})
    group.hand_in("forger", answers={"dipole": FORGING})
    group.hand_in("shouting", answers={"units": "while True: print('x' * 10000)"})
    listed = "student,name,canvas,email\ncorrupted,Zoë Núñez-李,,zoe@x.org\n"
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
        folder=folder,
        before=lines,
        words=words,
        complaints=complaints,
        status=second.returncode,
        limits=limits,
    )


def marks_of(folder, platform="canvas"):
    with (folder / "export" / f"{FIRST}-{platform}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def feedback(graded, student):
    page = (graded.folder / "feedback" / student / FIRST / f"{FIRST}.html").read_text("utf-8")
    body = page[page.index("<body") :]
    return html.unescape(flat(re.sub(r"<[^>]+>", "", body)))


# points that the program gives: dipole 2, coupling 4, predict 2, error 4, units 3, shift 3 of 29
MARKS = {
    "right": 18,
    "half": 4,  # dipole, predict
    "emptyhanded-501": 0,
    "corrupted": 0,
    "oversized": 0,
    "other": 0,
    "deleted": 15,  # the test is back, the answer of units is not
    "edited": 6,  # a wrong dipole costs what follows from it: coupling 4, units 3, shift 3
    "endless": 15,
    "bomb": 15,
    "forks": 12,  # stopped at units: shift was not reached
    "crash": 12,
    "thief": 12,
    "forger": 6,
    "shouting": 15,
}
SAYS = {
    "right": "The notebook ran from top to bottom.",
    "half": "coupling_printed: not yet.",
    "emptyhanded-501": "The notebook holds no student id",
    "corrupted": "The file is damaged: it cannot be read as a notebook. There was nothing to mark.",
    "oversized": "20 MB is the limit",
    "other": "This is the notebook of another assignment, '9-other'.",
    "deleted": "The test cell test-dipole was missing; it was put back as handed out.",
    "edited": "The test cell test-dipole had been changed; the original was run.",
    "endless": "Cell units was stopped after 2 seconds; the cells after it were run.",
    "bomb": "MemoryError",
    "forks": "The run was stopped at cell units: it",
    "crash": "The run was stopped at cell units: Python stopped",
    "forger": "dipole: not yet.",
}


def test_everyone_gets_the_mark_deserved(graded):
    assert (graded.status, graded.complaints) == (0, ""), graded.words
    rows = marks_of(graded.folder)
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
    assert SAYS[student] in feedback(graded, student)


def test_headstrong_loop_costs_its_own_cell_alone_or_ends_the_run(graded):
    told = feedback(graded, "headstrong")
    assert "stopped after 2 seconds" in told or "longer than 15 seconds" in told


def test_moodle_reads_marks_and_comments(graded):
    """By the English names of columns, of which it needs the identifier, the grade and its time."""
    head, *rows = marks_of(graded.folder, "moodle")
    assert {"Identifier", "Grade", "Last modified (grade)", "Feedback comments"} <= set(head)
    (row,) = [dict(zip(head, row, strict=True)) for row in rows if "Zoë Núñez-李" in row]
    assert (row["Identifier"], row["Email address"]) == ("Participant 77", "zoe@x.org")
    assert (row["Grade"], row["Maximum grade"]) == ("0", "29")
    assert "damaged" in row["Feedback comments"]
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
    assert len(graded.before) == 4 and graded.before[0].startswith(f"{FIRST}: 16 submissions, 16 to grade")
    waiting = int(re.search(r"16 submissions, (\d+) to grade", graded.words)[1])
    assert waiting <= 14, "what had been marked was marked again"
    assert re.search(r"\d\.\d s per submission", graded.words)


def test_hand_marks_are_taken_in_and_nothing_is_graded_again(graded, grader, proof, tmp_path):
    folder = shutil.copytree(graded.folder, tmp_path / "class")
    graded = SimpleNamespace(folder=folder, arguments=[FIRST, "--class-folder", str(folder), *graded.limits])
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
    unchanged = [row["program"] for row in rows if row["student"] == "emptyhanded-501"]
    assert unchanged == ["0"] * 9
    mine[0].update(score="3,5", comment="The powers are right.")
    with sheet.open("w", encoding="utf-8", newline="") as file:  # as a spreadsheet on the continent saves it
        writer = csv.DictWriter(file, rows[0], delimiter=";")
        writer.writeheader()
        writer.writerows(rows)
    again = call(grader, "grade", *graded.arguments)
    words, complaints = again.communicate(timeout=120)
    assert (again.returncode, complaints) == (0, ""), words
    assert "16 submissions, 0 to grade" in words
    assert ["right", "", "", "", "", "21.5"] in marks_of(graded.folder)
    assert "The powers are right." in feedback(graded, "right")
    assert "right;right;derive;words;4;;3,5;The powers are right." in sheet.read_text("utf-8-sig")


def test_without_bubblewrap_nothing_runs(grader, proof, masters, tmp_path):
    group = Class(masters[FIRST], tmp_path)
    group.hand_in("right")
    arguments = (FIRST, "--class-folder", str(tmp_path))
    refused = call(grader, "grade", *arguments, env={"PATH": str(grader.parent)})
    _, complaints = refused.communicate(timeout=120)
    assert refused.returncode == 2
    assert complaints.startswith("bubblewrap is not installed, so nothing was graded.")
    assert not (tmp_path / "submitted").exists() and not (tmp_path / "gradebook.db").exists()


NBGRADER = """
import os, sys
from nbgrader.apps import NbGraderApp

name, *what = sys.argv[1:]
for folder, action in zip(what[::2], what[1::2]):
    os.chdir(folder)
    NbGraderApp.launch_instance([action, name])
    for app in (NbGraderApp, NbGraderApp.subcommands[action][0]):
        app.clear_instance()
"""


def test_through_the_exchange_of_nbgrader(grader, proof, tmp_path):
    """From release to feedback, with nbgrader's own commands around ours, as on a JupyterHub.

    nbgrader's command for fetching only copies files; the student's side is one of them, to hand in.
    """
    exchange, teacher, student = (tmp_path / name for name in ("exchange", "teacher", "student"))
    for folder in (exchange, student):
        folder.mkdir()
    exchange.chmod(0o777)
    settings = f"""
c = get_config()
c.Exchange.root = {str(exchange)!r}
c.CourseDirectory.course_id = "excitons"
"""
    path = {"PATH": f"{grader.parent}{os.pathsep}{os.environ['PATH']}"}

    def nbgrader(*what):
        """Run commands of nbgrader, each in its folder, as `nbgrader` does and in one process."""
        command = [str(grader), "-c", NBGRADER, FIRST, *map(str, what)]
        done = subprocess.run(command, env=os.environ | path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def grade():
        running = call(grader, "grade", FIRST, "--class-folder", str(teacher), "--jobs", "1")
        words, complaints = running.communicate(timeout=120)
        assert (running.returncode, complaints) == (0, ""), words
        return words

    assert "0 submissions" in grade()
    with (teacher / "nbgrader_config.py").open("a") as file:
        file.write(settings)
    (student / "nbgrader_config.py").write_text(settings, "utf-8")
    shutil.copytree(teacher / "release" / FIRST, student / FIRST)
    mine = student / FIRST / f"{FIRST}.ipynb"
    notebook = nbformat.read(mine, as_version=4)
    cell_of(notebook, "student").source = "student = 'me'"
    cell_of(notebook, "predict").source = "prediction, drop = 'tenth', 1 - 1.1**-3"
    mine.write_text(nbformat.writes(notebook), "utf-8")
    nbgrader(teacher, "release_assignment", student, "submit", teacher, "collect")
    fetched = exchange / "excitons" / "outbound" / FIRST / mine.name
    assert fetched.read_bytes() == (teacher / "release" / FIRST / mine.name).read_bytes()
    assert "2 of 29" in grade()
    nbgrader(teacher, "release_feedback")
    (page,) = (exchange / "excitons" / "feedback").glob("*.html")
    assert "2 of 29 points" in page.read_text("utf-8")


def test_masters_are_proven(proof):
    """Every master's own solution earns full marks, for two students with different numbers."""
    words, complaints = proof.communicate(timeout=400)
    assert proof.returncode == 0, complaints
    assert words.splitlines() == [f"{name}: proven" for name in NAMES]
