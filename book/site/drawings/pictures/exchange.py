"""Bright and dark excitons exchange: dark ones wait near the start and come back to light late."""

import numpy as np

from drawings.kit import THIN, Drawing


def emission(x, time):
    """Return the profile of bright excitons, and its root mean square width.

    They diffuse, decay and exchange with dark ones, which rest. For each wave number the two densities obey
    two linear equations; a cosine transform gives the profile, and the curvature at zero the width.
    """
    to_dark, to_bright, decay, diffusion, start = 1.0, 0.08, 1.0, 0.25, 0.12
    q = np.linspace(0, 50, 1001)
    M = np.zeros((len(q), 2, 2))
    M[:, 0, 0], M[:, 0, 1] = -diffusion * q**2 - decay - to_dark, to_bright
    M[:, 1, 0], M[:, 1, 1] = to_dark, -to_bright
    rates, modes = np.linalg.eig(M)
    first = np.stack([np.exp(-(q**2) * start**2 / 2), np.zeros_like(q)], axis=-1)
    shares = np.linalg.solve(modes, first[:, :, None])[:, :, 0]
    bright = (modes[:, 0] * np.exp(rates * time) * shares).sum(1).real
    width = np.sqrt(2 * (1 - bright[1] / bright[0])) / q[1]
    bright[0] /= 2  # the trapezoidal rule
    return np.cos(np.outer(x, q)) @ bright, width


def draw():
    sheet = Drawing(
        "Bright excitons move, dark ones wait",
        """Two levels of one crystal: the bright exciton above, the dark one below by delta, with arrows of
        exchange between them. The bright one hops to its neighbors and emits light; the dark one does
        neither. Below, three moments of the emission along a line, computed, each scaled to one height,
        with a double arrow of its root mean square width. Early it comes from the start. Then it is wide:
        bright excitons have run outward. Late it is narrower again: those that went dark near the start
        have come back to light there. The width shrinks although nothing has run back.""",
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
    x = np.linspace(-2.2, 2.2, 111)
    for column, (name, time) in enumerate((("early", 0.1), ("then", 2.0), ("late", 5.0))):
        middle = 66 + 114 * column
        shape, width = emission(x, time)
        top = 222 - 76 * shape / shape.max()
        sheet.area(middle + 22 * x, 222, top, "light", 0.35)
        sheet.curve(middle + 22 * x, top, "light")
        sheet.line(middle - 50, 222, middle + 50, 222, "quiet", width=THIN)
        sheet.arrow(middle - 22 * width, 234, middle + 22 * width, 234, both=True, size=6)
        sheet.text(middle, 256, name, "light", "middle")
    return sheet
