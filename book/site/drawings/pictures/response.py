"""What a clock of 70 ps makes of a diffusivity that rises and falls within 30 ps."""

import numpy as np

from drawings.kit import THIN, Drawing, Frame

WIDTH = 70.0  # ps, the full width of the response at half of its height
SPREAD = WIDTH / np.sqrt(8 * np.log(2))
PEAK = 10.0  # ps


def curves():
    """Return times, the true D(t) in units of its maximum, and the D that the blurred clock shows."""
    t = np.linspace(-150, 300, 1801)
    true = np.where(t > 0, np.maximum(t, 0) / PEAK * np.exp(1 - np.maximum(t, 0) / PEAK), 0.0)
    kernel = np.exp(-(t[np.abs(t) <= 150] ** 2) / (2 * SPREAD**2))
    return t, true, np.convolve(true, kernel / kernel.sum(), mode="same")


def draw():
    t, true, seen = curves()
    above = t[seen > seen.max() / 2]
    seen_width = above[-1] - above[0]
    sheet = Drawing(
        "A slow clock smears a fast rise",
        f"""Above, the response of the clock: a bell about the time of the pulse, {WIDTH:.0f} picoseconds wide
        at half of its height. Below, on the same axis of time, two curves of D. The true one is zero
        before the pulse, rises to its maximum after {PEAK:.0f} picoseconds and has fallen again after 50.
        The other is what remains when every time is uncertain by the bell: a low hump, {seen.max():.2f}
        of the true height, which begins before the pulse and is {seen_width:.0f} picoseconds wide, little
        more than the bell itself. The areas under both are equal; height and time of the maximum are
        lost.""",
        286,
    )
    frame = Frame(24, 246, 316, 150, (-100, 170), (0, 1.12))
    inside = np.flatnonzero((t >= -100) & (t <= 165))[::6]
    x = frame.x(t[inside])
    zero = float(frame.x(0))
    sheet.line(zero, 246, zero, 16, "light", width=THIN, dash="2 4")
    sheet.text(zero, 263, "pulse", "light", "middle")
    # the response of the clock
    bell = Frame(24, 66, 316, 44, frame.across, (0, 1))
    response = np.exp(-(t[inside] ** 2) / (2 * SPREAD**2))
    sheet.line(24, 66, 340, 66, "quiet", width=THIN)
    sheet.area(x, 66, bell.y(response), "light", 0.3)
    sheet.curve(x, bell.y(response), "light")
    ends = frame.x(np.array([-0.5, 0.5]) * WIDTH)
    sheet.arrow(float(ends[0]), 44, float(ends[1]), 44, both=True, size=6)
    sheet.text(float(ends[0]) - 8, 40, f"{WIDTH:.0f} ps", anchor="end")
    sheet.text(zero + 58, 40, "response of the clock", "light")
    # what happens and what is recorded
    sheet.axes(24, 246, 326, 160, "*t*", "*D*")
    sheet.area(x, 246, frame.y(true[inside]), "wave", 0.25)
    sheet.curve(x, frame.y(true[inside]), "wave")
    sheet.area(x, 246, frame.y(seen[inside]), "light", 0.3)
    sheet.curve(x, frame.y(seen[inside]), "light", width=2.6)
    sheet.text(zero + 34, 118, "what happens", "wave")
    sheet.text(zero + 66, 182, "what is recorded", "light")
    left, right = float(frame.x(above[0])), float(frame.x(above[-1]))
    y = float(frame.y(seen.max() / 2))
    sheet.arrow(left, y, right, y, both=True, size=6)
    sheet.text(left - 8, y + 4, f"{seen_width:.0f} ps", anchor="end")
    return sheet
