"""Hopping bonds are resistors in series: the worst bond decides."""

import numpy as np

from drawings.kit import Drawing

ENERGIES = np.array([0.1, -0.3, 0.2, -1.5, -1.2, -0.6])
RATE = 1.0  # Γ


def draw():
    sheet = Drawing(
        "Bonds in series",
        """Above, the levels of six sites; an exciton hops from each to the next. Below, each bond as a
        resistor in a chain, as long as its resistance, one over the hopping rate: Gamma squared plus
        the squared difference of the levels, over two Gamma. Where the levels are nearly equal the
        resistor is short; at the one large step it is longest, and it makes up more than two fifths of
        the whole. In one dimension there is no way around it.""",
        214,
    )
    step, left, mean = 60, 30, 64
    x = left + step * np.arange(6)
    y = mean - 32 * ENERGIES
    for n in range(6):
        sheet.level(float(x[n]), float(y[n]), 28, "disorder")
        if n < 5:
            sheet.bow(x[n] + 5, y[n] - 6, x[n + 1] - 5, y[n + 1] - 6, 9, "hop")
    resistance = (RATE**2 + np.diff(ENERGIES) ** 2) / (2 * RATE)
    lengths = 290 * resistance / resistance.sum()
    worst, place = resistance.argmax(), 20.0
    y = 164
    for n, length in enumerate(lengths):
        color = "disorder" if n == worst else "hop"
        sheet.spring(place, place + length, y, color, turns=max(3, round(length / 8)), height=7)
        place += length
        if n < 4:
            sheet.line(place, y, place + 7.5, y)
            place += 7.5
    middle = 20 + lengths[:worst].sum() + 7.5 * worst + lengths[worst] / 2
    sheet.text(middle, y + 30, "the worst bond", "disorder", "middle")
    sheet.text(20, 138, "resistance 1/*k*", "hop")
    return sheet
