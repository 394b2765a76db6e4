"""Notebooks in JupyterLab, as `make lab` opens it, and in Notebook 7: they run, answer, move and play."""

import os
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from notebooks import working_copy
from test_notebooks_live import MINUTES, OPENED, RUN, assert_explorer_moves, assert_explorer_plays
from upstream import is_known

CHAPTER, PLAYING = "01-superlattices", "index"
FRONT_ENDS = {"jupyterlab": ("LabApp", "lab/tree/"), "notebook": ("JupyterNotebookApp", "notebooks/")}
GO_TO = """async (name) => {
    const { content } = jupyterapp.shell.currentWidget;
    content.activeCellIndex = content.model.toJSON().cells.findIndex((cell) => cell.id === name);
    await content.scrollToItem(content.activeCellIndex, "start");
}"""


@pytest.fixture(scope="module", params=FRONT_ENDS)
def lab(request, tmp_path_factory):
    """The address where JupyterLab, or Notebook 7, opens a working copy of the notebooks."""
    app, place = FRONT_ENDS[request.param]
    folder = tmp_path_factory.mktemp("lab")
    working_copy.main(folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "ServerApp.port": port,
        "ServerApp.root_dir": folder,
        "ServerApp.port_retries": 0,
        "ServerApp.allow_root": True,
        "IdentityProvider.token": "",
        f"{app}.open_browser": False,
        f"{app}.expose_app_in_browser": True,
        f"{app}.labextensions_path": folder / ".extensions",
    }
    environment = {name: value for name, value in os.environ.items() if name != "FRENKEL_STATIC"}
    environment |= {"JUPYTER_CONFIG_DIR": str(folder / ".config")}
    server = subprocess.Popen(
        [sys.executable, "-m", request.param, *(f"--{name}={value}" for name, value in options.items())],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/"
    for _ in range(240):
        assert server.poll() is None, f"{request.param} did not start"
        try:
            urllib.request.urlopen(f"{address}api").close()
            break
        except OSError:
            time.sleep(0.5)
    yield address + place
    server.terminate()
    server.wait()


@pytest.fixture
def open_notebook(browser, lab):
    """A function that opens a notebook, nothing of it run; errors of the console are in `faults`."""
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(5 * MINUTES)
    page.faults = []
    page.on("pageerror", lambda error: is_known(error) or page.faults.append(str(error)))
    page.on("console", lambda message: message.type == "error" and page.faults.append(message.text))

    def open_notebook(name):
        page.goto(f"{lab}{name}.ipynb?reset")  # of JupyterLab: no notebook beside it
        page.wait_for_function(OPENED)
        return page

    yield open_notebook
    page.close()


def test_it_is_complete_before_it_is_run_then_runs_answers_and_moves(open_notebook):
    opened = open_notebook(CHAPTER)
    opened.evaluate(GO_TO, "question-1")
    question = opened.locator(".jp-OutputArea:has-text('Before you look.')").first
    question.locator("details:not([open])").wait_for()  # the answer is folded
    opened.evaluate(GO_TO, "caption-fig-times")
    opened.locator(".jp-MarkdownOutput:has-text('Fig. 1.')").first.wait_for()
    opened.get_by_text("The picture in words").last.wait_for()
    cells = opened.evaluate(RUN)["cells"]
    assert not [o for cell in cells for o in cell.get("outputs", ()) if o["output_type"] == "error"]
    opened.evaluate(GO_TO, "question-1")
    opened.get_by_role("button", name="(b)").first.click()
    opened.get_by_text("You said: (b)").wait_for()
    assert_explorer_moves(opened)
    assert opened.faults == []


def test_it_plays(open_notebook):
    opened = open_notebook(PLAYING)
    opened.evaluate(RUN)
    assert_explorer_plays(opened)
    assert opened.faults == []
