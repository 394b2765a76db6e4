"""On a line, a plane and in a crystal: the ways past a bad bond."""

from drawings.kit import THIN, Drawing


def draw():
    sheet = Drawing(
        "A way around",
        """Three lattices with the same obstacle, a site far out of resonance. On the line the only way
        leads through it: every exciton has to pass the worst site. On the plane one can step around it,
        to the left or to the right. In the crystal there are more ways, over it as well. The more
        dimensions, the less an obstacle decides.""",
        208,
    )
    y = 110
    for n in range(5):
        x = 16 + 20 * n
        sheet.dot(x, y, "disorder" if n == 2 else "quiet", 7 if n == 2 else 3.5)
    sheet.line(20, y, 92, y, "quiet", width=THIN)
    sheet.arrow(18, y - 20, 44, y - 20, "hop", width=2.6, size=9)
    sheet.line(49, y - 28, 49, y - 12, "hop", width=2.6)
    left, step = 132, 22
    for row in range(5):
        sheet.line(left, y + step * (row - 2), left + 4 * step, y + step * (row - 2), "quiet", width=0.7)
        sheet.line(left + step * row, y - 2 * step, left + step * row, y + 2 * step, "quiet", width=0.7)
    for row in range(5):
        for n in range(5):
            middle = n == 2 and row == 2
            sheet.dot(
                left + step * n, y + step * (row - 2), "disorder" if middle else "quiet", 7 if middle else 3
            )
    for way in (1, -1):
        path = [
            (left, y),
            (left + step, y),
            (left + step, y + way * step),
            (left + 3 * step, y + way * step),
            (left + 3 * step, y),
            (left + 4 * step - 5, y),
        ]
        sheet.path(path, stroke="hop", width=2.6)
    sheet.head(left + 4 * step + 3, y, 0.0, "hop", 10)
    left, step, back = 254, 27, 11

    def place(i, j, k):
        return left + step * i + back * k, y + 40 - step * j - back * k

    for k in (2, 1, 0):
        for i in range(3):
            sheet.line(*place(i, 0, k), *place(i, 2, k), "quiet", width=0.7)
            sheet.line(*place(0, i, k), *place(2, i, k), "quiet", width=0.7)
            if k < 2:
                for j in range(3):
                    sheet.line(*place(i, j, k), *place(i, j, k + 1), "quiet", width=0.7)
        for i in range(3):
            for j in range(3):
                middle = i == j == k == 1
                sheet.dot(*place(i, j, k), "disorder" if middle else "quiet", 7 if middle else 2.6)
    for path in (
        ((0, 1, 1), (0, 2, 1), (2, 2, 1), (2, 1, 1)),
        ((0, 1, 1), (0, 0, 1), (2, 0, 1), (2, 1, 1)),
        ((0, 1, 1), (0, 1, 0), (2, 1, 0), (2, 1, 1)),
    ):
        sheet.path([place(*p) for p in path], stroke="hop", width=2.2)
    x, yy = place(2, 1, 1)
    sheet.arrow(x, yy, x + 22, yy, "hop", width=2.6, size=9)
    for x, name, words in (
        (56, "line", "no way around"),
        (176, "plane", "two ways"),
        (294, "crystal", "many"),
    ):
        sheet.text(x, 28, name, anchor="middle")
        sheet.text(x, 196, words, "hop", "middle")
    return sheet
