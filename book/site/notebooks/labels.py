"""What the labels of the book stand for: numbers of equations, figures, exercises; titles, terms, addresses.

They are counted as Sphinx counts them for the pages; `tests/site/test_notebooks.py` compares both.
"""

import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from . import myst, sources
from .sources import Trouble

CONFIG = sources.ROOT / "_config.yml"
NESTING = (
    "exercise",
    "solution",
    "admonition",
    "prediction",
    "task",
)  # directives whose text has blocks of its own


class Page(NamedTuple):
    """A chapter or another page; its labels lead to what a reference shows."""

    title: str  # Markdown
    number: int | None  # of a chapter
    address: str
    equations: dict  # {label: "7.3"}
    figures: dict
    exercises: dict  # {label: ("7.1", title)}
    targets: dict  # {label: title of the section}


@cache
def settings(config=CONFIG):
    """Return Jupyter Book's configuration."""
    return yaml.safe_load(config.read_text("utf-8"))


def site(config=CONFIG):
    """Return the address of the published book, with a slash at its end."""
    return settings(config)["html"]["baseurl"].rstrip("/") + "/"


def repository(path):
    """Return the address of a file in the repository."""
    repository = settings()["repository"]
    return f"{repository['url']}/blob/{repository['branch']}/{path}"


@cache
def toc():
    """Return {page: number of the chapter or None}, pages by their paths without a suffix, in their order."""
    contents = yaml.safe_load((sources.ROOT / "_toc.yml").read_text("utf-8"))
    pages, count = {contents["root"]: None}, 0
    for part in contents["parts"]:
        for chapter in part["chapters"]:
            count += "numbered" in part
            pages[chapter["file"]] = count if "numbered" in part else None
    return pages


def heading(text):
    """Return the text of a heading without its marks."""
    return text.strip().lstrip("#").strip()


def read(path, cells):
    """Return the page that a file with these cells is."""
    stem = Path(path).name.partition(".")[0]
    place = next((page for page in toc() if Path(page).name == stem), f"book/chapters/{stem}")
    page = Page("", toc().get(place), f"{site()}{place}.html", {}, {}, {}, {})
    waiting, titles = [], []  # targets whose heading is still to come; headings

    def count(kind):
        return f"{page.number}.{len(kind) + 1}" if page.number else f"{len(kind) + 1}"

    def walk(text):
        for block in myst.blocks(text):
            label = block.options.get("label")
            if block.kind == "target":
                waiting.append(block.text)
            elif block.kind == "heading":
                titles.append(heading(block.text))
                page.targets.update(dict.fromkeys(waiting, titles[-1]))
                waiting.clear()
            elif block.name == "math" and label:
                page.equations[label] = count(page.equations)
            elif block.name == "drawing":
                page.figures[f"drawing-{block.argument}"] = count(page.figures)
            elif block.name == "exercise":
                page.exercises[label] = count(page.exercises), block.argument
            if block.kind == "directive" and block.name in NESTING:
                walk(block.text)

    for cell in cells:
        if cell.cell_type == "markdown":
            walk(cell.source)
        elif figure := sources.figure(cell):
            page.figures[figure] = count(page.figures)
    return page._replace(title=titles[0] if titles else stem)


@cache
def book():
    """Return {name: page} of the whole book."""
    pages = {}
    for place in toc():
        path = next(sources.ROOT.glob(f"{place}.*md"))
        pages[sources.name(path)] = read(path, sources.read(path).cells)
    return pages


def lookup(kind, label, here):
    """Return (what a label stands for, address) from the page `here` or from another one."""
    mine = getattr(here, kind)
    if label in mine:
        return mine[label], f"#{label}"
    for page in book().values():
        if label in getattr(page, kind):
            return getattr(page, kind)[label], f"{page.address}#{'equation-' * (kind == 'equations')}{label}"
    raise Trouble(f"no label `{label}` among the {kind} of the book")


@cache
def terms():
    """Return {term: its address} of the glossary, small letters."""
    page, text = book()["glossary"], sources.ROOT / "book" / "pages" / "glossary.md"
    (entries,) = (block.text for block in myst.blocks(text.read_text("utf-8")) if block.name == "glossary")
    found = [line for line in entries.split("\n") if line[:1].strip()]
    return {term.lower(): f"{page.address}#term-{anchor(term)}" for term in found}


def anchor(term):
    """Return the anchor that Sphinx gives to a term."""
    ascii_only = unicodedata.normalize("NFKD", term).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-zA-Z0-9._]+", "-", ascii_only).strip("-")
