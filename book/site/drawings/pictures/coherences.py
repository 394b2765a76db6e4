"""The density matrix of a clean chain, with little noise and with much: a band that noise narrows."""

import frenkel
import numpy as np

from drawings.kit import THIN, Drawing

SITES, TIME = 13, 3.0


def magnitudes(dephasing):
    """Return |ρ_nm| of an exciton that started in the middle."""
    start = np.zeros((SITES, SITES))
    start[SITES // 2, SITES // 2] = 1
    H = frenkel.hamiltonian(frenkel.chain(SITES))
    return np.abs(frenkel.evolve_density(H, start, [TIME], dephasing=dephasing)[0])


def draw():
    sheet = Drawing(
        "Noise keeps coherences near the diagonal",
        """Two density matrices of thirteen sites, each element a disk whose area is its magnitude, computed
        for the same time after a start on the middle site; the largest disk of either matrix is drawn
        equally large. The diagonal, the populations, is drawn in green; all else, the coherences between
        sites, in blue. With weak noise, Gamma 0.1, disks fill the whole matrix. With strong noise, Gamma
        3, only the diagonal and a narrow band beside it are left, and the populations have spread less
        far.""",
        222,
    )
    cell = 12
    for left, dephasing, name in ((14, 0.1, "*Γ* = 0.1"), (190, 3.0, "*Γ* = 3")):
        matrix = magnitudes(dephasing)
        top = 32
        side = cell * SITES
        sheet.rect(left, top, side, side, stroke="quiet", width=THIN)
        radii = cell / 2 * np.sqrt(matrix / matrix.max()) * 1.25
        for n in range(SITES):
            for m in range(SITES):
                if radii[n, m] > 0.6:
                    x, y = left + cell * (m + 0.5), top + cell * (n + 0.5)
                    sheet.dot(x, y, "hop" if n == m else "wave", float(min(radii[n, m], cell * 0.62)))
        sheet.text(left + side / 2, 20, name, "noise", "middle")
    for x, words, color in ((70, "populations", "hop"), (206, "coherences", "wave")):
        sheet.dot(x, 207, color, 5)
        sheet.text(x + 11, 212, words, color)
    return sheet
