"""Clumsy notebooks are put back into shape: each honest mark as it should be, one sentence if it is due."""

import contextlib
import io
from types import SimpleNamespace

import clumsy
import nbformat
import pytest
from course import collect, inside, marking, master, rebuild

FIRST = "1-coupling"


@pytest.fixture(scope="session")
def source():
    return master.read(FIRST)


@pytest.fixture(scope="session")
def copy(source):
    return master.copy(source, solved=False)


@pytest.fixture(scope="session")
def taken(source, copy, tmp_path_factory):
    """All clumsy files taken in at once: {student: (record, bytes)}."""
    folder = tmp_path_factory.mktemp("class")
    for file, data, _ in clumsy.submissions(source):
        path = folder / "inbox" / FIRST / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    received, complaints = collect.collect(folder, FIRST, copy)
    assert complaints == []
    data = {student: folder / "submitted" / student / FIRST / f"{FIRST}.ipynb" for student in received}
    return {student: (received[student], data[student].read_bytes()) for student in received}


def run_here(notebook, source):
    """Return what the jail would, of code that we wrote."""
    import matplotlib

    matplotlib.use("agg")
    space, records = {}, []
    for cell in rebuild.job_of(notebook, source):
        code = cell["source"]
        if cell["id"] == "setup":
            code = code[code.index("import frenkel") :]
        with contextlib.suppress(Exception), contextlib.redirect_stdout(io.StringIO()):
            exec(code, space)
        records.append({"id": cell["id"], "outputs": [], "exports": inside.exports(cell["exports"], space)})
    return SimpleNamespace(cells=records, ended=None)


def points_of(notebook, source):
    """Return the points that the program gives."""
    notebook.metadata["frenkel"] = {"notes": [], "readable": True}
    marking.finish(notebook, run_here(notebook, source), source)
    tests = [cell for cell in notebook.cells if cell.id.startswith("test-")]
    return sum(float(cell.outputs[1].data["text/plain"]) for cell in tests)


@pytest.mark.parametrize("name", clumsy.CASES)
def test_honest_work_is_marked_and_one_sentence_says_what_happened(name, taken, source, copy):
    expected = clumsy.CASES[name][2]
    record, data = taken[expected.student]
    try:
        notebook, notes = rebuild.rebuild(copy, rebuild.read(data, FIRST))
    except rebuild.Unreadable as problem:
        assert expected.points == 0
        notebook, notes = nbformat.from_dict(copy), [str(problem)]
    notes = record["notes"] + notes
    assert len(notes) == bool(expected.note), notes
    assert all(expected.note in note for note in notes), notes
    assert points_of(nbformat.from_dict(notebook), source) == expected.points
    cells = {cell.id: cell for cell in notebook.cells}
    for cell, words in expected.answers.items():
        assert words in cells[cell].source
        assert clumsy.text(next(each for each in copy.cells if each.id == cell)) != cells[cell].source
    for cell in expected.pictures:
        ((name, bundle),) = cells[cell].attachments.items()
        assert f"(attachment:{name})" in cells[cell].source and list(bundle) == ["image/png"]
    nbformat.validate(notebook)
