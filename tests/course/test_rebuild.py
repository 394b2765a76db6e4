"""Clumsy notebooks are put back into shape: each honest mark as it should be, one sentence if it is due."""

import contextlib
import io
import json
import re
import time
import tracemalloc
from types import SimpleNamespace

import clumsy
import nbformat
import pytest
from classroom import FIRST, cell_of
from course import collect, inside, marking, rebuild, scoring
from hypothesis import given, settings, strategies


def take_in(name, source, copy, folder):
    """Take in one clumsy file; return (what is recorded, its bytes, what is expected)."""
    file, _, expected = clumsy.CASES[name]
    path = folder / "inbox" / FIRST / file
    path.parent.mkdir(parents=True)
    path.write_bytes(clumsy.spoiled(source, name))
    received, complaints = collect.collect(folder, FIRST, copy)
    assert (list(received), complaints) == ([expected.student], [])
    data = (folder / "submitted" / expected.student / FIRST / f"{FIRST}.ipynb").read_bytes()
    return received[expected.student], data, expected


def run_here(notebook, source, case):
    """Return what the jail would, of code that we wrote."""
    import matplotlib.pyplot

    matplotlib.use("agg")
    space, records = {}, []
    for cell in rebuild.job_of(notebook, source, case):
        code = cell["source"]
        if cell["id"] == "setup":
            code = code[code.index("import frenkel") :]
        with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
            exec(code, space)
        matplotlib.pyplot.close("all")
        values = json.dumps(inside.exports(cell["exports"], space))
        records.append({"id": cell["id"], "outputs": [], "exports": values})
    return SimpleNamespace(cells=records, ended=None)


def score_here(about, tests):
    """Return what the jail of the hidden tests would."""
    about = json.loads(json.dumps(about, default=marking._plain))
    return {test["id"]: scoring.judge(test, about["cases"], about["questions"]) for test in tests}


def points_of(notebook, source, monkeypatch):
    """Return the points that the program gives."""
    notebook.metadata["frenkel"] = {"notes": [], "readable": True}
    monkeypatch.setattr(marking, "_score", score_here)
    cases = [marking.case_of(notebook, source), source.unseen]
    marking.finish(notebook, [run_here(notebook, source, case) for case in cases], source)
    tests = [cell for cell in notebook.cells if cell.id.startswith("test-")]
    return sum(float(cell.outputs[1].data["text/plain"]) for cell in tests)


@pytest.mark.parametrize("name", clumsy.CASES)
def test_honest_work_is_marked_and_one_sentence_says_what_happened(name, source, copy, tmp_path, monkeypatch):
    record, data, expected = take_in(name, source, copy, tmp_path)
    try:
        notebook, notes = rebuild.rebuild(copy, rebuild.read(data, FIRST))
    except rebuild.Unreadable as problem:
        assert expected.points == 0
        notebook, notes = nbformat.from_dict(copy), [str(problem)]
    notes = record["notes"] + notes
    assert len(notes) == bool(expected.note), notes
    assert all(expected.note in note for note in notes), notes
    points = points_of(nbformat.from_dict(notebook), source, monkeypatch)
    assert points == pytest.approx(expected.points)
    cells = {cell.id: cell for cell in notebook.cells}
    for cell, words in expected.answers.items():
        assert words in cells[cell].source
        assert clumsy.text(next(each for each in copy.cells if each.id == cell)) != cells[cell].source
    for cell in expected.pictures:
        ((name, bundle),) = cells[cell].attachments.items()
        assert f"(attachment:{name})" in cells[cell].source and list(bundle) == ["image/png"]
    nbformat.validate(notebook)


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
    assert note.startswith(
        "The given cell `numbers` had been changed; the original was run, and what was added"
    )


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
        (b"[]", "damaged"),
        (b'{"nbformat": 4, "cells": [{}]}', "damaged"),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]}', "damaged"),
        (b'{"nbformat": 3, "worksheets": []}', "damaged"),
        (b"[" * 100_000, "damaged"),
        (b"PK\x03\x04 work.zip", "archive"),
        (bytes(rebuild.MAX_BYTES + 1), "limit"),
        (b'{"nbformat": 4, "cells": [], "metadata": {"frenkel": {"assignment": "x"}}}', "another assignment"),
    ],
)
def test_what_cannot_be_read_is_said_to_the_student(data, words):
    with pytest.raises(rebuild.Unreadable, match=words):
        rebuild.read(data, FIRST)


# What is hostile, and not only clumsy


@pytest.fixture(scope="session")
def whole(source):
    return clumsy.pack(clumsy.as_dict(source, "ab1"))


@settings(max_examples=60, deadline=None)
@given(data=strategies.data())
def test_a_file_that_was_hurt_is_read_or_refused_in_words(whole, copy, data):
    """Nothing but `Unreadable` comes of bytes that are missing, doubled or others."""
    draw = data.draw
    spot = draw(strategies.integers(0, len(whole)))
    length = draw(strategies.integers(0, 3000))
    more = draw(
        strategies.binary(max_size=8) | strategies.sampled_from([b"}", b"[[", b'"', b"null", b"NaN", b"\0"])
    )
    hurt = whole[:spot] + more + whole[spot + length :]
    with contextlib.suppress(rebuild.Unreadable):
        notebook, _ = rebuild.rebuild(copy, rebuild.read(hurt, FIRST))
        nbformat.validate(notebook)


JSON = strategies.recursive(
    strategies.none() | strategies.booleans() | strategies.integers() | strategies.text(max_size=5),
    lambda inner: (
        strategies.lists(inner, max_size=3)
        | strategies.dictionaries(
            strategies.sampled_from(
                ["cells", "cell_type", "source", "metadata", "id", "nbgrader", "grade_id", "worksheets"]
            ),
            inner,
            max_size=5,
        )
    ),
)


@settings(max_examples=100, deadline=None)
@given(notebook=JSON, cell=JSON)
def test_json_that_is_no_notebook_is_refused_in_words(copy, notebook, cell):
    for each in (
        notebook,
        {"cells": [cell, {"cell_type": "code", "source": "1", "metadata": cell, "id": "derive"}]},
    ):
        with contextlib.suppress(rebuild.Unreadable):
            rebuild.rebuild(copy, rebuild.read(json.dumps(each).encode(), FIRST))


HOSTILE = {
    "links": ("markdown", "![](" * 10_000),
    "tags": ("markdown", "<img src='" * 15_000),
    "angles": ("markdown", "![](<" * 10_000),
    "words": ("markdown", "transition dipole " * 11_000),
    "lines": ("code", "\n".join("x" * (n % 3) for n in range(90_000))),
    "signs": ("code", "student = " * 20_000),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_no_text_keeps_the_grader_busy(kind, source, copy):
    """In each cell of a notebook that has lost its names, where all cells are compared."""
    cell_type, words = HOSTILE[kind]
    notebook = clumsy.as_dict(source, "ab1")
    for cell in notebook["cells"]:
        cell["id"] = "none"
        cell["metadata"] = {}
    notebook["cells"] += [clumsy.own(words, cell_type) for _ in range(60)]
    spoiled = clumsy.pack(notebook)
    start = time.process_time()
    rebuild.rebuild(copy, rebuild.read(spoiled, FIRST))
    assert time.process_time() - start < 20  # s; it is done in about 1 s


@pytest.mark.parametrize(
    "data",
    [
        b"[" * 10**6,
        b'{"cells": [' + b"{}," * 2_000_000,
        b'"\\"' * 2_000_000,
        b"{" + b"\n<<<<<<< a" * 10**5 + b"\n>>>>>>> b" * 10**5,
        b"# %%\n" * 10**5,
        b"# %%\n" + b"#\n" * 10**6 + b"x",
        b"{" + b" " * 10**7,
        b'{"a":1,' + b" ," * 10**6,
    ],
)
def test_no_file_keeps_the_grader_busy(data, copy):
    start = time.process_time()
    with pytest.raises(rebuild.Unreadable):
        rebuild.rebuild(copy, rebuild.read(data, FIRST))
    assert time.process_time() - start < 20  # s; it is done in about 1 s


def test_a_strangers_notebook_is_no_answer(copy):
    """Nor is one that has only the setup of all assignments in it."""
    for cells in ([clumsy.own("x = 1", "code")] * 3, [*copy.cells[1:3], clumsy.own("My own work.")]):
        with pytest.raises(rebuild.Unreadable, match="No cell of this notebook belongs"):
            rebuild.rebuild(copy, rebuild.read(clumsy.pack({"cells": cells}), FIRST))


def test_the_parts_are_counted_before_they_are_made():
    """Empty lists take twenty times the memory of the file."""
    tracemalloc.start()
    with pytest.raises(rebuild.Unreadable, match="more parts than a notebook has"):
        rebuild.read(b'{"cells": [' + b"[]," * 3_000_000 + b"{}]}", FIRST)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 * 1024**2


def test_an_odd_link_to_an_attachment_leaves_a_page_that_can_be_made(copy, source):
    notebook = clumsy.as_dict(source, "ab1")
    clumsy.cell(notebook, "derive")["source"] = "![x][1]\n\n[1]: attachment:image.png"
    rebuilt, (note,) = rebuild.rebuild(copy, rebuild.read(clumsy.pack(notebook), FIRST))
    assert "names an attachment that was not found" in note
    assert "attachment:" not in next(cell for cell in rebuilt.cells if cell.id == "derive").source


def test_an_id_that_is_computed_costs_nothing(source, copy, monkeypatch):
    """It is not read, since no code of a student's runs for it; answers are computed from any numbers."""
    notebook = nbformat.from_dict(clumsy.as_dict(source, "471"))
    next(cell for cell in notebook.cells if cell.id == "student").source = "student = int('471')"
    rebuilt, notes = rebuild.rebuild(copy, rebuild.read(clumsy.pack(notebook), FIRST))
    assert notes == [] and points_of(rebuilt, source, monkeypatch) == clumsy.ALL
