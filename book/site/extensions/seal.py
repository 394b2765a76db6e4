"""Sphinx extension: a Content-Security-Policy in every page.

A page may load what its own site serves and run the scripts it came with, nothing else. The theme writes a
few short scripts into its pages, so each page names their hashes. A static host sends no headers: the policy
is a `<meta>` element, put before anything that it governs.
"""

import base64
import hashlib
import re
from pathlib import Path

INLINE = re.compile(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", re.DOTALL)
PRINT = 'onclick="window.print()"'  # the theme's button; site.js listens to the attribute put in its place
HEAD = "<head>"
SEAL = '<meta http-equiv="Content-Security-Policy"'
POLICY = {
    "default-src": "'self'",  # Firefox fetches the next page ahead of its reader under this rule
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",  # formulas and figures are laid out by style attributes
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    **dict.fromkeys(("object-src", "frame-src", "media-src", "manifest-src"), "'none'"),
    "form-action": "'self'",
    "base-uri": "'none'",
}


def policy(html, common):
    """Return the policy of a page: the common one, and the hashes of the scripts written into it."""
    scripts = sorted(
        {base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in INLINE.findall(html)}
    )
    own = common | {"script-src": " ".join([common["script-src"], *(f"'sha256-{code}'" for code in scripts)])}
    return "; ".join(f"{kind} {sources}" for kind, sources in own.items())


def seal(html, common=POLICY):
    """Return a page with its policy."""
    html = html.replace(PRINT, "data-print")
    meta = f'{SEAL} content="{policy(html, common)}">'
    return html.replace(HEAD, f"{HEAD}\n    {meta}", 1)


def seal_pages(app, exception):
    """Seal every page that this build has written."""
    if exception or app.builder.format != "html":
        return
    out = Path(app.outdir)
    for file in out.rglob("*.html"):
        html = file.read_text("utf-8")
        if not {"_live", "lite"} & set(file.relative_to(out).parts) and SEAL not in html:
            file.write_text(seal(html), "utf-8")


def setup(app):
    app.connect("build-finished", seal_pages, priority=800)  # after lean.py
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
