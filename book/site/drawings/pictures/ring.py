"""Three sites in a ring have a single frequency, and so a single Lorentzian."""

import numpy as np

from drawings.kit import THIN, Drawing, Frame

ENERGIES = np.array([1.2, -0.9, -0.3])


def constant_of_ring(dephasing):
    """Return D_s from the density matrix itself: Tr[v†X]/N with i[H, X] + Γ (X − diag X) = v."""
    one, shift = np.eye(3), np.roll(np.eye(3), 1, axis=0)
    H, v = np.diag(ENERGIES) + shift + shift.T, 1j * (shift - shift.T)
    L = 1j * (np.kron(H, one) - np.kron(one, H)) + dephasing * np.diag((1 - one).ravel())
    return np.vdot(v, np.linalg.lstsq(L, v.ravel(), rcond=None)[0].reshape(3, 3)).real / 3


def draw():
    sheet = Drawing(
        "Three sites, one frequency",
        """Left: the smallest ring, three sites with different energies; conservation lets only one current
        run, the same through all three bonds. Right: the diffusion constant against the noise Gamma on
        a logarithmic axis. It is a single symmetric hump with its maximum where Gamma equals Omega, the
        root of the mean squared difference of neighboring energies. The dots are computed from the
        density matrix, the line is 2 Gamma over Gamma squared plus Omega squared.""",
        210,
    )
    center, radius = np.array([84.0, 110.0]), 52
    angles = np.pi / 2 + 2 * np.pi * np.arange(3) / 3
    places = [center + radius * np.array([np.cos(a), -np.sin(a)]) for a in angles]
    for a, b in zip(places, [*places[1:], places[0]], strict=True):
        way = (b - a) / np.linalg.norm(b - a)
        sheet.arrow(*(a + 15 * way), *(b - 15 * way), "wave", width=2.6, size=9)
    for (x, y), energy in zip(places, ENERGIES, strict=True):
        sheet.line(x - 14, y, x + 14, y, "quiet", width=THIN, dash="2 3")
        sheet.level(x, y - 9 * energy, 26, "disorder")
    sheet.text(84, 112, "one", "wave", "middle")
    sheet.text(84, 128, "current", "wave", "middle")
    frequency = np.sqrt(np.mean((ENERGIES - np.roll(ENERGIES, 1)) ** 2))
    rates = np.logspace(-1.4, 1.8, 81)
    frame = Frame(196, 168, 140, 110, (-1.4, 1.8), (0, 1.15 / frequency))
    sheet.axes(196, 168, 152, 134, "log *Γ*", "*D*_s")
    sheet.curve(frame.x(np.log10(rates)), frame.y(2 * rates / (rates**2 + frequency**2)), "ink")
    few = np.logspace(-1.0, 1.5, 9)
    for rate in few:
        sheet.dot(float(frame.x(np.log10(rate))), float(frame.y(constant_of_ring(rate))), "noise", 3.5)
    x = float(frame.x(np.log10(frequency)))
    sheet.line(x, 168, x, float(frame.y(1 / frequency)), "noise", width=THIN, dash="2 4")
    sheet.text(x, 186, "*Γ* = *Ω*", "noise", "middle")
    return sheet
