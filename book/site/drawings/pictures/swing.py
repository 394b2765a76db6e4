"""A coherence swings forward and back; noise that ends it after the first swing lets it carry most."""

import numpy as np

from drawings.kit import THIN, Drawing, Frame

CASES = (("*Γ* > *Ω*: too early", 6.0), ("*Γ* = *Ω*: once per swing", 1.0), ("*Γ* < *Ω*: too late", 0.12))


def draw():
    sheet = Drawing(
        "Noise that interrupts a swing",
        """Three curves of a current between two sites that beats with the frequency Omega and fades with
        the noise, cosine of Omega t times e to the minus Gamma t. Areas above the axis carry the
        exciton forward, areas below carry it back. With strong noise the current is ended before it has
        carried anything: a thin sliver. With weak noise forward and back alternate and cancel. With
        Gamma equal to Omega the first swing forward is almost all there is. Bars at the side give the
        sum, Gamma over Gamma squared plus Omega squared: 0.16, 0.50 and 0.12 in units of one over
        Omega.""",
        304,
    )
    t = np.linspace(0, 14, 141)
    for row, (name, rate) in enumerate(CASES):
        base = 66 + 90 * row
        frame = Frame(14, base, 226, 38, (0, 14), (0, 1))
        y = frame.y(np.cos(t) * np.exp(-rate * t))
        sheet.line(14, base, 244, base, "quiet", width=THIN)
        sheet.area(frame.x(t), base, np.minimum(y, base), "wave", 0.45)
        sheet.area(frame.x(t), base, np.maximum(y, base), "noise", 0.45)
        sheet.curve(frame.x(t), y, "ink")
        sheet.text(244, base - 26, name, "ink", "end")
        total = rate / (rate**2 + 1)
        x = 296
        sheet.rect(x, base - 64 * total, 28, 64 * total, fill="wave")
        sheet.line(x - 10, base, x + 38, base, "quiet", width=THIN)
    sheet.text(310, 20, "in all", "wave", "middle")
    sheet.text(14, 296, "forward", "wave")
    sheet.text(74, 296, "and back", "noise")
    return sheet
