"""Sphinx extension: role `mychain`, a link to the reader's own program as it is at the end of a chapter.

{mychain}`mychain.py`
"""

from pathlib import Path

from docutils import nodes
from notebooks import sources, thread, written
from quiz import html
from sphinx.util.docutils import SphinxRole
from sphinx.util.osutil import relative_uri


class ProgramRole(SphinxRole):
    def run(self):
        env = self.env
        path = sources.ROOT / env.doc2path(env.docname, False)
        for other in sources.before(path):  # whose pieces are in the program and in a cell of the page
            env.note_dependency(str(other))
        here = env.app.builder.get_target_uri(env.docname)
        address = relative_uri(here, thread.address(sources.name(path)))
        return [html("a", nodes.literal(self.text, self.text), href=address, download=thread.FILE)], []


def write_programs(app, exception):
    """Write the program as of each chapter that adds to it."""
    if exception or app.builder.format != "html":
        return
    for path in sources.chapters():
        if text := written.program(path):
            file = Path(app.outdir) / thread.address(sources.name(path))
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")


def setup(app):
    app.add_role("mychain", ProgramRole())
    app.connect("build-finished", write_programs)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
