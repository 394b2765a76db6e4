"""Sphinx extension: the code of a cell stands in a fold whose name says what it is.

Code that its author has folded (`hide-input`) waits there for who wants it. All other code is open; on a
narrow page the script that lean.py writes into the page's head shuts it before anything is painted; site.js
opens it again for paper and for a wide page. Without scripts it stays open.
"""

import ast

from docutils import nodes
from notebooks import recorded, sources
from sphinx.transforms.post_transforms import SphinxPostTransform

MOST = 4  # names in that of a fold
VERB = '<span class="when-shut">Show</span><span class="when-open">Hide</span>'


class fold(nodes.General, nodes.Element):
    """A `<details>` around a cell's code: `words` name it, `hidden` says that its author has folded it."""


def names(body):
    """Return the names to which statements give values, in their order."""
    given = (part for each in body for part in ast.walk(each) if isinstance(part, ast.Assign))
    targets = (part for each in given for target in each.targets for part in ast.walk(target))
    stored = (part.id for part in targets if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store))
    return list(dict.fromkeys(stored))


def words_for(cell, printed):
    """Return what a cell's code is, as HTML: what it makes, what it defines, or what it prints."""
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
    if printed:
        return "what is printed below"
    made = names(body)
    more = ", …" if len(made) > MOST else ""
    return ", ".join(f"<code>{name}</code>" for name in made[:MOST]) + more


class FoldCode(SphinxPostTransform):
    """Put the code of every cell into its fold."""

    default_priority = 190  # before myst_nb would fold it, at 199
    formats = ("html",)

    def run(self, **kwargs):
        path = sources.ROOT / self.env.doc2path(self.env.docname, False)
        cells = sources.read(path).cells if path.name.endswith(sources.SUFFIX) else []
        printed = recorded.printed(recorded.folder(path)) if cells else {}
        for node in list(self.document.findall(nodes.container)):
            if node.get("nb_element") != "cell_code" or not node.children:
                continue
            code = node.children[0]
            if code.get("nb_element") != "cell_code_source":
                continue
            cell = cells[node["cell_index"]]
            words = words_for(cell, printed.get(cell.id))
            around = fold(words=words, hidden=bool(node.get("hide_mode")))
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
