"""Explorers in a notebook: ipywidgets on a live kernel, and the picture that stands for them without one."""

import asyncio
import base64
import os
from html import escape
from typing import Any

from ..parameters import Choice
from . import page
from .picture import Picture, png


def mime_bundle(explorer):
    """Return (data, metadata) of `explorer` for display: its picture, and a widget if a reader may use it.

    The book executes its notebooks with FRENKEL_STATIC set: then no widget is made.
    """
    live = {} if os.environ.get("FRENKEL_STATIC") else Widget(explorer).box._repr_mimebundle_()
    result, picture = explorer.run(), Picture(explorer, "wide", "light")
    words = f"{explorer.title}. {explorer.read_out(result)}"
    pixels = base64.b64encode(png(picture.draw(result, scale=2), compress_level=9)).decode()
    shown = {"width": picture.width, "alt": words}
    return live | {"text/plain": words, "image/png": pixels}, {"image/png": shown}


class Widget:
    """Sliders, picture and read-out of an explorer; `box` is the widget to display."""

    def __init__(self, explorer):
        import ipywidgets

        self.explorer = explorer
        self.picture = Picture(explorer, "wide", "light")
        self.controls = {parameter.name: _control(ipywidgets, parameter) for parameter in explorer.parameters}
        self._waiting = False
        for control in self.controls.values():
            control.observe(self._changed, "value")
        self.image = ipywidgets.Image(
            format="png", layout={"max_width": "100%", "width": f"{self.picture.width}px"}
        )
        self.sentence = ipywidgets.HTML()
        reset = ipywidgets.Button(description="Reset", layout={"width": "6em"})
        reset.on_click(self._reset)
        self.box = ipywidgets.VBox([self.image, *self.controls.values(), self.sentence, reset])
        self.update()

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

    def _reset(self, button):
        for name, value in self.explorer.defaults.items():
            self.controls[name].value = value

    def update(self):
        """Compute and show the state of the sliders, or say in words why it can't be."""
        self._waiting = False
        try:
            result = self.explorer.run(**{name: control.value for name, control in self.controls.items()})
            self.image.value = png(self.picture.draw(result, scale=1.5))
            words = escape(self.explorer.read_out(result))
        except ValueError as error:
            words = f'<span style="color: #b3261e">{escape(str(error))}</span>'
        self.sentence.value = f'<div style="line-height: 1.4; max-width: 45em">{words}</div>'


def _control(ipywidgets, parameter):
    """Return the ipywidget of a slider or a choice."""
    common: dict[str, Any] = {"style": {"description_width": "15em"}, "layout": {"width": "min(680px, 100%)"}}
    common["description"] = f"{parameter.label}, {parameter.symbol}" if parameter.symbol else parameter.label
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
