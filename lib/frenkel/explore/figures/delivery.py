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
        "dephasing": dephasing,
        "trap_rate": trap_rate,
        "start": start,
    }


def move(axes, result):
    left, right = axes
    index = CLOCK.frame(result["time"])
    until = slice(0, index + 1)
    populations = result["populations"][index]
    others = PIGMENTS != TRAP
    return [
        artists.bars(left, "others", PIGMENTS[others], populations[others], "C0", width=0.7),
        artists.bars(left, "trap", PIGMENTS[~others], populations[~others], "C1", width=0.7),
        artists.line(right, "trapped", TIMES[until], result["trapped"][until], color="C1", lw=1.8),
    ]


def draw(axes, result):
    left, right = axes
    if not left.get_xlabel():
        left.set(xlabel="pigment", ylabel="probability", xlim=(0.4, 7.6), ylim=(0, 1.02), xticks=PIGMENTS)
        left.text(TRAP, 0.9, "trap", color="C1", ha="center", fontsize=9)
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
        Slider("dephasing", "dephasing", "ħΓ", 1.0, 1e4, 100.0, "cm⁻¹", scale="log", steps=40),
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
        "Best noise": {"dephasing": 100.0},
        "Too much noise": {"dephasing": 1e4},
    },
    length=190,
)
