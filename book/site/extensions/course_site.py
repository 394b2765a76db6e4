"""Sphinx extension: the students' copies of the assignments, written into the site and listed on a page.

Masters and solved copies stay where they are: only what `_build/course/release` holds is published, under
`assignments/`.
"""

import os
import shutil
import sys
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.errors import ExtensionError

ROOT = Path(__file__).parents[3]
PAGE = "book/pages/assignments"
sys.path.insert(0, str(ROOT / "book" / "assignments"))

from course import build, master  # noqa: E402


class AssignmentList(Directive):
    """`{assignments}` lists all assignments with their titles, points and a link to the student's copy."""

    def run(self):
        table = nodes.table(classes=["assignments"])
        group = nodes.tgroup(cols=3)
        group += [nodes.colspec(colwidth=width) for width in (60, 15, 25)]
        head, body = nodes.thead(), nodes.tbody()
        head += self.row(["Assignment", "Points", "Notebook"])
        for path in sorted((build.OUTPUT / "release").glob("*.ipynb")):
            cells, file = nbformat.read(path, as_version=4).cells, path.name
            title = cells[0].source.splitlines()[0].split(": ", 1)[1]
            points = sum(cell.metadata.nbgrader.get("points", 0) for cell in cells)
            link = (
                f'<a href="../../assignments/{file}" download="{file}">{file}</a>, or '
                f'<a href="../../lite/notebooks/index.html?path={file}">open it live</a>'
            )
            entry = [f"{file[0]}. {title}", f"{points:g}", nodes.raw("", link, format="html")]
            body += self.row(entry)
        group += [head, body]
        table += group
        return [table]

    def row(self, contents):
        row = nodes.row()
        for content in contents:
            paragraph = nodes.paragraph("", "", nodes.Text(content) if isinstance(content, str) else content)
            row += nodes.entry("", paragraph)
        return row


def build_copies(app):
    if "FRENKEL_PAGE" in os.environ and (build.OUTPUT / "release").is_dir():
        return  # `make page` leaves them to `make book`
    try:
        build.build()
    except master.MasterError as error:
        raise ExtensionError(str(error)) from None


def note_masters(app, env, added, changed, removed):
    """Read the page that lists the assignments again: titles and points come from the masters."""
    return [PAGE] if PAGE in env.found_docs else []


def publish(app, exception):
    if exception or app.builder.format != "html":
        return
    target = Path(app.outdir) / "assignments"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(build.OUTPUT / "release", target)


def setup(app):
    app.add_directive("assignments", AssignmentList)
    app.connect("builder-inited", build_copies)
    app.connect("env-get-outdated", note_masters)
    app.connect("build-finished", publish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
