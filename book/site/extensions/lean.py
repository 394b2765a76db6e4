"""Sphinx extension: pages load little, and their words wait for no script.

The theme and other extensions bring a dozen style sheets, most rules of which apply to nothing in the book, a
font of two thousand icons, and scripts that stand before the words. Here a page gets one sheet with the rules
that can apply in this site, a font of the icons that the site shows, and of the scripts, deferred, those that
have something to do in the page.
"""

import hashlib
import io
import logging
import re
from itertools import pairwise
from pathlib import Path
from posixpath import dirname, join, normpath

import tinycss2
from fontTools import subset
from seal import SEAL

logging.getLogger("fontTools").setLevel(logging.WARNING)  # it tells each of thirty steps

SHEET, ICONS = "pages.css", "icons.woff"  # in _static
ICON_FONT = "vendor/fontawesome/webfonts/fa-solid-900.ttf"
STYLE = re.compile(
    r'\s*<link (?=[^>]*\brel="stylesheet")[^>]*\bhref="((?:\.\./)*)_static/([^"?]*)[^"]*"[^>]*>'
)
SCRIPT = re.compile(r'\s*<script\b([^>]*)\bsrc="([^"?]*)([^"]*)"([^>]*)></script>')
PRELOAD = re.compile(r'\s*<link rel="preload"[^>]*>')
# A figure's size, which keeps its place; then it can wait until the reader comes near.
IMAGE = re.compile(r'<img (?=[^>]*\bstyle="width: (\d+)px; height: (\d+)px;")')
NAMES = re.compile(r'\b(?:class|id)="([^"]*)"')
ICON = re.compile(r'<(i|span)(?= class="[^"]*\bfa-)')
OPTIONS = "documentation_options.js"  # a few lines, on which scripts written into the page build
# What a page holds in which a script has something to do; a script that is not named here is for every page.
USE = {
    "fontawesome.js": None,
    "clipboard.min.js": r"<pre",
    "copybutton.js": r"<pre",
    "design-tabs.js": r'class="[^"]*\bsd-tab-set\b',
    "togglebutton.js": r'class="(?:(?=[^"]*\badmonition\b)[^"]*\bdropdown|[^"]*(?<![\w-])toggle)(?![\w-])',
    "formula.js": r"data-names",
    "quiz.js": r"data-question",
    **dict.fromkeys(("searchtools.js", "language_data.js", "searchindex.js")),  # search.js is in their place
}
IMPORT = re.compile(r"""@import\s+["']([^"']+)["']""")
# In the page itself, before its other scripts, so that it is there even if a bad answer takes their place.
# Where storage is refused, as in frames of other sites, the theme's scripts would end; they get one that
# forgets. A link may name a thousand words to be marked, each of which is looked for in the whole page:
# search.js names six at most. On a narrow page code is shut while it is read in, before anything is painted:
# later, what stands below it would move. What the address points to stays open.
FIRST = """<script>
    for (const name of ["localStorage", "sessionStorage"]) {
      try {
        window[name].getItem("mode");
      } catch {
        const kept = new Map();
        const value = {
          getItem: (key) => kept.get(key) ?? null,
          setItem: (key, text) => kept.set(key, String(text)),
          removeItem: (key) => kept.delete(key),
        };
        Object.defineProperty(window, name, { value });
      }
    }
    const address = new URL(location);
    const marked = address.searchParams.get("highlight")?.split(/\\s+/) ?? [];
    if (marked.length > 6) {
      address.searchParams.set("highlight", [...new Set(marked)].slice(0, 6).join(" "));
      history.replaceState(history.state, "", address);
    }
    if (matchMedia("screen and (max-width: 599px)").matches) {
      const folds = document.getElementsByClassName("code-fold");
      let done = 0;
      const shut = new MutationObserver(() => {
        for (; done < folds.length; done += 1) {
          folds[done].open = folds[done].parentElement.id === location.hash.slice(1);
        }
      });
      shut.observe(document, { childList: true, subtree: true });
      addEventListener("DOMContentLoaded", () => shut.disconnect());
    }
    addEventListener("load", async () => {
      try {
        await navigator.serviceWorker.register(document.documentElement.dataset.content_root + "sw.js");
      } catch {} // then the book is read with a network
    });
  </script>
  """
ADDRESS = re.compile(r"""url\((["']?)(?!data:|#)([^"')]+)\1\)""")
PRIVATE = re.compile(r"\\([ef][0-9a-f]{3})(?![0-9a-f])|([\ue000-\uf8ff])")  # characters that are icons
FONT_FACE = re.compile(r"src:url\([^)]*fa-solid-900[^}]*(?=})")


def rules_of(static, name):
    """Yield the rules of a style sheet and of those that it imports, their addresses relative to `static`."""
    text = IMPORT.sub(r"@import url(\1)", (static / name).read_text("utf-8"))
    text = ADDRESS.sub(lambda found: f"url({normpath(join(dirname(name), found[2]))})", text)
    for rule in tinycss2.parse_stylesheet(text, skip_whitespace=True):
        if rule.type == "at-rule" and rule.lower_at_keyword == "import":
            (address,) = (token.value for token in rule.prelude if token.type == "url")
            yield from rules_of(static, address)
        else:
            yield rule


def split(tokens, mark=","):
    parts = [[]]
    for token in tokens:
        if token.type == "literal" and token.value == mark:
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def needed(selector):
    """Return the classes and ids without which a selector matches nothing."""
    found = {token.value for token in selector if token.type == "hash"}
    for mark, token in pairwise(selector):
        if mark.type == "literal" and mark.value == "." and token.type == "ident":
            found.add(token.value)
    for token in selector:
        if token.type == "function" and token.lower_name in ("is", "where", "has"):
            found |= set.intersection(*map(needed, split(token.arguments)))
    return found


def kept(rules, names):
    """Return the text of the rules that can match where only `names` occur as classes and ids."""
    out = []
    for rule in rules:
        if rule.type == "comment":
            out += [rule.serialize()] if rule.value.startswith("!") else []  # licenses
        elif rule.type == "qualified-rule":
            selectors = [part for part in split(rule.prelude) if needed(part) <= names]
            if selectors:
                head = ",".join(tinycss2.serialize(part).strip() for part in selectors)
                out.append(f"{head}{{{tinycss2.serialize(rule.content).strip()}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword in ("media", "supports", "container", "layer"):
            inner = kept(tinycss2.parse_rule_list(rule.content, skip_whitespace=True), names)
            if inner:
                head = tinycss2.serialize(rule.prelude).strip()
                out.append(f"@{rule.at_keyword} {head}{{{inner}}}")
        elif rule.type == "at-rule" and rule.lower_at_keyword != "charset":
            out.append(rule.serialize())
        elif rule.type == "error":
            raise ValueError(f"A style sheet cannot be read: {rule.message}")
    return "\n".join(out)


def icon_font(file, characters):
    """Return the font in `file` with nothing but `characters`, as WOFF."""
    options = subset.Options(flavor="woff", layout_features=[], notdef_outline=True)
    font = subset.load_font(file, options)
    chosen = subset.Subsetter(options)
    chosen.populate(unicodes=characters)
    chosen.subset(font)
    font["head"].modified = font["head"].created  # the same icons give the same bytes
    font.recalcTimestamp = False
    out = io.BytesIO()
    subset.save_font(font, out, options)
    font.close()
    return out.getvalue()


def version(data):
    return hashlib.sha256(data).hexdigest()[:8]


def write_sheet(static, names, sheets):
    """Write the one style sheet and the icons that it shows; return the sheet's version."""
    style = kept([rule for sheet in sheets for rule in rules_of(static, sheet)], names)
    characters = {int(code, 16) if code else ord(sign) for code, sign in PRIVATE.findall(style)}
    icons = icon_font(static / ICON_FONT, characters)
    (static / ICONS).write_bytes(icons)
    style = FONT_FACE.sub(f'src:url({ICONS}?v={version(icons)}) format("woff")', style)
    (static / SHEET).write_text(style, "utf-8")
    return version(style.encode())


def lean(html, sheet_version, options):
    """Return a page with one style sheet and its scripts after its words."""

    def deferred(found):
        before, address, query, after = found.groups()
        name = address.rpartition("/")[2]
        if name == OPTIONS:
            return f"\n<script>{options}</script>"
        use = USE.get(name, "")
        if use is None or not re.search(use, html):
            return ""
        defer = "" if "defer" in before + after else " defer"
        return f'\n<script{defer}{before}src="{address}{query}"{after}></script>'

    first = STYLE.search(html)
    link = f'\n<link rel="stylesheet" href="{first[1]}_static/{SHEET}?v={sheet_version}">'
    html = html[: first.start()] + link + STYLE.sub("", html[first.start() :])
    html = html.replace("<title>", f"{FIRST}<title>", 1)
    html = IMAGE.sub(r'<img loading="lazy" width="\1" height="\2" ', html)
    return ICON.sub(r'<\1 aria-hidden="true"', SCRIPT.sub(deferred, PRELOAD.sub("", html)))


def make_lean(app, exception):
    """Make every page lean that this build has written, and tell the others of the sheet's new version."""
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    static = out / "_static"
    others = {"_static", "_live", "lite"}
    files = [file for file in out.rglob("*.html") if not others & set(file.relative_to(out).parts)]
    pages = {file: file.read_text("utf-8") for file in files}
    written = {file: html for file, html in pages.items() if SEAL not in html and STYLE.search(html)}
    if not written:
        return
    scripts = [*static.rglob("*.js"), *(out / "_live").glob("*.js")]
    scripts = [file for file in scripts if USE.get(file.name, "") is not None]
    names = {name for html in pages.values() for some in NAMES.findall(html) for name in some.split()}
    names |= {word for file in scripts for word in re.findall(r"[\w-]+", file.read_text("utf-8"))}
    sheets = dict.fromkeys(sheet for html in written.values() for _, sheet in STYLE.findall(html))
    sheet_version = write_sheet(static, names, sheets)
    options = (static / OPTIONS).read_text("utf-8")
    for file, html in pages.items():
        if file in written:
            html = lean(html, sheet_version, options)
        else:
            html = re.sub(rf"(_static/{SHEET}\?v=)\w+", rf"\g<1>{sheet_version}", html)
        if html != pages[file]:
            file.write_text(html, "utf-8")


def setup(app):
    app.connect("build-finished", make_lean, priority=700)  # when the theme has written its styles
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
