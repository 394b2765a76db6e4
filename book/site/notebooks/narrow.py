"""Figures drawn a second time for a narrow page: panels below each other, no text too small.

An extension of IPython, which a chapter's kernel loads while the chapter is executed. After a cell that has
drawn a figure, it puts out the narrow picture beside the figure itself, which stays as it is.
"""

import base64
import io
import pickle

WIDTH = 4.0  # inches; a page of 390 CSS pixels shows it in 342
PANEL = 0.88  # a panel's height, in units of its height in the wide figure
ROOM = (
    0.1  # inches, above and below each panel with its words; Matplotlib's 0.04 puts titles at the axis above
)
SMALLEST = 8.0  # points: more than 9 CSS pixels there
BROAD, TALL = 0.8, 0.38  # a legend in a panel, in units of the figure
SIZE = "smallest text"  # in points, a field of the PNG file
APART = "words apart"  # in points, likewise: the smallest distance between two words, and which
WIDE = "words apart on a wide page"
MARK = "narrow"  # in the output's metadata


def stack(figure):
    """Put the panels of a figure into one column, in the order in which they are read."""
    panels = [axes for axes in figure.axes if axes.get_subplotspec() is not None]
    places = {}
    for axes in panels:
        spec = axes.get_subplotspec()
        places.setdefault((spec.rowspan.start, spec.colspan.start), []).append(axes)
    rows = len({row for row, _ in places})
    grid = figure.add_gridspec(max(1, len(places)), 1)
    beside = {}  # in each row of the wide figure, the words of its vertical axis
    for number, ((row, column), those) in enumerate(sorted(places.items())):
        for axes in those:
            axes.set_subplotspec(grid[number])
            shared = axes.get_shared_y_axes().get_siblings(axes)
            if column and len(shared) > 1:  # its numbers stood at the left panel alone
                axes.tick_params(labelleft=True)
            beside.setdefault(row, axes.get_ylabel())
            if column and not axes.get_ylabel() and axes.yaxis.get_ticks_position() != "right":
                axes.set_ylabel(beside[row])
    width, height = figure.get_size_inches()
    figure.set_size_inches(min(width, WIDTH), PANEL * height * len(places) / max(1, rows))
    engine = figure.get_layout_engine()
    if len(places) > 1 and engine:
        more = ROOM - engine.get()["h_pad"]
        engine.set(h_pad=ROOM)
        width, height = figure.get_size_inches()
        figure.set_size_inches(width, height + 2 * more * (len(places) - 1))


def lift_legends(figure):
    """Put above the figure its own legends, and each legend of a panel that would not fit there."""
    panels = [axes for axes in figure.axes if axes.get_subplotspec() is not None]
    named = {}
    for axes in panels:
        for handle, words in zip(*axes.get_legend_handles_labels(), strict=True):
            named.setdefault(words, handle)
    own = [axes.get_legend() for axes in panels if axes.get_legend()]
    room = figure.bbox
    for legend in [*figure.legends, *own]:
        box = legend.get_window_extent(figure.canvas.get_renderer())
        high = len(panels) == 1 and box.height > TALL * room.height
        if legend in own and box.width < BROAD * room.width and not high:
            continue
        words = [text.get_text() for text in legend.get_texts()]
        size = max(SMALLEST, legend.get_texts()[0].get_fontsize())
        handles = [named.get(word, handle) for word, handle in zip(words, legend.legend_handles, strict=True)]
        legend.remove()
        for columns in (3, 2, 1):
            above = figure.legend(handles, words, loc="outside upper center", ncols=columns, fontsize=size)
            if above.get_window_extent(figure.canvas.get_renderer()).width < room.width or columns == 1:
                break
            above.remove()
        more = above.get_window_extent(figure.canvas.get_renderer()).height / figure.dpi
        width, height = figure.get_size_inches()
        figure.set_size_inches(width, height + more)


def enlarge(figure):
    """Give small text the smallest size that is read; return the smallest of the figure, in points."""
    from matplotlib.text import Text

    figure.draw_without_rendering()  # makes the numbers of the axes
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            for which in ("major", "minor"):
                size = [label.get_fontsize() for label in axis.get_ticklabels(which == "minor")]
                if size and min(size) < SMALLEST:
                    axis.set_tick_params(which, labelsize=SMALLEST)
    shown = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text()]
    for text in shown:
        text.set_fontsize(max(SMALLEST, text.get_fontsize()))
    return min((text.get_fontsize() for text in shown), default=SMALLEST)


def words(figure):
    """Return the words of a figure that are drawn, with their boxes in pixels: [(text, box)]."""
    from matplotlib.text import Text

    figure.draw_without_rendering()
    hidden = set()  # the numbers of an axis beyond its ends: Matplotlib keeps them, and draws none
    for axes in figure.axes:
        for axis in (axes.xaxis, axes.yaxis):
            low, high = sorted(axis.get_transform().transform(axis.get_view_interval()))
            slack = 1e-6 * (high - low)
            for tick in (*axis.get_major_ticks(), *axis.get_minor_ticks()):
                if not low - slack <= axis.get_transform().transform(tick.get_loc()) <= high + slack:
                    hidden |= {tick.label1, tick.label2}
    shown = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    # Text's own box: that of an annotation would count its arrow.
    return [(text.get_text(), Text.get_window_extent(text)) for text in shown if text not in hidden]


def closest(figure):
    """Say how near in points two words of a figure come to each other, and which; below 0 they overlap."""
    found = [(float("inf"), "", "")]
    boxes = words(figure)
    for number, (text, box) in enumerate(boxes):
        for other, its in boxes[:number]:
            beside = max(box.x0 - its.x1, its.x0 - box.x1)
            above = max(box.y0 - its.y1, its.y0 - box.y1)
            found.append((max(beside, above) * 72 / figure.dpi, other, text))
    return "{:.1f} {!r} {!r}".format(*min(found))


def picture(figure):
    """Return a figure, drawn for a narrow page, as the bytes of a PNG with two pixels for a CSS pixel."""
    from matplotlib import pyplot

    copy = pickle.loads(pickle.dumps(figure))
    try:
        wide = closest(copy)
        stack(copy)
        lift_legends(copy)
        size = enlarge(copy)
        out = io.BytesIO()
        about = {SIZE: f"{size:g}", APART: closest(copy), WIDE: wide}
        copy.savefig(out, format="png", dpi=2 * figure.dpi, bbox_inches="tight", metadata=about)
    finally:
        pyplot.close(copy)
    return out.getvalue()


def load_ipython_extension(shell):
    """Put out a narrow picture of what each cell draws, before Matplotlib closes the figures."""
    import sys

    def put_out():
        pyplot = sys.modules.get("matplotlib.pyplot")
        for number in pyplot.get_fignums() if pyplot else ():
            data = {"image/png": base64.b64encode(picture(pyplot.figure(number))).decode()}
            shell.display_pub.publish(data, metadata={MARK: True})

    shell.events.register("post_execute", put_out)
