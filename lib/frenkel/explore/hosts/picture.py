"""The figure of an explorer, made once for a layout and a theme; after that only its artists change."""

import io

import matplotlib
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ... import plots

LAYOUTS = ("wide", "narrow")
THEMES = ("light", "dark")
# On dark paper the hues of `plots.PALETTE`, lighter: blue on near-black is hard to see.
BRIGHT = ("#4aa8e8", "#f5873d", "#2dbf95", "#e596c3", "#f2b84b", "#9ad4f5")
DPI = 96  # one CSS pixel is 1/96 inch, so fonts come out at the size the page would give them


def size(explorer, layout):
    """Return width and height of the picture in CSS pixels: panels side by side, or stacked if narrow."""
    if layout == "wide":
        return (680, 340 if explorer.panels == 1 else 300)
    return (360, 290 if explorer.panels == 1 else 540)


class Picture:
    """The figure of an explorer in one layout and theme, on the Agg canvas and in the house style."""

    def __init__(self, explorer, layout, theme):
        self.explorer, self.style = explorer, plots.style(theme)
        if theme == "dark":
            self.style["axes.prop_cycle"] = matplotlib.cycler(color=BRIGHT)
        self.width, height = size(explorer, layout)
        with matplotlib.rc_context(self.style):
            self.figure = Figure(figsize=(self.width / DPI, height / DPI), dpi=DPI)
            FigureCanvasAgg(self.figure)
            shape = (1, explorer.panels) if layout == "wide" else (explorer.panels, 1)
            self.axes = self.figure.subplots(*shape, squeeze=False).ravel()
        self._room = None  # for each panel, CSS pixels that the layout has made room for beside the axis

    def draw(self, result, scale=1.0, *, afresh=False):
        """Show `result` at `scale` pixels for a CSS pixel; return the picture's RGBA memory.

        With `afresh` the axes take the room they had in a new picture, whatever was shown before.
        """
        with matplotlib.rc_context(self.style):
            self.figure.set_dpi(DPI * scale * (1 + 1e-9))  # Agg rounds down: do not lose a pixel to rounding
            self.explorer.draw(self.axes, result)
            if afresh and self._room is not None:
                self._room = None
                self.figure.set_layout_engine("constrained")
                for ax in self.axes:
                    ax.set_subplotspec(ax.get_subplotspec())  # where the layout started from
            self.figure.canvas.draw()
            # A layout costs as much as the drawing itself and moves the axes under the reader's eyes, so it
            # stays as it is until the labels of a panel outgrow it.
            needed = np.array([self._beside(ax) for ax in self.axes]) / scale
            if self._room is not None and (needed > self._room + 1).any():
                self.figure.set_layout_engine("constrained")
                self.figure.canvas.draw()
                self._room = None
            self._room = needed if self._room is None else np.maximum(needed, self._room)
            self.figure.set_layout_engine("none")
        return self.figure.canvas.buffer_rgba()

    def _beside(self, ax):
        """Return how many pixels ticks and label of the vertical axis take, to the left of the panel."""
        return ax.get_window_extent().x0 - ax.yaxis.get_tightbbox(self.figure.canvas.get_renderer()).x0


def png(pixels, compress_level=1):
    """Return RGBA memory as a PNG: by default lightly compressed, because a reader waits for it."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.asarray(pixels)).convert("RGB").save(file, "png", compress_level=compress_level)
    return file.getvalue()
