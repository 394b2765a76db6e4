"""What students get, and what only instructors may see: the copies, the site, the repository for everyone."""

import html
import json
import re
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import nbformat
import pytest
from classroom import FIRST
from conftest import ROOT
from course import build, master, public

NAMES = master.names()
each_master = pytest.mark.parametrize("name", NAMES)


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
    text = re.sub(r'"[^" ]{200,}( [^" ]+)+"', "", text)  # sealed: any three letters may stand in it
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
        if path.name == "search.json":
            places = [place for place in json.loads(content) if "instructors.html" not in place["address"]]
            content = json.dumps(places)
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
    assert {"README.md", "Makefile", "book/chapters/07-enaqt.nb.md", "tests/site/test_site.py"} <= files
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
    assert f"assignments/{name}.ipynb" in (site / "book" / "pages" / "assignments.html").read_text("utf-8")


@each_master
def test_tasks_of_several_kinds(name, masters):
    kinds = [(cell.cell_type, *master.tags_of(cell)) for cell in masters[name].cells]
    by_hand = [points for kind, answer, points in kinds if points and (answer or kind == "markdown")]
    total = sum(points or 0 for _, _, points in kinds)
    assert 20 <= total <= 40
    assert len(by_hand) >= 2 and sum(by_hand) < 0.65 * total
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
        (lambda cells: cells[1].update(source="draw = None"), "the key defines no 'answers'"),
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
    page = (site / "book" / "pages" / "assignments.html").read_text("utf-8")
    (address,) = re.findall(r'<link rel="canonical" href="(.+?)/book/pages/assignments.html"', page)
    (wheel,) = (site / "assignments").glob("*.whl")
    for path in (*build.OUTPUT.glob("release/*.ipynb"), *(site / "assignments").glob("*.ipynb")):
        assert f"@ {address}/assignments/{wheel.name}" in path.read_text("utf-8"), path
    other = (ROOT / "_config.yml").read_text("utf-8").replace(f"{address}/", "https://exciton.example/book")
    (tmp_path / "_config.yml").write_text(other, "utf-8")
    assert (master.site(), master.site(tmp_path / "_config.yml")) == (address, "https://exciton.example/book")
