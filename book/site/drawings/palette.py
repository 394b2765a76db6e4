"""What a color means: the one place where the palette of the book's drawings is written down.

One color for each of five things, in every drawing and in every chapter:

- wave: amplitude, phase, coherence and whatever moves as a wave
- noise: what fluctuates in time, and what it does
- hop: a jump from site to site, an incoherent motion
- disorder: energies that differ from site to site and stay
- light: photons, what absorbs and emits them, what a detector sees

Beside them stand ink (`currentColor`), a quiet ink for axes and things of no account, and the paper. The hues
are those of the plots, `frenkel.plots.PALETTE`, in this order, and of the explorers on dark paper. Letters
are thinner than lines and take a darker shade on white. `book/site/static/book.css` repeats the values as
`--draw-wave` and so on; a test compares them.
"""

from frenkel.explore.hosts.picture import BRIGHT
from frenkel.plots import PALETTE

MEANINGS = ("wave", "noise", "hop", "disorder", "light")
LETTERS = ("#00629a", "#b04a00", "#00755a", "#9c4376", "#8a5d00")  # 4.5 to 1 and more on white

THEMES = {
    "light": {
        **dict(zip(MEANINGS, PALETTE, strict=False)),
        **{f"{name}-text": color for name, color in zip(MEANINGS, LETTERS, strict=True)},
        "ink": "#1b1f23",
        "quiet": "#6a7077",
        "paper": "#ffffff",
    },
    "dark": {
        **dict(zip(MEANINGS, BRIGHT, strict=False)),
        **{f"{name}-text": color for name, color in zip(MEANINGS, BRIGHT, strict=False)},
        "ink": "#e6e6e6",
        "quiet": "#949ba3",
        "paper": "#14181e",
    },
}


def variable(name):
    """Return what stands in a drawing for a color: `ink` is that of the text around it."""
    if name not in THEMES["light"]:
        raise KeyError(f"A color must be one of {', '.join(THEMES['light'])}, but is {name!r}.")
    return "currentColor" if name == "ink" else f"var(--draw-{name})"
