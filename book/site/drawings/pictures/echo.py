"""A wave packet meets a few disordered sites: part passes, part comes back."""

import frenkel
import numpy as np

from drawings.kit import THIN, Drawing, Frame

SITES, CENTER = 121, 60
TIMES = (0.0, 14.0, 20.0, 34.0)


def profiles():
    """Return the site energies and the probabilities of a packet in mid-band that starts on the left."""
    energies = np.zeros(SITES)
    energies[CENTER - 3 : CENTER + 4] = [0.5, -0.7, 0.6, 0.4, -0.6, 0.7, -0.4]
    H = frenkel.hamiltonian(frenkel.chain(SITES), energies)
    n = np.arange(SITES)
    psi = np.exp(-((n - 24) ** 2) / (4 * 5.0**2) - 0.5j * np.pi * n)  # to the right: the velocity is −2 sin q
    psi /= np.linalg.norm(psi)
    return energies, np.abs(frenkel.evolve_state(H, psi, TIMES)) ** 2


def draw():
    _energies, probabilities = profiles()
    echo = probabilities[-1, :CENTER].sum()
    sheet = Drawing(
        "The wave front and its echo",
        f"""Four moments, one below the other, of a computed wave packet on a chain. It starts on the left and
        runs to the right at two sites per unit of time. In the middle of the chain seven sites differ in
        energy. The packet reaches them and makes fringes there, where the wave that arrives and the wave
        that is thrown back interfere. In the last moment there are two packets: the front, which has
        passed and runs on, and its echo, which has two humps and runs back with {100 * echo:.0f} percent
        of the probability.""",
        290,
    )
    n = np.arange(SITES)
    step, first = 66, 74
    frame = Frame(14, 0, 332, 1, (0, SITES - 1), (0, 1))
    left, right = float(frame.x(CENTER - 4)), float(frame.x(CENTER + 4))
    sheet.path(
        [(left, 22), (right, 22), (right, 280), (left, 280)], closed=True, fill="disorder", opacity=0.16
    )
    sheet.text(180, 16, "disorder", "disorder", "middle")
    for row, probability in enumerate(probabilities):
        base = first + row * step
        sheet.line(14, base, 346, base, "quiet", width=THIN)
        y = base - 470 * probability
        sheet.area(frame.x(n), base, y, "wave", 0.3)
        sheet.curve(frame.x(n), y, "wave")
    x, y = float(frame.x(24)) + 34, first - 22
    sheet.arrow(x, y, x + 36, y, "wave", width=2.6, size=9)
    base = first + 3 * step
    back, front = (
        float(frame.x((p * n)[s].sum() / p[s].sum()))
        for p, s in ((probabilities[-1], n < CENTER), (probabilities[-1], n >= CENTER))
    )
    sheet.arrow(back + 20, base - 34, back - 20, base - 34, "wave", width=2.6, size=9)
    sheet.arrow(front - 20, base - 34, front + 20, base - 34, "wave", width=2.6, size=9)
    sheet.text(back, base - 44, "echo", "wave", "middle")
    sheet.text(front, base - 44, "front", "wave", "middle")
    return sheet
