"""How a test finds, runs, edits and reads a live cell of a chapter: by its public marks alone."""

UNFOLD = """() => {
    for (const button of document.querySelectorAll(".toggle-hidden .toggle-button")) button.click();
}"""
STARTING = 120_000  # ms; a browser on a busy machine takes its time


def cells_of(page):
    """All live cells, with those of folded solutions, which are opened."""
    page.evaluate(UNFOLD)
    return page.locator(".cell[data-live]").all()


def press(cell, action):
    cell.locator(f"[data-action={action}]").click()


def finished(cell, timeout=STARTING):
    """Wait until nothing runs; return what the cell says about it."""
    cell.page.wait_for_function(
        "cell => !cell.querySelector('[data-action=run]').disabled"
        " && cell.querySelector('[data-action=stop]').hidden && cell.querySelector('.cm-content')"
        " && cell.querySelector('.live-status').textContent",  # empty until a first press has been heard
        arg=cell.element_handle(),
        timeout=timeout,
    )
    return cell.locator(".live-status").inner_text()


def run(cell):
    # By the keyboard: a picture that comes late moves what a pointer aims at, and another button is pressed.
    cell.locator("[data-action=run]").press("Enter")
    return finished(cell)


def write(cell, text):
    """Put `text` in place of the code, by the keyboard."""
    code = cell.locator(".cm-content")
    if not code.count():
        press(cell, "edit")
    code.focus()
    cell.page.keyboard.press("ControlOrMeta+a")
    cell.page.keyboard.insert_text(text)


def printed(cell):
    return "".join(cell.locator(".live-output pre").all_inner_texts())


def picture(cell):
    """The address of the picture that a reader sees."""
    return cell.locator(".cell_output img:visible").first.get_attribute("src")
