"""The reader's own program: it runs with NumPy alone and gives what the sections print."""

import dis
import os
import re
import subprocess
import sys

import numpy as np
import pytest
from notebooks import execute, plain, recorded, sources, thread, written

# What a reader's computer may lack must not be asked for.
ALONE = """\
import sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("scipy", "matplotlib", "frenkel"):
            raise ModuleNotFoundError(f"{name} is not here", name=name)

sys.meta_path.insert(0, Nothing())
"""
WITH = [path for path in sources.chapters() if thread.code(sources.read(path), *thread.SECTION)]
each = pytest.mark.parametrize("path", WITH, ids=sources.name)
LIMIT = 260  # lines of the whole program


def cells(path, tag):
    return [cell for cell in sources.read(path).cells if tag in cell.metadata.get("tags", [])]


def printed(path, tag):
    """Return what the cells with a tag have printed, as it is recorded."""
    record = recorded.printed(recorded.folder(path))
    return "".join(record.get(cell.id, "") for cell in cells(path, tag))


def run(folder, code):
    """Run a program as chapters are run, and return what it prints."""
    command, environment = [sys.executable, "-c", code], os.environ | execute.KERNEL_ENVIRONMENT
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def section(path):
    """Return the code of a chapter's set-up, which is its first cell, and of its section."""
    notebook = sources.read(path)
    first = next(cell for cell in notebook.cells if cell.cell_type == "code")
    return f"{first.source}\n{thread.code(notebook, thread.BEFORE, *thread.SECTION)}"


def test_most_chapters_add_to_the_program():
    names = {sources.name(path) for path in WITH}
    assert len(names) == 12 and {sources.name(p) for p in sources.chapters()[1:]} - names == {
        "rivals",
        "memory",
    }


@each
def test_a_section_has_what_every_section_has(path):
    text = path.read_text("utf-8")
    assert text.count("{mychain}`mychain.py`") == 1, "a link to the program as of this chapter"
    assert len(cells(path, "mychain-use")) == len(cells(path, "mychain-check")) == 1
    assert "ours and the library's agree to" in printed(path, "mychain-check")
    for cell in [*cells(path, thread.PIECE), *cells(path, "mychain-use"), *cells(path, "mychain-check")]:
        assert "hide-input" not in cell.metadata.tags, "what the reader writes is to be read"


@each
def test_the_program_runs_with_numpy_alone_and_gives_what_the_section_prints(path, tmp_path):
    (tmp_path / thread.FILE).write_text(written.program(path), "utf-8")
    uses = "\n".join(cell.source for cell in cells(path, "mychain-use"))
    code = f"{ALONE}\nimport numpy as np\nfrom mychain import *\n{uses}"
    assert run(tmp_path, code) == printed(path, "mychain-use")


@each
def test_the_page_brings_every_function_that_its_section_uses(path, tmp_path):
    """Without the file, from the folded cell and the section alone."""
    code = "\n".join(cell.source for tag in (thread.BEFORE, thread.PIECE, "mychain-use")
                     for cell in cells(path, tag))  # fmt: skip
    assert run(tmp_path, f"{ALONE}\nimport numpy as np\n{code}") == printed(path, "mychain-use")


def test_the_whole_program_is_short_and_no_name_stands_for_two_things():
    text = written.program(WITH[-1])
    assert len(text.splitlines()) <= LIMIT
    assert re.search(r"^import numpy as np$", text, re.MULTILINE) and text.count("import ") == 1
    names = [name for path in WITH for name in bound_by(path, thread.PIECE)]
    assert len(names) == len({*names})


def bound_by(path, *tags):
    """Return the names that a chapter's cells with these tags bind."""
    bound = thread.statements([thread.code(sources.read(path), *tags)])
    return [name for names in bound for name in names]


@each
def test_no_other_cell_of_the_chapter_binds_a_name_of_the_program(path):
    """A chapter's own variable of that name would be overwritten, or overwrite a function."""
    own = {thread.BEFORE, *thread.SECTION}
    mine, bound = {*bound_by(path, thread.BEFORE, thread.PIECE)}, set()
    for cell in sources.read(path).cells:
        if cell.cell_type == "code" and not {*cell.metadata.get("tags", [])} & own:
            steps = dis.get_instructions(compile(cell.source, "", "exec"))
            bound |= {step.argval for step in steps if step.opname == "STORE_NAME"}
    assert not bound & mine


# What a reader may get wrong by a factor of two or a sign, and the chapter whose check must notice.
SLIPS = {
    "superlattices": ("np.diag(bonds, 1) + np.diag(bonds, -1)", "np.diag(bonds, 1) + 2 * np.diag(bonds, -1)"),
    "coupling": ("4 * np.pi", "np.pi"),
    "spectra": (".sum(axis=0) ** 2", ".sum(axis=0)"),
    "localization": ("disorder * rng", "2 * disorder * rng"),
    "ballistic": ("2 * J * np.imag", "J * np.imag"),
    "dephasing": ("dephasing * coherences", "dephasing / 2 * coherences"),
    "enaqt": ("dephasing * np.diag(1", "2 * dephasing * np.diag(1"),
    "temperature": ("np.sqrt(8 * np.log(2))", "np.sqrt(2 * np.log(2))"),
    "microscopy": ("np.sqrt(counts @", "np.sqrt(2 * counts @"),
    "reproduction": ("np.trace(v @ X).real / N", "2 * np.trace(v @ X).real / N"),
    "dimensions": ("np.kron(np.eye(len(rows)), columns)", "2 * np.kron(np.eye(len(rows)), columns)"),
    "phonons": ("2 / np.pi * d_omega", "1 / np.pi * d_omega"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_shows_in_the_agreement(name, tmp_path):
    path, (right, wrong) = sources.find(name), SLIPS[name]
    code = f"import matplotlib\nmatplotlib.use('agg')\n{section(path)}"
    assert code.count(right) == 1
    assert run(tmp_path, code).endswith(printed(path, "mychain-check"))
    told = re.search(r"agree to (\S+) (digits|standard errors)", run(tmp_path, code.replace(right, wrong)))
    assert float(told[1]) > 5 if told[2] == "standard errors" else int(told[1]) <= 1


def test_digits_are_counted_as_the_text_says():
    names = {}
    exec("import numpy as np\n" + thread.code(sources.read(WITH[0]), thread.PIECE), names)
    digits = names["digits"]
    assert [digits(1 + error, np.array(1.0)) for error in (0, 1e-12, 1e-6 * 0.99, 0.5, 2)] == [9, 9, 6, 0, 0]


def test_a_change_of_a_piece_changes_the_chapters_that_use_it(monkeypatch):
    """The folded cell is code of the chapter, and so of its fingerprint."""
    first = WITH[0].read_text("utf-8")
    raw = sources._read
    changed = first.replace("return np.abs(psi) ** 2\n", "return np.abs(psi) ** 2.0\n")
    assert changed != first
    monkeypatch.setattr(
        sources,
        "_read",
        lambda path: sources.copy.deepcopy(sources._parse(changed)) if path == WITH[0] else raw(path),
    )
    by_name = {sources.name(path): path for path in WITH}
    assert "** 2.0\n" in thread.code(sources.read(by_name["ballistic"]), thread.BEFORE)
    assert "probabilities" not in thread.code(sources.read(by_name["coupling"]), thread.BEFORE)


@each
def test_notebooks_link_to_the_file_of_their_chapter(path):
    text = "\n".join(cell.source for cell in plain.cells(path, written.complete(path)))
    assert text.count(f"/{thread.address(sources.name(path))})") == 1
