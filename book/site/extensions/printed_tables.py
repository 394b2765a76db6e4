"""Sphinx extension: rows that a cell has printed stand in the page as a table with caption and heads.

Which rows, and how they are read, says notebooks/tables.py. What else the cell has printed stays as it was
printed; the whole text is kept beside it, for a run in the page is compared with it.
"""

import json
import re

from docutils import nodes
from notebooks import recorded, sources, tables
from notebooks.claims import readable
from quiz import html
from search import spoken
from sphinx.errors import ExtensionError

SHORT = 16  # characters of an entry that stays on one line
FEW = 3  # words of a head that a narrow column holds below each other
NUMBER = re.compile(r"[-−+]?[\d.,]+(e[-+]?\d+)?%?( ?± ?<?[\d.]+)?|[-−–]?")


def in_type(words):
    """Return printed words as they are set, with minus signs, powers of ten and room around ±."""
    words = re.sub(r"(?<![\w.])-(0\.0+)(?![\d.e])", r"\1", words)
    words = re.sub(r"(?<![\w.])-?\d[\d.]*(e[-+]\d+)?", lambda found: readable(found[0]), words)
    return re.sub(r"(?<=\d) ?± ?(?=\d)", " ± ", words)


def entry(words):
    """Return the nodes of an entry: printed words as they are set, `D_s` with its subscript."""
    parts = re.split(r"(?<=\b[A-Za-z])_([A-Za-z]+)\b", in_type(words))
    return [
        html("sub", nodes.Text(part)) if index % 2 else nodes.Text(part) for index, part in enumerate(parts)
    ]


def inline(text):
    """Return text in which formulas stand between dollars as nodes."""
    parts = re.split(r"\$(.+?)\$", text)
    return [nodes.math(part, part) if index % 2 else nodes.Text(part) for index, part in enumerate(parts)]


def head_of(name):
    """Return the head of a column, formulas also as text: checkers of pages take MathML for none."""
    parts = []
    for part in inline(name):
        if isinstance(part, nodes.math):
            parts.append(html("span", part, aria_hidden="true"))
            part = html("span", nodes.Text(spoken(part)), class_="visually-hidden")
        parts.append(part)
    return parts


def look(column):
    """Return how a column stands: numbers end below each other."""
    bare = (re.sub(r" %$| to [\d.]+$", "", word) for word in column)
    most = sum(bool(NUMBER.fullmatch(word)) for word in bare)
    return "number" if 2 * most > len(column) else "words"


def classes(kind, long):
    """Return the classes of a cell: a long one has some width where its table scrolls anyway."""
    return f"{kind} {'long' if long else 'short'}"


def body(table, kinds):
    """Return the rows in groups, each of which begins with what goes across it."""
    groups = [[]]
    for first, *others in table.rows:
        if len(table.head) > 1 and not others:
            name = html("th", *entry(first), scope="rowgroup", colspan=len(table.head))
            groups.append([html("tr", name)])
            continue
        about = {"scope": "row", "class_": classes(kinds[0], len(first) > SHORT)}
        name = html("th", *entry(first), **about) if first else html("td")
        cells = (
            html("td", *entry(words), class_=classes(kind, len(words) > SHORT))
            for words, kind in zip(others, kinds[1:], strict=True)
        )
        groups[-1].append(html("tr", name, *cells))
    return [html("tbody", *group) for group in groups if group]


def shown(table):
    """Return a table as HTML, in a box of its own that can scroll."""
    whole = [row for row in table.rows if len(row) == len(table.head)]
    kinds = [look(column) for column in zip(*whole, strict=True)]
    head = (
        html("th", *head_of(name), scope="col", class_=classes(kind, len(name.split()) > FEW))
        for name, kind in zip(table.head, kinds, strict=True)
    )
    caption, names = html("caption", html("span", *inline(table.caption))), html("thead", html("tr", *head))
    return html(
        "div",
        html("table", caption, names, *body(table, kinds), class_="printed"),
        class_="pst-scrollable-table-container",
    )


def sentences(text):
    """Return the class of printed lines that a narrow page may break, for they stand in no columns."""
    return [] if tables.aligned(text.split("\n")) else ["sentences"]


def pieces(text, found):
    """Yield what a cell has printed: tables as tables, the lines between them as they were printed."""
    lines, at = text.rstrip("\n").split("\n"), 0
    for table in [*found, None]:
        until = table.first if table else len(lines)
        if between := "\n".join(lines[at:until]):
            classes = ["output", "stream", *sentences(between)]
            yield nodes.literal_block(between, between, language="myst-ansi", classes=classes)
        if table:
            yield shown(table)
            at = table.last


def put_tables_in(app, doctree):
    """Show the marked rows of a chapter's cells as tables, and tell printed sentences from other rows."""
    env = app.env
    path = sources.ROOT / env.doc2path(env.docname, False)
    if not path.name.endswith(sources.SUFFIX):
        return
    cells, printed = sources.read(path).cells, recorded.printed(recorded.folder(path))
    for node in doctree.findall(nodes.container):
        if node.get("nb_element") != "cell_code":
            continue
        cell = cells[node["cell_index"]]
        try:
            found = tables.of(cell, printed.get(cell.id, ""))
        except sources.Trouble as trouble:
            raise ExtensionError(f"{path.name}: {trouble}") from None
        if found:
            output = node.children[-1]
            text = printed[cell.id]
            output.children = []
            output += html("div", *pieces(text, found), data_printed=json.dumps(text))
            continue
        for block in node.findall(nodes.literal_block):
            if "stream" in block["classes"]:
                block["classes"] += sentences(block.astext())


def setup(app):
    app.connect("doctree-read", put_tables_in)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
