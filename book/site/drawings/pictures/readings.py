"""The readings of one sample's coupling, on a ladder of energies."""

import frenkel
import numpy as np

from drawings.kit import THIN, Drawing, Frame

MU, A = 93.5, 9.9  # DAB-1, in debye and nm
DISORDER = 26.0 / 2.355  # meV, from the width at 7 K, read directly
THERMAL = ((298, "298 K"), (7, "7 K"))


def couplings():
    """Return three readings of J in meV: as printed, with 4π, with 4π and a third of the dipole's square."""
    printed = abs(frenkel.dipolar_coupling(MU, A, 1.875, -2.0, convention="paper"))
    full = abs(frenkel.dipolar_coupling(MU, A, 1.875, -2.0, convention="si"))
    return printed, full, full / 3


def draw():
    printed, full, third = couplings()
    sheet = Drawing(
        "One sample, three readings of its coupling",
        f"""A ladder of energies, logarithmic, for the sample DAB-1. On its left are the three readings of
        the coupling J: as printed, {printed:.0f} millielectronvolts; with the factor four pi of the SI,
        {full:.1f}; with four pi and a third of the dipole's square for one polarization, {third:.1f}.
        On its right are the energies that it competes with: the static disorder, {DISORDER:.0f}, and
        the thermal energy, 26 at 298 kelvin and 0.6 at 7 kelvin. The printed coupling stands above the
        disorder, the other two below it.""",
        262,
    )
    frame = Frame(180, 238, 0, 200, (0, 1), (np.log10(0.4), np.log10(60)))
    sheet.arrow(180, 244, 180, 20, "quiet", width=THIN)
    sheet.text(188, 22, "meV", "quiet")
    rungs = [
        (value, words, "wave", -1)
        for value, words in zip((printed, full, third), ("as printed", "with 4π", "4π, a third"), strict=True)
    ]
    rungs += [(DISORDER, "*Δ*", "disorder", 1)]
    rungs += [(0.08617 * T, f"*k*_B*T* at {words}", "noise", 1) for T, words in THERMAL]
    for value, words, color, side in rungs:
        y = float(frame.y(np.log10(value)))
        sheet.line(180 + 6 * side, y, 180 + 46 * side, y, color, width=2.6)
        digits = f"{value:.0f}" if value > 9.5 else f"{value:.1f}"
        sheet.text(180 + 52 * side, y + 4, f"{words}, {digits}", color, "end" if side < 0 else "start")
    sheet.text(134, 22, "coupling *J*", "wave", "end")
    return sheet
