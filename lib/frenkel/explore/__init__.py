"""Explorers: figures that rerun the model, in a notebook and in the online book alike.

`EXPLORERS` maps the name of every explorer to it; to add one, write its file and list it here.
"""

from .absorption import absorption
from .base import Choice, Explorer, Slider
from .coupling import coupling, orientation
from .enaqt import enaqt
from .regimes import regimes
from .turnover import turnover
from .walks import walks

EXPLORERS = {
    explorer.name: explorer
    for explorer in (
        enaqt,
        regimes,
        coupling,
        orientation,
        absorption,
        walks,
        turnover,
    )
}

__all__ = [
    "EXPLORERS",
    "Choice",
    "Explorer",
    "Slider",
    "absorption",
    "coupling",
    "enaqt",
    "orientation",
    "regimes",
    "turnover",
    "walks",
]
