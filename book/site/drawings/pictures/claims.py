"""Measured and simulated stand on the ground; the inference is the span between them."""

from drawings.kit import THIN, Drawing


def draw():
    sheet = Drawing(
        "Four kinds of claim",
        """A bridge. Its left pier is what was measured: a lab could test it. Its right pier is what was
        simulated: a program could run it again. Both stand on courses of what can be recomputed with
        pencil and paper, constants, conversions, dipoles, and these lie on the ground, which is what is
        printed. The span between the piers is drawn dashed: the inference that the maximum in the data is
        the maximum of the model. No recomputation bears the span; one can only ask whether the piers
        stand at the same height. Under the span stands the question: one maximum, or two?""",
        218,
    )
    for left, name, color in ((26, "measured", "light"), (238, "simulated", "wave")):
        sheet.rect(left, 76, 96, 70, stroke=color, fill="paper", width=2)
        sheet.rect(left, 76, 96, 70, fill=color, opacity=0.16)
        sheet.text(left + 48, 116, name, color, "middle")
        for row in range(2):
            for brick in range(3):
                sheet.rect(left + 32 * brick, 146 + 18 * row, 32, 18, stroke="quiet", width=THIN)
    sheet.bezier((122, 76), (180, 16), (238, 76), stroke="noise", width=2.6, dash="7 5")
    sheet.text(180, 34, "inferred", "noise", "middle")
    sheet.text(180, 98, "one maximum", "quiet", "middle")
    sheet.text(180, 115, "or two?", "quiet", "middle")
    sheet.text(180, 170, "recomputed", anchor="middle")
    sheet.line(14, 182, 346, 182)
    sheet.text(180, 206, "what is printed", "quiet", "middle")
    return sheet
