"""Explorers: figures that rerun the model, in a notebook and in the online book alike.

`EXPLORERS` maps the name of every explorer to it; to add one, write its file and list it here.
"""

from .ballistic import packets
from .base import Choice, Explorer, Slider
from .coupling import coupling, orientation
from .enaqt import enaqt
from .localization import eigenstates, typical_and_mean
from .regimes import regimes
from .walks import walks

EXPLORERS = {
    explorer.name: explorer
    for explorer in (
        enaqt,
        regimes,
        coupling,
        orientation,
        eigenstates,
        typical_and_mean,
        packets,
        walks,
    )
}

__all__ = [
    "EXPLORERS",
    "Choice",
    "Explorer",
    "Slider",
    "coupling",
    "eigenstates",
    "enaqt",
    "orientation",
    "packets",
    "regimes",
    "typical_and_mean",
    "walks",
]
