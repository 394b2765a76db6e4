"""A project others can join and cite: one version, one address, forms, and a paper that invents nobody."""

import importlib.metadata
import re
import subprocess
import tomllib

import frenkel
import pytest
import yaml
from conftest import BLAS, ROOT
from course import master
from notebooks import labels

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
BOOK_ADDRESS = CONFIG["html"]["baseurl"]
SOURCE = CONFIG["repository"]["url"]
# Files that cannot read a setting, and what each must say.
REPEATED = {
    "CITATION.cff": (BOOK_ADDRESS, SOURCE),
    "README.md": (BOOK_ADDRESS,),
    "book/site/root/404.html": (BOOK_ADDRESS,),
    "paper.md": (BOOK_ADDRESS, SOURCE),
    "pyproject.toml": (BOOK_ADDRESS, SOURCE),
    ".github/ISSUE_TEMPLATE/config.yml": (BOOK_ADDRESS, SOURCE),
}
# The addresses of a book on GitHub Pages and of its source, whosever they are.
PAGES = re.compile(r"https://[\w-]+\.github\.io/[\w.-]+/?")
PAPER_WORDS = range(900, 1201)  # the journal asks for about 1000
PAPER_SECTIONS = (
    "Summary",
    "Statement of need",
    "Audience",
    "Learning objectives",
    "Content",
    "Instructional design",
    "How to adopt it",
    "Experience of use",
    "Story of the project",
    "Acknowledgments",
    "References",
)


def text_of(name):
    return (ROOT / name).read_text("utf-8")


# Version


def test_version_stands_in_one_place():
    assert PYPROJECT["project"]["dynamic"] == ["version"] and "version" not in PYPROJECT["project"]
    assert PYPROJECT["tool"]["hatch"]["version"]["path"] == "lib/frenkel/__init__.py"
    assert CITATION["version"] == frenkel.__version__
    assert f"-{frenkel.__version__}-" in master.WHEEL


def test_installed_version_is_the_one_of_the_source():
    installed = importlib.metadata.version("frenkel")
    assert installed == frenkel.__version__, "run `.venv/bin/python -m pip install -e .`"


def test_changelog_has_the_version_on_top():
    headings = re.findall(r"^## (.+)$", text_of("CHANGELOG.md"), re.MULTILINE)
    released = [heading for heading in headings if heading != "Unreleased"]
    assert headings in (released, ["Unreleased", *released])
    assert re.fullmatch(re.escape(frenkel.__version__) + r" \(\d{4}-\d\d-\d\d\)", released[0])


def test_release_compares_the_tag_with_the_version():
    step = next(line for line in text_of(".github/workflows/release.yml").splitlines() if "grep -qx" in line)
    command = step.split("run: ")[1]
    for tag, code in ((f"v{frenkel.__version__}", 0), ("v0.0.1", 1)):
        done = subprocess.run(["bash", "-c", command], cwd=ROOT, env={"GITHUB_REF_NAME": tag}, check=False)
        assert done.returncode == code, tag


# Names and addresses


@pytest.mark.parametrize("name", REPEATED)
def test_file_says_the_addresses_of_the_settings(name):
    text = text_of(name)
    missing = [address for address in REPEATED[name] if address not in text]
    assert not missing, f"{name} does not say what _config.yml does"
    assert set(PAGES.findall(text)) <= {BOOK_ADDRESS}


def test_nothing_else_repeats_an_address():
    """Whatever can read the settings does; a new copy of an address belongs into REPEATED."""
    options = ["--no-index", "--exclude-standard", "-lIF", "-e", BOOK_ADDRESS.rstrip("/"), "-e", SOURCE]
    listed = subprocess.run(["git", "grep", *options], cwd=ROOT, capture_output=True, text=True)
    assert set(listed.stdout.split()) - {"_config.yml"} == set(REPEATED), listed.stderr


def test_citation_and_package_name_what_the_settings_name():
    assert (CITATION["url"], CITATION["repository-code"]) == (BOOK_ADDRESS, SOURCE)
    assert PYPROJECT["project"]["urls"] == {"Book": BOOK_ADDRESS, "Source": SOURCE}
    author = {"name": CONFIG["author"]}
    assert PYPROJECT["project"]["authors"] == [author] and f", {CONFIG['author']}\n" in text_of("LICENSE")


def test_issue_forms_lead_to_the_settings_addresses():
    links = yaml.safe_load(text_of(".github/ISSUE_TEMPLATE/config.yml"))["contact_links"]
    assert all(link["url"].startswith((BOOK_ADDRESS, SOURCE + "/")) for link in links)


def test_notebooks_and_pages_follow_the_settings(tmp_path):
    moved = tmp_path / "_config.yml"
    text = text_of("_config.yml").replace(BOOK_ADDRESS, "https://uni.example/book/")
    text = text.replace(SOURCE, "https://github.com/uni/excitons", 1).replace(" main\n", " trunk\n", 1)
    moved.write_text(text)
    assert labels.site(moved) == "https://uni.example/book/"
    assert master.site(moved) == "https://uni.example/book"
    options = yaml.safe_load(moved.read_text("utf-8"))["sphinx"]["config"]["html_theme_options"]
    assert options["repository_url"] == "https://github.com/uni/excitons"
    assert options["repository_branch"] == "trunk"


# Pages for those who join


def test_pages_for_those_who_join_link_to_each_other():
    for name in ("CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "SUPPORT.md", "SECURITY.md", "README.md"):
        for target in re.findall(r"\]\((?!http)([^)#]+)\)", text_of(name)):
            assert (ROOT / target).exists(), f"{name} links to {target}"
    assert re.search(r"^\*\*Contact\.\*\*", text_of("CONTRIBUTING.md"), re.MULTILINE)


def test_checklist_names_commands_that_exist():
    targets = set(re.findall(r"^([a-z-]+):", text_of("Makefile"), re.MULTILINE))
    for name in (".github/pull_request_template.md", "CONTRIBUTING.md"):
        assert set(re.findall(r"`make ([a-z-]+)", text_of(name))) <= targets


@pytest.mark.parametrize("target", ["grade", "similar", "prove"])
def test_wrong_assignment_is_told_before_the_grader_is_set_up(tmp_path, target):
    (tmp_path / "Makefile").symlink_to(ROOT / "Makefile")
    (tmp_path / "book").symlink_to(ROOT / "book")
    command = ["make", "--no-print-directory", target, "ASSIGNMENT=1-couplin"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    names = " ".join(master.names())
    assert (done.returncode, done.stdout) == (2, f"ASSIGNMENT must be of {names}, but is 1-couplin.\n")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Makefile", "book"]


# pre-commit


def test_pre_commit_runs_what_the_tests_begin_with():
    """The tools of the environment, so their versions are the pinned ones."""
    (repo,) = yaml.safe_load(text_of(".pre-commit-config.yaml"))["repos"]
    hooks = repo["hooks"]
    assert [hook["id"] for hook in hooks] == ["ruff", "chapters", "codespell"]
    recipe = text_of("Makefile").replace("$(PY)", "$(VENV)/bin/python").replace("$(VENV)", ".venv")
    pins = dict(re.findall(r"^([\w-]+)==(\S+)", text_of("requirements.txt"), re.MULTILINE))
    for hook in hooks:
        assert hook["language"] == "system" and hook["pass_filenames"] is False
        assert f"\n{hook['entry']}\n" in recipe, "another command than `make test` runs"
    for tool in ("ruff", "codespell"):
        assert importlib.metadata.version(tool) == pins[tool]


@pytest.mark.parametrize(("file", "line"), [("new.py", "import os\n"), ("new.md", "T" + "eh book.\n")])
def test_pre_commit_stops_a_bad_commit(tmp_path, file, line):
    written = (".pre-commit-config.yaml", "pyproject.toml")
    for name in written:
        (tmp_path / name).write_text(text_of(name))
    for name in (".venv", "book"):
        (tmp_path / name).symlink_to(ROOT / name)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    for content, code in (("# Fine.\n", 0), (line, 1)):
        (tmp_path / file).write_text(content)
        subprocess.run(["git", "add", file, *written], cwd=tmp_path, check=True)
        done = subprocess.run([".venv/bin/pre-commit", "run"], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == code, done.stdout + done.stderr


# The paper


def paper():
    """Return the metadata and the text of the paper."""
    _, head, body = text_of("paper.md").split("---\n", 2)
    return yaml.safe_load(head), body


def test_paper_has_the_sections_and_the_length_that_the_journal_asks_for():
    metadata, body = paper()
    assert re.findall(r"^# (.+)$", body, re.MULTILINE) == list(PAPER_SECTIONS)
    assert len(body.split()) in PAPER_WORDS
    assert metadata["title"] == CITATION["title"] and metadata["bibliography"] == "paper.bib"


def test_paper_names_nobody_whom_the_citation_does_not():
    metadata, _ = paper()
    known = {f"{a['given-names']} {a['family-names']}" for a in CITATION["authors"] if "family-names" in a}
    assert {author["name"] for author in metadata["authors"]} <= known
    named = {str(index) for author in metadata["authors"] for index in str(author["affiliation"]).split(",")}
    assert named == {str(affiliation["index"]) for affiliation in metadata["affiliations"]}


def entries_of(name):
    """Return {key: fields as text} of a BibTeX file."""
    return dict(re.findall(r"^@\w+\{([^,\s]+),(.*?)^\}", text_of(name), re.MULTILINE | re.DOTALL))


def test_paper_cites_what_its_bibliography_has():
    _, body = paper()
    entries, shared = entries_of("paper.bib"), entries_of("book/references.bib")
    assert set(re.findall(r"@(\w+)", body)) == set(entries)
    for key, entry in entries.items():
        assert re.search(r"doi\s*= \{10\.\d{4,}/\S+\}", entry), f"{key} has no DOI"
    for key in set(entries) & set(shared):  # written twice, since the journal builds from paper.bib alone
        assert shared[key].strip().rstrip(",") in entries[key], f"{key} differs from the book's"


def test_a_test_uses_one_core():
    """Also without xdist, whose workers get it from their environment: see `conftest.py`."""
    assert [library.scipy_openblas_get_num_threads64_() for library in BLAS] == [1] * len(BLAS)
