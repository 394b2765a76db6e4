"""A wave on a plane: how disorder holds it, and how weaker bonds across make chains of the plane."""

import numpy as np

from ..._engines.matrices import evolve
from ...motion.measures import mean_squared_displacement
from ...system.hamiltonians import hamiltonian
from ...system.lattices import chain
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Clock, Slider

SIDE = 23
PLACES = np.arange(SIDE) - SIDE // 2
CLOCK = Clock(
    "time", "time", "t", 0.0, 15.0, 5.0, "ħ/J", steps=150, seconds=5.6, moments=(0.5, 1.5, 3.0, 10.0)
)
TIMES = CLOCK.times


def compute(disorder, anisotropy):
    """|ψ|² on the plane at all times from its middle, and the distance along x and across."""
    line, one = hamiltonian(chain(SIDE)), np.eye(SIDE)
    H = np.kron(one, line) + anisotropy * np.kron(line, one)  # index y · SIDE + x
    H += np.diag(disorder * unit_disorder(9, SIDE**2, 1)[0])
    start = (np.arange(SIDE**2) == SIDE**2 // 2).astype(complex)
    populations = (abs(evolve(H, start, TIMES)) ** 2).reshape(-1, SIDE, SIDE)
    edges = populations[:, [0, -1]].sum(axis=(1, 2)) + populations[:, :, [0, -1]].sum(axis=(1, 2))
    return {
        "times": TIMES,
        "places": PLACES,
        "populations": populations,
        "along": np.sqrt(mean_squared_displacement(populations.sum(axis=1), PLACES)),
        "across": np.sqrt(mean_squared_displacement(populations.sum(axis=2), PLACES)),
        "edges": edges,
        "disorder": disorder,
        "anisotropy": anisotropy,
    }


def move(axes, result):
    left, right = axes
    index = CLOCK.frame(result["time"])
    until = slice(0, index + 1)
    amplitude = np.sqrt(result["populations"][index])
    style = {"vmin": 0, "vmax": 0.5, "cmap": "magma"}
    wave = artists.image(left, "wave", PLACES, PLACES, amplitude, **style)
    lines = [
        artists.line(right, name, TIMES[until], result[name][until], color=color, lw=1.6, label=label)
        for name, color, label in (("along", "C0", "along x"), ("across", "C1", "across"))
    ]
    return [wave, *lines]


def draw(axes, result):
    left, right = axes
    if not left.get_xlabel():
        left.set(xlabel="x (a)", ylabel="y (a)")
        artists.guide(right, "free", TIMES, np.sqrt(2) * TIMES, label="clean")
        right.set(xlabel="time t (ħ/J)", ylabel="distance (a)", xlim=(0, CLOCK.high), ylim=(0, 8))
        move(axes, result)
        left.set_aspect("equal")
        artists.legend(right)


def read_out(result):
    index = CLOCK.frame(result["time"])
    along, across = result["along"][index], result["across"][index]
    sentence = (
        f"At Δ = {result['disorder']:.1f} and Jy/Jx = {result['anisotropy']:.2f}, after "
        f"t = {result['time']:.1f}, the exciton is {along:.1f} sites from its start along x and {across:.1f} "
        "across (root mean square)"
    )
    if result["edges"][: index + 1].max() > 0.01:
        return sentence + ": some of it has reached the edges."
    return sentence + "."


ripple = Explorer(
    name="ripple",
    title="A wave on a plane",
    parameters=(
        Slider("disorder", "static disorder", "Δ", 0.0, 6.0, 3.0, "J", steps=60),
        Slider("anisotropy", "ratio of the couplings", "J_{y}/J_{x}", 0.0, 1.0, 1.0, steps=20),
        CLOCK,
    ),
    compute=compute,
    draw=draw,
    move=move,
    read_out=read_out,
    settings={
        "Clean": {"disorder": 0.0},
        "Disordered": {"disorder": 3.0},
        "Stuck": {"disorder": 6.0},
        "Rows nearly apart": {"anisotropy": 0.1},
    },
    length=190,
)
