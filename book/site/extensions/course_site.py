"""Sphinx extension: the students' copies of the assignments, written into the site and listed on a page.

Masters and solved copies stay where they are: only what `_build/course/release` holds is published, under
`assignments/`.
"""

import os
import re
import shutil
import sys
import tomllib
from pathlib import Path

import frenkel
import nbformat
from docutils import nodes
from docutils.parsers.rst import Directive
from sphinx.errors import ExtensionError

ROOT = Path(__file__).parents[3]
PAGES = ("book/pages/assignments", "book/pages/instructors")
sys.path.insert(0, str(ROOT / "book" / "assignments"))

from course import build, master  # noqa: E402


def table(name, widths, head, rows):
    """Return a table of class `name`; cells are texts or nodes."""
    made = nodes.table(classes=[name])
    group = nodes.tgroup(cols=len(widths))
    group += [nodes.colspec(colwidth=width) for width in widths]
    first, body = nodes.thead(), nodes.tbody()
    first += row_of(head)
    body += [row_of(row) for row in rows]
    group += [first, body]
    made += group
    return made


def row_of(contents):
    row = nodes.row()
    for content in contents:
        paragraph = nodes.paragraph("", "", nodes.Text(content) if isinstance(content, str) else content)
        row += nodes.entry("", paragraph)
    return row


class AssignmentList(Directive):
    """`{assignments}` lists all assignments with their titles, points and a link to the student's copy."""

    def run(self):
        rows = []
        for path in sorted((build.OUTPUT / "release").glob("*.ipynb")):
            cells, file = nbformat.read(path, as_version=4).cells, path.name
            title = cells[0].source.splitlines()[0].split(": ", 1)[1]
            points = sum(cell.metadata.nbgrader.get("points", 0) for cell in cells)
            link = (
                f'<a href="../../assignments/{file}" download="{file}">{file}</a>, or '
                f'<a href="../../lite/notebooks/index.html?path={file}">open it live</a>'
            )
            rows.append([f"{file[0]}. {title}", f"{points:g}", nodes.raw("", link, format="html")])
        return [table("assignments", (60, 15, 25), ["Assignment", "Points", "Notebook"], rows)]


def packages():
    """Return [(name, version)] of what students may use: the library and what it asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = [*project["dependencies"], *project["optional-dependencies"]["full"]]
    names = {re.match(r"[\w-]+", each)[0] for each in asked}
    pins = (ROOT / "book" / "assignments" / "course" / "requirements.txt").read_text("utf-8")
    found = re.findall(r"^([\w.-]+)==(\S+)", pins, re.MULTILINE)
    return [("frenkel", frenkel.__version__), *(pair for pair in found if pair[0] in names)]


class JailPackages(Directive):
    """`{jail-packages}` lists the packages that students' code finds when it is graded."""

    def run(self):
        return [table("packages", (50, 50), ["Package", "Version"], packages())]


def build_copies(app):
    if "FRENKEL_PAGE" in os.environ and (build.OUTPUT / "release").is_dir():
        return  # `make page` leaves them to `make book`
    try:
        build.build()
    except master.MasterError as error:
        raise ExtensionError(str(error)) from None


def note_masters(app, env, added, changed, removed):
    """Read the pages that list assignments and packages again: what they list is not in them."""
    return [page for page in PAGES if page in env.found_docs]


def publish(app, exception):
    if exception or app.builder.format != "html":
        return
    target = Path(app.outdir) / "assignments"
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(build.OUTPUT / "release", target)


def setup(app):
    app.add_directive("assignments", AssignmentList)
    app.add_directive("jail-packages", JailPackages)
    app.connect("builder-inited", build_copies)
    app.connect("env-get-outdated", note_masters)
    app.connect("build-finished", publish)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
