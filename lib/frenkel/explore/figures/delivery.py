"""The seven pigments of the photosynthetic complex: an excitation on its way to the trap."""

import numpy as np

from ...motion.traps import fmo_hamiltonian, transfer_populations
from ...units import WAVENUMBER_PER_PS
from .. import artists
from ..explorer import Explorer
from ..parameters import Choice, Clock, Slider

CLOCK = Clock("time", "time", "t", 0.0, 25.0, 5.0, "ps", steps=250, moments=(0.0, 1.0, 5.0, 20.0))
TIMES = CLOCK.times
PIGMENTS = np.arange(1, 8)
TRAP = 3  # the pigment beside the reaction center
LIFETIME = 1000.0  # ps
BEST = 10**2.1  # cm⁻¹, a position of the slider; most arrives there, at the default trapping
VESSELS = np.array([9.4, 11.5])  # places beside the pigments: of what is in the trap, and of what is lost
WIDTH = 1.3


def compute(dephasing, trap_rate, start):
    """Populations of the pigments and the share that has been delivered, at all times."""
    populations, trapped = transfer_populations(
        fmo_hamiltonian(),
        int(start[-1]) - 1,
        TIMES / WAVENUMBER_PER_PS,
        dephasing=dephasing,
        traps=WAVENUMBER_PER_PS * trap_rate * (PIGMENTS == TRAP),
        loss_rate=WAVENUMBER_PER_PS / LIFETIME,
    )
    return {
        "times": TIMES,
        "populations": populations,
        "trapped": trapped,
        "lost": np.maximum(1 - populations.sum(axis=-1) - trapped, 0),
        "dephasing": dephasing,
        "trap_rate": trap_rate,
        "start": start,
    }


def move(axes, result):
    left, right = axes
    index = CLOCK.frame(result["time"])
    until = slice(0, index + 1)
    populations = result["populations"][index]
    trapped, lost = result["trapped"][index], result["lost"][index]
    return [
        artists.bars(left, "pigments", PIGMENTS, populations, "C0", width=0.7),
        artists.bars(left, "in the trap", VESSELS[:1], np.array([trapped]), "C2", width=WIDTH),
        artists.bars(left, "lost", VESSELS[1:], np.array([lost]), "0.55", width=WIDTH),
        artists.line(right, "trapped", TIMES[until], result["trapped"][until], color="C2", lw=1.8),
    ]


def _draw_vessels(ax):
    """Draw two vessels, open above, that hold all of the excitation, and the pipe to one from its pigment."""
    ink = artists.ink()
    artists.line(ax, "ground", [0.4, 7.6], [0, 0], color=ink, lw=0.8)
    pipe = [TRAP, TRAP, VESSELS[0], VESSELS[0]], [0, -0.07, -0.07, 0]
    artists.line(ax, "pipe", *pipe, color="C2", lw=2.5)
    for word, place in zip(("trap", "lost"), VESSELS, strict=True):
        left, right = place - WIDTH / 2, place + WIDTH / 2
        artists.line(ax, word, [left, left, right, right], [1, 0, 0, 1], color=ink, lw=1.2)
        artists.text(ax, f"word {word}", place, 1.02, word, ha="center", va="bottom", fontsize=8.5)


def draw(axes, result):
    left, right = axes
    if not left.get_xlabel():
        _draw_vessels(left)
        left.set(xlabel="pigment", ylabel="probability", xlim=(0.4, 12.4), ylim=(-0.13, 1.14))
        left.set(xticks=PIGMENTS, yticks=np.linspace(0, 1, 6))
        right.set(xlabel="time (ps)", ylabel="share delivered", xlim=(0, CLOCK.high), ylim=(0, 1.02))


def read_out(result):
    index = CLOCK.frame(result["time"])
    populations, trapped = result["populations"][index], result["trapped"][index]
    return (
        f"From pigment {result['start'][-1]} with ħΓ = {result['dephasing']:.3g} cm⁻¹ and trapping "
        f"{result['trap_rate']:.2g} per ps, after {result['time']:.2f} ps the trap has {100 * trapped:.0f} % "
        f"of the excitation; of the pigments, number {PIGMENTS[populations.argmax()]} holds most, "
        f"{100 * populations.max():.0f} %."
    )


delivery = Explorer(
    name="delivery",
    title="Seven pigments and a trap",
    parameters=(
        Slider("dephasing", "dephasing", "ħΓ", 1.0, 1e4, BEST, "cm⁻¹", scale="log", steps=40),
        Slider("trap_rate", "trapping rate", "k_{trap}", 0.1, 10.0, 1.0, "per ps", scale="log", steps=40),
        Choice("start", "start", {"pigment6": "pigment 6", "pigment1": "pigment 1"}, "pigment6"),
        CLOCK,
    ),
    compute=compute,
    draw=draw,
    move=move,
    read_out=read_out,
    settings={
        "Quiet": {"dephasing": 1.0},
        "Best noise": {"dephasing": BEST},
        "Too much noise": {"dephasing": 1e4},
    },
    seen=(
        "Four moments. At first the whole excitation is on one pigment. After 1 ps all seven hold some of "
        "it, and the trap, a vessel to which pigment 3 leads, begins to fill. After 5 ps it is nearly half "
        "full, after 20 ps nearly full, and the pigments are nearly empty. A second vessel, for what is "
        "lost, stays empty."
    ),
    length=190,
)
