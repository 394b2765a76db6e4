"""Sphinx extension: explorers alive in the built site.

A notebook stores the plain HTML of an explorer; the site gets it anew, with pictures and a runtime of its own
under `_live/`. Whatever the library changes, the pages, pictures and the wheel follow at the next build.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import joined
import matplotlib
import runtime
from docutils import nodes
from frenkel.explore import EXPLORERS
from frenkel.explore.hosts import page, picture
from notebooks import sources, uses
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.osutil import relative_uri

ROOT = Path(__file__).parents[3]
RUNTIME = Path(runtime.__file__).parent
ASSETS = [
    "explorer.css",
    "python-worker.js",
    "cells.css",
    "live.css",
    "cells.js",
    "live-cells.js",
    "cell-editor.js",
    "cell-output.js",
    "cell-python.js",
    "typed.js",
    "live-tasks.js",
    "codemirror/codemirror.js",
]
SCRIPTS = {"explorer.js": "explorer/page.js", "worker.js": "worker/worker.js"}  # each joined from pieces
MARK = re.compile(r'data-explorer="([^"]*)"')
logger = logging.getLogger(__name__)


def digest():
    """Return a short hash of all that an explorer's page, picture or runtime depends on."""
    sources = [*(ROOT / "lib").rglob("*.py"), *RUNTIME.rglob("*"), ROOT / "pyproject.toml", Path(__file__)]
    total = hashlib.sha256(matplotlib.__version__.encode())
    for path in sorted(path for path in sources if path.is_file()):
        total.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return total.hexdigest()[:12]


def explorers_in(doctree):
    """Yield (node, name) for every piece of HTML that marks an explorer."""
    for node in doctree.findall(nodes.raw):
        found = MARK.search(node.astext()) if node["format"] == "html" else None
        if found:
            yield node, found[1]


def note_pages(app, doctree):
    names = sorted({name for _, name in explorers_in(doctree)})
    if names:
        app.env.metadata[app.env.docname]["explorers"] = " ".join(names)


def stale_pages(app, env, added, changed, removed):
    """Read pages with explorers again if the library has changed since they were read.

    `make page` reads only the one that it shows; the others wait for `make book`.
    """
    now = digest()
    waiting = getattr(env, "live_waiting", set())
    if getattr(env, "live_digest", now) != now:
        waiting = {name for name in env.found_docs if "explorers" in env.metadata.get(name, {})}
    page = os.environ.get("FRENKEL_PAGE")
    read = {name for name in waiting if page in (None, sources.name(name))}
    env.live_digest, env.live_waiting = now, waiting - read
    return sorted(read)


def picture_file(explorer, layout, theme):
    return f"{explorer.name}-{layout}-{theme}.png"


def draw_pictures(folder, names, layouts=picture.LAYOUTS, themes=picture.THEMES):
    """Write the static pictures of the explorers `names`, at two pixels for a CSS pixel."""
    folder.mkdir(parents=True, exist_ok=True)
    for explorer in map(EXPLORERS.get, names):
        result, *_ = explorer.at_rest()
        for layout in layouts:
            for theme in themes:
                pixels = picture.still(explorer, result, layout, theme, scale=2)
                file = folder / picture_file(explorer, layout, theme)
                file.write_bytes(picture.png(pixels, compress_level=9))


def copy_pictures(target, kept):
    """Write the pictures of all explorers into `target`; those whose code has not changed are in `kept`."""
    target.mkdir()
    for name in EXPLORERS:
        code = uses.fingerprint(uses.of_explorer(name))
        folder = kept / f"{name}-{code}-{matplotlib.__version__}"
        if not folder.is_dir():
            for old in kept.glob(f"{name}-*"):
                shutil.rmtree(old)
            unfinished = kept / f".{name}"
            draw_pictures(unfinished, [name])
            unfinished.rename(folder)
        for file in folder.iterdir():
            shutil.copy(file, target)


class WriteExplorers(SphinxPostTransform):
    """Replace the stored HTML of an explorer by what this site needs."""

    default_priority = 400

    def run(self, **kwargs):
        for node, name in list(explorers_in(self.document)):
            if name not in EXPLORERS:
                logger.warning("There is no explorer named %r.", name, location=node, type="explorer")
            elif self.app.builder.format == "html":
                node.replace_self(nodes.raw("", self.html(EXPLORERS[name]), format="html"))
            else:
                node.replace_self(self.picture(EXPLORERS[name]))

    def html(self, explorer):
        here = self.app.builder.get_target_uri(self.env.docname)
        folder = relative_uri(here, "_live/pictures/")
        pictures = {
            (layout, theme): f"{folder}{picture_file(explorer, layout, theme)}?{self.env.live_digest}"
            for layout in picture.LAYOUTS
            for theme in picture.THEMES
        }
        return page.render(explorer, pictures, self.env.live_cost)

    def picture(self, explorer):
        folder = Path(self.app.doctreedir) / "explorers"
        draw_pictures(folder, [explorer.name], ["wide"], ["light"])
        uri = os.path.relpath(folder / picture_file(explorer, "wide", "light"), self.app.srcdir)
        self.env.images.add_file(self.env.docname, uri)
        _, sentence, seen = explorer.at_rest()
        return nodes.figure(
            "",
            nodes.image(uri=uri, candidates={"*": uri}, alt=seen),
            nodes.caption("", f"{explorer.title}. {sentence}"),
        )


def load(app, context, name):
    """Let a page load the style `name`.css and the script `name`.js of the runtime."""
    style, script = (
        context["pathto"](f"_live/{name}.{kind}", resource=True) + f"?{app.env.live_digest}"
        for kind in ("css", "js")
    )
    context["metatags"] += f'<link rel="stylesheet" href="{style}"><script defer src="{script}"></script>'


def add_assets(app, pagename, templatename, context, doctree):
    """Load script and style on the pages that hold an explorer, and on no other."""
    if doctree is not None and any(explorers_in(doctree)):
        load(app, context, "explorer")


def build_wheel(folder):
    """Build the library's wheel into `folder`; return its path, whose name tells its content to caches."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        raise ExtensionError(f"The wheel of frenkel could not be built: {done.stderr.strip()}")
    wheel = next(folder.glob("*.whl"))
    name, version, tags = wheel.name.split("-", 2)
    content = int(hashlib.sha256(wheel.read_bytes()).hexdigest()[:12], 16)
    return wheel.rename(folder / f"{name}-{version}-{content}-{tags}")


def write_site(app):
    """Write `_live/`: script, style, pictures and runtime, unless this very state is there already.

    That comes before the pages, which say what the runtime weighs.
    """
    if app.builder.format != "html":
        return
    target, now = Path(app.outdir) / "_live", digest()
    manifest = target / "manifest.json"
    if not (manifest.is_file() and json.loads(manifest.read_text("utf-8"))["digest"] == now):
        write_live(target, now)
    app.env.live_cost = cost(json.loads(manifest.read_text("utf-8")))


def cost(manifest):
    """Say what a reader pays for the first touch, on a line that compresses."""
    return f"{sum(file['sent'] for file in manifest['files']) / 1e6:.0f} MB, once"


def write_live(target, now):
    """Write `_live/` anew, into the folder `target`; `now` is the digest of what it comes from."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir()
    for name in ASSETS:
        shutil.copy(RUNTIME / name, target)
    for name, piece in SCRIPTS.items():
        (target / name).write_text(joined.script(RUNTIME / piece), "utf-8")
    copy_pictures(target / "pictures", target.parents[1] / ".pictures")
    with tempfile.TemporaryDirectory() as folder:
        try:
            listed = runtime.install(target / "pyodide", build_wheel(Path(folder)))
        except runtime.RuntimeMissing as error:
            raise ExtensionError(str(error)) from None
    version = {"digest": now, "pyodide": runtime.LOCK["version"]}
    (target / "manifest.json").write_text(json.dumps(version | listed))


def setup(app):
    app.connect("builder-inited", write_site)
    app.connect("doctree-read", note_pages)
    app.connect("env-get-outdated", stale_pages)
    app.connect("html-page-context", add_assets)
    app.add_post_transform(WriteExplorers)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
