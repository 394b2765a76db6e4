"""Chapters as their authors write them: MyST Markdown with `{code-cell}` blocks.

    ```{code-cell}
    :id: 7688798d
    :tags: [hide-input]

    import frenkel
    ```

A cell that draws a figure says under `mystnb` how the page shows it: name, caption, width and alternative
text. Every cell has an `id`, by which its output is recorded and the ledger finds it.
"""

import copy
import re
from functools import cache, lru_cache
from pathlib import Path

import yaml
from myst_nb.core.read import MystMetadataParsingError, read_myst_markdown_notebook
from myst_parser.config.main import MdParserConfig

from . import thread

ROOT = Path(__file__).resolve().parents[3]
BOOK = ROOT / "book"
SUFFIX = ".nb.md"
EXPLORER = re.compile(r"""EXPLORERS\[["'](\w+)["']\]""")


class Trouble(Exception):
    """What is wrong with a chapter, in words."""


def chapters(book=None):
    """Return the paths of all chapters, the landing page first."""
    book = book or BOOK
    return [*book.glob(f"index{SUFFIX}"), *sorted((book / "chapters").glob(f"*{SUFFIX}"))]


def stem(path):
    """Return `07-enaqt` for `…/07-enaqt.nb.md`."""
    return path.name.removesuffix(SUFFIX)


def name(path):
    """Return `enaqt` for `…/07-enaqt.nb.md`: what links, the ledger and `make` call a chapter or a page."""
    return re.sub(r"^\d+-", "", Path(path).name.partition(".")[0])


def names(book=None):
    """Return the names of all chapters, as a sentence lists them."""
    return ", ".join(map(name, chapters(book)))


def find(chapter, book=None):
    """Return the path of the chapter with this name, or None; a number before it and its file do, too."""
    plain = re.sub(r"^(.*/)?(\d\d-)?|(\.nb)?\.md$", "", chapter)
    return next((path for path in chapters(book) if name(path) == plain), None)


@cache
def markdown():
    settings = yaml.safe_load((ROOT / "_config.yml").read_text("utf-8"))["sphinx"]["config"]
    return MdParserConfig(enable_extensions=set(settings["myst_enable_extensions"]))


@lru_cache(maxsize=64)
def _parse(text):
    notebook = read_myst_markdown_notebook(text, markdown(), add_source_map=True)
    seen = set()
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            cell.id = str(cell.metadata.pop("id", ""))
            if not re.fullmatch(r"[\w-]{1,64}", cell.id) or cell.id in seen:
                line = notebook.metadata.source_map[number - 1]
                raise Trouble(f"line {line}: a code cell needs an `id` of its own, but has {cell.id!r}")
            seen.add(cell.id)
        else:
            cell.id = f"text-{number}"
    return notebook


def read(path):
    """Return the notebook, without outputs, that a chapter's file describes."""
    notebook = _read(path)
    if thread.code(notebook, thread.BEFORE):
        thread.fill(notebook, map(_read, before(path)))
    return notebook


def _read(path):
    try:
        return copy.deepcopy(_parse(path.read_text("utf-8")))
    except (Trouble, MystMetadataParsingError) as error:
        raise Trouble(f"{path.name}: {error}") from None


def before(path):
    """Return the paths of the chapters before one."""
    return sorted(other for other in path.parent.glob(f"*{SUFFIX}") if other.name < path.name)


def explorer(cell):
    """Return the name of the explorer that a cell shows, or None."""
    found = EXPLORER.search(cell.source) if cell.cell_type == "code" else None
    return found[1] if found else None


def figure(cell):
    """Return the name of the figure that a cell draws, or None."""
    return cell.metadata.get("mystnb", {}).get("figure", {}).get("name")
