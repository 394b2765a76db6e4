"""What students wrote, as HTML that shows and does nothing: no link, no script, nothing from elsewhere.

Text stays text; Markdown becomes the few tags of `TAGS`, formulas become MathML, and pictures are PNG or JPEG
within the page. `document` puts a page around it, whose policy forbids whatever is not in the page.
"""

import base64
import contextlib
import hashlib
import html
import io
import re
import warnings
from functools import cache
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree

import nh3
from jinja2 import Environment, FileSystemLoader, pass_context
from latex2mathml.converter import convert_to_element
from markupsafe import Markup
from mistune import import_plugin
from nbconvert.filters.markdown_mistune import (
    IPythonRenderer,
    MarkdownWithMath,
    MathBlockParser,
    MathInlineParser,
)
from PIL import Image
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from . import plain

HERE = Path(__file__).parent
MATH = "math mrow mi mn mo mtext mspace msup msub msubsup mfrac msqrt mroot mover munder munderover mtable"
MATH += " mtr mtd mfenced mpadded mphantom menclose mstyle ms mmultiscripts mprescripts none semantics"
TEXT = "p br hr h2 h3 h4 h5 h6 em strong del code pre blockquote ul ol li table thead tbody tr th td img"
TAGS = {*MATH.split(), *TEXT.split()}
ATTRIBUTES = {"img": {"src", "alt"}, "math": {"display"}, "ol": {"start"}}
ATTRIBUTES |= {"mo": {"stretchy", "fence", "form", "movablelimits", "separator"}, "mi": {"mathvariant"}}
ATTRIBUTES |= {"mfrac": {"linethickness"}, "mtd": {"columnalign"}, "mover": {"accent"}}
MAX_TEXT = 50_000  # characters of Markdown
MAX_FORMULA = 2_000  # characters
MAX_PICTURE = 8_000_000  # bytes
MAX_PIXELS = 40_000_000
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg"}
OTHERS = {"GIF": "image/gif", "WEBP": "image/webp"}  # are shown as PNG


def rich(text, attachments=None, typeset=True):
    """Return Markdown with formulas as HTML, with the pictures that were pasted into its cell.

    Without `typeset`, and where it is too long, it is shown as it was typed.
    """
    renderer, text = Renderer(attachments or {}), plain.visible(text)
    plugins = [import_plugin(name) for name in ("strikethrough", "table")]
    made = f"<pre>{html.escape(text)}</pre>"
    if typeset and len(text) <= MAX_TEXT:
        with contextlib.suppress(RecursionError):
            made = MarkdownWithMath(renderer, Blocks(), Words(), plugins=plugins).render(text)
    rest = [renderer.pasted(name) for name in renderer.attachments if name not in renderer.used]
    return Markup(nh3.clean("\n".join([made, *rest]), TAGS, attributes=ATTRIBUTES, url_schemes={"data"}))


@pass_context
def of_cell(context, text):
    """Return `rich` text with the pictures of the cell that a template of nbconvert is at."""
    return rich(text, context.get("cell", {}).get("attachments"))


def bounded(rules):
    """Return nbconvert's rules for formulas with an end to the search for the other end of each."""
    math = {name: rule for name, rule in rules.items() if "math" in name or "latex" in name}
    return rules | {name: re.sub(r"\.[*+]\?", f".{{0,{MAX_FORMULA}}}?", rule) for name, rule in math.items()}


class Blocks(MathBlockParser):
    SPECIFICATION = bounded(MathBlockParser.SPECIFICATION)


class Words(MathInlineParser):
    SPECIFICATION = bounded(MathInlineParser.SPECIFICATION)


class Renderer(IPythonRenderer):
    """Turns Markdown into the tags of `TAGS`; what stands there as HTML is shown as it was typed."""

    def __init__(self, attachments):
        super().__init__(escape=True, allow_harmful_protocols=False, exclude_anchor_links=True)
        self.attachments, self.used = attachments, set()

    def heading(self, text, level, **attrs):
        return f"<h{min(level + 2, 6)}>{text}</h{min(level + 2, 6)}>\n"

    def block_code(self, code, info=None):
        return f"<pre><code>{html.escape(code)}</code></pre>\n"

    def link(self, text, url, title=None):
        """Show where a link goes, and do not go there."""
        return text if url == html.unescape(text) else f"{text} (<code>{html.escape(url)}</code>)"

    def image(self, text, url, title=None):
        if url.startswith("attachment:"):
            return self.pasted(unquote(url.removeprefix("attachment:")), text)
        found = re.match(r"data:image/(?:png|jpe?g|gif|webp);base64,", url)
        return self.framed(picture(url[found.end() :]) if found else None, text or url)

    def pasted(self, name, text=""):
        self.used.add(name)
        bundle = self.attachments.get(name)
        bundle = bundle if isinstance(bundle, dict) else {}
        shown = (picture(bundle[kind]) for kind in [*KINDS.values(), *OTHERS.values()] if kind in bundle)
        return self.framed(next(shown, None), text or name)

    def framed(self, source, words):
        words = html.escape(words)
        return f'<img src="{source}" alt="{words}">' if source else f"[a picture that is not shown: {words}]"

    def block_math(self, body):
        return formula(body, "block")

    def inline_math(self, body):
        return formula(body, "inline")

    def latex_environment(self, name, body):
        name = {"align": "align*", "equation": ""}.get(name.rstrip("*"), name)
        return formula(f"\\begin{{{name}}}{body}\\end{{{name}}}" if name else body, "block")


def formula(latex, display):
    """Return LaTeX as MathML, or as it was typed if it cannot be read."""
    try:
        if len(latex) > MAX_FORMULA:
            raise ValueError
        made = convert_to_element(latex.strip(), display=display)
        for element in made.iter():  # the converter writes letters as entities, and what is in \text as it is
            element.text, element.tail = (html.unescape(part or "") for part in (element.text, element.tail))
        return ElementTree.tostring(made, "unicode", short_empty_elements=False)
    except Exception:  # the converter has no common error for what it cannot read
        return f"<code>{html.escape(latex)}</code>"


def picture(data):
    """Return `data`, a picture in base64, as the source of an image, or None if it cannot be shown."""
    try:
        data = base64.b64decode("".join(data) if isinstance(data, list) else data)
        with warnings.catch_warnings(action="error"), _opened(data) as image:
            if len(data) > MAX_PICTURE or image.width * image.height > MAX_PIXELS:
                return None
            kind = KINDS.get(image.format)
            if kind is None:
                kind, made = KINDS["PNG"], io.BytesIO()
                image.convert("RGBA").save(made, "PNG")
                data = made.getvalue()
    except Exception:  # whatever is wrong with it, it is no picture to show
        return None
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _opened(data):
    return Image.open(io.BytesIO(data), formats=[*KINDS, *OTHERS])


def line(text):
    """Return a sentence of the grader's; what stands in it between backticks is set as code."""
    return Markup(re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(plain.visible(text))))


def code(source):
    """Return Python with its colors."""
    return Markup(highlight(plain.visible(source), PythonLexer(), HtmlFormatter(nowrap=True)))


@cache
def style():
    """Return the style of all pages and the hash by which their policy knows it."""
    dark = HtmlFormatter(style="github-dark").get_style_defs("pre")
    light = HtmlFormatter(style="default").get_style_defs("pre")
    colors = f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"
    text = f"{colors}{(HERE / 'page.css').read_text('utf-8')}"
    return text, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def document(template, **about):
    """Return a whole page: `template` filled with what it is `about`."""
    text, digest = style()
    environment = Environment(loader=FileSystemLoader(HERE), autoescape=True, trim_blocks=True)
    environment.filters |= {"rich": rich, "code": code, "line": line, "visible": plain.visible}
    return environment.get_template(template).render(style=Markup(text), digest=digest, **about)
