"""A wave on a plane: how disorder holds it, and how weaker bonds across make chains of the plane."""

import numpy as np

from ..._engines.chebyshev import propagate
from ...motion.measures import mean_squared_displacement
from ...system.hamiltonians import hamiltonian
from ...system.lattices import chain
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..hues import shades
from ..parameters import Clock, Slider

SIDE = 37  # a clean wave, of speed 2 along each axis, is at the edges after the end of the clock
PLACES = np.arange(SIDE) - SIDE // 2
CLOCK = Clock("time", "time", "t", 0.0, 7.0, 7.0, "ħ/J", steps=140, seconds=2.7, moments=(0.5, 1.5, 3.0, 7.0))
TIMES = CLOCK.times
SEED = 10  # a landscape near the median of two dozen in how far the wave gets


def _wave(energies, anisotropy):
    """Return ψ[t, y, x] from the middle of the plane; along each axis its Hamiltonian is that of a chain."""
    line = hamiltonian(chain(SIDE)).astype(complex)
    bound = 2 + 2 * anisotropy
    low, high = energies.min() - bound, energies.max() + bound
    energies = energies - (low + high) / 2  # all sites share the phase that this leaves out

    def generator(psi, out):
        out[...] = -1j * (energies * psi + psi @ line + anisotropy * (line @ psi))

    start = np.zeros((SIDE, SIDE), dtype=complex)
    start[SIDE // 2, SIDE // 2] = 1
    return propagate(generator, start, TIMES, radius=(high - low) / 2)


def compute(disorder, anisotropy):
    """The wave on the plane at all times from its middle, and the distance along x and across."""
    psi = _wave(disorder * unit_disorder(SEED, SIDE**2, 1)[0].reshape(SIDE, SIDE), anisotropy)
    populations = abs(psi) ** 2
    return {
        "times": TIMES,
        "places": PLACES,
        "amplitudes": psi,
        "along": np.sqrt(mean_squared_displacement(populations.sum(axis=1), PLACES)),
        "across": np.sqrt(mean_squared_displacement(populations.sum(axis=2), PLACES)),
        "disorder": disorder,
        "anisotropy": anisotropy,
    }


def move(axes, result):
    left, right = axes
    index = CLOCK.frame(result["time"])
    until = slice(0, index + 1)
    wave = shades(result["amplitudes"][index])
    lines = [
        artists.line(right, name, TIMES[until], result[name][until], color=color, lw=1.6, ls=ls, label=label)
        for name, color, ls, label in (("along", "C0", "-", "along x"), ("across", "C1", "--", "across"))
    ]
    return [artists.image(left, "wave", PLACES, PLACES, wave, interpolation="nearest"), *lines]


def draw(axes, result):
    left, right = axes
    if not left.get_xlabel():
        ticks = [-15, 0, 15]
        left.set(xlabel="x (a)", ylabel="y (a)", xticks=ticks, yticks=ticks)
        artists.guide(right, "free", TIMES, np.sqrt(2) * TIMES, label="clean")
        right.set(xlabel="time t (ħ/J)", ylabel="distance (a)", xlim=(0, CLOCK.high), ylim=(0, 10))
        move(axes, result)
        artists.sheet(left)
        artists.legend(right)


def read_out(result):
    index = CLOCK.frame(result["time"])
    along, across = result["along"][index], result["across"][index]
    return (
        f"At Δ = {result['disorder']:.1f} and Jy/Jx = {result['anisotropy']:.2f}, after "
        f"t = {result['time']:.1f}, the exciton is {along:.1f} sites from its start along x and {across:.1f} "
        f"across (root mean square); without disorder it would be {np.sqrt(2) * result['time']:.1f} sites "
        f"away along x."
    )


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
    seen=(
        "Four moments of a wave on a plane, its phase as color. It begins as a point and becomes a ragged "
        "disk of many colors, without a front. At t = 7 most of it is within five sites of its start, and a "
        "thin rest reaches three times as far."
    ),
    heights=(1.8, 1.0),
)
