"""An exciton on a disordered chain without noise: a few eigenstates, each turning at its own pace."""

import numpy as np

from ...system.hamiltonians import hamiltonian
from ...system.lattices import chain
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..hues import colors, key, mean
from ..parameters import Clock, Slider

N_SITES = 61
SITES = np.arange(N_SITES) - N_SITES // 2
CLOCK = Clock(
    "time", "time", "t", 0.0, 30.0, 7.0, "ħ/J", steps=300, seconds=11.0, moments=(0.0, 1.0, 2.0, 7.0)
)
TIMES = CLOCK.times


def compute(disorder, start):
    """ψ(t) from one site, and the eigenstates that make it up."""
    energies = disorder * unit_disorder(5, N_SITES, 1)[0]
    levels, vectors = np.linalg.eigh(hamiltonian(chain(N_SITES), energies))
    at_start = vectors[round(start) + N_SITES // 2]
    psi = (np.exp(-1j * np.outer(TIMES, levels)) * at_start) @ vectors.T
    weights = at_start**2
    return {
        "times": TIMES,
        "sites": SITES,
        "amplitudes": psi,
        "levels": levels,
        "weights": weights,
        "mean": weights @ vectors.T**2,  # of |ψ|² over all times: levels that differ do not interfere
        "n_states": 1 / (weights**2).sum(),
        "disorder": disorder,
        "start": start,
    }


def move(axes, result):
    left, right = axes
    psi, levels = result["amplitudes"][CLOCK.frame(result["time"])], result["levels"]
    turned = colors(-levels * result["time"])
    return [
        artists.bars(left, "wave", SITES, abs(psi), colors(np.angle(psi))),
        artists.line(left, "mean", SITES, np.sqrt(result["mean"]), color=artists.ink(), lw=1.8),
        artists.bars(right, "weights", levels, result["weights"], turned, width=0.12),
    ]


def draw(axes, result):
    left, right = axes
    largest = result["weights"].max()
    right.set(ylim=(0, artists.top(largest)))
    if not left.get_xlabel():
        left.set(xlabel="site n", ylabel="amplitude |ψₙ|")
        key(left, -24, 0.94, 7)
        mean(left, 4, 0.94, 3.5, "mean of\nall times")
        left.set(xlim=(-25, 25), ylim=(0, 1.02))
        right.set(xlabel="energy of the eigenstate (J)", ylabel="its share of the exciton", xlim=(-10, 10))


def read_out(result):
    site = round(result["start"]) + N_SITES // 2
    back, mean = abs(result["amplitudes"][CLOCK.frame(result["time"]), site]) ** 2, result["mean"][site]
    return (
        f"At Δ = {result['disorder']:.1f} the exciton that starts on site {result['start']:.0f} is made of "
        f"about {result['n_states']:.1f} eigenstates. At t = {result['time']:.1f} it is back with a "
        f"probability of {back:.2f}; in the mean over all times with {mean:.2f}."
    )


beating = Explorer(
    name="beating",
    title="A localized exciton, and the eigenstates it is made of",
    parameters=(
        Slider("disorder", "static disorder", "Δ", 1.0, 5.0, 2.0, "J", steps=40),
        Slider("start", "starting site", "n₀", -15, 15, 0, steps=30),
        CLOCK,
    ),
    compute=compute,
    draw=draw,
    move=move,
    read_out=read_out,
    settings={
        "Weak disorder": {"disorder": 1.0},
        "Strong disorder": {"disorder": 5.0},
    },
    seen=(
        "Four moments. At first the exciton is on one site. Later bars in the colors of many phases stand "
        "to both sides, a dozen sites at most, and fill the outline of the mean over all times: a sharp "
        "peak at the start with flanks that fall off. The outline is not left any more."
    ),
    length=190,
)
