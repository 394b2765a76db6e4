"""Sphinx extension: formulas are set by KaTeX while the book is built, so that no reader's browser has to.

A page carries KaTeX's HTML for the eyes and its MathML, which holds the TeX source too, for the ears. The
KaTeX of sphinxcontrib-katex runs in the Node.js that compiles the explorers' Python.
"""

import socket
import subprocess
import time
from functools import cache
from html import escape

import runtime
from docutils import nodes
from sphinx.util import logging
from sphinxcontrib import katex

katex.NODEJS_BINARY = runtime.node()
katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0  # s, for a machine that is busy with other things
logger = logging.getLogger(__name__)


def start(cls, folder, timeout):
    """Start the server of KaTeX in `folder`; return its process and a socket that is connected to it.

    It is there when it answers. The package takes it to be there when it has an address, which is a moment
    before it listens.
    """
    address, end = folder / "katex.sock", time.monotonic() + timeout
    process = subprocess.Popen(
        cls.build_command(socket=address), stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
    )
    while time.monotonic() < end:
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        if line.connect_ex(str(address)) == 0:
            return process, line
        line.close()
        time.sleep(1e-3)
    process.kill()
    process.communicate()
    raise cls.timeout_error(timeout)


katex.KaTeXServer.start_server_process = classmethod(start)


@cache
def typeset(latex, display):
    options = {"displayMode": display, "throwOnError": True, "strict": "error"}
    return katex.render_latex(latex, options)


def formula(node, display):
    """Return the HTML of a formula; for one that KaTeX refuses a warning, which ends a strict build."""
    try:
        return typeset(node.astext(), display)
    except katex.KaTeXError as error:
        logger.warning("%s", error, location=node, type="formula")
        return f"<code>{escape(node.astext())}</code>"


def visit_inline(translator, node):
    html = formula(node, display=False)
    translator.body.append(translator.starttag(node, "span", "", CLASS="math") + html + "</span>")
    raise nodes.SkipNode


def visit_block(translator, node):
    translator.body.append(translator.starttag(node, "div", CLASS="math"))
    if node["number"]:
        number = katex.get_node_equation_number(translator, node)
        translator.body.append(f'<span class="eqno">({number})')
        translator.add_permalink_ref(node, "Permalink to this equation")
        translator.body.append("</span>")
    translator.body.append(formula(node, display=True) + "</div>\n")
    raise nodes.SkipNode


def setup(app):
    app.add_html_math_renderer("formulas", (visit_inline, None), (visit_block, None))
    app.add_css_file("katex/katex.min.css")  # with its fonts in book/site/static
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
