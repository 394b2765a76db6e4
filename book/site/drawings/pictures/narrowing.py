"""Exchange narrowing: a state on N sites feels the mean of their energies, which scatters less."""

import numpy as np

from drawings.kit import THIN, Drawing, Frame

SITES = 9


def draw():
    sheet = Drawing(
        "A shared exciton feels the mean",
        """Left: the energies of nine sites scatter about their mean with the standard deviation Delta; the
        curve beside them is this wide distribution. Right: an exciton that is spread evenly over the
        nine sites has one energy, the mean of the nine. From one group of nine sites to the next it
        scatters by Delta over the square root of nine, a third; the curve beside it is three times
        narrower, and three times higher.""",
        196,
    )
    energies = np.random.default_rng(4).normal(size=SITES)
    energies -= energies.mean()
    energies /= energies.std()
    frame = Frame(0, 168, 1, 120, (0, 1), (-3, 3))
    sheet.line(16, 108, 344, 108, "quiet", width=THIN, dash="2 4")
    for n, energy in enumerate(energies):
        sheet.level(28 + 11 * n, float(frame.y(energy)), 9, "disorder")
    e = np.linspace(-3, 3, 121)
    for x, spread, color in ((136, 1.0, "disorder"), (298, 1 / np.sqrt(SITES), "wave")):
        density = np.exp(-(e**2) / 2 / spread**2) / spread
        points = list(zip(x + 16 * density, frame.y(e), strict=True))
        sheet.path(
            [(x, float(frame.y(-3))), *points, (x, float(frame.y(3)))], closed=True, fill=color, opacity=0.25
        )
        sheet.path(points, stroke=color)
    sheet.arrow(172, 108, 194, 108, width=2.6, size=9)
    sheet.line(204, 108, 286, 108, "wave", width=2.6)
    sheet.text(72, 30, "nine sites", "disorder", "middle")
    sheet.text(244, 30, "one state on all nine", "wave", "middle")
    sheet.text(158, 74, "*Δ*", "disorder")
    sheet.text(346, 64, "*Δ*/√9", "wave", "end")
    return sheet
