"""What lies in an inbox is taken in: each file to its student, the newest worked notebook, nothing unseen."""

import os
import tracemalloc
import zipfile

import clumsy_archives
import pytest
from classroom import FIRST
from clumsy_archives import canvas, moodle, zipped
from course import archives, choosing, collect, deadlines, rebuild


@pytest.fixture(scope="session")
def work(source):
    return clumsy_archives.Work(source)


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox" / FIRST
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def take(tmp_path, copy):
    """Return the function that takes in the inbox: ({student: record}, complaints)."""
    return lambda **more: collect.collect(tmp_path, FIRST, copy, **more)


def submitted(tmp_path, student):
    return (tmp_path / "submitted" / student / FIRST / f"{FIRST}.ipynb").read_bytes()


@pytest.fixture(scope="module")
def handed_in(source):
    """All clumsy archives."""
    return list(clumsy_archives.archives(source))


@pytest.fixture(scope="module")
def taken(handed_in, copy, tmp_path_factory):
    """All clumsy archives taken in, and taken in again: (class folder, {student: record})."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "inbox" / FIRST).mkdir(parents=True)
    for file, data, _ in handed_in:
        (folder / "inbox" / FIRST / file).write_bytes(data)
    received, complaints = collect.collect(folder, FIRST, copy)
    assert complaints == [] and collect.collect(folder, FIRST, copy)[0] == received
    return folder, received


def outcome(folder, record, student, copy):
    """Return (how many answers count, all notes) of a student."""
    notes = list(record["notes"])
    if record["problem"]:
        return 0, [*notes, record["problem"]]
    try:
        notebook, more = rebuild.rebuild(copy, rebuild.read(submitted(folder, student), FIRST))
    except rebuild.Unreadable as problem:
        return 0, [*notes, str(problem)]
    return rebuild.answered(copy, notebook)[0], notes + more


def test_everyone_gets_what_is_theirs(taken, handed_in, copy):
    folder, received = taken
    wanted = {each.student: each for _, _, all_of in handed_in for each in all_of}  # the last word about each
    answers = {18: 9, 4: 2, 0: 0}  # of so many points
    assert set(wanted) < set(received)
    for student, expected in wanted.items():
        found, notes = outcome(folder, received[student], student, copy)
        assert found == answers[expected.points], student
        assert len(notes) == bool(expected.note) and all(expected.note in note for note in notes), notes


def test_a_name_of_two_users_is_kept_apart(taken, handed_in):
    """Whoever is called victim_601_9998 on Canvas hands nothing in for the user 601."""
    _, received = taken
    wanted = {each.student for _, _, all_of in handed_in for each in all_of}
    ((student, record),) = [item for item in received.items() if item[0] not in wanted]
    assert student.startswith("victim_601_9998_603") and record["number"] == ""
    assert "can be read as the name of two students' files" in record["notes"][0]


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


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("ab1234/1-coupling.ipynb", "ab1234"),
        ("ab1234/1-coupling (1).ipynb", "ab1234"),
        ("ab1234 (2).ipynb", "ab1234"),
        ("ab1234_1-coupling.ipynb", "ab1234"),
        ("1-coupling-ab1234.ipynb.txt", "ab1234"),
        ("Participant_4711_assignsubmission_file/1-coupling.ipynb", "participant-4711"),
        ("\u674e\u96f7.ipynb", "李雷"),
        ("Jose\u0301.ipynb", "josé"),
    ],
)
def test_files_are_called_in_many_ways(path, student):
    assert collect.parse(path, FIRST, {}).student == student


def test_no_two_names_become_one():
    names = ["🙂", "🙃", "x" * 70, "x" * 70 + "y", "Ab 1", "CON", "..", "李雷", "李磊"]
    assert len({collect.safe(name) for name in names}) == len(names)
    assert all(collect.safe(name)[0] not in "-." for name in names)


def test_a_students_archive_names_nobody(inbox, take, work):
    """Neither in a folder of the student nor as an archive that has the student's or the platform's name."""
    (inbox.parent.parent / "students.csv").write_text("student,canvas\nab1,601\nab2,602\n", "utf-8")
    evil = zipped([(canvas("victim", 601, 9999), work.blank), ("ab1/1-coupling.ipynb", work.blank)])
    (inbox / "ab2").mkdir()
    (inbox / "ab2" / "work.zip").write_bytes(evil)
    (inbox / "ab2" / canvas("victim", 601, 9998)).write_bytes(work.blank)
    (inbox / canvas("evil", 602, 7, "work.zip")).write_bytes(evil)
    (inbox / "ab2.zip").write_bytes(evil)
    received, _ = take()
    assert set(received) == {"ab2"}
    (inbox / "download.zip").write_bytes(zipped([(canvas("victim", 601, 5), work.right("ab1"))]))
    assert set(take()[0]) == {"ab1", "ab2"}


def test_what_lies_in_an_inbox_and_cannot_be_taken_in_is_said(inbox, take, work):
    (inbox / "damaged.zip").write_bytes(b"PK\x03\x04 nothing")
    (inbox / "page.zip").write_bytes(b"<html>You are logged out")
    (inbox / "class.rar").write_bytes(b"Rar!")
    (inbox / "link.ipynb").symlink_to("/etc/passwd")
    (inbox / ".DS_Store").write_bytes(b"")
    (inbox / "1-coupling.ipynb").mkdir()
    (inbox / "1-coupling.ipynb" / "ab1.ipynb").write_bytes(work.right("ab1"))
    (inbox / "large.ipynb").write_bytes(bytes(archives.MAX_BYTES + 1))
    received, complaints = take()
    assert set(received) == {"ab1", "large"}
    assert "has 20 MB, and 20 MB is the limit" in received["large"]["problem"]
    for file, words in {
        "damaged.zip": "is damaged: it cannot be opened",
        "page.zip": "is not a readable archive",
        "class.rar": "is not opened here",
        "link.ipynb": "is a link",
    }.items():
        assert sum(line.startswith(file) and words in line for line in complaints) == 1, complaints
    assert len(complaints) == 4


def test_what_unfolds_is_counted_before_it_is_read(inbox, take):
    """A bomb in a bomb's clothes: many members of one content, each below the limit."""
    bomb = zipped([(f"{number}.ipynb", os.urandom(1000) * 10_000) for number in range(21)], compresslevel=1)
    flat = zipped([("1-coupling.ipynb", bytes(100 * 1024**2))], compresslevel=1)
    (inbox / "download.zip").write_bytes(
        zipped([(canvas("bomb", 1, 2, "work.zip"), bomb), (canvas("flat", 2, 3), bytes(19 * 1024**2))])
    )
    (inbox / "more.zip").write_bytes(zipped([(canvas("zeros", 3, 4, "work.zip"), flat)]))
    tracemalloc.start()
    received, _ = take()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert "would unfold to 200 MB, and 200 MB is the limit" in received["bomb-1"]["problem"]
    assert received["flat-2"]["problem"] == "", "below the limit of one file nothing is refused"
    assert "would unfold to 100 MB, more than 200 times its size" in received["zeros-3"]["problem"]
    assert peak < 100 * 1024**2


def test_a_list_of_members_is_not_read_if_it_is_too_long(monkeypatch):
    data = zipped([(str(number), b"") for number in range(1001)])

    def opened(*about):
        raise AssertionError

    monkeypatch.setattr(zipfile, "ZipFile", opened)
    with pytest.raises(archives.ArchiveError, match="holds more than 500 files"):
        archives.members(data, archives.STUDENT)


def test_one_student_fills_no_more_than_the_share_of_one(inbox, take, work, monkeypatch):
    monkeypatch.setattr(archives, "STUDENT", archives.Caps(members=3, total=10**6, ratio=200))
    members = [(canvas("many", 1, turn), work.half(f"x{turn}")) for turn in range(9)]
    (inbox / "download.zip").write_bytes(zipped([*members, (canvas("other", 2, 1), work.right("other"))]))
    received, _ = take()
    assert "left out: " in received["many-1"]["notes"][0] and "is too much" in received["many-1"]["notes"][0]
    assert received["other-2"]["notes"] == []


def test_one_students_file_ends_nobodys_grading(inbox, take, work, monkeypatch):
    """Whatever the program itself stumbles over, the file is named and the others are taken in."""
    read = choosing.reading.read

    def stumble(data, name):
        while data == b"long":
            pass
        return 1 / 0 if data == b"hard" else len(bytearray(2**40)) if data == b"large" else read(data, name)

    monkeypatch.setattr(choosing, "READ_SECONDS", 1)
    monkeypatch.setattr(choosing.reading, "read", stumble)
    for name in ("hard", "long", "large"):
        (inbox / f"{name}.ipynb").write_bytes(name.encode())
    (inbox / "other.ipynb").write_bytes(work.half("other"))
    (inbox / "odd.zip").write_bytes(b"PK\x03\x04" + os.urandom(50) + b"PK\x05\x06" + bytes(18))
    received, (complaint,) = take()
    for name, words in {
        "hard": "ZeroDivisionError: division by zero",
        "long": "it took too long",
        "large": "it took too much memory",
    }.items():
        assert received[name]["problem"] == f"The file `{name}.ipynb` could not be read ({words})."
    assert received["other"]["problem"] == "" and complaint.startswith("odd.zip ")


# Lateness


RULES = """
timezone = "Europe/Berlin"
[deadlines]
1-coupling = 2027-04-04T08:00:00
[extensions.1-coupling]
"new-er-39" = 2027-04-05T12:00:00
"""


@pytest.fixture
def rules(tmp_path):
    (tmp_path / "course.toml").write_text(RULES, "utf-8")
    return deadlines.read(tmp_path / "course.toml", [FIRST])


def test_lateness_is_said_with_deadline_and_zone(inbox, take, work, rules):
    members = [
        (clumsy_archives.dated(moodle(name, number), 2027, 4, 5, 10), work.half(name))
        for name, number in (("Ann", 1), ("New Er", 39))
    ]
    members.append((clumsy_archives.dated(moodle("Early", 2), 2027, 4, 1), work.half("Early")))
    (inbox / "moodle.zip").write_bytes(zipped(members))
    (inbox / "canvas.zip").write_bytes(
        zipped([(canvas("tardy", 5, 1, late=True), work.half("a")), (canvas("prompt", 6, 2), work.half("b"))])
    )
    received, complaints = take(rules=rules)
    assert complaints == []
    said = {
        student: (record["late"], record["hours_late"], record["share"])
        for student, record in received.items()
    }
    stated = "the deadline was 2027-04-04 08:00 (Europe/Berlin)."
    assert said == {
        "ann-1": (f"Late by 26 hours: handed in 2027-04-05 10:00 (Europe/Berlin), {stated}", 26.0, 1.0),
        "early-2": ("", None, 1.0),
        "new-er-39": ("", None, 1.0),
        "tardy-5": (f"Late, as Canvas says; {stated}", None, 1.0),
        "prompt-6": ("", None, 1.0),
    }


def test_dates_of_the_packing_are_no_dates(inbox, take, work, rules):
    """Some LMS write the time of the download at every file: nobody is called late for that."""
    (inbox / "moodle.zip").write_bytes(
        zipped(
            [(clumsy_archives.dated(moodle("Ann", n), 2027, 4, 9, 10, n), work.half("Ann")) for n in (1, 2)]
        )
    )
    received, (complaint,) = take(rules=rules)
    assert [record["late"] for record in received.values()] == ["", ""]
    assert complaint == "2 submissions have no date of their own: they may be late unseen."


def test_the_time_stamp_of_nbgrader_counts(tmp_path, take, rules):
    for student, stamp in {"a": "2027-04-04 05:59:00.5 UTC", "b": "2027-04-04 06:30:00.000000 UTC"}.items():
        folder = tmp_path / "submitted" / student / FIRST
        folder.mkdir(parents=True)
        (folder / "timestamp.txt").write_text(stamp)
    received, _ = take(rules=rules)
    assert received["a"]["late"] == ""
    assert received["b"]["late"].startswith("Late by 30 minutes: handed in 2027-04-04 08:30 (Europe/Berlin)")


# Groups


def test_a_group_hands_in_once(inbox, take, work, tmp_path):
    rows = "student;name;canvas;group\nann;Ann A;11;G 1\nbob;Bob B;12;g 1\ncy;Cy C;13;\n"
    (tmp_path / "students.csv").write_text(rows, "utf-8")
    download = zipped([(canvas("anna", 11, 1), work.half("ann")), (canvas("bobb", 12, 2), work.right("bob"))])
    (inbox / "download.zip").write_bytes(download)
    received, _ = take()
    assert set(received) == {"bob"} and received["bob"]["group"] == ["ann", "bob"]
    (note,) = received["bob"]["notes"]
    assert "left out: `1-coupling.ipynb` (2 of 9 answers, handed in by ann)" in note
    (inbox / "more.zip").write_bytes(zipped([(moodle("G 1-Ann A", 77), work.right("ann"))]))
    assert set(take()[0]) == {"bob"}, "Moodle puts the group before the name"
