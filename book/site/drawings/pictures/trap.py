"""A chain with a trap at its end, and losses everywhere."""

import numpy as np

from drawings.kit import THIN, Drawing


def draw():
    sheet = Drawing(
        "Does it arrive?",
        """A chain of six sites with different energies. An exciton starts on the first and moves by the
        coupling J. From the last site a wide arrow leads down into a trap, at the rate k trap: there it
        has arrived. From every site a thin dashed arrow leads away, at the much smaller rate k loss:
        there it is lost. The efficiency eta is the share that ends in the trap.""",
        230,
    )
    offsets = np.array([0.0, -18, 10, -8, 16, -4])
    x = 36 + 52 * np.arange(6)
    y = 92 + offsets
    for n in range(6):
        sheet.level(x[n], y[n], 30, "disorder")
        sheet.arrow(x[n], y[n] - 10, x[n], 34, "quiet", width=THIN, size=6, dash="3 3")
        if n < 5:
            sheet.bow(x[n + 1] - 8, y[n + 1] + 7, x[n] + 8, y[n] + 7, 9, "wave", both=True, width=1.3)
    sheet.dot(x[0], y[0], "wave", 7)
    sheet.text(180, 22, "lost, *k*_{loss}", "quiet", "middle")
    end = float(x[5])
    sheet.arrow(end, y[5] + 12, end, 186, "hop", width=5, size=16)
    sheet.path([(end - 30, 178), (end - 30, 206), (end + 24, 206), (end + 24, 178)], stroke="ink", width=2)
    sheet.text(end - 10, 146, "*k*_{trap}", "hop", "end")
    sheet.text(end - 38, 198, "arrived, a share *η*", "hop", "end")
    sheet.text(36, 146, "start", "wave", "middle")
    return sheet
