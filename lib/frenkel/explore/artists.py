"""Artists that are made once and updated afterwards, found again by their name (Matplotlib's gid).

Matplotlib is imported when something is drawn: the sentence of an explorer does not wait for it.
"""

import numpy as np

from ..plots import GUIDE

_TOPS = np.array([0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30, 50, 75, 100])


def top(largest):
    """Return an axis limit that moves in steps, so that a curve is seen to move and not its axis."""
    return _TOPS[_TOPS >= min(1.05 * largest, _TOPS[-1])].min()


def _find(artists, gid):
    return next((artist for artist in artists if artist.get_gid() == gid), None)


def line(ax, gid, x, y, color, **style):
    """Draw or update the line `gid` of `ax` through (x, y) in a `color`; return it."""
    artist = _find(ax.lines, gid)
    if artist is None:
        from matplotlib.colors import to_rgba

        # Its name alone would be looked up in the style whenever the line is drawn.
        (artist,) = ax.plot(x, y, gid=gid, color=to_rgba(color), **style)
    else:
        artist.set_data(x, y)
    return artist


def ink():
    """Return the color of the text, dark or light as the page is not: for what has none of the palette."""
    from matplotlib import rcParams
    from matplotlib.colors import to_rgb

    return to_rgb(rcParams["text.color"])


def letters(color):
    """Return a color of the palette for letters, which are thinner than lines: a third of it is ink."""
    from matplotlib.colors import to_rgb

    return tuple(0.65 * np.array(to_rgb(color)) + 0.35 * np.array(ink()))


def guide(ax, gid, x, y, **style):
    """Draw or update the line `gid`, dotted and gray, that curves are compared with; return it.

    The gray has three quarters of the text's contrast to the paper, on a dark page as on a light one.
    """
    from matplotlib.colors import to_rgb

    color = 0.75 * np.array(ink()) + 0.25 * np.array(to_rgb(ax.get_facecolor()))
    return line(ax, gid, x, y, **GUIDE | {"color": color} | style)


def band(ax, gid, x, low, high, **style):
    """Draw or replace the band `gid` between `low` and `high`; return it."""
    artist = _find(ax.collections, gid)
    if artist is not None:
        artist.remove()
    return ax.fill_between(x, low, high, gid=gid, linewidth=0, **style)


def bars(ax, gid, x, heights, colors, width=0.9):
    """Draw or update bars `gid` on the zero line at the places x; return them.

    `colors` holds one for each bar, or is the name of one for all, which stays.
    """
    corners = np.array([[-1, 0], [1, 0], [1, 1], [-1, 1]]) * [width / 2, 1]
    outlines = np.stack([np.stack([x, np.zeros_like(heights)], axis=1)] * 4, axis=1)
    outlines = outlines + corners * np.stack([np.ones_like(heights), heights], axis=1)[:, None]
    artist = _find(ax.collections, gid)
    if artist is None:
        from matplotlib.collections import PolyCollection

        artist = ax.add_collection(PolyCollection(outlines, facecolors=colors, gid=gid))
    else:
        artist.set_verts(outlines)
        if not isinstance(colors, str):
            artist.set_facecolor(colors)
    return artist


def text(ax, gid, x, y, string, **style):
    """Write or update the text `gid` of `ax` at (x, y) in data coordinates; return it."""
    artist = _find(ax.texts, gid)
    if artist is None:
        return ax.text(x, y, string, gid=gid, **style)
    artist.set_position((x, y))
    artist.set_text(string)
    return artist


def image(ax, gid, x, y, values, **style):
    """Draw or update the map `gid` of `values` [y, x] over evenly spaced x and y; return it."""
    artist = _find(ax.images, gid)
    if artist is None:
        step_x, step_y = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2
        extent = (x[0] - step_x, x[-1] + step_x, y[0] - step_y, y[-1] + step_y)
        return ax.imshow(values, gid=gid, extent=extent, origin="lower", aspect="auto", **style)
    artist.set_data(values)
    return artist


def sheet(ax):
    """Make a panel that is a map of a plane one: the same scale along both axes, and an edge all around."""
    ax.set_aspect("equal")
    ax.spines[:].set_visible(True)


def legend(ax, columns=4, **style):
    """Write the legend above the panel, where no curve can pass; there is room for four short words."""
    place = {"loc": "lower left", "bbox_to_anchor": (0, 1), "borderaxespad": 0.2}
    return ax.legend(
        **place, ncols=columns, fontsize=8.5, columnspacing=1.1, handlelength=1.5, handletextpad=0.5, **style
    )
