"""The mean squared displacement of a clean chain with noise: first as the square of time, then as time."""

import frenkel
import numpy as np

from drawings.kit import THIN, Drawing, Frame


def draw():
    sheet = Drawing(
        "First a wave, then a walk",
        """On logarithmic axes the mean squared displacement of an exciton on a clean chain with noise is
        drawn against time. It follows a steep straight line at first, slope two: the distance grows
        like time, as that of a wave. Near the time one over Gamma it bends, and follows a line of slope
        one: the distance grows like the square root of time, as that of a walk. The two lines meet at
        the time 2 over Gamma.""",
        226,
    )
    frame = Frame(36, 186, 296, 160, (-1.3, 1.9), (-2.4, 2.4))
    sheet.axes(36, 186, 306, 168, "log *t*", "log MSD")
    t = np.logspace(-1.2, 1.85, 80)
    msd = frenkel.exact.clean_msd(t, 1.0)
    early, late = np.logspace(-1.2, 0.75, 2), np.logspace(-0.35, 1.85, 2)
    sheet.curve(frame.x(np.log10(early)), frame.y(np.log10(2 * early**2)), "wave", width=THIN, dash="4 4")
    sheet.curve(frame.x(np.log10(late)), frame.y(np.log10(4 * late)), "hop", width=THIN, dash="4 4")
    first, last = t < 1, t >= t[t < 1][-1]
    sheet.curve(frame.x(np.log10(t[first])), frame.y(np.log10(msd[first])), "wave", width=2.6)
    sheet.curve(frame.x(np.log10(t[last])), frame.y(np.log10(msd[last])), "hop", width=2.6)
    x = float(frame.x(0))
    sheet.line(x, 186, x, float(frame.y(np.log10(4 * np.exp(-1)))), "noise", width=THIN, dash="2 4")
    sheet.dot(x, float(frame.y(np.log10(4 * np.exp(-1)))), "noise")
    sheet.text(x, 202, "1/*Γ*", "noise", "middle")

    sheet.text(62, 92, "wave", "wave")
    sheet.text(62, 109, "∝ *t*^2", "wave")
    sheet.text(252, 78, "walk", "hop")
    sheet.text(252, 95, "∝ *t*", "hop")
    return sheet
