"""Plain, runnable notebooks, written from the chapters and what is recorded of them.

These are what readers open: `make lab`, the site's downloads and live notebooks, Colab and Binder all take
them from `_build/notebooks/`, and nbval runs them in `make test`.
"""

import base64
import json
import os
import shutil

import frenkel
import nbformat
from frenkel.explore import EXPLORERS

from . import labels, plain, recorded, sources, thread, uses

FOLDER = sources.ROOT / "_build" / "notebooks"
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
LANGUAGE_INFO = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}
EDITION = "*From [{title}]({address}), made with frenkel {version}.*"
# In the notebook itself, since an older library would lack the function. The wheel is the students'.
INSTALL = """\
# Installs the library where it is missing, and says if its edition is another one.
import importlib.util

if importlib.util.find_spec("frenkel") is None:
    %pip install --quiet "frenkel[full] @ {wheel}"

import frenkel

if frenkel.__version__ != "{version}":
    print(f"This notebook was made with frenkel {version}; installed here is {{frenkel.__version__}}.")
    print("Something may differ from what is stored here, or fail. To have the edition of the notebook,")
    print("run this in a new cell, restart the kernel and begin again from the top:")
    print('%pip install --upgrade "frenkel[full] @ {wheel}"')
"""


def with_edition(cells):
    """Return cells that name the edition of the library, and install it or say that another one is found."""
    title, version = labels.settings()["title"], frenkel.__version__
    wheel = f"{labels.site()}assignments/frenkel-{version}-py3-none-any.whl"
    install = INSTALL.format(version=version, wheel=wheel).rstrip("\n")
    heading, break_, text = cells[0].source.partition("\n\n")
    edition = EDITION.format(title=title, address=labels.site(), version=version)
    cells[0].source = f"{heading}\n\n{edition}{break_}{text}"
    return [cells[0], nbformat.v4.new_code_cell(install, id="install", metadata=plain.HIDDEN), *cells[1:]]


def mark_of_explorer(name):
    """Return (data, metadata): HTML that stands for an explorer until the site puts its own in place."""
    return {"text/plain": name, "text/html": f'<figure class="explorer" data-explorer="{name}"></figure>'}, {}


def drawn_explorer(name):
    """Return an explorer as a notebook shows it without a kernel, drawn if its code has changed."""
    kept = FOLDER / ".explorers" / f"{name}-{uses.fingerprint(uses.of_explorer(name))}.json"
    if not kept.is_file():
        kept.parent.mkdir(parents=True, exist_ok=True)
        for old in kept.parent.glob(f"{name}-*.json"):
            old.unlink()
        os.environ["FRENKEL_STATIC"] = "1"  # a picture, no widget
        kept.write_text(json.dumps(EXPLORERS[name]._repr_mimebundle_()), "utf-8")
    return json.loads(kept.read_text("utf-8"))


def complete(path, explorer=mark_of_explorer):
    """Return the notebook of a chapter with the outputs of its cells, an explorer's from `explorer(name)`."""
    notebook, record = sources.read(path), recorded.read(recorded.folder(path))
    notebook.metadata |= nbformat.from_dict({"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO})
    count = 0
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        count += 1
        cell.execution_count = count
        cell.outputs = []
        if shown := sources.explorer(cell):
            data, about = explorer(shown)
            cell.outputs = [
                nbformat.v4.new_output("execute_result", data, metadata=about, execution_count=count)
            ]
        elif (figure := sources.figure(cell)) in record.figures:
            cell.outputs = [picture(record.figures[figure], cell.metadata.mystnb.image.alt)]
        elif cell.id in record.printed:
            cell.outputs = [nbformat.v4.new_output("stream", name="stdout", text=record.printed[cell.id])]
    return notebook


def picture(png, words):
    """Return a figure as an output."""
    width, height = recorded.size(png)
    return nbformat.v4.new_output(
        "display_data",
        {"image/png": base64.b64encode(png).decode(), "text/plain": words},
        metadata={"image/png": {"width": width, "height": height, "alt": words}},
    )


def runnable(path):
    """Return a chapter as a notebook that is complete to look at and runs anywhere."""
    notebook = complete(path, drawn_explorer)
    notebook.metadata.pop("source_map")
    notebook.cells = with_edition(plain.cells(path, notebook))
    count = 0
    for cell in notebook.cells:
        if cell.cell_type == "code":
            count += 1
            cell.execution_count = count
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = count
    return notebook


def program(path):
    """Return the reader's own program as it is at the end of a chapter, or "" if this adds nothing to it."""
    notebooks = [sources.read(each) for each in [*sources.before(path), path]]
    page = labels.read(path, notebooks[-1].cells)
    book = {"book": labels.settings()["title"], "address": labels.site()}
    return thread.program(notebooks, number=page.number, title=page.title, **book)


def write(paths=None):
    """Write the notebooks of all chapters into `_build/notebooks/`, and how nbval runs them."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    paths = paths or sources.chapters()
    for path in paths:
        text = nbformat.writes(runnable(path)).rstrip("\n") + "\n"
        target = FOLDER / f"{sources.stem(path)}.ipynb"
        if not target.is_file() or target.read_text("utf-8") != text:
            target.write_text(text, "utf-8")
    for file in set(FOLDER.glob("*.ipynb")) - {
        FOLDER / f"{sources.stem(p)}.ipynb" for p in sources.chapters()
    }:
        file.unlink()
    shutil.copy(sources.ROOT / "book" / "site" / "notebooks" / "nbval_conftest.py", FOLDER / "conftest.py")
