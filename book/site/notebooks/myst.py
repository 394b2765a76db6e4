"""MyST, read by its own parser: blocks and roles, and the text of everything else as its author wrote it.

Jupyter shows Markdown without any extension. What a chapter's text has beyond that, its directives and roles,
is found here; what becomes of them is said in `plain`. Syntax that Jupyter would show as something else is
refused in words.
"""

import re
from functools import cache
from typing import NamedTuple

from markdown_it.renderer import RendererHTML
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.myst_role import index as myst_role
from myst_parser.parsers.mdit import create_md_parser

from . import sources
from .sources import Trouble

DIRECTIVE = re.compile(r"\{([\w:-]+)\}\s*(.*)")
OPTION = re.compile(r":([\w-]+):\s*(.*)")
PLAIN = {  # what Jupyter reads as MyST does
    "paragraph", "heading", "bullet_list", "ordered_list", "list_item", "blockquote", "hr", "fence",
    "code_block", "table", "thead", "tbody", "tr", "th", "td", "inline", "math_block", "text",
    "softbreak", "hardbreak", "em", "strong", "code_inline", "math_inline", "link", "image", "myst_role",
}  # fmt: skip


class Block(NamedTuple):
    """A directive, a target, a heading or other text, with its place in the text."""

    kind: str  # "directive", "target", "heading", "text"
    text: str  # a directive's body, a target's name, else the lines
    name: str = ""  # of a directive
    argument: str = ""
    options: dict = {}  # noqa: RUF012  # read only


def _role_with_its_place(state, silent):
    start = state.pos
    found = myst_role.myst_role(state, silent)
    if found and not silent:
        state.tokens[-1].meta["span"] = (start, state.pos)
    return found


@cache
def parser():
    """Return MyST's parser with the extensions of `_config.yml`; it notes where a role stands."""
    markdown = create_md_parser(sources.markdown(), RendererHTML)
    markdown.inline.ruler.at("myst_role", _role_with_its_place)
    return markdown


@cache
def _renderer():
    """Return a writer of HTML that leaves formulas between dollars, where MathJax looks for them."""

    def formula(content, options):
        dollars = "$$" if options["display_mode"] else "$"
        return dollars + content.replace("&", "&amp;").replace("<", "&lt;") + dollars

    markdown = create_md_parser(sources.markdown(), RendererHTML)
    dollarmath_plugin(markdown, renderer=formula)
    for kind in ("math_inline", "math_block"):
        markdown.add_render_rule(kind, lambda self, tokens, i, *_: formula(
            tokens[i].content.strip("\n"), {"display_mode": tokens[i].type == "math_block"}))  # fmt: skip
    return markdown


def html(markdown, *, block=False):
    """Return plain Markdown as HTML with its formulas between dollars; one line of text unless `block`."""
    return _renderer().render(markdown).strip() if block else _renderer().renderInline(markdown)


def _directive(token):
    """Return the block of a fence that is a directive."""
    name, argument = DIRECTIVE.match(token.info.strip()).groups()
    lines, options = token.content.split("\n"), {}
    while lines and (match := OPTION.fullmatch(lines[0])):
        options[match[1]] = match[2]
        lines.pop(0)
    if lines[0].strip() == "---":
        raise Trouble(f"{{{name}}}: write its options as `:name: value`")
    return Block("directive", "\n".join(lines).strip("\n"), name, argument, options)


def blocks(text):
    """Yield the blocks of a text in their order."""
    lines, depth = text.split("\n"), 0
    for token in parser().parse(text):
        top, depth = depth == 0 and token.nesting >= 0, depth + token.nesting
        is_directive = token.type in ("fence", "colon_fence") and DIRECTIVE.match(token.info.strip())
        if is_directive and not top:
            raise Trouble(f"{token.info} stands inside a list or a quotation")
        if not top or token.type in ("front_matter", "myst_line_comment"):
            continue
        first, end = token.map
        if is_directive:
            yield _directive(token)
        elif token.type == "myst_target":
            yield Block("target", token.content)
        else:
            kind = "heading" if token.type == "heading_open" else "text"
            yield Block(kind, "\n".join(lines[first:end]).strip("\n"))


def _inlines(tokens):
    """Yield the inline tokens, the text of links with them; refuse what Jupyter does not read."""
    for token in tokens:
        kind = token.type.removesuffix("_open").removesuffix("_close")
        if kind not in PLAIN:
            raise Trouble(f"a notebook cannot show {kind.replace('_', ' ')}: {token.content or token.markup}")
        if kind == "text" and "$" in token.content:
            raise Trouble(f"a notebook would read the dollar as mathematics: {token.content}")
        if kind == "link" and token.nesting == 1 and not token.attrs["href"].startswith("http"):
            raise Trouble(f"a link inside the book is written as a role, not {token.attrs['href']}")
        if kind == "image" and any(child.type != "text" for child in token.children):
            raise Trouble(f"the alternative text of an image is plain words, not {token.content}")
        yield token


def with_roles(text, write):
    """Return Markdown in which `write(name, content)` stands for every role, and all else as it was."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    edits, place = [], 0
    for token in _inlines(parser().parse(text)):
        if token.type != "inline":
            continue
        place = max(place, starts[token.map[0]])
        found, offset = [], 0  # (where a line of the content begins in it, where in the text)
        for line in token.content.split("\n"):
            at = text.find(line, place)
            if at < 0:
                raise Trouble(f"cannot find this line again: {line}")
            found.append((offset, at))
            offset, place = offset + len(line) + 1, at + len(line)
        for child in _inlines(token.children):
            if child.type == "myst_role":
                span = [max(pair for pair in found if pair[0] <= end) for end in child.meta["span"]]
                start, end = (at + p - first for (first, at), p in zip(span, child.meta["span"], strict=True))
                edits.append((start, end, write(child.meta["name"], child.content)))
    for start, end, words in reversed(edits):
        text = text[:start] + words + text[end:]
    return text
