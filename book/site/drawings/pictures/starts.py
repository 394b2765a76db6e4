"""A coherent packet and an incoherent spot of one width, at the start and a little later."""

import frenkel
import numpy as np

from drawings.kit import THIN, Drawing, Frame

SITES, WIDTH_OF_SPOT, TIME = 81, 5.0, 9.0


def profiles():
    """Return the start, and the profiles of packet and spot at the time."""
    n = np.arange(SITES) - SITES // 2
    start = np.exp(-(n**2) / (2 * WIDTH_OF_SPOT**2))
    start /= start.sum()
    H = frenkel.hamiltonian(frenkel.chain(SITES))
    packet = np.abs(frenkel.evolve_state(H, np.sqrt(start).astype(complex), [TIME]))[0] ** 2
    site = frenkel.exact.bessel_populations(np.arange(-SITES, SITES + 1), TIME)
    return (
        start,
        packet,
        np.convolve(start, site, mode="same")[: 2 * SITES + 1][SITES - SITES // 2 : SITES + SITES // 2 + 1],
    )


def draw():
    sheet = Drawing(
        "One wave, or many excitons",
        """Two starts with the same bell-shaped profile. Left, a coherent packet: one wavefunction covers
        all the sites, with one phase at rest; later its profile has hardly widened. Right, an
        incoherent spot: each exciton sits on one site, and the sites are distributed as the bell; later
        it is far wider and flat, because every exciton has flown off with all velocities that a single
        site contains. Both later profiles are computed for the same time.""",
        250,
    )
    start, packet, spot = profiles()
    n = np.arange(SITES)
    for left, later, name, color in (
        (14, packet, "coherent packet", "wave"),
        (190, spot, "incoherent spot", "hop"),
    ):
        frame = Frame(left, 116, 156, 76, (0, SITES - 1), (0, start.max()))
        late = Frame(left, 226, 156, 76, (0, SITES - 1), (0, start.max()))
        sheet.text(left + 78, 20, name, color, "middle")
        for f in (frame, late):
            sheet.line(left, f.box[1], left + 156, f.box[1], "quiet", width=THIN)
        x = frame.x(n)
        if color == "wave":
            sheet.area(x, 116, frame.y(start), color, 0.3)
            sheet.curve(x, frame.y(start), color)
        else:
            rng = np.random.default_rng(2)
            sheet.curve(x, frame.y(start), "quiet", width=THIN, dash="3 3")
            for place in rng.normal(SITES // 2, WIDTH_OF_SPOT, 26):
                height = rng.uniform(0, 0.92) * np.exp(-((place - SITES // 2) ** 2) / (2 * WIDTH_OF_SPOT**2))
                sheet.dot(float(frame.x(place)), float(frame.y(height * start.max())) - 3, color, 3)
        sheet.area(x, 226, late.y(later), color, 0.3)
        sheet.curve(x, late.y(later), color)
    sheet.arrow(180, 104, 180, 196, "quiet", width=THIN)
    sheet.text(180, 96, "time", "quiet", "middle")
    return sheet
