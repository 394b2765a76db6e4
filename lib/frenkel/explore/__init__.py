"""Explorers: figures that rerun the model, in a notebook and in the online book alike.

`EXPLORERS` maps the name of every explorer to it; to add one, write its file and list it here.
"""

from .base import Choice, Explorer, Slider
from .beyond import memory, trap
from .coupling import coupling, orientation
from .dimensions import dipoles, planes
from .enaqt import enaqt
from .regimes import regimes
from .walks import walks

EXPLORERS = {
    explorer.name: explorer
    for explorer in (
        enaqt,
        regimes,
        coupling,
        orientation,
        walks,
        planes,
        dipoles,
        memory,
        trap,
    )
}

__all__ = [
    "EXPLORERS",
    "Choice",
    "Explorer",
    "Slider",
    "coupling",
    "dipoles",
    "enaqt",
    "memory",
    "orientation",
    "planes",
    "regimes",
    "trap",
    "walks",
]
