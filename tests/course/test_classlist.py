"""Class lists as office programs save them, ids as students and spreadsheets spell them, and deadlines."""

import re

import pytest
from classroom import FIRST
from course import classlist, collect, deadlines, identity

ROWS = "Student;Name;CANVAS;e-mail\n0471;Zoë Núñez;12345;\nab1;Li Lei;7;\n;;;\n"


@pytest.mark.parametrize(
    "data",
    [
        ROWS.encode(),
        ROWS.encode("utf-8-sig"),
        ROWS.encode("utf-16"),
        ROWS.encode("utf-16-le"),
        ROWS.encode("cp1252"),
        ROWS.replace(";", ",").encode(),
        ROWS.replace(";", "\t").encode("utf-16"),
        ROWS.replace("\n", "\r\n").encode(),
        ROWS.replace("\n", "\r").encode(),
        b"sep=;\n" + ROWS.encode(),
        b"\n" + ROWS.encode(),
        ROWS.replace("12345", "12345.0").encode(),
        ROWS.replace("12345", "12345,0").encode(),
        ROWS.replace("0471", "'0471").encode(),
        ROWS.replace("0471", ' "0471" ').replace("Student", " student ").encode(),
        ROWS.replace("ab1;", "ab1 ;").encode() + b";;;\n;;;\n",
    ],
)
def test_a_list_that_an_office_program_saved(tmp_path, data):
    path = tmp_path / "students.csv"
    path.write_bytes(data)
    listed = classlist.read(path)
    assert list(listed) == ["0471", "ab1"]
    assert (listed["0471"]["name"], listed["0471"]["canvas"]) == ("Zoë Núñez", "12345")
    for name in ("Zoë Núñez", "Zoe\u0308 Nu\u0301n\u0303ez", "ZOË NÚÑEZ"):
        assert classlist.student_of(listed, "moodle", "77", name) == "0471"
    assert classlist.student_of(listed, "plain", "", "471") == "0471"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name;mail\nA;b\n", "one of them `student`"),
        ("student;canvas\n1.2E+04;\n", "1.2E+04 was cut short by a spreadsheet"),
        ("student;canvas\nab1;4,71E+11\n", "4,71E+11 was cut short"),
        ("student\nab1\nab1\n", "ab1 stands in it twice"),
        ("student\n0471\n471\n", "0471 and 471 are the same id"),
        ("student\n../ab1\n", "cannot be the name of a folder"),
        ("PK\x03\x04", "this is a workbook"),
    ],
)
def test_a_list_that_would_mix_students_up_is_refused(tmp_path, text, words):
    (tmp_path / "students.csv").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=re.escape(words)):
        classlist.read(tmp_path / "students.csv")


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


def test_equal_names_are_no_one(tmp_path):
    (tmp_path / "students.csv").write_text("student,name\na,Li Lei\nb,LI LEI\nc,\n", "utf-8")
    listed = classlist.read(tmp_path / "students.csv")
    assert classlist.student_of(listed, "moodle", "1", "Li Lei") is None
    assert classlist.candidates(listed, "moodle", "1", "Li Lei") == ["a", "b"]
    assert (
        classlist.candidates(listed, "moodle", "1", "🙂") == []
    )  # a name without letters is not an empty one


@pytest.mark.parametrize(
    ("typed", "listed", "group", "whose"),
    [
        ("ab1", "ab1", (), ("ab1", True)),
        (" AB 1 ", "ab1", (), (" AB 1 ", True)),
        ("00471", "471", (), ("00471", True)),  # the numbers follow from the spelling in the notebook
        ("471.0", "471", (), ("471.0", True)),
        ("ab2", "ab1", (), ("ab1", False)),
        ("ab2", "ab1", ("ab1", "ab2"), ("ab2", True)),
        ("", "ab1", (), ("ab1", False)),
        ("ab1", None, (), ("ab1", False)),
        ("0", "00", (), ("0", True)),
    ],
)
def test_whose_numbers_count(typed, listed, group, whose):
    assert identity.whose(typed, listed, group) == whose


GIVEN = 'student = ""  # your student id, in quotation marks'


@pytest.mark.parametrize(
    ("source", "mended"),
    [
        ('student = "ab1"', None),
        ("student = 'ab1'\nimport os", None),
        ("student = str(471)", None),
        (GIVEN, None),
        ("student = ab1", "student = 'ab1'"),
        ("student = ab-1.c", "student = 'ab-1.c'"),
        ("student = 0471  # mine", "student = '0471'"),
        ("import os\nstudent = 471", "import os\nstudent = '471'"),
        ("student = „ab1“", "student = 'ab1'"),
        ("student = «ab1»", "student = 'ab1'"),
        ('student = "ab1', "student = 'ab1'"),
        ("student = [ab1]", "student = 'ab1'"),
        ("Student: ab1", "student = 'ab1'"),
        ("student == 'ab1'", "student = 'ab1'"),
        ("ab1", "student = 'ab1'"),
        ('student = ""  # ab1', "student = 'ab1'"),
        ('student = ""  # ab1, your student id, in quotation marks', "student = 'ab1'"),
        ("student = Jane O'Hara", 'student = "Jane O\'Hara"'),
    ],
)
def test_an_id_is_read_as_students_write_it(source, mended):
    found, notes = identity.mend(source, GIVEN)
    assert found == (mended or source)
    assert len(notes) == (mended is not None)


# Deadlines


def rules_of(tmp_path, text):
    (tmp_path / "course.toml").write_text(text, "utf-8")
    return deadlines.read(tmp_path / "course.toml", [FIRST, "2-spectra"])


ZONE = 'timezone = "Europe/Berlin"\n'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "[deadlines]\n1-coupling = 2027-04-19T23:59:00",
            '`timezone` must be stated, such as timezone = "Europe/',
        ),
        ('timezone = "Berlin"', "'Berlin' is no time zone"),
        (f"{ZONE}[deadlines]\n1-coupling = 2027-04-19", "`deadlines.1-coupling` must be a day with its time"),
        (f'{ZONE}[deadlines]\n1-coupling = "Friday"', "but is Friday"),
        (f"{ZONE}[deadlines]\n1-coupling = 19.04.2027 23:59", "a time is written 2027-04-19T23:59:00"),
        (
            f"{ZONE}[deadlines]\n1-kupling = 2027-04-19T23:59:00",
            "there is no assignment '1-kupling'; there are 1-c",
        ),
        (f"{ZONE}[deadline]\n1-coupling = 2027-04-19T23:59:00", "`deadline` means nothing here"),
        (f"{ZONE}percent_per_day = 200", "`percent_per_day` must be a number from 0 to 100, but is 200"),
        (f"{ZONE}[extensions]\n1-coupling = 3", "`extensions.1-coupling` must hold lines such as ab1234 ="),
        (f"{ZONE}deadlines = 3", "`deadlines` must be a table"),
    ],
)
def test_a_wrong_course_file_is_refused_in_words(tmp_path, text, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        rules_of(tmp_path, text)


def test_without_a_course_file_nobody_is_late(tmp_path):
    rules = deadlines.read(tmp_path / "course.toml", [])
    assert deadlines.lateness(rules, FIRST, "a", marked=False, when=None) == deadlines.Lateness()
    late = deadlines.lateness(rules, FIRST, "a", marked=True, when=None)
    assert late == deadlines.Lateness("Late, as Canvas says; course.toml states no deadline.")


@pytest.mark.parametrize(
    ("percent", "when", "hours", "share"),
    [
        (0, "2027-04-20T10:00:00", 10.0, 1.0),
        (10, "2027-04-20T10:00:00", 10.0, 0.9),
        (10, "2027-04-21T10:00:00", 34.0, 0.8),
        (60, "2027-04-25T10:00:00", 130.0, 0.0),
        (10, "2027-04-20T00:00:00", None, 1.0),
    ],
)
def test_being_late_costs_what_the_file_states_and_no_more(tmp_path, percent, when, hours, share):
    text = f"{ZONE}percent_per_day = {percent}\n[deadlines]\n1-coupling = '2027-04-20 00:00'"
    rules = rules_of(tmp_path, text)
    when = deadlines.datetime.fromisoformat(when)
    late = deadlines.lateness(rules, FIRST, "a", marked=False, when=when)
    assert (late.hours, round(late.share, 9)) == (hours, share)
    assert ("The tables count" in late.words) == (share < 1)


def test_a_night_of_the_clock_change_has_its_own_length(tmp_path):
    """On 28 March 2027 the clock goes from 2 to 3 in Berlin: from midnight to 4 it is three hours."""
    rules = rules_of(tmp_path, f"{ZONE}[deadlines]\n1-coupling = 2027-03-28T00:00:00")
    when = deadlines.datetime(2027, 3, 28, 4)
    assert deadlines.lateness(rules, FIRST, "a", marked=False, when=when).hours == 3.0


def test_the_time_stamp_of_nbgrader():
    for text in (
        "2027-04-04 06:30:00.123456 UTC\n",
        "2027-04-04 08:30:00 +02:00",
        "2027-04-04 08:30 Europe/Berlin",
    ):
        assert deadlines.stamp(text).astimezone(deadlines.UTC).hour == 6
    assert deadlines.stamp("yesterday") is None
