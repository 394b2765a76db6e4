"""What `make new-chapter`, `new-exercise` and `new-task` write keeps all rules but one: it is unfinished."""

import implements
import pytest
import test_book
import test_tasks
from conftest import ROOT
from notebooks import execute, labels, names, skeletons, sources, tasks

PLACES = "      - file: book/chapters/12-last\n      - file: book/pages/glossary\n"
TOC = f"root: book/index\nparts:\n  - chapters:\n{PLACES}"


@pytest.fixture
def book(tmp_path, monkeypatch):
    """A repository with one chapter, in place of ours."""
    monkeypatch.delenv("CI", raising=False)  # there nothing is recorded
    ours, terms = labels.book(), labels.terms()  # what the text refers to is in our book
    monkeypatch.setattr(labels, "book", lambda: ours)
    monkeypatch.setattr(labels, "terms", lambda: terms)
    monkeypatch.setattr(names, "has_test", lambda test: True)
    monkeypatch.setattr(sources, "ROOT", tmp_path)
    monkeypatch.setattr(sources, "BOOK", tmp_path / "book")
    monkeypatch.setattr(tasks, "FOLDER", tmp_path / "book" / "tasks")
    monkeypatch.setattr(execute, "MARKS", tmp_path / "marks")
    (tmp_path / "book" / "chapters").mkdir(parents=True)
    (tmp_path / "book" / "chapters" / "12-last.nb.md").write_text("# Last\n", "utf-8")
    (tmp_path / "_toc.yml").write_text(TOC, "utf-8")
    (tmp_path / "_config.yml").write_text((ROOT / "_config.yml").read_text("utf-8"), "utf-8")
    labels.toc.cache_clear()
    yield
    labels.toc.cache_clear()


def test_a_new_chapter_keeps_the_rules(book, monkeypatch):
    path = skeletons.new_chapter("quantum-phonons")
    assert path.name == "13-quantum-phonons.nb.md"
    contents = (sources.ROOT / "_toc.yml").read_text("utf-8").split()
    assert contents[contents.index("book/chapters/12-last") + 3] == "book/chapters/13-quantum-phonons"
    assert execute.execute([path]) == []
    test_book.test_what_is_recorded_belongs_to_cells_and_figures(path)
    test_book.test_only_figures_and_explorers_escape_comparison(path)
    test_book.test_headline_numbers_are_compared(path)
    test_book.test_figures_have_caption_name_and_alternative_text(path)
    test_book.test_chapter_holds_what_every_chapter_holds(path)
    test_book.test_equations_are_computed_or_used(path)
    test_book.test_exercises_have_solutions(path)
    test_book.test_exercises_of_every_kind(path)
    test_book.test_no_number_comes_from_an_explorer(path)
    with pytest.raises(AssertionError):
        test_book.test_nothing_is_unfinished(path)


def test_the_equation_of_a_new_chapter_has_its_function_and_test():
    function, test = skeletons.CHAPTER.split("{{implements}}`")[1].split("`")[0].split(" ")
    assert implements.find_function(function)
    assert implements.has_test(test)


def test_a_new_exercise_stands_behind_the_last(book):
    path = skeletons.new_chapter("baths")
    before = path.read_text("utf-8")
    assert skeletons.new_exercise("baths", "too-cold", "project", "build") == path
    text = path.read_text("utf-8")
    assert ":label: ex-baths-too-cold\n:class: project build\n" in text
    labels = [label for _, label in test_book.labels(text, "exercise")]
    assert labels[-1] == ["ex-baths-too-cold"] and len(labels) == 5
    assert text.startswith(before.rstrip("\n"))
    test_book.test_exercises_have_solutions(path)


def test_a_new_exercise_stands_behind_a_solution_that_holds_a_program(book):
    """Such a solution has a longer fence; a chapter takes no more exercises than it may have."""
    path = skeletons.new_chapter("baths")
    for name in ("fifth", "sixth", "seventh", "eighth"):
        skeletons.new_exercise("baths", name, "standard", "build")
        found = [label for _, label in test_book.labels(path.read_text("utf-8"), "exercise")]
        assert found[-1] == [f"ex-baths-{name}"]
    test_book.test_exercises_have_solutions(path)
    assert path.read_text("utf-8").count("```python\nprint(") == 5  # with the one of a new chapter
    with pytest.raises(sources.Trouble, match="fewer than 8 exercises"):
        skeletons.new_exercise("baths", "ninth")


def test_a_new_task_passes_its_tests(book):
    """Its statement stands in the chapter, and its solution, starter and mistakes are told apart at once."""
    tasks.FOLDER.mkdir()
    for name in ("doubled", "twice_doubled"):
        file = skeletons.new_task("last", name)
        assert f"```{{task}} {name}\n" in sources.find("last").read_text("utf-8")
        found = tasks.of("last")[name]
        test_tasks.test_the_solution_passes_and_the_starter_does_not((file, name, found))
        for index in range(len(found.mistakes)):
            test_tasks.test_a_mistake_gets_its_own_words(found, name, index)
    with pytest.raises(sources.Trouble, match="must be new"):
        skeletons.new_task("last", "doubled")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: skeletons.new_task("nowhere", "x"), "CHAPTER must be one of last, but is 'nowhere'"),
        (lambda: skeletons.new_task("last", "two-words"), "joined by '_'"),
        (lambda: skeletons.new_chapter("last"), "must be new"),
        (lambda: skeletons.new_chapter("My Chapter"), "small letters"),
        (lambda: skeletons.new_exercise("nowhere", "x"), "CHAPTER must be one of last, but is 'nowhere'"),
        (lambda: skeletons.new_exercise("last", "7"), "small letters"),
        (lambda: skeletons.new_exercise("last", "x", "hard"), "but is 'hard pencil'"),
    ],
)
def test_a_bad_name_is_told(book, call, words):
    with pytest.raises(sources.Trouble, match=words):
        call()


def test_a_new_explorer_runs(tmp_path, monkeypatch):
    """What is written is an explorer at once, in every layout and theme."""
    from frenkel.explore import EXPLORERS, figures
    from frenkel.explore.hosts import picture

    path = skeletons.new_explorer("two_rings", tmp_path)
    monkeypatch.setattr(figures, "__path__", [*figures.__path__, str(path.parent)])
    explorer = EXPLORERS["two_rings"]
    for layout in picture.LAYOUTS:
        picture.Picture(explorer, layout, "dark").draw(explorer.run())
    sentence = explorer.read_out(explorer.run(dephasing=2.0)).replace("\N{NO-BREAK SPACE}", "~")
    assert sentence == "At Γ~=~2.00 the MSD is 19.0 at t~=~10."
    complaints = {"two_rings": "must be new", "Two": "small letters", "two-rings": "joined by '_'"}
    for wrong, words in complaints.items():
        with pytest.raises(sources.Trouble, match=words):
            skeletons.new_explorer(wrong, tmp_path)
