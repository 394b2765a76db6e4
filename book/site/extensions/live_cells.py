"""Sphinx extension: the code cells of a chapter can be edited and run in its page.

The code is in the page already, in the open and in the folds; `cells.js` puts buttons below the cells, and
loads the rest when one is pressed. The notebooks know nothing of it.
"""

import live_site
from docutils import nodes
from notebooks import sources


def has_cells(app, pagename, doctree):
    """Tell whether a page is a chapter with code that is more than an explorer."""
    path = sources.ROOT / app.env.doc2path(pagename, False)
    if doctree is None or not path.name.endswith(sources.SUFFIX):
        return False
    cells = sources.read(path).cells
    shown = (node for node in doctree.findall(nodes.container) if node.get("nb_element") == "cell_code")
    return any(not sources.explorer(cells[node["cell_index"]]) for node in shown)


def add_assets(app, pagename, templatename, context, doctree):
    """Load the small script and the style on such a page."""
    if app.builder.format == "html" and has_cells(app, pagename, doctree):
        live_site.load(app, context, "cells")


def setup(app):
    app.connect("html-page-context", add_assets)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
