"""Phases of many runs are kicked apart, and their average fades."""

import numpy as np

from drawings.kit import THIN, Drawing

RUNS = 14


def draw():
    sheet = Drawing(
        "Kicked phases, a fading average",
        """Three dials show the phase between two sites in fourteen runs, as thin arrows of length one, at
        the times zero, 0.4 and 1.5 over Gamma. At first all arrows point the same way. Each run is
        kicked differently, and the arrows fan out; at last they point everywhere. No single arrow gets
        shorter. The thick arrow is their average over all runs: it fades as e to the minus Gamma t,
        from 1 to 0.67 to 0.22.""",
        206,
    )
    phases = np.zeros(RUNS)
    rng = np.random.default_rng(12)
    kicks = rng.normal(size=(2, RUNS))
    kicks = (kicks - kicks.mean(1, keepdims=True)) / kicks.std(1, keepdims=True)
    radius, y, times = 50, 92, (0.0, 0.4, 1.5)
    for column, (time, name) in enumerate(zip(times, ("*t* = 0", "0.4/*Γ*", "1.5/*Γ*"), strict=True)):
        if column:  # the difference of two sites' phases has the variance 2Γ dt
            phases = phases + kicks[column - 1] * np.sqrt(2 * (time - times[column - 1]))
        x = 62 + 118 * column
        sheet.circle(x, y, radius, stroke="quiet", width=THIN)
        for phase in phases:
            tip = x + (radius - 1) * np.cos(phase), y - (radius - 1) * np.sin(phase)
            sheet.arrow(x, y, *tip, "noise", width=THIN, size=5, opacity=0.85)
        sheet.arrow(x, y, x + radius * np.exp(-time), y, "wave", width=4.5, size=12)
        sheet.text(x, y + radius + 24, name, anchor="middle")
    sheet.text(62, 26, "one arrow a run", "noise", "middle")
    sheet.text(180, 196, "the average fades as e^{−Γt}", "wave", "middle")
    return sheet
