"""One strength of noise with three memories, computed: none, some, and for ever."""

import numpy as np

from drawings.kit import THIN, Drawing

CASES = (
    ("forgets at once", 0.0, "noise"),
    ("remembers for *τ*_c", 0.94, "noise"),
    ("never forgets", 1.0, "disorder"),
)


def draw():
    sheet = Drawing(
        "Noise with a memory",
        """Three traces of the energy of a site against time, with the same spread. The first jumps from
        value to value: noise without memory, dephasing. The second wanders: it keeps a value for the
        correlation time tau c before it forgets. The third is a straight line at one value that differs
        from site to site: it never forgets, and is disorder. Between noise and disorder lies only a
        memory.""",
        262,
    )
    rng = np.random.default_rng(21)
    steps = 150
    kicks = rng.normal(size=steps)
    for row, (name, memory, color) in enumerate(CASES):
        base = 62 + 80 * row
        trace = np.empty(steps)
        trace[0] = 1.1
        for n in range(1, steps):
            trace[n] = memory * trace[n - 1] + np.sqrt(1 - memory**2) * kicks[n]
        x = 16 + 328 * np.arange(steps) / (steps - 1)
        sheet.line(16, base, 344, base, "quiet", width=THIN, dash="2 4")
        sheet.curve(x, base - 11 * trace, color, width=1.4)
        sheet.text(16, base - 34, name, color)
    steps_of_memory = -1 / np.log(CASES[1][1])
    length = 328 * steps_of_memory / (steps - 1)
    sheet.arrow(200, 174, 200 + length, 174, both=True, size=6)
    sheet.text(208 + length, 178, "*τ*_c")
    sheet.arrow(16, 246, 344, 246, "quiet", width=THIN)
    sheet.text(344, 238, "time", "quiet", "end")
    return sheet
