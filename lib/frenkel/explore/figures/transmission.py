"""The transmission of disordered chains: typical and mean."""

import numpy as np

from ...states import localization
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Slider

LONGEST = 300  # sites
N_CHAINS = 500
N_LENGTHS = 16
N_SINGLE = 4  # chains shown one by one
BINS = 24


def _log_of_mean(logs):
    """ln ⟨exp(logs)⟩ over the first axis, without underflow."""
    largest = logs.max(axis=0)
    return largest + np.log(np.exp(logs - largest).mean(axis=0))


def compute(disorder, n_sites, energy):
    """ln T of many chains against their length, and its distribution at the full length."""
    chains = disorder * unit_disorder(11, LONGEST, N_CHAINS)
    lengths = np.unique(np.linspace(1, round(n_sites), N_LENGTHS).round().astype(int))
    logs = np.stack([localization.transmission(energy, chains[:, :n], log=True) for n in lengths], axis=1)
    last = logs[:, -1]
    counts, edges = np.histogram(last, bins=BINS, range=(last.min(), 0.0))
    density = counts / N_CHAINS / (edges[1] - edges[0])
    xi = float(localization.localization_length(energy, disorder, n_sites=200_000, rng=1)[0])
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


def draw(axes, result):
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


def read_out(result):
    typical, mean = np.exp(result["typical"][-1]), np.exp(result["mean"][-1])
    return (
        f"At Δ = {result['disorder']:.2f} and E = {result['energy']:.2f}, where ξ is {result['xi']:.1f} "
        f"sites, {N_CHAINS} chains of {result['lengths'][-1]} sites transmit {typical:.2g} typically and "
        f"{mean:.2g} on average; the best {N_CHAINS // 100} of them carry {100 * result['share']:.0f} % of "
        "that average."
    )


transmission = Explorer(
    name="transmission",
    title="What disordered chains transmit, typically and on average",
    parameters=(
        Slider("disorder", "static disorder", "Δ", 0.2, 2.0, 0.7, "J", scale="log", steps=60),
        Slider("n_sites", "sites", "N", 10, LONGEST, 150, steps=58),
        Slider("energy", "energy", "E", 0.0, 1.9, 1.0, "J", steps=76),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "A short chain": {"n_sites": 20},
        "Few chains carry it": {"n_sites": 250},
        "In mid-band": {"energy": 0.0},
    },
)
