"""The HTML of an explorer: a figure that reads well as it stands and wakes when it is touched.

The names here (`data-explorer`, `data-state`, `data-playing`, `name` of a control, `output`) are what the
script of the page, the tests and the coursework hold on to.
"""

import json
from decimal import ROUND_DOWN, Context, Decimal
from html import escape

from ..parameters import Choice, Clock
from ..words import LOWERED, typeset

NARROW = "(max-width: 599px)"  # the page width below which panels are stacked; explorer.css has it too

SPEEDS = (0.25, 0.5, 1, 2, 4)


def decimals(slider):
    """Return how many decimals tell one position of a linear slider from the next, 3 at most."""
    return next((d for d in range(3) if abs(round(slider.step, d) - slider.step) < 1e-9), 3)


def value_text(slider, value):
    """Return `value` as the page writes it: a number and its unit."""
    if slider.scale == "log":
        number = typeset(f"{float(f'{value:.3g}'):g}")
    else:
        number = f"{value:.{decimals(slider)}f}"
    space = "" if slider.unit == "°" else " "
    return f"{number}{space}{slider.unit}".strip()


def _attributes(**attributes):
    return " ".join(f'{name.replace("_", "-")}="{escape(str(value))}"' for name, value in attributes.items())


def _slider(slider, *, glides=False):
    low, high, default = (f"{slider.to_position(v):.12g}" for v in (slider.low, slider.high, slider.default))
    # Rounded down: the browser stops at the last step below the upper end, which would be out of reach.
    step = Context(prec=12, rounding=ROUND_DOWN).divide(Decimal(high) - Decimal(low), Decimal(slider.steps))
    attributes = _attributes(
        type="range",
        name=slider.name,
        min=low,
        max=high,
        step=f"{step:f}",
        value=default,
        data_scale=slider.scale,
        data_decimals=decimals(slider),
        data_default=repr(slider.default),  # the browser moves the thumb to a step; the default stays exact
        data_unit=slider.unit,
        aria_valuetext=value_text(slider, slider.default),
        autocomplete="off",
    )
    symbol = LOWERED.sub(r"<sub>\1</sub>", escape(slider.symbol))
    symbol = f"<span>{symbol} = </span>" if symbol else ""
    mark = " data-glides" if glides else ""
    return (
        f'<label class="explorer-control"><span class="explorer-label">{escape(slider.label)}</span>'
        f'<input {attributes}{mark}><span class="explorer-value" aria-hidden="true">'
        f"{symbol}{escape(value_text(slider, slider.default))}</span></label>"
    )


def _choice(choice):
    options = ""
    for value, text in choice.options.items():
        selected = " selected" if value == choice.default else ""
        options += f'<option value="{escape(value)}"{selected}>{escape(text)}</option>'
    return (
        f'<label class="explorer-control"><span class="explorer-label">{escape(choice.label)}</span>'
        f"<select {_attributes(name=choice.name, autocomplete='off')}>{options}</select></label>"
    )


def _settings(explorer):
    """Return the buttons that set sliders, or nothing."""
    buttons = "".join(
        f'<button type="button" data-setting="{escape(json.dumps(values))}" disabled>{escape(words)}</button>'
        for words, values in explorer.settings.items()
    )
    named = f'role="group" aria-label="{escape(explorer.title)}: settings"'
    return f'<div class="explorer-settings" {named}>{buttons}</div>\n' if buttons else ""


def _clock(clock):
    """Return what plays an explorer, with the slider of its time; or nothing."""
    if clock is None:
        return ""
    speeds = "".join(
        f'<option value="{speed:g}"{" selected" * (speed == 1)}>{speed:g}×</option>' for speed in SPEEDS
    )
    return f"""<div class="explorer-clock" role="group" aria-label="Clock" data-seconds="{clock.seconds:g}">
<button type="button" data-action="play" disabled>Play</button>
<button type="button" data-action="back" aria-label="One step back" disabled>◂</button>
<button type="button" data-action="step" aria-label="One step on" disabled>▸</button>
<select data-speed aria-label="Speed" autocomplete="off">{speeds}</select>
{_slider(clock)}
</div>
"""


def _picture(theme, pictures, alt):
    # "dark-light" tells the book's theme that the picture needs no filter on a dark page.
    wide, narrow = pictures.get(("wide", theme)), pictures.get(("narrow", theme))
    if wide is None:
        return ""
    source = f'<source media="{NARROW}" srcset="{escape(narrow)}">' if narrow else ""
    return (
        f'<picture class="explorer-{theme}">{source}'
        f'<img src="{escape(wide)}" alt="{escape(alt)}" class="dark-light" loading="lazy"></picture>'
    )


def room(explorer, read_out):
    """Return how many characters the page keeps room for: a tenth more than the longest sentence has."""
    return round(1.1 * max(len(read_out), explorer.length))


def render(explorer, pictures, cost):
    """Return `explorer` as HTML.

    Parameters
    ----------
    explorer : Explorer
    pictures : dict
        From (layout, theme) to the URL of the static picture; ("wide", "light") at least.
    cost : str
        What Python weighs, for the button that starts it.
    """
    _, read_out, seen = explorer.at_rest()
    filler = escape((2 * f"{read_out} ")[: room(explorer, read_out)])
    controls = "\n".join(
        _choice(p) if isinstance(p, Choice) else _slider(p, glides=p.name in explorer.glides)
        for p in explorer.parameters
        if not isinstance(p, Clock)
    )
    rest = "the defaults" if explorer.rest is None else "those of the buttons"
    shown = "".join(_picture(theme, pictures, seen) for theme in ("light", "dark"))
    attributes = _attributes(
        id=f"explorer-{explorer.name}",
        data_explorer=explorer.name,
        data_state="static",
        data_panels=explorer.panels,
        **{"data_playing": "false"} if explorer.clock else {},
    )
    return f"""<figure class="explorer" {attributes}>
<figcaption>{escape(explorer.title)}</figcaption>
{_settings(explorer)}<div class="explorer-view">
<div class="explorer-picture">{shown}<canvas role="img" hidden></canvas>
<p class="explorer-other" hidden>Not your settings yet: the picture shows {rest}</p>
<progress aria-label="Starting Python" max="1" value="0" hidden></progress></div>
<div class="explorer-state">
<button type="button" data-action="start" disabled>Run it here ({cost})</button>
<p class="explorer-status"></p>
</div>
<div class="explorer-words" data-room="{filler}"><output aria-live="off">{escape(read_out)}</output></div>
</div>
{_clock(explorer.clock)}<div class="explorer-controls" role="group"
 aria-label="{escape(explorer.title)}: controls">
{controls}
</div>
<div class="explorer-buttons">
<button type="button" data-action="reset" disabled>Reset</button>
<button type="button" data-action="link" disabled>Copy link</button>
<button type="button" data-action="numbers" disabled>Save numbers</button>
</div>
<p class="explorer-spoken" role="status"></p>
<noscript><p>The sliders need JavaScript. The notebook of this chapter can be run locally too.</p></noscript>
</figure>"""
