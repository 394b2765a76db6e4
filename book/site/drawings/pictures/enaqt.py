"""No noise, the best noise and too much: where the exciton has come in the same time."""

import functools

import numpy as np

import frenkel
from drawings.kit import THIN, Drawing, Frame

SITES, TIME, DISORDER, CHAINS = 81, 60.0, 2.0, 12
CASES = (("no noise", 0.0, "held by disorder"), ("the best noise", 2.0, "set free"), ("too much", 60.0, "held by noise"))


@functools.cache
def profile(dephasing):
    """Return the probabilities at the time, averaged over chains that start in the middle."""
    total = np.zeros(SITES)
    start = np.zeros((SITES, SITES))
    start[SITES // 2, SITES // 2] = 1
    for seed in range(CHAINS):
        H = frenkel.hamiltonian(frenkel.chain(SITES), frenkel.site_energies(SITES, DISORDER, rng=seed))
        total += frenkel.evolve_density(H, start, [TIME], dephasing=dephasing)[0].diagonal().real
    return total / CHAINS


def draw():
    sheet = Drawing(
        "Held, set free, held again",
        """Three computed profiles on a disordered chain, all at the same time after the start on the middle site. Without noise the profile
        is a narrow peak: interference in the disorder holds the exciton. With the best noise it is a wide bell: the exciton is set free. With too much
        noise it is narrow again: the exciton is watched too closely to move. At the side the long-time diffusion constant is a curve against
        Gamma with a maximum, and the three cases are its left foot, its top and its right foot.""",
        270,
    )
    n = np.arange(SITES)
    for row, (name, dephasing, verdict) in enumerate(CASES):
        base = 76 + 84 * row
        frame = Frame(14, base, 190, 52, (0, SITES - 1), (0, 0.6))
        color = ("disorder", "wave", "noise")[row]
        height = np.sqrt(profile(dephasing))
        sheet.line(14, base, 204, base, "quiet", width=THIN)
        sheet.area(frame.x(n), base, frame.y(height), color, 0.3)
        sheet.curve(frame.x(n), frame.y(height), color)
        sheet.text(14, base - 44, name, color)
        sheet.text(14, base - 28, verdict, "quiet") if False else None
    rates = np.logspace(-1.6, 2.0, 40)
    energies = frenkel.site_energies(400, DISORDER, rng=1)
    constants = frenkel.diffusion_constant(energies, rates, tolerance=0.01)
    frame = Frame(248, 200, 100, 130, (-1.8, 2.0), (0, 1.15 * constants.max()))
    sheet.axes(244, 200, 110, 146, "log *Γ*", "*D*_s")
    sheet.curve(frame.x(np.log10(rates)), frame.y(constants), "ink")
    best = rates[constants.argmax()]
    for rate, color in ((rates[0], "disorder"), (best, "wave"), (60.0, "noise")):
        sheet.dot(float(frame.x(np.log10(rate))), float(frame.y(np.interp(np.log(rate), np.log(rates), constants))), color, 5)
    return sheet
