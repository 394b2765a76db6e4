"""How a test finds, touches, moves and reads an explorer in a page: by its public marks alone."""

import csv
import io

import numpy as np
from frenkel.explore import EXPLORERS
from frenkel.explore.hosts import live

PLAYING = [name for name, explorer in EXPLORERS.items() if explorer.clock]
# Hides or shows the tab, as the page sees it.
HIDE = """hidden => {
    Object.defineProperty(document, "hidden", {value: hidden, configurable: true});
    document.dispatchEvent(new Event("visibilitychange"));
}"""
# A browser that lets a page keep nothing.
REFUSE = """for (const name of ["localStorage", "sessionStorage"])
    Object.defineProperty(window, name, {get() { throw new DOMException("refused", "SecurityError"); },
                                         configurable: true});"""
# Keeps the workers of the page at hand, and when each was heard of last.
CATCH_WORKERS = """window.workers = [];
    window.Worker = class extends Worker {
        constructor(...given) {
            super(...given);
            window.workers.push(this);
            this.addEventListener("message", () => (this.heard = Date.now()));
        }
    };"""
STARTING = 60_000  # ms; a browser on a busy machine takes its time


def threads_of(page):
    """Return (Python's worker, the one beside it that brings its files)."""
    python, loader = sorted(page.workers, key=lambda worker: worker.evaluate("isLoader"))
    return python, loader


def figure_of(page, name):
    return page.locator(f'figure.explorer[data-explorer="{name}"]')


def use_theme(page, theme):
    """Set the theme, unless it is set: every explorer that is awake would draw itself again."""
    page.evaluate(
        """theme => {
            const root = document.documentElement;
            if (root.dataset.theme !== theme) root.dataset.theme = theme;
        }""",
        theme,
    )


def touch(figure):
    """Touch the first control without moving it."""
    figure.locator("[name]").first.dispatch_event("pointerdown")


def settled(figure):
    """Wait until nothing is under way; return the state: live or error."""
    page = figure.page
    page.wait_for_function(
        "figure => !['static', 'loading', 'busy'].includes(figure.dataset.state)",
        arg=figure.element_handle(),
        timeout=STARTING,
    )
    return figure.get_attribute("data-state")


def wake(figure):
    """Touch it and wait until it is live."""
    touch(figure)
    assert settled(figure) == "live"


def move(figure, *moves):
    """Set controls, given as (parameter, value), as a reader would and wait; return the state."""
    positions = [
        (parameter.name, parameter.to_position(value) if hasattr(parameter, "to_position") else value)
        for parameter, value in moves
    ]
    figure.evaluate(
        """(figure, positions) => {
            for (const [name, position] of positions) {
                const control = figure.querySelector(`[name="${name}"]`);
                control.value = position;
                control.dispatchEvent(new Event("input", {bubbles: true}));
            }
        }""",
        positions,
    )
    return settled(figure)


# {name: (where a control is, whether it was moved)}
CONTROLS = """figure => Object.fromEntries(
    [...figure.querySelectorAll("input[name], select[name]")].map((control) => {
        const now = control.value;
        if (control.type === "range") control.value = control.defaultValue;
        const home = control.value;
        control.value = now;
        return [control.name, [now, now !== home]];
    })
)"""


def meant(explorer, controls):
    """The values that the controls stand for, worked out apart from the page's own script."""
    values = {}
    for parameter in explorer.parameters:
        now, moved = controls[parameter.name]
        if hasattr(parameter, "from_position"):
            values[parameter.name] = parameter.from_position(float(now)) if moved else parameter.default
        else:
            values[parameter.name] = now
    return values


def values_of(figure, explorer):
    return meant(explorer, figure.evaluate(CONTROLS))


def refusal_of(explorer, values):
    """What the library says against `values`, if anything."""
    try:
        explorer.run(**values)
    except ValueError as error:
        return str(error)


def columns(text):
    """The columns of a CSV; numbers as an array, words as they are."""
    head, *rows = csv.reader(io.StringIO(text))
    for name, column in zip(head, zip(*rows, strict=True), strict=True):
        cells = [cell for cell in column if cell != ""]
        try:
            yield name, np.array([complex(cell) for cell in cells])
        except ValueError:
            yield name, cells


# The engine of the torus works here in single precision, for the figure asks for 7e-2. A change of site
# energies in their seventh digit moves D_s by up to 1e-4, and by 1.4e-3 at Δ = 4 without coupling between the
# rows: a recursion of a hundred levels loses orthogonality.
ERRORS = {"planes": 3e-3}


def assert_numbers(saved, explorer, values):
    """A saved file holds what the library says here."""
    expected = dict(columns(live.to_csv(explorer.run(**values))))
    found = dict(columns(saved))
    assert found.keys() == expected.keys()
    error = ERRORS.get(explorer.name, 1e-9)
    for name, column in expected.items():
        if isinstance(column, list):
            assert found[name] == column, name
        else:
            scale = np.max(np.abs(column[np.isfinite(column)]), initial=0)
            np.testing.assert_allclose(found[name], column, rtol=error, atol=error * scale, err_msg=name)
