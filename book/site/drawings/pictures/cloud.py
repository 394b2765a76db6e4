"""One phonon with and without an exciton: two displaced parabolas, computed, Huang-Rhys factor 1.5."""

import numpy as np

from drawings.kit import THIN, Drawing, Frame

FACTOR = 1.5  # Huang-Rhys factor: λ in quanta
SHIFT = np.sqrt(2 * FACTOR)  # in lengths of the zero-point motion
ABOVE = 5.6  # energy of the exciton, in quanta: not to scale


def draw():
    sheet = Drawing(
        "One phonon, without and with an exciton",
        """Energy against the displacement of one vibration. The lower parabola belongs to the site without
        an exciton, the upper one to the site with it; the minimum of the upper one is displaced. Light
        lifts the site straight up, to a point on the side of the upper parabola that lies by the
        reorganization energy lambda above its minimum. In each parabola the lowest level lies half a
        quantum above the bottom, and its wavefunction is a bell. The lower bell is drawn once more,
        dashed, beside the upper one. The two overlap only in part: the shaded area is that of their
        product. By this overlap the coupling between sites is reduced when the vibration has to follow.""",
        330,
    )
    frame = Frame(30, 296, 290, 268, (-2.6, 2.6 + SHIFT), (-0.2, ABOVE + 3.6))
    q = np.linspace(-2.45, 2.45, 61)
    wide = np.linspace(-2.6, 2.6 + SHIFT, 121)
    for center, bottom in ((0.0, 0.0), (SHIFT, ABOVE)):
        inside = q[q**2 / 2 < 3.0]
        sheet.curve(frame.x(inside + center), frame.y(inside**2 / 2 + bottom), "ink", width=2)
        ends = frame.x(np.array([-1.0, 1.0]) + center)
        height = float(frame.y(bottom + 0.5))
        sheet.line(float(ends[0]), height, float(ends[1]), height, "wave", width=THIN)
    here = 1.5 * np.exp(-(wide**2) / 2)
    there = 1.5 * np.exp(-((wide - SHIFT) ** 2) / 2)
    base = ABOVE + 0.5
    sheet.area(frame.x(wide), float(frame.y(base)), frame.y(base + here * there / 1.5), "wave", 0.35)
    sheet.curve(frame.x(wide), frame.y(base + there), "wave")
    sheet.curve(frame.x(wide), frame.y(base + here), "wave", width=THIN, dash="3 4")
    sheet.curve(frame.x(wide[wide < 2.5]), frame.y(0.5 + here[wide < 2.5]), "wave")
    zero, one = float(frame.x(0.0)), float(frame.x(SHIFT))
    low, up = float(frame.y(ABOVE)), float(frame.y(ABOVE + FACTOR))
    sheet.arrow(zero, float(frame.y(2.2)), zero, up + 3, "light")
    sheet.text(zero - 8, float(frame.y(3.4)), "light", "light", "end")
    side = float(frame.x(SHIFT + 2.62))
    sheet.line(zero, up, side, up, "quiet", width=THIN, dash="2 4")
    sheet.line(one, low, side, low, "quiet", width=THIN, dash="2 4")
    sheet.arrow(side - 4, low, side - 4, up, "hop", both=True, size=5)
    sheet.text(side + 5, (low + up) / 2 + 4, "*λ*", "hop")
    sheet.text(float(frame.x(2.05)), float(frame.y(1.0)), "no exciton", "ink")
    sheet.text(float(frame.x(SHIFT + 0.2)), float(frame.y(ABOVE - 0.9)), "exciton", "ink")
    sheet.arrow(30, 310, 336, 310, "quiet", width=THIN, size=6)
    sheet.text(336, 326, "displacement of the phonon", "quiet", "end")
    return sheet
