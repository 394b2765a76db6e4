"""The book's own Sphinx extension: questions, equations and their functions, the ledger, stale notebooks."""

import re

import implements
import ledger
import nbformat
import notebooks
import quiz
from sphinx.util import logging

logger = logging.getLogger(__name__)


def warn_of_stale_notebooks(app, env, docnames):
    """Warn of every chapter whose stored outputs were made by other code than the present one."""
    library = notebooks.library_code()
    for docname in sorted(env.found_docs):
        path = env.doc2path(docname)
        if not path.endswith(".ipynb"):
            continue
        notebook = nbformat.read(path, as_version=4)
        if notebooks.stored_fingerprint(notebook) != notebooks.fingerprint(notebook, library):
            logger.warning(
                "%s.ipynb was executed with other code: run `make notebooks`", docname, location=docname
            )


def keep_bars(app, what, name, obj, options, lines):
    """Let |J| in a docstring be a magnitude; reStructuredText would look for a substitution."""
    lines[:] = [line if "\\" in line else re.sub(r"\|(\w+)\|", r"\|\1\|", line) for line in lines]


def repair_roles(app, pagename, templatename, context, doctree):
    """Give citations the roles that hold today: sphinxcontrib-bibtex writes a list without list items."""
    if 'class="citation-list"' in context.get("body", ""):
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')


def setup(app):
    quiz.setup(app)
    implements.setup(app)
    ledger.setup(app)
    app.connect("env-before-read-docs", warn_of_stale_notebooks)
    app.connect("autodoc-process-docstring", keep_bars)
    app.connect("html-page-context", repair_roles)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
