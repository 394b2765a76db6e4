"""Three ways of an exciton on a chain, as profiles at five times."""

import frenkel
import numpy as np

from drawings.kit import THIN, Drawing, Frame

SITES = 41
TIMES = np.array([0.0, 2.0, 4.0, 6.0, 8.0])
CASES = (("runs", 0.0, 0.0, "wave"), ("stands", 3.0, 0.0, "disorder"), ("stumbles", 1.0, 1.5, "noise"))


def profiles(disorder, dephasing):
    """Return the probabilities at all times, for one draw of the disorder."""
    energies = frenkel.site_energies(SITES, disorder, rng=8)
    H = frenkel.hamiltonian(frenkel.chain(SITES), energies)
    start = np.zeros((SITES, SITES))
    start[SITES // 2, SITES // 2] = 1
    rho = frenkel.evolve_density(H, start, TIMES, dephasing=dephasing)
    return np.einsum("tnn->tn", rho).real


def draw():
    sheet = Drawing(
        "An exciton runs, stands or stumbles",
        """Three panels show where one exciton is found on a chain of 41 sites, at five times one below the
        other. Without disorder and noise it runs: the profile splits in two fronts, whose distance
        grows in proportion to time. With strong disorder it stands: the profile stays a narrow column
        about the site where it began. With disorder and noise it stumbles: the profile is a single bell
        that widens with the square root of time. All curves are computed; their height is the square
        root of the probability, so that small values show.""",
        270,
    )
    width, gap, left, step = 92, 14, 40, 46
    for column, (name, disorder, dephasing, color) in enumerate(CASES):
        x = left + column * (width + gap)
        sheet.text(x + width / 2, 18, name, color, "middle")
        for row, profile in enumerate(profiles(disorder, dephasing)):
            frame = Frame(x, 72 + row * step, width, 42, (0, SITES - 1), (0, 1))
            sites = np.arange(SITES)
            sheet.line(x, 72 + row * step, x + width, 72 + row * step, "quiet", width=THIN)
            sheet.area(frame.x(sites), frame.y(0), frame.y(np.sqrt(profile)), color, 0.35)
            sheet.curve(frame.x(sites), frame.y(np.sqrt(profile)), color)
    sheet.arrow(20, 52, 20, 256, "quiet", width=THIN)
    sheet.text(10, 40, "time", "quiet")
    return sheet
