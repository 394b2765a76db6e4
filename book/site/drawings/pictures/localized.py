"""A localized state over the energies that hold it, none of which is a wall."""

import frenkel
import numpy as np

from drawings.kit import THIN, Drawing, Frame

SITES = 81


def state():
    """Return the site energies, the amplitudes of a state in mid-band near the center, and its level."""
    energies = frenkel.site_energies(SITES, 1.0, rng=5)
    levels, states = np.linalg.eigh(frenkel.hamiltonian(frenkel.chain(SITES), energies))
    centers = (states**2).T @ np.arange(SITES)
    j = np.argmin(np.abs(levels - 0.6) + 0.1 * np.abs(centers - SITES // 2))
    return energies, states[:, j] * np.sign(states[np.abs(states[:, j]).argmax(), j]), levels[j]


def draw():
    sheet = Drawing(
        "Nothing blocks the way, and the wave stays",
        """Above, the amplitude of one computed eigenstate on a chain of 81 sites: it oscillates, is large
        near the middle and falls off on both sides, on the whole as two dashed exponentials do, e to the
        minus distance over xi; here and there it reaches beyond them. Below, the energies of the sites:
        they scatter by Delta, which is only a quarter of the width of the band, and none of them is a
        wall. Many weak reflections hold the wave.""",
        236,
    )
    energies, psi, level = state()
    length = frenkel.exact.weak_disorder_localization_length(level, 1.0)
    sites, center = np.arange(SITES), float(np.abs(psi).argmax())
    frame = Frame(14, 134, 332, 116, (0, SITES - 1), (-0.75, 0.75))
    fine = np.linspace(0, SITES - 1, 161)
    peak = np.abs(psi).max()
    for side in (1, -1):
        sheet.curve(
            frame.x(fine),
            frame.y(side * peak * np.exp(-np.abs(fine - center) / length)),
            "quiet",
            width=THIN,
            dash="4 4",
        )
    sheet.line(14, 76, 346, 76, "quiet", width=THIN)
    sheet.curve(frame.x(sites), frame.y(psi), "wave", width=2)
    sheet.text(300, 34, "∝ e^{−|n|/ξ}", "ink", "middle")
    low = Frame(14, 216, 332, 52, (0, SITES - 1), (-3, 3))
    for n, energy in enumerate(energies):
        sheet.level(float(low.x(n)), float(low.y(energy)), 3, "disorder", width=2)
    sheet.text(14, 162, "energies of the sites, spread *Δ* = *J*", "disorder")
    return sheet
