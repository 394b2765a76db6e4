"""Explorers: figures that rerun the model, in a notebook and in the online book alike.

`EXPLORERS` maps the name of every explorer to it; to add one, write its file and list it here.
"""

from .absorption import absorption
from .ballistic import packets
from .base import Choice, Explorer, Slider
from .beyond import memory, trap
from .coupling import coupling, orientation
from .dimensions import dipoles, planes
from .enaqt import enaqt
from .localization import eigenstates, typical_and_mean
from .microscope import microscope
from .published import published
from .regimes import regimes
from .rivals import rivals
from .turnover import turnover
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
        absorption,
        packets,
        walks,
        microscope,
        planes,
        dipoles,
        published,
        rivals,
        memory,
        trap,
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
    "dipoles",
    "eigenstates",
    "enaqt",
    "memory",
    "microscope",
    "orientation",
    "packets",
    "planes",
    "published",
    "regimes",
    "rivals",
    "trap",
    "turnover",
    "typical_and_mean",
    "walks",
]
