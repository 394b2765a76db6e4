"""The lowest states of a long chain with weak disorder: segments that do not overlap."""

import frenkel
import numpy as np

from drawings.kit import THIN, Drawing, Frame

SITES, DISORDER = 160, 0.25


def lowest_states():
    """Return site energies, and levels and amplitudes of nodeless states at the bottom of the band."""
    energies = frenkel.site_energies(SITES, DISORDER, rng=11)
    H = np.diag(energies) - np.eye(SITES, k=1) - np.eye(SITES, k=-1)
    levels, states = np.linalg.eigh(H)
    chosen = []
    for j in range(12):
        weight = abs(states[:, j].sum()) / np.abs(states[:, j]).sum()
        overlaps = [np.abs(states[:, j] * states[:, k]).sum() for k in chosen]
        if weight > 0.9 and all(overlap < 0.35 for overlap in overlaps):
            chosen.append(j)
    return energies, levels[chosen], np.abs(states[:, chosen].T)


def draw():
    sheet = Drawing(
        "A long chain falls into segments",
        """Along a chain of 160 sites with weak disorder the bright states at the bottom of the band are
        drawn, computed. Each is a hump without nodes that occupies its own segment of a dozen or more
        sites, and the humps stand side by side with little overlap. Each stands at the height of its
        own energy, which differs from segment to segment. An exciton averages over the sites of its
        segment, N star of them, not over the whole chain.""",
        240,
    )
    energies, levels, states = lowest_states()
    frame = Frame(16, 150, 328, 96, (0, SITES - 1), (levels.min(), levels.max()))
    sites = np.arange(SITES)
    states = list(states)
    for level, state in zip(levels, states, strict=True):
        base = float(frame.y(level))
        seen = state > 0.03
        first, last = np.flatnonzero(seen)[[0, -1]]
        x = frame.x(sites[first : last + 1])
        y = base - 84 * state[first : last + 1]
        sheet.area(x, base, y, "wave", 0.3)
        sheet.curve(x, y, "wave")
        sheet.line(x[0], base, x[-1], base, "wave", width=THIN)
        if state is states[0]:
            sheet.arrow(x[0], base + 12, x[-1], base + 12, both=True, size=6)
            sheet.text(x[-1] + 8, base + 16, "*N*^* sites")
    for n, energy in zip(sites, energies, strict=True):
        sheet.dot(float(frame.x(n)), 196 - 14 * energy / DISORDER / 2, "disorder", 1.3)
    sheet.text(16, 232, "site energies, spread *Δ*", "disorder")
    sheet.arrow(16, 120, 16, 26, "quiet", width=THIN, size=6)
    sheet.text(24, 34, "*E*", "quiet")
    return sheet
