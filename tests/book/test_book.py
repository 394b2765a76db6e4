"""The book's sources keep their promises: executed, compared, captioned, solved, cited, finished."""

import ast
import importlib
import inspect
import pkgutil
import re
from functools import cache

import frenkel
import pytest
import yaml
from conftest import ROOT
from notebooks import execute, exercise_labels, plain, recorded, sources, uses, written
from pybtex.database import parse_file

BOOK = ROOT / "book"
NOTEBOOKS = sources.chapters()
CHAPTERS = [path for path in NOTEBOOKS if sources.name(path) != "index"]
PAGES = [*NOTEBOOKS, *sorted((BOOK / "pages").glob("*.md"))]
IGNORED = "nbval-ignore-output"
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=sources.name)
each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=sources.name)


@cache
def code_cells(path):
    """Return a chapter's code cells with their outputs, and with the tags that they have in its notebook."""
    tags = {cell.id: cell.metadata.get("tags", []) for cell in plain.cells(path, written.complete(path))}
    cells = [cell for cell in written.complete(path).cells if cell.cell_type == "code"]
    for cell in cells:
        cell.metadata["tags"] = tags[cell.id]
    return cells


@cache
def prose(path):
    """Return the Markdown of a page, captions of figures included."""
    if not path.name.endswith(sources.SUFFIX):
        return path.read_text("utf-8")
    texts = []
    for cell in sources.read(path).cells:
        caption = cell.metadata.get("mystnb", {}).get("figure", {}).get("caption", "")
        texts.append(cell.source if cell.cell_type == "markdown" else caption)
    return "\n\n".join(texts)


def is_figure(cell):
    return any(mime.startswith("image/") for output in cell.outputs for mime in output.get("data", ()))


def is_explorer(cell):
    return any("data-explorer=" in output.get("data", {}).get("text/html", "") for output in cell.outputs)


def printed(cell):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


def labels(text, directive):
    """Return, for every `directive` in a page, its argument and its label."""
    pattern = rf"^[`:]{{3,}}\{{{directive}(?:-start)?\}} *(.*)\n((?::\w+:.*\n)*)"
    found = re.findall(pattern, text + "\n", flags=re.MULTILINE)
    return [(argument.strip(), re.findall(r":label: *(\S+)", options)) for argument, options in found]


def test_contents_lists_every_page():
    contents = yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8"))
    files = {contents["root"], *(c["file"] for part in contents["parts"] for c in part["chapters"])}
    assert files == {path.relative_to(ROOT).as_posix().partition(".")[0] for path in PAGES}


def test_pages_are_known_by_names_of_their_own():
    names = [sources.name(path) for path in PAGES]
    assert len(set(names)) == len(names)


@each_notebook
def test_what_is_recorded_belongs_to_cells_and_figures(path):
    record, cells = recorded.read(recorded.folder(path)), code_cells(path)
    assert record.printed.keys() <= {cell.id for cell in cells}, "run `make notebooks`"
    named = {sources.figure(cell) for cell in cells} - {None}
    assert record.figures.keys() == named | {recorded.narrow(name) for name in named}, "run `make notebooks`"


@each_notebook
def test_outputs_belong_to_this_code(path):
    notebook = sources.read(path)
    why = execute.reason(path, notebook, uses.of_chapter(notebook))
    assert why is None, f"{why}: run `make notebooks`"


@each_notebook
def test_no_error_is_rounded_to_nothing(path):
    """«0.019 ± 0.000» says that a number is exact, or nothing: it wants a digit more."""
    texts = [path.read_text("utf-8"), *recorded.printed(recorded.folder(path)).values()]
    nothing = [
        line for text in texts for line in text.splitlines() if re.search(r"± *0(\.0*)?(?![\d.])", line)
    ]
    assert not nothing, "\n".join(nothing)


@each_notebook
def test_only_figures_and_explorers_escape_comparison(path):
    for cell in code_cells(path):
        tags = set(cell.metadata.get("tags", ()))
        assert not tags & {"nbval-skip", "raises-exception", "skip-execution"}, cell.source
        assert "NBVAL" not in cell.source, f"use a tag, not a comment:\n{cell.source}"
        drawn = is_figure(cell) or is_explorer(cell)
        assert (IGNORED in tags) == drawn, f"tag `{IGNORED}` if and only if a figure is shown:\n{cell.source}"
        assert not (drawn and printed(cell)), f"print numbers in a cell of their own:\n{cell.source}"


@each_chapter
def test_headline_numbers_are_compared(path):
    strict = [cell for cell in code_cells(path) if IGNORED not in cell.metadata.get("tags", ())]
    assert any(re.search(r"\d", printed(cell)) for cell in strict), "no cell prints a number to compare"


@each_notebook
def test_figures_have_caption_name_and_alternative_text(path):
    for cell in filter(is_figure, code_cells(path)):
        settings = cell.metadata.get("mystnb", {})
        figure, image = settings.get("figure", {}), settings.get("image", {})
        assert len(figure.get("caption", "")) > 20, f"no caption:\n{cell.source}"
        assert figure.get("name", "").startswith("fig-"), f"no name that starts with fig-:\n{cell.source}"
        assert len(image.get("alt", "")) > 20, f"no alternative text:\n{cell.source}"


@each_chapter
def test_chapter_holds_what_every_chapter_holds(path):
    text = prose(path)
    assert 3 <= len(labels(text, "self-check")) <= 6, "three to six self-checks"
    assert 4 <= len(labels(text, "exercise")) <= 8, "four to eight exercises"
    assert labels(text, "prediction"), "a prediction"
    assert any(is_explorer(cell) for cell in code_cells(path)), "an explorer"
    assert "misconception" in text, "a common misconception"
    assert re.search(r"^## .*[Ll]imits", text, re.MULTILINE), "a section on the limits of the model"
    assert "{implements}" in text, "an equation that names its function"


@each_chapter
def test_equations_are_computed_or_used(path):
    """A numbered equation names its function and its test, or is a step that the text comes back to."""
    steps = re.split(r"^(`{3,}\{math\}|#.*)$", prose(path), flags=re.MULTILINE)
    cited = {label for page in PAGES for label in re.findall(r"\{eq\}`([^`]+)`", prose(page))}
    for fence, step in zip(steps[1::2], steps[2::2], strict=True):
        label = re.match(r"\n:label: (\S+)", step) if "math" in fence else None
        assert not label or "{implements}" in step or label[1] in cited, (
            f"{label[1]} names no function and nothing refers to it"
        )


@each_chapter
def test_exercises_of_every_kind(path):
    """One to derive by pencil, one to build, one that is open; and all three levels."""
    found = re.findall(r"^`+\{exercise\} .*\n:label: .*\n:class: (.*)$", prose(path), re.MULTILINE)
    assert len(found) == len(labels(prose(path), "exercise")), "an exercise without a class"
    levels, kinds = (set(column) for column in zip(*map(exercise_labels.read, found), strict=True))
    assert kinds == set(exercise_labels.KINDS), "an exercise by pencil, one to build, one that is open"
    assert levels == set(exercise_labels.LEVELS), "a warm-up, a standard exercise and a project"


@pytest.mark.parametrize("path", PAGES, ids=sources.name)
def test_exercises_have_solutions(path):
    exercises = [label for _, label in labels(prose(path), "exercise")]
    assert all(exercises), "an exercise without a label"
    assert sorted(label[0] for label in exercises) == sorted(
        argument for argument, _ in labels(prose(path), "solution")
    )


def test_bibliography_is_cited_and_nothing_else():
    entries = re.findall(r"^@\w+\{([^,\s]+),", (BOOK / "references.bib").read_text("utf-8"), re.MULTILINE)
    groups = [group for path in PAGES for group in re.findall(r"\{cite(?::\w+)?\}`([^`]+)`", prose(path))]
    assert sorted(entries) == sorted({key.strip() for group in groups for key in group.split(",")})


def bibliography(path):
    """Return {key: {field: value}} of a BibTeX file."""
    return {key: dict(entry.fields) for key, entry in parse_file(path).entries.items()}


ADDRESSES = {"doi": r"10\.\d{4,}/[^\s{},]+", "url": r"https://(?!(dx\.)?doi\.org)[^\s{},]+"}
UNCONFIRMED = "its DOI could not be confirmed"
WITHOUT = {  # sources that the bibliography cannot link to
    "blach2022": UNCONFIRMED,
    "dai2018": UNCONFIRMED,
    "gogolin1976": "the journal gave no DOIs",
    "goodman2005": "the book has no DOI",
    "kappus1981": UNCONFIRMED,
    "knapp1984": UNCONFIRMED,
    "spano1989": UNCONFIRMED,
    "sun2023": UNCONFIRMED,
    "thouless1972": UNCONFIRMED,
    "thouless1973": UNCONFIRMED,
}


def test_every_source_has_an_address():
    entries = bibliography(BOOK / "references.bib")
    assert {key for key, fields in entries.items() if not fields.keys() & ADDRESSES.keys()} == set(WITHOUT)
    for key, fields in entries.items():
        for field in fields.keys() & ADDRESSES.keys():
            assert re.fullmatch(ADDRESSES[field], fields[field]), f"{field} of {key}: {fields[field]}"


def test_no_two_sources_share_a_doi():
    entries = bibliography(BOOK / "references.bib").values()
    dois = [fields["doi"].lower() for fields in entries if "doi" in fields]
    assert [doi for doi in dois if dois.count(doi) > 1] == []


def test_paper_and_book_give_a_source_the_same_doi():
    ours, papers = bibliography(BOOK / "references.bib"), bibliography(ROOT / "paper.bib")
    shared = ours.keys() & papers.keys()
    assert shared
    assert {key: ours[key].get("doi") for key in shared} == {key: papers[key].get("doi") for key in shared}


@pytest.mark.parametrize("path", PAGES, ids=sources.name)
def test_nothing_is_unfinished(path):
    unfinished = r"\b(TODO|FIXME|XXX|TBD|[Ll]orem ipsum|[Cc]oming soon|[Tt]o be (written|done|added))\b"
    assert not re.search(unfinished, prose(path))


def public_modules():
    """Packages are heads alone, but for `exact`, which offers what its private modules define."""
    found = pkgutil.walk_packages(frenkel.__path__, "frenkel.")
    found = (module.name for module in found if not module.ispkg or module.name == "frenkel.exact")
    return [name for name in found if "._" not in name and ".explore" not in name]


@each_notebook
def test_no_number_comes_from_an_explorer(path):
    """So a changed explorer leaves the chapters' outputs as they are."""
    for cell in code_cells(path):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("frenkel.explore"):
                assert [alias.name for alias in node.names] == ["EXPLORERS"], cell.source
        if "EXPLORERS[" in cell.source:
            assert is_explorer(cell), f"show an explorer, do not compute with it:\n{cell.source}"


def test_library_reference_covers_every_module():
    listed = re.findall(r"automodule:: ([\w.]+)", prose(BOOK / "pages" / "library.md"))
    assert sorted(listed) == sorted(public_modules())


def test_notation_names_real_arguments():
    """What stands under «In code» is an argument, a field or a function of the library."""
    names = set()
    for module in map(importlib.import_module, public_modules()):
        for name, thing in vars(module).items():
            if inspect.isfunction(thing) or (inspect.isclass(thing) and thing.__module__ == module.__name__):
                names |= {name, *inspect.signature(thing).parameters}
    named = set()
    for table in re.split("^#+ .*", prose(BOOK / "pages" / "notation.md"), flags=re.MULTILINE):
        rows = re.findall(r"^\| (\$.*) \| .* \| .* \| (.*?) ?\|$", table, re.MULTILINE)
        symbols = [symbol for symbol, _ in rows]
        assert len(symbols) == len(set(symbols))
        named |= {name for _, code in rows for name in re.findall(r"`(\w+)`", code)}
    assert len(named) > 10 and named <= names, named - names
