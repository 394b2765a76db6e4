"""Tasks of a built chapter: a function written, checked, stopped and put back in its page."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from live_page import STARTING
from notebooks import tasks as written
from test_live_cells import BEFORE, assert_no_faults, open_chapter  # noqa: F401  # a fixture

NAME = "hopping_constant"
TASK = written.of("enaqt")[NAME]

# What a screen reader may hear.
HEAR = """output => {
    window.heard = [];
    const hear = () => heard.push(output.textContent);
    new MutationObserver(hear).observe(output, { childList: true, subtree: true });
}"""


def write(task, text):
    """Put `text` in place of the code, by the keyboard."""
    if not task.locator(".cm-content").count():
        task.locator("[data-action=edit]").click()
    task.locator(".cm-content").focus()
    task.page.keyboard.press("ControlOrMeta+a")
    task.page.keyboard.insert_text(text)


def code(task):
    return "\n".join(line.strip("\n") for line in task.locator(".cm-line").all_inner_texts())


def verdict(task):
    """Press Check and wait; return what is said."""
    task.locator("[data-action=check]").click()
    said = task.locator("output", has_text=re.compile(r"^(Passed|Not yet|Stopped|Python does)"))
    said.wait_for(timeout=STARTING)
    return said.inner_text()


@pytest.fixture(scope="module")
def page(open_chapter):  # noqa: F811
    page = open_chapter("enaqt")
    page.wait_for_load_state("networkidle")
    page.before = list(page.asked)
    page.locator(f"section.task[data-task={NAME}] [data-action=edit]").click()
    page.locator(f"section.task[data-task={NAME}] .cm-content").wait_for()
    assert page.workers == [], "an editor needs no Python"
    yield page
    assert_no_faults(page)


@pytest.fixture
def task(page):
    """The task, with its starter in the editor and its hints shut after the test."""
    task = page.locator(f"section.task[data-task={NAME}]")
    yield task
    task.evaluate("task => task.querySelectorAll('details').forEach((fold) => (fold.open = false))")
    if task.locator("[data-action=reset]").is_visible():
        task.locator("[data-action=reset]").click()


def test_nothing_is_loaded_before_a_press(page, site):
    urls = [url for url in page.before if "/_live/" in url]
    names = {re.search(r"_live/([^?]*)", url)[1] for url in urls}
    assert {it for it in names if "explorer" not in it and "pictures" not in it} == {"cells.css", "cells.js"}
    assert sum((site / "_live" / name).stat().st_size for name in ("cells.css", "cells.js")) < BEFORE
    assert any("live-tasks.js" in url for url in page.asked)


def test_a_mistake_gets_its_words_and_the_solution_passes(task):
    said = "Not yet. For energies = an array of shape (3,), dephasing = 4, your function still returns ..."
    assert verdict(task).startswith(said)
    for right, wrong, words in TASK.mistakes:
        write(task, TASK.solution.replace(right, wrong))
        assert verdict(task) == f"Not yet. {words}".replace("`", "")
        assert task.locator("output").get_attribute("data-verdict") == "other"
    write(task, TASK.solution)
    assert verdict(task).startswith("Passed.")
    assert task.locator("output").get_attribute("data-verdict") == "right"


def test_an_error_marks_its_line_and_what_is_printed_shows(task):
    write(task, f"def {NAME}(energies, dephasing):\n    print('here')\n    return nothing")
    said = verdict(task)
    assert "NameError: name 'nothing' is not defined" in said
    assert "line 3" in said
    assert task.locator("[data-failed]").inner_text().strip() == "return nothing"
    assert "here" in task.locator(".live-output pre").first.inner_text()
    write(task, "a = (")
    assert verdict(task) == "Not yet. Error in line 1, see below."
    assert "was never closed" in task.locator(".live-error").inner_text()
    write(task, "a = 1")
    assert verdict(task) == f"Not yet. The check needs a function with the name {NAME}."


def test_a_task_has_a_namespace_of_its_own(task):
    """What one check or a cell has defined is not there in the next."""
    write(task, f"secret = 1\n{TASK.solution}")
    assert verdict(task).startswith("Passed.")
    write(task, f"{TASK.solution}\nsecret")
    assert verdict(task) == f"Not yet. Error in line {len(TASK.solution.splitlines()) + 1}, see below."


def test_an_endless_loop_is_stopped(page, task):
    write(task, f"def {NAME}(energies, dephasing):\n    while True:\n        pass")
    task.locator("[data-action=check]").click()
    task.locator("output", has_text="Checking").wait_for(timeout=STARTING)
    assert page.evaluate("1 + 1") == 2
    task.locator("[data-action=stop]").click()
    task.locator("output", has_text=re.compile("^Stopped")).wait_for(timeout=2_000)
    write(task, TASK.solution)
    task.locator("output").evaluate(HEAR)
    assert verdict(task).startswith("Passed.")
    heard = page.evaluate("heard")
    assert heard[0] == "Starting Python"
    assert len(heard) < 6, heard  # as often as the words change, not at every megabyte
    assert not [words for words in heard if "MB" in words]


def test_hints_come_one_by_one_and_the_solution_can_be_used(task):
    summaries = task.locator("summary")
    assert [summaries.nth(k).is_visible() for k in range(summaries.count())] == [True, False, False]
    for k in range(summaries.count()):
        summaries.nth(k).click()
    task.locator("[data-action=use]").click()
    assert code(task) == TASK.solution
    assert verdict(task).startswith("Passed.")
    task.locator("[data-action=reset]").click()
    assert code(task) == TASK.starter
    assert task.locator("output").inner_text() == ""


def test_by_keyboard_alone(page, task):
    write(task, TASK.solution)
    page.keyboard.press("ControlOrMeta+Enter")
    task.locator("output", has_text=re.compile("^Passed")).wait_for(timeout=STARTING)
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.action ?? document.activeElement.tagName") == "check"
    page.keyboard.press("Enter")
    task.locator("output", has_text=re.compile("^Passed")).wait_for(timeout=STARTING)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_is_accessible_and_fits_a_phone(page, task, theme):
    write(task, TASK.solution)
    verdict(task)
    page.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
    page.set_viewport_size({"width": 360, "height": 740})
    task.evaluate("task => task.querySelectorAll('details').forEach((fold) => (fold.open = true))")
    task.locator("details pre[tabindex='0']").wait_for()  # the solution is wider than the phone
    found = Axe().run(page, context="section.task")
    assert found.response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1280, "height": 900})


def test_print_shows_statement_and_starter_alone(page, task):
    page.emulate_media(media="print")
    assert task.locator("p").nth(1).is_visible()
    assert task.locator(".task-starter").is_visible()
    for hidden in (".live-bar >> nth=0", ".task-hint >> nth=0", "output"):
        assert not task.locator(hidden).is_visible()
    page.emulate_media(media="screen")
