"""Explorers in a notebook: ipywidgets on a live kernel, and the picture that stands for them without one."""

import asyncio
import base64
import itertools
import os
from html import escape
from typing import Any

from ..parameters import Choice
from ..words import LOWERED
from . import live, page
from .picture import png, size, still


def mime_bundle(explorer):
    """Return (data, metadata) of `explorer` for display: its picture, and a widget if a reader may use it.

    The book executes its notebooks with FRENKEL_STATIC set: then no widget is made.
    """
    live = {} if os.environ.get("FRENKEL_STATIC") else Widget(explorer).box._repr_mimebundle_()
    result, _, seen = explorer.at_rest()
    words = f"{explorer.title}. {seen}"
    pixels = base64.b64encode(
        png(still(explorer, result, "wide", "light", scale=2), compress_level=9)
    ).decode()
    shown = {"width": size(explorer, "wide")[0], "alt": words}
    return live | {"text/plain": words, "image/png": pixels}, {"image/png": shown}


# Pictures are drawn on white paper: a dark JupyterLab, Notebook or VS Code turns it dark.
_DARK = """<style>
:is([data-jp-theme-light="false"], .vscode-dark, [theme="dark"]) .frenkel-picture {
    filter: invert(0.93) hue-rotate(180deg);
}
</style>"""
_FRAME = 40  # ms


class Widget:
    """Sliders, picture and read-out of an explorer; `box` is the widget to display."""

    def __init__(self, explorer):
        import ipywidgets

        self.explorer, self.shown = explorer, live.Shown(explorer)
        self.width, _ = size(explorer, "wide")
        self.controls = {parameter.name: _control(ipywidgets, parameter) for parameter in explorer.parameters}
        self._waiting = False
        for control in self.controls.values():
            control.observe(self._changed, "value")
        self.image = ipywidgets.Image(format="png", layout={"max_width": "100%", "width": f"{self.width}px"})
        self.image.add_class("frenkel-picture")
        self.sentence, self.status = ipywidgets.HTML(), ipywidgets.HTML()
        settings = [self._button(words, values) for words, values in explorer.settings.items()]
        reset = self._button("Reset", explorer.defaults)
        save = ipywidgets.Button(description="Save numbers")
        save.on_click(self._save)
        self.play = _play(ipywidgets, explorer, self.controls)
        above = [ipywidgets.HBox(settings)] if settings else []
        foot = ipywidgets.HBox([*([self.play] if self.play else []), reset, save, self.status])
        self.box = ipywidgets.VBox(
            [ipywidgets.HTML(_DARK), *above, self.image, *self.controls.values(), self.sentence, foot]
        )
        self.update()

    def _button(self, words, values):
        """Return a button that sets sliders to `values`."""
        import ipywidgets

        def click(button):
            for name, value in values.items():
                self.controls[name].value = value

        button = ipywidgets.Button(description=words, layout={"width": "auto"})
        button.on_click(click)
        return button

    def _changed(self, change):
        # A drag sends many changes, which the kernel handles in turn. The first one asks for an update a
        # little later; those that arrive before it only move the sliders, so the newest values are drawn.
        if self._waiting:
            return
        try:
            asyncio.get_running_loop().call_later(0.03, self.update)
        except RuntimeError:  # no event loop: a script or a test
            self.update()
        else:
            self._waiting = True

    @property
    def values(self):
        """What the controls stand at."""
        return {name: control.value for name, control in self.controls.items()}

    def update(self):
        """Compute and show the state of the sliders, or say in words why it can't be."""
        self._waiting = False
        answer = self.shown.show(self.values, "wide", "light", round(1.5 * self.width))
        if "error" in answer:
            words = f'<span style="color: #b3261e">{escape(answer["error"])}</span>'
        else:
            self.image.value = png(answer["pixels"])
            words = escape(answer["read_out"])
        self.sentence.value = f'<div style="line-height: 1.4; max-width: 45em">{words}</div>'
        self.status.value = escape(answer.get("note", ""))

    def _save(self, button):
        """Write the numbers behind the picture beside the notebook, under a name that is free."""
        numbers = self.shown.numbers(self.values)
        for name in (f"{self.explorer.name}{end}.csv" for end in itertools.chain([""], itertools.count(2))):
            try:
                with open(name, "x", encoding="utf-8") as file:
                    file.write(numbers)
            except FileExistsError:
                continue
            except OSError as error:
                self.status.value = escape(f"The numbers could not be saved: {error.strerror}.")
            else:
                self.status.value = f"Saved as {name}, beside this notebook"
            return


def _play(ipywidgets, explorer, controls):
    """Return the widget that plays the clock of `explorer`, or None."""
    clock = explorer.clock
    if clock is None:
        return None
    step = max(round(clock.steps * _FRAME / (1000 * clock.seconds)), 1)
    start = clock.frame(clock.default)
    play = ipywidgets.Play(value=start, min=0, max=clock.steps, step=step, interval=_FRAME, repeat=False)
    # In the kernel and not in the page: the slider's float would come back as a whole number.
    play.observe(
        lambda change: setattr(controls[clock.name], "value", clock.low + change.new * clock.step), "value"
    )

    def follow(change):
        play.value = clock.frame(change.new)

    controls[clock.name].observe(follow, "value")
    return play


def _control(ipywidgets, parameter):
    """Return the ipywidget of a slider or a choice."""
    common: dict[str, Any] = {"style": {"description_width": "15em"}, "layout": {"width": "min(680px, 100%)"}}
    symbol = LOWERED.sub(r"_\1", parameter.symbol)
    common["description"] = f"{parameter.label}, {symbol}" if symbol else parameter.label
    if isinstance(parameter, Choice):
        options = [(text, value) for value, text in parameter.options.items()]
        return ipywidgets.Dropdown(options=options, value=parameter.default, **common)
    if parameter.unit:
        common["description"] += f" ({parameter.unit})"
    common |= {"value": parameter.default, "step": parameter.step}
    if parameter.scale == "log":
        low, high = parameter.to_position(parameter.low), parameter.to_position(parameter.high)
        return ipywidgets.FloatLogSlider(min=low, max=high, readout_format=".3g", **common)
    readout = f".{page.decimals(parameter)}f"
    return ipywidgets.FloatSlider(min=parameter.low, max=parameter.high, readout_format=readout, **common)
