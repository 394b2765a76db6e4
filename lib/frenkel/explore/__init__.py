"""Explorers: figures that rerun the model, in a notebook and in the online book alike.

`EXPLORERS` maps the name of every explorer to it; to add one, write its file and list it here.
"""

from .base import Choice, Explorer, Slider
from .coupling import coupling, orientation
from .enaqt import enaqt
from .microscope import microscope
from .regimes import regimes
from .rivals import rivals
from .walks import walks

EXPLORERS = {
    explorer.name: explorer
    for explorer in (
        enaqt,
        regimes,
        coupling,
        orientation,
        walks,
        microscope,
        rivals,
    )
}

__all__ = [
    "EXPLORERS",
    "Choice",
    "Explorer",
    "Slider",
    "coupling",
    "enaqt",
    "microscope",
    "orientation",
    "regimes",
    "rivals",
    "walks",
]
