"""Phases of many runs are kicked apart, and their average fades."""

from statistics import NormalDist

import numpy as np

from drawings.kit import THIN, Drawing

RUNS = 14
TIMES = (0.0, 0.4, 1.5)  # in units of 1/Γ
RADIUS = 50


def phases():
    """Return the phases of the runs, one row a time.

    A phase is a Gaussian number of the variance 2Γt. Fourteen numbers drawn freely would have an average of
    their own; here one is drawn from each fourteenth of the Gaussian, so that few runs stand for all.
    """
    rng = np.random.default_rng(22)
    parts = (np.arange(RUNS) + rng.uniform(size=(len(TIMES), RUNS))) / RUNS
    return np.sqrt(2 * np.array(TIMES))[:, None] * np.vectorize(NormalDist().inv_cdf)(parts)


def draw():
    arrows = np.exp(1j * phases())
    means = arrows.mean(1)
    _, middle, late = np.abs(means)
    sheet = Drawing(
        "Kicked phases, a fading average",
        f"""Three dials show the phase between two sites in fourteen runs, as thin arrows of length one, at
        the times zero, 0.4 and 1.5 over Gamma. At first all arrows point the same way, under the thick
        one. Each run is kicked differently, and the arrows fan out; at last they point everywhere, a few
        more to the right than to the left. No single arrow gets shorter. The thick arrow is the average
        of the fourteen. It keeps its direction and fades, from 1 to {middle:.2f} to {late:.2f}; for very
        many runs it would be e to the minus Gamma t, 0.67 and 0.22.""",
        206,
    )
    y = 92
    for column, name in enumerate(("*t* = 0", "0.4/*Γ*", "1.5/*Γ*")):
        x = 62 + 118 * column
        sheet.circle(x, y, RADIUS, stroke="quiet", width=THIN)
        for tip in RADIUS * arrows[column]:
            sheet.arrow(x, y, x + tip.real, y - tip.imag, "noise", width=THIN, size=5, opacity=0.85)
        mean = RADIUS * means[column]
        sheet.arrow(x, y, x + mean.real, y - mean.imag, "wave", width=4.5, size=12)
        sheet.text(x, y + RADIUS + 24, name, anchor="middle")
    sheet.text(62, 26, "one arrow a run", "noise", "middle")
    sheet.text(180, 196, "the average fades as e^{−Γt}", "wave", "middle")
    return sheet
