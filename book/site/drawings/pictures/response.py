"""What a clock of 70 ps makes of a diffusivity that rises and falls within 30 ps."""

import numpy as np

from drawings.kit import THIN, Drawing, Frame

SPREAD = 30.0  # ps: a full width of 70 ps
PEAK = 10.0  # ps


def curves():
    """Return times, the true D(t) in units of its maximum, and the D that the blurred clock shows."""
    t = np.linspace(-150, 300, 1801)
    true = np.where(t > 0, np.maximum(t, 0) / PEAK * np.exp(1 - np.maximum(t, 0) / PEAK), 0.0)
    kernel = np.exp(-(t[np.abs(t) <= 150] ** 2) / (2 * SPREAD**2))
    return t, true, np.convolve(true, kernel / kernel.sum(), mode="same")


def draw():
    t, true, seen = curves()
    sheet = Drawing(
        "A slow clock smears a fast rise",
        f"""Two curves of D against time, around the pulse. The true one is zero before the pulse, rises to
        its maximum after 10 picoseconds and has fallen again after 50. The other is what remains when
        every time is uncertain by the response of the clock, 70 picoseconds wide, drawn above as a
        bell: a low hump, {seen.max():.2f} of the true height, which begins before the pulse and is a
        little wider than the response itself. The areas under both are equal; height and time of the
        maximum are lost.""",
        226,
    )
    frame = Frame(24, 186, 316, 150, (-100, 170), (0, 1.12))
    inside = np.flatnonzero((t >= -100) & (t <= 165))[::6]
    sheet.axes(24, 186, 326, 168, "*t*", "*D*")
    x = frame.x(t[inside])
    zero = float(frame.x(0))
    sheet.line(zero, 186, zero, 28, "light", width=THIN, dash="2 4")
    sheet.text(zero, 203, "pulse", "light", "middle")
    sheet.area(x, 186, frame.y(true[inside]), "wave", 0.25)
    sheet.curve(x, frame.y(true[inside]), "wave")
    sheet.area(x, 186, frame.y(seen[inside]), "light", 0.3)
    sheet.curve(x, frame.y(seen[inside]), "light", width=2.6)
    sheet.text(zero + 34, 58, "what happens", "wave")
    sheet.text(zero + 66, 122, "what is recorded", "light")
    above = t[seen > seen.max() / 2]
    left, right = float(frame.x(above[0])), float(frame.x(above[-1]))
    y = float(frame.y(seen.max() / 2))
    sheet.arrow(left, y, right, y, both=True, size=6)
    sheet.text(left - 8, y + 4, f"{above[-1] - above[0]:.0f} ps", anchor="end")
    return sheet
