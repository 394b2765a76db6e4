"""Sphinx extension: what the search of the book looks through.

Sphinx's own search knows pages and words. Here each section, exercise, solution, glossary entry, function and
reference is a record with an address of its own, so that a hit lands where it stands. `search.js` reads the
records when somebody searches, and not before.
"""

import hashlib
import json
import os
import re
from pathlib import Path
from xml.etree import ElementTree

from docutils import nodes
from formulas import typeset
from notebooks import sources
from pybtex.backends.plaintext import Backend
from pybtex.richtext import Text
from sphinx import addnodes
from sphinx_exercise.nodes import exercise_enumerable_node, solution_node
from sphinxcontrib.katex import KaTeXError

ROOM = Path(__file__).parents[1] / "search"
SCRIPTS = "search.js", "find.js", "minisearch.js"
RECORDS = "search.json"  # beside the scripts, in _static
PAGE = "search"  # which the theme writes
SILENT = (
    nodes.raw, nodes.literal_block, nodes.doctest_block, nodes.comment, nodes.image,
    nodes.title, nodes.term, addnodes.desc_signature,
)  # fmt: skip
MATHML = re.compile(r"<math.*?</math>", re.DOTALL)
SIGNS = {"msup": "^", "msubsup": "^", "mfrac": "/", "msqrt": "√"}  # before the last part of each


def signs(element):
    """Return what stands in a piece of MathML as a line of text."""
    parts = [signs(child) for child in element if not child.tag.endswith("annotation")]
    name = element.tag.rpartition("}")[2]
    if name in SIGNS and parts:
        parts[-1] = SIGNS[name] + parts[-1]
    return "".join(parts) or (element.text or "").strip()


def spoken(formula):
    r"""Return a formula in the line as text: `\Gamma/\hbar` as Γ/ℏ."""
    try:
        html = typeset(formula.astext(), display=False)
    except KaTeXError:  # of which formulas.py has warned
        return ""
    return signs(ElementTree.fromstring(MATHML.search(html)[0]))


def is_prose(node):
    """Return whether a node is no code, picture, heading, question or task, whose answers come one by one."""
    if isinstance(node, SILENT) or not isinstance(node, nodes.Element):
        return False
    classes = {*node["classes"], *node.get("html", {}).get("class", "").split()}
    return not classes & {"cell_input", "implements", "question", "task"} and "mime_type" not in node


def joined(words):
    """Return words as one text, without the places of references that are nothing but a number."""
    text = re.sub(r"\s+", " ", "".join(words)).strip()
    return re.sub(r" \(…\)|,? …(?=[.,;:)])", "", text)


def chapters_named_in(node):
    return [it["reftarget"] for it in node.findall(addnodes.pending_xref) if it["reftype"] == "doc"]


class Reader:
    """Reads a document: `records` are what it finds, each with the words that stand in no other inside it."""

    def __init__(self, env, docname):
        self.docname = docname
        self.names = {sources.name(name): name for name in env.found_docs}
        self.titles = {name: title.astext() for name, title in env.titles.items()}
        self.document = env.get_doctree(docname)
        number = re.match(r"0*(\d+)-|", Path(docname).name)[1]
        self.page = " ".join(filter(None, [number, self.titles[docname]]))
        self.records = []
        self.read(self.document, {"words": []})

    def begin(self, anchor, title, kind):
        address = f"{self.docname}.html" + f"#{anchor}" * bool(anchor)
        self.records.append(
            {"address": address, "page": self.page, "title": title, "kind": kind, "words": []}
        )
        return self.records[-1]

    def place(self, node):
        """Return the record that a node begins, if it does."""
        match node:
            case nodes.section(parent=nodes.document()):
                return self.begin("", self.text(node[0]), "page")
            case nodes.section(parent=nodes.section()):
                kind = "module" if node["ids"][0].startswith("module-") else "section"
                return self.begin(node["ids"][0], self.text(node[0]), kind)
            case exercise_enumerable_node() | solution_node():
                exercise = self.document.ids[node.get("target_label", node["ids"][0])]
                return self.begin(node["ids"][0], self.text(exercise[0][1]), node["type"])
            case nodes.definition_list_item(parent=nodes.Element(parent=addnodes.glossary())):
                record = self.begin(node[0]["ids"][0], self.text(node[0]), "term")
                record["names"] = [self.text(term) for term in node.findall(nodes.term)]
                record["chapters"] = [f"{self.names[name]}.html" for name in chapters_named_in(node)]
                return record
            case addnodes.desc() if node[0]["ids"]:
                return self.begin(node[0]["ids"][0], node[0]["fullname"], "function")
        return None

    def text(self, node):
        """Return the words of what stands in a node."""
        record = {"words": []}
        for child in node:
            self.read(child, record)
        return joined(record["words"])

    def name_of(self, reference):
        """Return what a reference without words of its own says, or nothing where that is a number."""
        kind, target = reference["reftype"], reference["reftarget"]
        if kind == "term":
            return reference.astext()
        if kind == "doc":
            return self.titles.get(self.names.get(target), "")
        if reference["refdomain"] == "py":
            return target.removeprefix("~")
        return "…"

    def read(self, node, record):
        """Put the words of a node into a record, or into new ones."""
        if isinstance(node, nodes.Text):
            record["words"].append(node.astext())
        elif isinstance(node, nodes.math):
            record["words"].append(spoken(node))
        elif isinstance(node, nodes.math_block):
            record["words"].append(" … ")  # as text it could not be read
        elif isinstance(node, addnodes.pending_xref) and not node["refexplicit"]:
            record["words"].append(self.name_of(node))
        elif is_prose(node):
            record = self.place(node) or record
            for child in node.children:
                self.read(child, record)
        if isinstance(node, nodes.TextElement) and not isinstance(node, nodes.Inline):
            record["words"].append(" ")


def references(env):
    """Yield the records of the bibliography."""
    for citation in env.get_domain("cite").citations:
        docname = citation.bibliography_key.docname
        yield {
            "address": f"{docname}.html#{citation.citation_id}",
            "page": env.titles[docname].astext(),
            "title": str(Text.from_latex(citation.entry.fields["title"])),
            "kind": "reference",
            "words": [citation.formatted_entry.text.render(Backend())],
        }


def write_records(app):
    """Write the records of all pages."""
    static = Path(app.outdir) / "_static"
    if app.builder.format != "html" or ("FRENKEL_PAGE" in os.environ and (static / RECORDS).is_file()):
        return []  # `make page` leaves them to `make book`
    records = [record for name in sorted(app.env.found_docs) for record in Reader(app.env, name).records]
    records = [{**record, "words": joined(record["words"])} for record in [*records, *references(app.env)]]
    content = json.dumps(records, ensure_ascii=False, separators=(",", ":")).encode()
    static.mkdir(exist_ok=True)
    (static / RECORDS).write_bytes(content)
    return []


def put_search_in(app, page, template, context, doctree):
    """Give the page of the search its script, and the version of all that the script reads."""
    if page == PAGE:
        files = [*(ROOM / name for name in SCRIPTS), Path(app.outdir) / "_static" / RECORDS]
        version = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]
        app.add_js_file(SCRIPTS[0], type="module", **{"data-version": version})


def add_scripts(app, config):
    config.html_static_path += [str(ROOM / name) for name in SCRIPTS]


def setup(app):
    app.connect("config-inited", add_scripts)
    app.connect("html-collect-pages", write_records)
    app.connect("html-page-context", put_search_in)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
