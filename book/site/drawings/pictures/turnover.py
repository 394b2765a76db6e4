"""Where the noise of one sample reaches its best value: the construction of a turnover temperature."""

import frenkel
import numpy as np

from drawings.kit import THIN, Drawing, Frame

COLD, WARM, ROOM, PHONON = 26.0, 98.38, 298.0, 16.0  # DAB-1: widths in meV at 7 K and at room temperature
K = 0.0861733  # Boltzmann's constant in meV/K
DISORDER = COLD / 2.355


def draw():
    number = 1 / np.expm1(PHONON / (K * ROOM))
    strength = (WARM - COLD) / number
    waves, hops = 0.32 * DISORDER**2 / 40, np.sqrt(2) * DISORDER
    rows = [(hops, "*Γ*^*, hops", "hop"), (DISORDER, "*Δ*", "disorder"), (waves, "*Γ*^*, wave", "wave")]
    crossings = [
        float(frenkel.turnover_temperature(value, strength, phonon_energy=PHONON)) for value, _, _ in rows
    ]
    sheet = Drawing(
        "Where the noise reaches its best value",
        f"""The noise Gamma of one sample, DAB-1, rises with temperature, from zero in the cold, as phonons
        appear. Horizontal lines mark what it has to reach, and from each crossing an arrow falls to a
        temperature. The static disorder Delta, {DISORDER:.0f} millielectronvolts, the usual rule, is
        reached at {crossings[1]:.0f} kelvin. The model's own best noise is root two times Delta if the
        exciton hops, reached at {crossings[0]:.0f} kelvin, and far below Delta if it is a wave of the
        printed coupling, reached at {crossings[2]:.0f} kelvin. One sample has different turnovers,
        depending on how its coupling is read.""",
        270,
    )
    temperatures = np.linspace(12, 150, 100)
    frame = Frame(34, 222, 300, 176, (0, 152), (0, 24))
    sheet.axes(34, 222, 316, 196, "", "meV")
    sheet.text(350, 246, "*T* (K)", "quiet", "end")
    noise = strength / np.expm1(PHONON / (K * temperatures))
    sheet.curve(frame.x(temperatures), frame.y(noise), "noise", width=2.6)
    sheet.text(float(frame.x(136)), float(frame.y(22.6)), "*Γ*(*T*)", "noise", "end")
    for (value, name, color), temperature in zip(rows, crossings, strict=True):
        x, y = float(frame.x(temperature)), float(frame.y(value))
        sheet.line(34, y, x, y, color, width=THIN, dash="4 4")
        sheet.dot(x, y, color)
        sheet.arrow(x, y + 6, x, 222, color)
        sheet.text(x, 240, f"{temperature:.0f}", color, "middle")
        sheet.text(40, y - 6, name, color)
    return sheet
