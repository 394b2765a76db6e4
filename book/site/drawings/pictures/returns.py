"""Loops that return, on a line, on a plane and in space, and how often they do."""

import numpy as np

from drawings.kit import Drawing, Frame

COLUMNS = (
    ("line", 0.5, "grows as √*t*"),
    ("plane", 1.0, "grows as ln *t*"),
    ("crystal", 1.5, "stays finite"),
)


def loop(sheet, x, y, name):
    """Draw a way out of the start at (x, y), there and back or past it."""
    if name == "line":
        for shift, color, dash in ((-4, "wave", None), (4, "ink", "5 3")):
            sheet.path([(x + 4, y + shift), (x + 44, y + shift)], stroke=color, dash=dash)
        sheet.path([(x + 44, y - 4), (x + 48, y), (x + 44, y + 4)], stroke="wave")
        sheet.head(x + 30, y - 4, 0.0, "wave")
        sheet.head(x + 16, y + 4, np.pi, "ink")
        return
    s = np.linspace(0, 2 * np.pi, 73)
    if name == "plane":
        for size, color, dash, way in ((1.0, "wave", None, 1), (0.8, "ink", "5 3", -1)):
            px, py = x + 24 * (1 - np.cos(s)), y - 27 * size * np.sin(s)
            sheet.curve(px, py, color, dash=dash)
            sheet.head(px[18 + 4 * way], py[18], 0.0 if way > 0 else np.pi, color)
        return
    s = np.linspace(0, 1.75 * np.pi, 73)
    px, py = x + 26 * (1 - np.cos(s)) + 3 * s, y - 24 * np.sin(s) - 4 * s
    sheet.curve(px, py, "wave")
    sheet.head(px[-1], py[-1], np.arctan2(py[-1] - py[-3], px[-1] - px[-3]), "wave")


def draw():
    sheet = Drawing(
        "How often a loop returns",
        """Three columns: line, plane, crystal. Above, a wave leaves its start. On the line it can only
        go out and come back by the same sites; on the plane it returns along a loop, in either
        sense; in the crystal it mostly misses its start. Below, the chance to be back at the start
        against time, for a walk: it falls as t to the minus one half, minus one and minus three
        halves. The shaded area adds up all returns, and with them the interference that holds the
        wave back. On the line it grows as the root of time, on the plane as its logarithm, in the
        crystal it stays finite.""",
        258,
    )
    t = np.linspace(1, 12, 60)
    for column, (name, power, verdict) in enumerate(COLUMNS):
        left = 14 + 118 * column
        sheet.text(left + 48, 20, name, anchor="middle")
        loop(sheet, left + 20, 74, name)
        sheet.circle(left + 20, 74, 5, stroke="ink", fill="paper")
        frame = Frame(left + 2, 206, 90, 68, (0, 12), (0, 1.05))
        sheet.axes(left, 206, 98, 86, "*t*", "chance" if column == 0 else "")
        x, y = frame.x(t), frame.y(t**-power)
        sheet.area(x, 206, y, "wave", 0.35)
        sheet.curve(x, y, "wave")
        sheet.text(left + 48, 246, verdict, "wave", "middle")
    return sheet
