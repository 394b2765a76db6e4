"""Explorer of the chapter on spectra: the absorption line of short chains beside that of single sites."""

from functools import lru_cache
from statistics import NormalDist

import numpy as np

from ...states.spectra import absorption_spectrum, full_width_half_maximum
from ...system.hamiltonians import hamiltonian
from ...system.lattices import chain
from .. import artists
from ..explorer import Explorer
from ..parameters import Choice, Slider

SIZES = (1, 2, 4, 8, 16, 32, 64)  # sites of a chain, the positions of the slider
TOTAL = 2048  # sites in all the chains of one size
WIDTH_TICKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5)  # |J|
FREQUENCIES = np.linspace(-8.0, 8.0, 801)  # J


@lru_cache(maxsize=1)
def _disorder():
    """Quantiles of a Gaussian in random order, the same for every setting: smooth lines from few sites."""
    quantiles = [NormalDist().inv_cdf((i + 0.5) / TOTAL) for i in range(TOTAL)]
    return np.random.default_rng(12).permutation(quantiles)


@lru_cache(maxsize=32)
def _line(n_sites, disorder, dephasing):
    """Absorption per site of chains with J = 1, averaged over disorder; J = -1 has its mirror image."""
    energies = disorder * _disorder().reshape(-1, n_sites)
    H = hamiltonian(chain(n_sites), energies) if n_sites > 1 else energies[..., None]
    return absorption_spectrum(H, FREQUENCIES, dephasing=dephasing).mean(axis=0) / n_sites


@lru_cache(maxsize=8)
def _widths(disorder, dephasing):
    """Full width at half maximum for every size."""
    return np.array([full_width_half_maximum(FREQUENCIES, _line(n, disorder, dephasing)) for n in SIZES])


def compute(n_sites, disorder, dephasing, sign):
    """The line of chains of N sites, that of single sites, and the width against N."""
    n_sites = round(n_sites)
    turn = slice(None, None, -1) if sign == "negative" else slice(None)
    line, single = (_line(n, disorder, dephasing)[turn] for n in (n_sites, 1))
    widths = _widths(disorder, dephasing)
    return {
        "frequencies": FREQUENCIES,
        "line": line,
        "single": single,
        "peak": FREQUENCIES[line.argmax()],
        "sizes": np.array(SIZES),
        "widths": widths,
        "averaged": widths[0] / np.sqrt(SIZES),
        "n_sites": n_sites,
        "width": widths[SIZES.index(n_sites)],
        "disorder": disorder,
        "dephasing": dephasing,
    }


def draw(axes, result):
    left, right = axes
    x = result["frequencies"]
    top = max(result["line"].max(), result["single"].max())
    artists.line(left, "single", x, result["single"] / top, color="C0", lw=1.2, ls="--", label="one site")
    artists.line(left, "line", x, result["line"] / top, color="C1", label="N sites")
    artists.guide(left, "shift", [result["peak"]] * 2, [0, 1.05])
    left.set(xlim=(-5, 5), ylim=(0, 1.05))
    sizes, widths = result["sizes"], result["widths"]
    artists.guide(right, "1/√N", sizes, result["averaged"], label=r"$1/\sqrt{N}$")
    artists.line(right, "widths", sizes, widths, color="C1", marker="o", ms=3.5, label="N sites")
    artists.line(right, "here", [result["n_sites"]], [result["width"]], color="C1", marker="o", ms=9, ls="")
    high = 1.4 * max(widths.max(), result["averaged"].max())
    if not left.get_xlabel():
        left.set(xlabel="photon energy − mean site energy (|J|)", ylabel="absorption per site (scaled)")
        right.set(xlabel="sites in a chain N", ylabel="FWHM (|J|)")
        right.set(xscale="log", yscale="log", xlim=(0.9, 72))
        right.set_xticks(sizes, [str(n) for n in sizes])
        right.set_yticks(WIDTH_TICKS, [f"{width:g}" for width in WIDTH_TICKS])
        right.minorticks_off()
        for ax in axes:
            artists.legend(ax)
    right.set(
        ylim=(0.7 * min(widths.min(), result["averaged"].min()), high)
    )  # after the ticks, which widen it


def read_out(result):
    width, single, n_sites = result["width"], result["widths"][0], result["n_sites"]
    shift = result["peak"]
    side = "blue" if shift > 0 else "red"
    moved = f"shifted {abs(shift):.2f} |J| to the {side}" if abs(shift) > 0.1 else "not shifted"
    sites = "Single sites" if n_sites == 1 else f"Chains of {n_sites} sites"
    return (
        f"{sites} with Δ = {result['disorder']:.2f} and Γ = {result['dephasing']:.2f} have a line {moved} "
        f"and {width:.2f} |J| wide. Single sites have one {single:.2f} |J| wide: the ratio is "
        f"{single / width:.2f}, and √N is {np.sqrt(n_sites):.2f}."
    )


absorption = Explorer(
    name="absorption",
    title="Absorption line of a chain beside that of single sites, and its width against the number of sites",
    parameters=(
        Slider("n_sites", "number of sites", "N", 1.0, 64.0, 8.0, scale="log", steps=6),
        Slider("disorder", "static disorder", "Δ", 0.0, 2.0, 0.5, "|J|", steps=40),
        Slider("dephasing", "dephasing", "Γ", 0.1, 2.0, 0.1, "|J|/ħ", scale="log", steps=40),
        Choice(
            "sign",
            "sign of J",
            {"negative": "negative, head to tail", "positive": "positive, side by side"},
            "negative",
        ),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "Single sites": {"n_sites": 1.0},
        "Narrowed by exchange": {"n_sites": 64.0},
        "Disorder wins": {"n_sites": 64.0, "disorder": 2.0},
        "To the blue": {"sign": "positive"},
    },
)
