"""Show one changed page: execute the cells that a change reaches, build what follows, say where to look.

python book/site/tools/page.py NAME; NAME is a chapter, `enaqt`, or a page, `glossary`.
"""

import contextlib
import gc
import io
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / "book" / "site"))

from jupyter_book.cli.main import main as jupyter_book  # noqa: E402
from notebooks import __main__ as notebooks  # noqa: E402
from notebooks import sources  # noqa: E402


def main(name):
    gc.disable()  # a short run with much to read: looking for what nobody needs took a fourth of its time
    pages = {sources.name(path): path for path in [*sources.chapters(), *sources.BOOK.glob("pages/*.md")]}
    chapter = sources.find(name)
    name = sources.name(chapter) if chapter else name
    if name not in pages:
        sys.exit(f"CHAPTER must be the name of a chapter or page ({', '.join(pages)}), but is {name!r}.")
    if chapter:
        notebooks.page(chapter)
    os.environ["FRENKEL_PAGE"] = name
    try:
        # The builder would say how to open a page without a server, which the book needs.
        with contextlib.redirect_stdout(io.StringIO()):
            jupyter_book(["build", str(ROOT), "-W", "-n", "--keep-going", "-q"])
    except SystemExit as end:
        if end.code:
            raise
    page = pages[name].relative_to(ROOT).as_posix().partition(".")[0]
    print(
        f"Look at _build/html/{page}.html, or with `make serve` running at http://127.0.0.1:8000/{page}.html"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
