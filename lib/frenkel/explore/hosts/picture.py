"""The figure of an explorer, made once for a layout and a theme; after that only its artists change."""

import io
import re

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
    return (360, 250 if explorer.panels == 1 else 340)  # so that a phone shows sentence and sliders beside it


def style_of(theme):
    """Return the house style of explorers on light or on dark paper, as Matplotlib settings."""
    style = plots.style(theme)
    return style | {"axes.prop_cycle": matplotlib.cycler(color=BRIGHT)} if theme == "dark" else style


def _empty(explorer, layout, scale=1.0):
    """Return a figure without panels, of `scale` pixels for a CSS pixel."""
    width, height = size(explorer, layout)
    # Agg rounds down: do not lose a pixel to rounding.
    figure = Figure(figsize=(width / DPI, height / DPI), dpi=DPI * scale * (1 + 1e-9))
    FigureCanvasAgg(figure)
    return figure


def _fit_label(ax):
    """Make the words beside a panel fit into its part of the figure; return whether they had to change.

    They close up, grow a little smaller, or take two lines. The figure has been laid out before.
    """
    label, place = ax.yaxis.label, ax.get_subplotspec()
    grid = place.get_gridspec()
    shares = np.array(grid.get_height_ratios() or [1] * grid.nrows)
    height, above = (
        ax.figure.bbox.height
        * np.array([shares[place.rowspan.start], shares[: place.rowspan.start].sum()])
        / shares.sum()
    )
    high = ax.figure.bbox.height - above
    box = label.get_window_extent()
    middle = (box.y0 + box.y1) / 2
    room = 2 * min(high - middle, middle - high + height)
    if box.height <= room or room <= 0:  # or there is nothing to be had
        return False
    label.set_text(re.sub(" {3,}", "   ", label.get_text()))
    excess = label.get_window_extent().height / room
    words = re.findall(r"\$[^$]*\$|\([^)]*\)|\S+", label.get_text())
    if 1 < excess <= 1.2 or "\n" in label.get_text() or len(words) == 1:
        label.set_size(0.98 * label.get_size() / excess)
    elif excess > 1.2:
        lines = [(" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words))]
        label.set_text("\n".join(min(lines, key=lambda pair: max(map(len, pair)))))
    return True


class Picture:
    """The figure of an explorer in one layout and theme, on the Agg canvas and in the house style."""

    def __init__(self, explorer, layout, theme):
        self.explorer, self.style = explorer, style_of(theme)
        self.width, _ = size(explorer, layout)
        with matplotlib.rc_context(self.style):
            self.figure = _empty(explorer, layout)
            shape = (1, explorer.panels) if layout == "wide" else (explorer.panels, 1)
            heights = explorer.heights if layout == "narrow" and explorer.heights else None
            self.axes = self.figure.subplots(*shape, squeeze=False, height_ratios=heights).ravel()
        self._room = None  # for each panel, CSS pixels that the layout has made room for beside the axis
        self._still = None  # scale, and the pixels of all that does not move with the clock

    def draw(self, result, scale=1.0, *, afresh=False):
        """Show `result` at `scale` pixels for a CSS pixel; return the picture's RGBA memory.

        With `afresh` the axes take the room they had in a new picture, whatever was shown before.
        """
        with matplotlib.rc_context(self.style):
            self.figure.set_dpi(DPI * scale * (1 + 1e-9))  # Agg rounds down: do not lose a pixel to rounding
            self.explorer.draw(self.axes, result)
            for artist in self._moving(result):
                artist.set_animated(True)
            if afresh and self._room is not None:
                self._room = None
                self._begin_layout()
            self.figure.canvas.draw()
            while self._room is None and sum(map(_fit_label, self.axes)):
                self._begin_layout()
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
            if self.explorer.move:
                self._still = (scale, self.figure.canvas.copy_from_bbox(self.figure.bbox))
                self._draw_over(result)
        return self.figure.canvas.buffer_rgba()

    def frame(self, result, scale=1.0):
        """Do the same where nothing but the clock has moved since `draw`, in a fraction of its time.

        The artists are all made, so no style is read; setting it would take a third of the time.
        """
        if self._still is None or self._still[0] != scale:
            return self.draw(result, scale)
        self.figure.canvas.restore_region(self._still[1])
        self._draw_over(result)
        return self.figure.canvas.buffer_rgba()

    def _begin_layout(self):
        self.figure.set_layout_engine("constrained")
        for ax in self.axes:
            ax.set_subplotspec(ax.get_subplotspec())  # where the layout started from

    def _moving(self, result):
        return self.explorer.move(self.axes, result) if self.explorer.move else []

    def _draw_over(self, result):
        for artist in self._moving(result):
            artist.axes.draw_artist(artist)

    def _beside(self, ax):
        """Return how many pixels ticks and label of the vertical axis take, to the left of the panel."""
        return ax.get_window_extent().x0 - ax.yaxis.get_tightbbox(self.figure.canvas.get_renderer()).x0


def _settings_beside(explorer, results, figure, layout):
    """Draw what all settings give into `figure`: a panel for each, one for all beside or below them."""
    count = len(results)
    if layout == "wide":
        grid = figure.add_gridspec(1, count + 1, width_ratios=[*[1] * count, 1.6])
        common = grid[0, count]
    else:
        grid = figure.add_gridspec(2, count, height_ratios=[1.15, 1])
        common = grid[1, :]
    panels = [figure.add_subplot(grid[0, index]) for index in range(count)]
    explorer.rest.draw(panels, figure.add_subplot(common), results)


def _moments(explorer, result, figure, layout):
    """Draw the first panel at four moments of the clock into `figure`."""
    rows, columns = (1, 4) if layout == "wide" else (2, 2)
    clock = explorer.clock
    for index, moment in enumerate(clock.moments):
        ax = figure.add_subplot(rows, columns, index + 1)
        axes = [ax, *Figure().subplots(1, max(explorer.panels - 1, 1), squeeze=False).ravel()]
        now = result | {clock.name: moment}
        explorer.draw(axes[: explorer.panels], now)
        if ax.legend_:
            ax.legend_.remove()
        ax.set_title(f"{clock.symbol} = {moment:g} {clock.unit}".strip(), fontsize=9)
        if index % columns:
            ax.set_ylabel("")
            ax.tick_params(labelleft=False)
        if index < columns * (rows - 1):
            ax.set_xlabel("")
            ax.tick_params(labelbottom=False)


def still(explorer, result, layout, theme, scale=1.0):
    """Return the RGBA memory of `explorer` at rest, from the result of its `at_rest`."""
    if explorer.rest is None and explorer.clock is None:
        return Picture(explorer, layout, theme).draw(result, scale)
    draw = _settings_beside if explorer.rest else _moments
    with matplotlib.rc_context(style_of(theme)):
        figure = _empty(explorer, layout, scale)
        draw(explorer, result, figure, layout)
        figure.canvas.draw()
        while sum(map(_fit_label, figure.axes)):
            figure.canvas.draw()
    return figure.canvas.buffer_rgba()


def png(pixels, compress_level=1):
    """Return RGBA memory as a PNG: by default lightly compressed, because a reader waits for it."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(np.asarray(pixels)).convert("RGB").save(file, "png", compress_level=compress_level)
    return file.getvalue()
