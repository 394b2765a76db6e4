"""The students' copies in the reader's browser: NumPy and Matplotlib of the site's own runtime, nothing more.

A copy as it is handed out runs from top to bottom and says that nothing is answered; with the solutions in
place every check says that they are right.
"""

import nbformat
import pytest
from course import master, prove

START = """async (folder) => {
    const script = document.createElement("script");
    script.src = folder + "pyodide.js";
    document.head.append(script);
    await new Promise((done, failed) => { script.onload = done; script.onerror = failed; });
    window.python = await loadPyodide({
        indexURL: folder, packages: ["frenkel"], env: { HOME: "/home/pyodide", MPLBACKEND: "agg" },
    });
}"""
RUN = """([code]) => {
    const said = [];
    window.python.setStdout({ batched: (line) => said.push(line) });
    const space = window.python.globals.get("dict")();
    window.python.runPython(code, { globals: space });
    return said;
}"""


@pytest.fixture(scope="module")
def python(browser, site_url):
    """A page in which Python runs as in the worker; the policy of the pages themselves would forbid it."""
    context = browser.new_context(bypass_csp=True, service_workers="block")
    page = context.new_page()
    page.outside = []
    own = (site_url, "blob:", "data:")
    page.on("request", lambda request: request.url.startswith(own) or page.outside.append(request.url))
    page.goto(site_url + "book/pages/assignments.html")
    page.evaluate(START, site_url + "_live/pyodide/")
    yield page
    context.close()


def code_of(notebook):
    """Return the code of a notebook in one piece, with the setup cell's imports only."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    cells[0] = cells[0][cells[0].index("import frenkel") :]
    return "\n".join(cells)


@pytest.mark.parametrize("name", master.names())
def test_copy_runs_in_the_browser(name, python, site):
    copy = nbformat.read(site / "assignments" / f"{name}.ipynb", as_version=4)
    said = [line for line in python.evaluate(RUN, [code_of(copy)]) if ": no answer yet." in line]
    assert len(said) == len(master.read(name).questions)
    assert not python.outside


@pytest.mark.parametrize("name", master.names())
def test_solution_is_right_in_the_browser(name, python):
    source = master.read(name)
    said = python.evaluate(RUN, [code_of(prove.submission(source, "grace"))])
    for question in source.questions:
        assert f"{question}: right." in said
