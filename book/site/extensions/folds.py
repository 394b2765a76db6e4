"""Sphinx extension: the code of a cell stands in a fold whose name says what it is.

Code that its author has folded (`hide-input`) waits there for who wants it. All other code is open; on a
narrow page the script that lean.py writes into the page's head shuts it before anything is painted; site.js
opens it again for paper and for a wide page. Without scripts it stays open.
"""

import ast
from html import escape

from docutils import nodes
from notebooks import sources
from sphinx.transforms.post_transforms import SphinxPostTransform

LONGEST = 48  # characters of a line of code that names a fold
VERB = '<span class="when-shut">Show</span><span class="when-open">Hide</span>'


class fold(nodes.General, nodes.Element):
    """A `<details>` around a cell's code: `words` name it, `hidden` says that its author has folded it."""


def words_for(cell):
    """Return what a cell's code is, as HTML: what it makes, what it defines, or how it begins."""
    if sources.figure(cell):
        return "the figure below"
    if sources.explorer(cell):
        return "the explorer below"
    if "table" in cell.metadata:
        return "the table below"
    body = ast.parse(cell.source).body
    functions = [part.name for part in body if isinstance(part, ast.FunctionDef)]
    if functions:
        return ", ".join(f"<code>{name}()</code>" for name in functions)
    if all(isinstance(part, ast.Import | ast.ImportFrom) for part in body[:1]):
        return "what this page begins with"
    if isinstance(body[0], ast.Expr):
        return "what is printed below"
    first = ast.unparse(body[0]).partition("\n")[0]
    return f"<code>{escape(first if len(first) <= LONGEST else f'{first[: LONGEST - 1]}…')}</code>"


class FoldCode(SphinxPostTransform):
    """Put the code of every cell into its fold."""

    default_priority = 190  # before myst_nb would fold it, at 199
    formats = ("html",)

    def run(self, **kwargs):
        path = sources.ROOT / self.env.doc2path(self.env.docname, False)
        cells = sources.read(path).cells if path.name.endswith(sources.SUFFIX) else []
        for node in list(self.document.findall(nodes.container)):
            if node.get("nb_element") != "cell_code" or not node.children:
                continue
            code = node.children[0]
            if code.get("nb_element") != "cell_code_source":
                continue
            around = fold(words=words_for(cells[node["cell_index"]]), hidden=bool(node.get("hide_mode")))
            node["hide_mode"] = ""
            node.replace(code, around)
            around.append(code)


def visit_fold(writer, node):
    kind = "code-fold hide" if node["hidden"] else "code-fold"
    state = "" if node["hidden"] else " open"
    name = f"{VERB} the code: {node['words']}"
    writer.body.append(f'<details class="{kind}"{state}><summary>{name}</summary>\n')


def depart_fold(writer, node):
    writer.body.append("</details>\n")


def setup(app):
    app.add_node(fold, html=(visit_fold, depart_fold))
    app.add_post_transform(FoldCode)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
