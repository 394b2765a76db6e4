"""The book's own Sphinx extension: questions, tasks, drawings, equations, ledger, panels, units, repairs."""

import hashlib
import re
from pathlib import Path

import drawing
import exercises
import implements
import ledger
import panels
import quiz
import tasks
import thread
import units

READ = (
    "sources",
    "recorded",
    "written",
    "claims",
    "exercise_labels",
    "questions",
    "names",
    "tables",
    "tasks",
    "thread",
)  # of notebooks/, what pages are made with


def all_pages_if_site_changed(app, env, added, changed, removed):
    """Read every page again if a style, script or extension has changed: Sphinx would not notice."""
    folder = Path(__file__).parents[1]
    total = hashlib.sha256()
    sources = [*(folder / "static").rglob("*"), *(folder / "root").rglob("*")]
    sources += [
        *(folder / "extensions").glob("*.py"),
        *(folder / "notebooks" / f"{name}.py" for name in READ),
        *(folder / "drawings").rglob("*.py"),
    ]
    for path in sorted(sources):
        if path.is_file():
            total.update(str(path.relative_to(folder)).encode() + path.read_bytes())
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
    tasks.setup(app)
    thread.setup(app)
    drawing.setup(app)
    exercises.setup(app)
    implements.setup(app)
    ledger.setup(app)
    panels.setup(app)
    units.setup(app)
    app.connect("env-get-outdated", all_pages_if_site_changed)
    app.connect("autodoc-process-docstring", keep_bars)
    app.connect("autodoc-skip-member", skip_aliases)
    app.connect("html-page-context", repair_body)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
