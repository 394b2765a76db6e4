"""Two crystals, one excitation: a field hands it on, and no electron crosses the gap."""

from drawings.kit import THIN, Drawing


def draw():
    sheet = Drawing(
        "A field hands the excitation on",
        """Two nanocrystals stand side by side, with ligands in the gap between them. In the left one an
        arrow points from the excited level down to the ground state, in the right one an arrow points
        up: one goes down while the other goes up. Above the gap a bow leads from one to the other: the
        near field of the oscillating dipole, of strength J. Below, an electron that tries to cross the
        gap along the ligands is stopped.""",
        214,
    )
    size, left, right, top = 92, 42, 226, 62
    for x in (left, right):
        sheet.rect(x, top, size, size, stroke="ink")
    for y in (14, 30, 46, 62, 78):
        for x, way in ((left + size, 1), (right, -1)):
            sheet.line(x, top + y, x + way * 36, top + y, "quiet", width=THIN)
    for x, filled in ((left + size / 2, False), (right + size / 2, True)):
        high, low = top + 22, top + size - 22
        sheet.level(x, high, 50, "wave")
        sheet.level(x, low, 50)
        start, end = (low, high) if filled else (high, low)
        way = 1 if filled else -1
        sheet.arrow(x, start - 5 * way, x, end + 4 * way, "wave", width=2.6, size=10)
        if filled:
            sheet.dot(x + 17, high, "wave", 5)
        else:
            sheet.circle(x - 17, high, 5, stroke="wave", fill="paper")
    sheet.bow(left + size / 2 + 8, top - 6, right + size / 2 - 8, top - 6, 30, "wave", width=2.6)
    sheet.text(180, 20, "*J*", "wave", "middle")
    sheet.text(180, 46, "near field", "wave", "middle")
    y = top + size + 26
    sheet.circle(left + size - 22, y, 7, stroke="quiet", fill="paper")
    sheet.line(left + size - 25, y, left + size - 19, y, "quiet", width=THIN)
    sheet.line(left + size - 14, y, 172, y, "quiet", width=THIN)
    sheet.line(175, y - 6, 187, y + 6)
    sheet.line(175, y + 6, 187, y - 6)
    sheet.text(180, y + 28, "no electron crosses", "quiet", "middle")
    return sheet
