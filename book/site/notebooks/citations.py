"""Works that a chapter cites, by author and year, and as a list at its end; from `book/references.bib`."""

import re
from functools import cache

from pybtex.database import parse_file
from pybtex.plugin import find_plugin

from . import sources
from .sources import Trouble


@cache
def works():
    return parse_file(str(sources.BOOK / "references.bib")).entries


@cache
def _style_and_backend():
    return find_plugin("pybtex.style.formatting", "unsrt")(), find_plugin("pybtex.backends", "markdown")()


def authors(key):
    """Return who wrote a work, as one says it: Moix et al."""
    if key not in works():
        raise Trouble(f"no work `{key}` in references.bib")
    people = works()[key].persons.get("author") or works()[key].persons.get("editor") or []
    names = [re.sub(r"[{}]", "", " ".join([*each.prelast_names, *each.last_names])) for each in people]
    if len(names) > 2 or names[1:] == ["others"]:
        return f"{names[0]} et al."
    return " and ".join(names)


def year(key):
    return works()[key].fields["year"]


def reference(key):
    """Return a work as the list at the end of a chapter has it, in Markdown."""
    style, backend = _style_and_backend()
    (entry,) = style.format_entries([works()[key]])
    text = entry.text.render(backend)
    return re.sub(r"\\([.\-])", r"\1", text).replace("\n", " ")  # no more escapes than needed
