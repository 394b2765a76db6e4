"""The chain with its three energies on it."""

import numpy as np

from drawings.kit import THIN, Drawing


def draw():
    sheet = Drawing(
        "Three energies on one chain",
        """Six sites stand in a row, each drawn as the level of its excitation. The levels lie at different
        heights and stay there: their standard deviation is the static disorder Delta, a double arrow at
        the side, from the mean upward. A bow joins two neighbors: through it they exchange the
        excitation, with the coupling J. One level is drawn many times, blurred upward and downward: it
        trembles in time, and the strength of the trembling is the dephasing Gamma. J makes a wave, Delta
        is different from site to site, Gamma from moment to moment.""",
        178,
    )
    mean, step, left = 94, 48, 84
    offsets = np.array([-23, 15, -7, 28, -20, 7])  # of mean zero
    sheet.line(left - 26, mean, left + 5 * step + 24, mean, "quiet", width=THIN, dash="2 4")
    for n, offset in enumerate(offsets):
        x, y = left + n * step, mean + offset
        if n == 4:
            for shift in (-11, -7, -3.5, 3.5, 7, 11):
                sheet.level(x, y + shift, 30, "noise", opacity=0.75 - 0.055 * abs(shift), width=THIN)
        sheet.level(x, y, 30, "noise" if n == 4 else "disorder")
    sheet.dot(left + step, mean + offsets[1], "wave", 6)
    sheet.bow(
        left + step, mean + offsets[1] - 9, left + 2 * step, mean + offsets[2] - 5, 24, "wave", both=True
    )
    sheet.text(left + 1.5 * step - 4, mean - 33, "*J*", "wave", "middle")
    spread = offsets.std()
    x = left - 40
    sheet.line(x - 6, mean, x + 14, mean, "quiet", width=THIN, dash="2 4")
    sheet.arrow(x, mean, x, mean - spread, "disorder", both=True)
    sheet.text(x - 10, mean - spread / 2 + 5, "*Δ*", "disorder", "end")
    x, y = left + 4 * step, mean + offsets[4]
    sheet.arrow(x + 24, y - 13, x + 24, y + 13, "noise", both=True)
    sheet.text(x + 33, y + 3, "*Γ*", "noise")
    sheet.text(left - 40, 22, "stays", "disorder", "middle")
    sheet.text(left + 1.5 * step, 22, "hands on", "wave", "middle")
    sheet.text(left + 4 * step, 22, "trembles", "noise", "middle")
    sheet.text(left + 2.5 * step, 168, "sites of the lattice", "quiet", "middle")
    for n in range(6):
        sheet.dot(left + n * step, 148, "quiet", 2.5)
    return sheet
