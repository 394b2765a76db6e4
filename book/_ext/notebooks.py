"""Execute the chapters whose code, or the library's code, has changed since they were last executed.

`make notebooks` runs this file; with CI set in the environment it executes nothing and complains of what is
stale, so that what is published is what was committed.

A chapter is committed with its outputs and with a fingerprint of what produced them: the sources of its code
cells and of the library, without docstrings and comments, so that an edit of prose costs nothing. The Sphinx
extension compares the same fingerprint in every build.
"""

import ast
import copy
import hashlib
import io
import os
import sys
import tokenize
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

ROOT = Path(__file__).resolve().parents[2]
# Explorers open no comm when FRENKEL_STATIC is set; one BLAS thread makes sums repeat to the last digit.
KERNEL_ENVIRONMENT = {
    "FRENKEL_STATIC": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}
FIGURE_FORMATS = ["retina"]  # of Matplotlib in the kernel: twice the pixels
CELL_TIMEOUT = 120  # seconds
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
LITE_KERNELSPEC = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
INSTALL = """\
# Installs the book's library if this Python has none yet.
try:
    import frenkel
except ModuleNotFoundError:
    %pip install --quiet "frenkel[full] @ https://github.com/frenkel-book/frenkel/archive/main.zip"
"""
LANGUAGE_INFO = {
    "file_extension": ".py",
    "mimetype": "text/x-python",
    "name": "python",
    "pygments_lexer": "ipython3",
}


def code_only(source):
    """Return Python `source` without comments, docstrings and blank lines.

    Text is cut rather than unparsed: what `ast.unparse` writes depends on the version of Python.
    """
    lines = source.splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
            if ast.get_docstring(node, clean=False) is not None:
                docstring = node.body[0]
                if docstring.lineno > getattr(node, "lineno", 0):  # not «def f(): "text"», on one line
                    lines[docstring.lineno - 1 : docstring.end_lineno] = [""] * (
                        docstring.end_lineno - docstring.lineno + 1
                    )
    return "\n".join(line.rstrip() for line in lines if line.strip())


COURSEWORK = ("coursework.py", "_locks.py")


def library_code(package=ROOT / "lib" / "frenkel"):
    """Return the code of every module of the library as one text.

    Explorers are left out: a build draws them anew, and no number that a chapter prints comes from them. Nor
    does any come from the checks of the coursework.
    """
    files = sorted(package.rglob("*.py"), key=lambda file: file.relative_to(package).as_posix())
    files = [file for file in files if file.parent.name != "explore" and file.name not in COURSEWORK]
    return "\n".join(
        f"{file.relative_to(package).as_posix()}\n{code_only(file.read_text('utf-8'))}" for file in files
    )


def fingerprint(notebook, library):
    """Return the SHA-256 of a notebook's code cells and the library's code."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return hashlib.sha256("\0".join([*cells, library]).encode()).hexdigest()


def stored_fingerprint(notebook):
    """Return the fingerprint that a notebook was last executed with, or None."""
    return notebook.metadata.get("frenkel", {}).get("fingerprint")


def clean(notebook, mark):
    """Keep only the metadata that a rerun would write again, letter for letter."""
    kept = {key: value for key, value in notebook.metadata.items() if key not in ("widgets", "signature")}
    notebook.metadata = nbformat.from_dict(
        kept | {"kernelspec": KERNELSPEC, "language_info": LANGUAGE_INFO, "frenkel": {"fingerprint": mark}}
    )
    for cell in notebook.cells:
        for key in ("execution", "collapsed", "scrolled", "ExecuteTime"):
            cell.metadata.pop(key, None)


def portable(notebook, *, outputs=True):
    """Return a chapter as text that runs anywhere: its first cell installs what is missing."""
    notebook = copy.deepcopy(notebook)
    notebook.metadata.pop("frenkel", None)
    if not outputs:
        notebook.metadata.kernelspec = nbformat.from_dict(LITE_KERNELSPEC)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
    notebook.cells.insert(0, nbformat.v4.new_code_cell(INSTALL, id="install"))
    return nbformat.writes(notebook)


def complaint(notebook, name):
    """Return in words what the first bad output of an executed notebook says, or None."""
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", ()):
            if output.output_type == "stream" and output.name == "stderr":
                return f"{name}, cell {number} wrote to stderr:\n{cell.source}\n\n{output.text}"
    return None


def execute(path, library):
    """Execute one notebook in place and write it; return None or a complaint, which leaves it untouched."""
    name = path.relative_to(ROOT).as_posix()
    stored = path.read_text("utf-8")
    notebook = nbformat.reads(stored, as_version=4)
    if '"id":' not in stored:
        # nbformat gives cells of an older format random ids.
        for number, cell in enumerate(notebook.cells, start=1):
            cell.id = f"cell-{number}"
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_name="python3",
        record_timing=False,
        coalesce_streams=True,
        # Plots at two pixels for a CSS pixel; the output's metadata keeps their width on the page.
        extra_arguments=["--IPKernelApp.log_level=ERROR", f"--InlineBackend.figure_formats={FIGURE_FORMATS}"],
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        return f"{name} did not run to its end:\n{error}"
    words = complaint(notebook, name)
    if words is None:
        clean(notebook, fingerprint(notebook, library))
        notebook.nbformat_minor = 5
        path.write_text(nbformat.writes(notebook).rstrip("\n") + "\n", encoding="utf-8")
    return words


def main():
    """Execute what is stale, two at a time, or under CI name it; exit with the complaints, if any."""
    os.environ.update(KERNEL_ENVIRONMENT)
    library = library_code()
    stale = []
    for path in sorted((ROOT / "book").glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        if stored_fingerprint(notebook) != fingerprint(notebook, library):
            stale.append(path)
    names = ", ".join(path.relative_to(ROOT).as_posix() for path in stale)
    if stale and os.environ.get("CI"):
        sys.exit(f"Executed with other code: {names}. Run `make notebooks` and commit what it writes.")
    if stale:
        print(f"executing {names}", flush=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        complaints = [words for words in pool.map(lambda path: execute(path, library), stale) if words]
    if complaints:
        sys.exit("\n\n".join(complaints))


if __name__ == "__main__":
    main()
