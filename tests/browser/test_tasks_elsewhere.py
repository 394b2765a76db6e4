"""A task in Firefox and in WebKit, the engine of Safari."""

import pytest
from engines import ENGINES, HANDS
from notebooks import tasks as written
from test_live_cells_elsewhere import LOST, OUTSIDE

pytestmark = pytest.mark.filterwarnings("ignore:setting remote_server_addr")  # selenium says it to itself

CHAPTER = "book/chapters/07-enaqt.html"
NAME = "hopping_constant"
TASK = written.of("enaqt")[NAME]
READER = (
    "() => {"
    + HANDS
    + """
    window.task = document.querySelector("section.task[data-task=hopping_constant]");
    window.press = (action) => task.querySelector(`[data-action=${action}]`).click();
    window.said = () => task.querySelector("output").textContent;
    window.check = async () => {
        press("check");
        await until(() => /^(Passed|Not yet|Python)/.test(said()));
        return said();
    };
    window.write = async (line) => {
        if (!task.querySelector(".cm-content")) press("edit");
        return retype(task, line);
    };
}"""
)
SOLVE = """async () => {
    for (const fold of task.querySelectorAll("details")) fold.open = true;
    press("use");
    await until(() => said().startsWith("The solution"));
    return check();
}"""
MISTAKE = f"import numpy as np; {NAME} = lambda e, g: np.mean(2 * g / (g**2 + (e - np.roll(e, 1))**2))"
STOP = """async () => {
    press("check");
    await until(() => said() === "Checking");
    press("stop");
    await until(() => said().startsWith("Stopped"));
    return said();
}"""


@pytest.mark.parametrize("engine", ENGINES)
def test_a_task_is_checked(engine, stoppable, tmp_path):
    with ENGINES[engine].start(tmp_path) as page:
        page.open(stoppable.url + CHAPTER)
        page.ask(READER)
        page.ask("(line) => write(line)", MISTAKE)
        assert page.ask("() => check()") == f"Not yet. {TASK.mistakes[0][2]}"
        page.ask("(line) => write(line)", "while True: pass")
        assert page.ask(STOP).startswith("Stopped,")
        assert page.ask(SOLVE).startswith("Passed.")
        assert page.ask("() => faults") == []
        assert page.ask(OUTSIDE) == []
        assert page.ask(LOST.replace("live-cells.js", "live-tasks.js")) == []
        stoppable.stop()
        page.open(stoppable.url + CHAPTER)
        page.ask(READER)
        assert page.ask(
            SOLVE.replace(
                "async () => {",
                """async () => {
            press("edit");
            await until(() => task.querySelector(".cm-content"));""",
            )
        ).startswith("Passed.")
        assert page.ask("() => faults") == []
