"""Explorers of the chapter on Anderson localization: the states of one chain, and what chains transmit."""

from functools import lru_cache

import numpy as np

from ..hamiltonian import hamiltonian, site_energies
from ..lattice import chain
from ..localization import localization_length, participation_ratio, transmission
from . import artists
from .base import Choice, Explorer, Slider

LONGEST = 300  # sites
N_CHAINS = 500
N_LENGTHS = 16
N_SINGLE = 4  # chains shown one by one
BINS = 24


@lru_cache(maxsize=2)
def _unit_disorder(n_chains):
    """The same disorder of unit strength for every setting, so that a figure moves only with its sliders."""
    return site_energies(LONGEST, 1.0, rng=11, shape=(n_chains,))


@lru_cache(maxsize=8)
def _lengths(disorder):
    """Localization lengths on a grid of energies from the band center to beyond the last level."""
    energies = np.linspace(0, 2 + 4 * disorder, 24)
    return energies, localization_length(energies, disorder, n_sites=100_000, rng=1)[0]


def _length_at(energy, disorder):
    energies, lengths = _lengths(disorder)
    return np.exp(np.interp(np.abs(energy), energies, np.log(lengths)))


def compute_eigenstates(disorder, energy, n_sites, view):
    """The level nearest to `energy` on one chain, its envelope, and the extent of all levels."""
    n_sites = round(n_sites)
    energies = disorder * _unit_disorder(1)[0, :n_sites]
    levels, vectors = np.linalg.eigh(hamiltonian(chain(n_sites), energies))
    chosen = int(np.abs(levels - energy).argmin())
    population = vectors[:, chosen] ** 2
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


def draw_eigenstates(axes, result):
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


def read_out_eigenstates(result):
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
    compute=compute_eigenstates,
    draw=draw_eigenstates,
    read_out=read_out_eigenstates,
)


def _log_of_mean(logs):
    """ln ⟨exp(logs)⟩ over the first axis, without underflow."""
    largest = logs.max(axis=0)
    return largest + np.log(np.exp(logs - largest).mean(axis=0))


def compute_transmission(disorder, n_sites, energy):
    """ln T of many chains against their length, and its distribution at the full length."""
    chains = disorder * _unit_disorder(N_CHAINS)
    lengths = np.unique(np.linspace(1, round(n_sites), N_LENGTHS).round().astype(int))
    logs = np.stack([transmission(energy, chains[:, :n], log=True) for n in lengths], axis=1)
    last = logs[:, -1]
    counts, edges = np.histogram(last, bins=BINS, range=(last.min(), 0.0))
    density = counts / N_CHAINS / (edges[1] - edges[0])
    xi = float(localization_length(energy, disorder, n_sites=200_000, rng=1)[0])
    best = np.sort(last)[-N_CHAINS // 100 :]
    return {
        "lengths": lengths,
        "single": logs[:N_SINGLE],
        "typical": logs.mean(axis=0),
        "typical_error": logs.std(axis=0, ddof=1) / np.sqrt(N_CHAINS),
        "mean": _log_of_mean(logs),
        "law": -2 * lengths / xi,
        "middles": (edges[1:] + edges[:-1]) / 2,
        "density": density,
        "share": float(np.exp(best - last.max()).sum() / np.exp(last - last.max()).sum()),
        "xi": xi,
        "disorder": disorder,
        "energy": energy,
    }


def draw_transmission(axes, result):
    left, right = axes
    lengths = result["lengths"]
    for index, logs in enumerate(result["single"]):
        artists.line(left, f"chain {index}", lengths, logs, color="0.6", lw=0.8)
    typical, error = result["typical"], result["typical_error"]
    artists.band(left, "error", lengths, typical - error, typical + error, color="C0", alpha=0.3)
    artists.line(left, "typical", lengths, typical, color="C0", label="⟨ln T⟩")
    artists.line(left, "law", lengths, result["law"], color="C2", lw=1.3, ls=":", label="−2n/ξ")
    artists.line(left, "mean", lengths, result["mean"], color="C1", label="ln⟨T⟩")
    bottom = min(result["single"].min(), result["law"].min(), -1.0)
    left.set(xlim=(0, lengths[-1]), ylim=(1.05 * bottom, 0))
    middles, density = result["middles"], result["density"]
    artists.line(right, "density", middles, density, color="C0", lw=1.3, drawstyle="steps-mid")
    top = 1.15 * density.max()
    artists.line(right, "typical", [typical[-1]] * 2, [0, top], color="C0", lw=1.2, ls="--", label="⟨ln T⟩")
    artists.line(right, "mean", [result["mean"][-1]] * 2, [0, top], color="C1", lw=1.2, label="ln⟨T⟩")
    right.set(xlim=(middles[0], 0), ylim=(0, top))
    if not left.get_xlabel():
        left.set(xlabel="length n (sites)", ylabel="ln T")
        right.set(xlabel="ln T at full length", ylabel="probability density")
        for ax in axes:
            artists.legend(ax)


def read_out_transmission(result):
    typical, mean = np.exp(result["typical"][-1]), np.exp(result["mean"][-1])
    return (
        f"At Δ = {result['disorder']:.2f} and E = {result['energy']:.2f}, where ξ is {result['xi']:.1f} "
        f"sites, {N_CHAINS} chains of {result['lengths'][-1]} sites transmit {typical:.2g} typically and "
        f"{mean:.2g} on average; the best {N_CHAINS // 100} of them carry {100 * result['share']:.0f} % of "
        "that average."
    )


typical_and_mean = Explorer(
    name="transmission",
    title="What disordered chains transmit, typically and on average",
    parameters=(
        Slider("disorder", "static disorder", "Δ", 0.2, 2.0, 0.7, "J", scale="log", steps=60),
        Slider("n_sites", "sites", "N", 10, LONGEST, 150, steps=58),
        Slider("energy", "energy", "E", 0.0, 1.9, 1.0, "J", steps=76),
    ),
    compute=compute_transmission,
    draw=draw_transmission,
    read_out=read_out_transmission,
)
