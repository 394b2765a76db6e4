"""Bright and dark excitons exchange: dark ones wait near the start and come back to light late."""

import numpy as np

from drawings.kit import THIN, Drawing


def draw():
    sheet = Drawing(
        "Bright excitons move, dark ones wait",
        """Two levels of one crystal: the bright exciton above, the dark one below by delta, with arrows of exchange between them. The bright one hops to its neighbors and emits
        light; the dark one does neither. Below, three moments of the emission along a line. Early it comes from the start. Then it is wide: bright
        excitons have run outward. Late it is narrow again: those that went dark near the start have come back to light there. The width
        shrinks although nothing has run back.""",
        262,
    )
    high, low = 44, 92
    sheet.level(96, high, 56, "light")
    sheet.level(96, low, 56, "ink")
    sheet.text(60, high + 4, "bright", "light", "end")
    sheet.text(60, low + 4, "dark", "ink", "end")
    sheet.arrow(88, high + 4, 88, low - 3)
    sheet.arrow(104, low - 4, 104, high + 3)
    sheet.text(114, 72, "*δ*")
    sheet.bow(130, high - 4, 190, high - 4, 14, "hop")
    sheet.text(198, high + 2, "hops,", "hop")
    sheet.text(236, high + 2, "shines", "light")
    sheet.text(132, low + 4, "waits", "ink")
    x = np.linspace(-1, 1, 121)
    for column, (name, widths) in enumerate((("early", ((0.16, 1.0),)), ("then", ((0.42, 1.0),)), ("late", ((0.18, 0.6), (0.5, 0.12))))):
        left = 16 + 114 * column
        shape = sum(weight * np.exp(-(x**2) / (2 * w**2)) for w, weight in widths)
        top = 232 - (70, 38, 50)[column] * shape / shape.max()
        sheet.area(left + 50 * (x + 1), 232, top, "light", 0.35)
        sheet.curve(left + 50 * (x + 1), top, "light")
        sheet.line(left, 232, left + 100, 232, "quiet", width=THIN)
        sheet.text(left + 50, 252, name, "light", "middle")
    return sheet
