"""The book's own Sphinx extension: questions, equations with their functions, the ledger, stale notebooks."""

import hashlib
import re
from pathlib import Path

import implements
import ledger
import nbformat
import notebooks
import quiz
import units
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


def all_pages_if_site_changed(app, env, added, changed, removed):
    """Read every page again if a style, script or extension has changed: Sphinx would not notice."""
    book = Path(__file__).parents[1]
    total = hashlib.sha256()
    sources = [*(book / "_static").rglob("*"), *(book / "_root").rglob("*"), *(book / "_ext").glob("*.py")]
    for path in sorted(sources):
        if path.is_file():
            total.update(str(path.relative_to(book)).encode() + path.read_bytes())
    before, env.site_digest = getattr(env, "site_digest", None), total.hexdigest()
    return list(env.found_docs) if before != env.site_digest else []


def keep_bars(app, what, name, obj, options, lines):
    """Let |J| in a docstring be a magnitude; reStructuredText would look for a substitution."""
    lines[:] = [line if "\\" in line else re.sub(r"\|(\w+)\|", r"\|\1\|", line) for line in lines]


def skip_aliases(app, what, name, obj, skip, options):
    """Leave out the fields of a named tuple, which autodoc calls aliases of numbers."""
    return True if str(getattr(obj, "__doc__", "")).startswith("Alias for field number") else None


SOLUTION = re.compile(r"Solution to(<a [^>]*>) ")


def repair_body(app, pagename, templatename, context, doctree):
    """Give citations the roles that hold today, for sphinxcontrib-bibtex writes a list without list items.

    And take the space before the name of an exercise out of its link, which would underline it.
    """
    if "body" in context:
        context["body"] = SOLUTION.sub(r"Solution to \1", context["body"])
        if 'class="citation-list"' in context["body"]:
            context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')


def setup(app):
    quiz.setup(app)
    implements.setup(app)
    ledger.setup(app)
    units.setup(app)
    app.connect("env-get-outdated", all_pages_if_site_changed)
    app.connect("env-before-read-docs", warn_of_stale_notebooks)
    app.connect("autodoc-process-docstring", keep_bars)
    app.connect("autodoc-skip-member", skip_aliases)
    app.connect("html-page-context", repair_body)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
