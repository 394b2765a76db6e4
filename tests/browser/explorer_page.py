"""How a test finds, touches, moves and reads an explorer in a page: by its public marks alone."""

STARTING = 60_000  # ms; a browser on a busy machine takes its time


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
    figure.locator("input, select").first.dispatch_event("pointerdown")


def settled(figure):
    """Wait until nothing is under way; return the state: live or error."""
    page = figure.page
    page.wait_for_function(
        "figure => !['static', 'loading', 'busy'].includes(figure.dataset.state)",
        arg=figure.element_handle(),
        timeout=STARTING,
    )
    return figure.get_attribute("data-state")


def move(figure, parameter, value):
    """Set a control as a reader would and wait; return the state."""
    position = parameter.to_position(value) if hasattr(parameter, "to_position") else value
    figure.locator(f'[name="{parameter.name}"]').evaluate(
        """(control, position) => {
            control.value = position;
            control.dispatchEvent(new Event("input", {bubbles: true}));
        }""",
        position,
    )
    return settled(figure)


def values_of(figure, explorer):
    """The values that the controls stand for, worked out apart from the page's own script."""
    values = {}
    for parameter in explorer.parameters:
        control = figure.locator(f'[name="{parameter.name}"]')
        if not hasattr(parameter, "from_position"):
            values[parameter.name] = control.input_value()
            continue
        moved = control.evaluate(
            """control => {
                const now = control.value;
                control.value = control.defaultValue;
                const home = control.value;
                control.value = now;
                return now !== home;
            }"""
        )
        value = parameter.from_position(float(control.input_value())) if moved else parameter.default
        values[parameter.name] = value
    return values
