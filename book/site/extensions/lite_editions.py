"""Editions of live notebooks: what a reader saved of an older one is set aside before JupyterLite starts."""

import hashlib
import json
import re

from sphinx.errors import ExtensionError

START = re.compile(r"await import\(\s*'([./]*)config-utils\.js")  # in the pages of JupyterLite
SCRIPT = "edition.js"
DIGITS = 12


def mark(notebook):
    """Return the mark of the text of a notebook's cells, which edition.js makes of what was saved."""
    texts = [[cell.cell_type, cell.source] for cell in notebook.cells]
    written = json.dumps(texts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()[:DIGITS]


def look_first(html):
    """Return a page of JupyterLite that looks for notebooks of an older edition before it starts."""
    html, count = START.subn(rf"await import('\1{SCRIPT}');\n        \g<0>", html)
    if not count and "jupyter-lite-main" in html:
        raise ExtensionError(f"A page of JupyterLite starts in another way than {SCRIPT} expects.")
    return html


def write_editions(lite, marks):
    """Write the list, {file name: mark}, that edition.js asks for."""
    (lite / "editions.json").write_text(json.dumps(marks))
