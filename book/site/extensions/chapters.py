"""Sphinx extension: chapters with what is recorded of them, pages that are known by their names."""

import hashlib
import os
from pathlib import Path

import nbformat
from docutils import nodes
from notebooks import execute, recorded, sources, written
from sphinx.errors import ExtensionError
from sphinx.util import logging

logger = logging.getLogger(__name__)


def is_chapter(env, docname):
    return env.doc2path(docname).endswith(sources.SUFFIX)


def put_outputs_in(app, docname, content):
    """Give Sphinx a chapter as the notebook that its text and its recorded outputs make."""
    if is_chapter(app.env, docname):
        path = sources.ROOT / app.env.doc2path(docname, False)
        try:
            content[0] = nbformat.writes(written.complete(path))
        except sources.Trouble as trouble:
            raise ExtensionError(str(trouble)) from None


def note_record(app, doctree):
    """Read a chapter again when its record has changed; give its cells the anchors that others link to."""
    env = app.env
    if not is_chapter(env, env.docname):
        return
    path = sources.ROOT / env.doc2path(env.docname, False)
    for file in recorded.folder(path).glob("*"):
        env.note_dependency(str(file))
    cells = sources.read(path).cells
    for node in doctree.findall(nodes.container):
        if node.get("nb_element") == "cell_code":
            node["ids"].append(f"code-{cells[node['cell_index']].id}")


WIDEST = 599  # CSS pixels of a page that takes the narrow figures, as in book.css
NARROW = f'<picture><source media="screen and (max-width: {WIDEST}px)" srcset="%s" width="%d" height="%d">'


def name_in_site(figure, png):
    """Return the name of a narrow figure's file in the site; another picture gets another name."""
    return f"{recorded.narrow(figure)}-{hashlib.sha256(png).hexdigest()[:12]}.png"


def offer_narrow_figures(app, doctree):
    """Let a narrow page take the narrow version of each figure that a chapter's cells draw."""
    env = app.env
    if not is_chapter(env, env.docname):
        return
    path = sources.ROOT / env.doc2path(env.docname, False)
    cells, figures = sources.read(path).cells, recorded.read(recorded.folder(path)).figures
    up = "../" * env.docname.count("/")
    for node in doctree.findall(nodes.container):
        if node.get("nb_element") != "cell_code" or not (name := sources.figure(cells[node["cell_index"]])):
            continue
        png = figures[recorded.narrow(name)]
        source = NARROW % (f"{up}_images/{name_in_site(name, png)}", *recorded.size(png))
        for image in node.findall(nodes.image):
            image["narrow"] = source


def visit_image(translator, node):
    """Write an image as ever, and in front of it what a narrow page takes in its place."""
    type(translator).visit_image(translator, node)
    if "narrow" in node:
        translator.body[-1] = f"{node['narrow']}{translator.body[-1].rstrip()}</picture>"


def depart_image(translator, node):
    type(translator).depart_image(translator, node)


def copy_narrow_figures(app, exception):
    """Put the narrow figures of all chapters beside the wide ones."""
    if exception or app.builder.format != "html":
        return
    folder = Path(app.outdir) / "_images"
    for path in sources.chapters():
        figures = recorded.read(recorded.folder(path)).figures
        for name in figures:
            if png := figures.get(recorded.narrow(name)):
                (folder / name_in_site(name, png)).write_bytes(png)


def warn_of_stale_chapters(app, env, docnames):
    """Warn of every chapter whose recorded outputs were made by other code than the present one."""
    if "FRENKEL_PAGE" in os.environ:
        return  # `make page` has executed the one that it shows
    for path, *_, why in execute.stale(sources.chapters()):
        logger.warning("%s is stale, run `make notebooks`: %s", path.name, why, location=str(path))


def find_page(app, env, node, content):
    """Let `{doc}` name a page by its name alone: `enaqt` for `book/chapters/07-enaqt`."""
    pages = {sources.name(docname): f"/{docname}" for docname in env.found_docs}
    if node["reftype"] != "doc" or node["reftarget"] not in pages:
        return None
    node["reftarget"] = pages[node["reftarget"]]
    standard = env.get_domain("std")
    return standard.resolve_xref(env, node["refdoc"], app.builder, "doc", node["reftarget"], node, content)


def setup(app):
    app.connect("source-read", put_outputs_in)
    app.connect("doctree-read", note_record)
    app.add_node(nodes.image, override=True, html=(visit_image, depart_image))
    app.connect("doctree-read", offer_narrow_figures)
    app.connect("missing-reference", find_page)
    app.connect("env-before-read-docs", warn_of_stale_chapters)
    app.connect("build-finished", copy_narrow_figures)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
