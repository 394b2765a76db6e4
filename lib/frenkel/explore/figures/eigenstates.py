"""Eigenstates of one disordered chain, and how far they reach."""

from functools import lru_cache

import numpy as np

from ...states.localization import localization_length, participation_ratio
from ...system.hamiltonians import hamiltonian
from ...system.lattices import chain
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Choice, Slider

LONGEST = 300  # sites
RESOLVED = 1e-16  # of a population; below it an eigenvector from a matrix routine is rounding, or zero


@lru_cache(maxsize=8)
def _lengths(disorder):
    """Localization lengths on a grid of energies from the band center to beyond the last level."""
    energies = np.linspace(0, 2 + 4 * disorder, 24)
    return energies, localization_length(energies, disorder, n_sites=100_000, rng=1)[0]


def _length_at(energy, disorder):
    energies, lengths = _lengths(disorder)
    return np.exp(np.interp(np.abs(energy), energies, np.log(lengths)))


def _with_tails(level, energies, state):
    """The eigenstate with its tails continued below rounding.

    From either end inward the solution that starts there grows, so its ratios of neighbors are stable:
    ψ_n/ψ_(n+1) = 1/(E − ε_n − ψ_(n−1)/ψ_n).
    """
    state = state.copy()
    for energies_inward, inward in ((energies, state), (energies[::-1], state[::-1])):
        edge = int((inward**2 > RESOLVED).argmax())
        ratios = np.zeros(edge + 1)  # the last is that before the first site: 0
        for n in range(edge):
            ratios[n] = 1 / (level - energies_inward[n] - ratios[n - 1])
        inward[:edge] = inward[edge] * np.cumprod(ratios[:edge][::-1])[::-1]
    return state


def compute(disorder, energy, n_sites, view):
    """The level nearest to `energy` on one chain, its envelope, and the extent of all levels."""
    n_sites = round(n_sites)
    energies = disorder * unit_disorder(11, LONGEST, 1)[0, :n_sites]
    levels, vectors = np.linalg.eigh(hamiltonian(chain(n_sites), energies))
    chosen = int(np.abs(levels - energy).argmin())
    population = _with_tails(levels[chosen], energies, vectors[:, chosen]) ** 2
    center = int(population.argmax())
    length = float(_length_at(levels[chosen], disorder))
    sites = np.arange(n_sites)
    grid = np.linspace(levels[0], levels[-1], 60)
    envelope = population[center] * np.exp(-2 * np.abs(sites - center) / length)
    depth = 1e-24 if envelope.min() > 1e-24 else 1e-60
    return {
        "sites": sites,
        "population": population,
        "envelope": envelope,
        "limits": (depth, 3.0) if view == "log" else (0.0, 1.1 * population[center]),
        "levels": levels,
        "ratios": participation_ratio(vectors.T),
        "grid": grid,
        "lengths": _length_at(grid, disorder),
        "chosen": chosen,
        "center": center,
        "length": length,
        "view": view,
        "disorder": disorder,
        "energy": energy,
    }


def draw(axes, result):
    left, right = axes
    sites, population = result["sites"], result["population"]
    artists.line(left, "envelope", sites, result["envelope"], color="C1", lw=1.4, ls="--", label="envelope")
    artists.line(left, "state", sites, population, color="C0", lw=1.3, label="$|\\psi_n|^2$")
    left.set(yscale=result["view"], ylim=result["limits"], xlim=(0, sites[-1]))
    levels, ratios, chosen = result["levels"], result["ratios"], result["chosen"]
    artists.line(right, "ratios", levels, ratios, color="C0", marker=".", ms=4, ls="", label="PR")
    artists.line(right, "length", result["grid"], result["lengths"], color="C1", ls="--", label="ξ(E)")
    here = {"color": "C3", "marker": "o", "ms": 8, "ls": "", "label": "this one", "clip_on": False}
    artists.line(right, "chosen", [levels[chosen]], [ratios[chosen]], **here)
    right.set(xlim=(levels[0] - 0.3, levels[-1] + 0.3), ylim=(0.3, 600))
    if not left.get_xlabel():
        left.set(xlabel="site n", ylabel="probability $|\\psi_n|^2$")
        right.set(xlabel="energy E (J)", ylabel="extent (sites)", yscale="log")
        for ax in axes:
            artists.legend(ax)


def read_out(result):
    chosen, n_sites, length = result["chosen"], len(result["sites"]), result["length"]
    if length > n_sites:
        room = f"the chain is too short, by a factor of {length / n_sites:.1f}, to show one decay"
    else:
        room = f"the chain is {n_sites / length:.1f} times as long"
    return (
        f"At Δ = {result['disorder']:.2f} the level nearest to E = {result['energy']:.2f} on this chain of "
        f"{n_sites} sites lies at E = {result['levels'][chosen]:.3f} and is largest on site "
        f"{result['center']}; its participation ratio is {result['ratios'][chosen]:.1f} sites, and ξ at its "
        f"energy is {length:.1f} sites: {room}."
    )


eigenstates = Explorer(
    name="eigenstates",
    title="One eigenstate of a disordered chain, and the extent of all of them",
    parameters=(
        Slider("disorder", "static disorder", "Δ", 0.2, 5.0, 1.0, "J", scale="log", steps=70),
        Slider("energy", "energy", "E", -4.0, 4.0, 0.5, "J", steps=80),
        Slider("n_sites", "sites", "N", 20, LONGEST, 200, steps=56),
        Choice("view", "vertical scale", {"log": "logarithmic", "linear": "linear"}, "log"),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "Long": {"disorder": 0.5, "energy": 0.5, "n_sites": 300},
        "Short": {"disorder": 4.0},
        "At the edge of the band": {"energy": -2.5},
        "Chain too short": {"disorder": 0.3, "energy": 0.5, "n_sites": 50},
    },
)
