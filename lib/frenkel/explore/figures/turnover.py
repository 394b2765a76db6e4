"""Explorer of the chapter on temperature: from two linewidths to Γ(T), Δ and D_s(T) with its maximum."""

from functools import lru_cache

import numpy as np

from ... import units
from ..._engines.ring_operators import estimated_constant
from ...states.linewidths import (
    PHONON_ENERGY,
    ROOM_TEMPERATURE,
    bose_einstein,
    dephasing_rate,
    turnover_temperature,
)
from ...states.spectra import disorder_from_linewidth
from ...system.samples import SAMPLES
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Choice, Slider

N_RINGS, N_SITES, N_LEVELS = 4, 300, 110  # of which the cold end needs most, at strong coupling
TEMPERATURES = np.linspace(40.0, 300.0, 131)  # K
COLD = {name: sample.linewidth_7k for name, sample in SAMPLES.items() if sample.linewidth_7k is not None}
TOPS = np.array([a * 10.0**b for b in range(-2, 4) for a in (1, 1.5, 2, 3, 5, 7)])  # cm²/s, ends of the axis
_DOT = {"marker": "o", "ms": 8, "ls": "", "clip_on": False}


@lru_cache(maxsize=8)
def _curves(sample, coupling, reading):
    """ħΓ(T), Δ and D_s(T) of a sample; D_s and its standard error in cm²/s."""
    measured = SAMPLES[sample]
    cold = COLD[sample]
    phonon_coupling = (measured.linewidth - cold) / bose_einstein(PHONON_ENERGY, ROOM_TEMPERATURE)
    direct = units.standard_deviation(cold)
    narrowed = max(disorder_from_linewidth(cold, coupling), direct)  # uncoupled sites are the widest
    disorder = float(direct if reading == "direct" else narrowed)
    rates = np.asarray(dephasing_rate(TEMPERATURES, phonon_coupling))
    rings = disorder / coupling * unit_disorder(7, N_SITES, N_RINGS, standardized=True)
    each = estimated_constant(rings, rates / coupling, N_LEVELS)
    unit = units.diffusivity_to_cm2_per_s(1.0, coupling, measured.distance)
    return {
        "temperatures": TEMPERATURES,
        "rates": rates,
        "thermal_energies": units.thermal_energy(TEMPERATURES),
        "disorder": disorder,
        "crossing": float(turnover_temperature(disorder, phonon_coupling)),
        "constants": unit * each.mean(axis=1),
        "errors": unit * each.std(axis=1, ddof=1) / np.sqrt(N_RINGS),
    }


def compute(sample, coupling, reading, temperature):
    """The curves of the sample, and what they say at the chosen temperature."""
    result = dict(_curves(sample, coupling, reading))
    for name, curve in (("rate", "rates"), ("constant", "constants"), ("thermal_energy", "thermal_energies")):
        result[name] = float(np.interp(temperature, TEMPERATURES, result[curve]))
    result["best"] = float(TEMPERATURES[result["constants"].argmax()])
    return {**result, "sample": sample, "coupling": coupling, "temperature": temperature}


def draw(axes, result):
    left, right = axes
    x, here = result["temperatures"], result["temperature"]
    artists.line(left, "rate", x, result["rates"], color="C1", label="ħΓ(T)")
    artists.line(left, "disorder", x[[0, -1]], [result["disorder"]] * 2, color="C3", ls="--", label="Δ")
    artists.guide(left, "thermal", x, result["thermal_energies"], label="$k_BT$")
    artists.line(left, "here", [here], [result["rate"]], color="C1", **_DOT)
    left.set(xlim=(40, 300), ylim=(0, 80))
    mean, error = result["constants"], result["errors"]
    artists.band(right, "error", x, mean - error, mean + error, color="C2", alpha=0.25)
    artists.line(right, "D_s", x, mean, color="C2", label="$D_s$")
    artists.line(right, "here", [here], [result["constant"]], color="C2", **_DOT)
    top = TOPS[TOPS > 1.05 * (mean + error).max()].min()
    artists.line(right, "best", [result["best"]] * 2, [0, top], color=artists.ink(), lw=1, label="maximum")
    artists.line(right, "rule", [result["crossing"]] * 2, [0, top], color="C3", lw=1, ls="--", label="Γ = Δ")
    right.set(xlim=(40, 300), ylim=(0, top))
    if not left.get_xlabel():
        left.set(xlabel="temperature (K)", ylabel="energy (meV)")
        right.set(xlabel="temperature (K)", ylabel="$D_s$ (cm²/s)")
        for ax in axes:
            ax.legend(loc="lower left", bbox_to_anchor=(0, 1), ncols=3, fontsize=8.5, borderaxespad=0.2)


def read_out(result):
    best = result["best"]
    edge = {TEMPERATURES[0]: " or below", TEMPERATURES[-1]: " or above"}
    most = f"Dₛ is largest at{edge.get(best, '')} {best:.0f} K"
    constant = result["constant"]
    height = f"{constant:.0f}" if constant >= 100 else f"{constant:.2g}"
    return (
        f"{result['sample']} with J = {result['coupling']:.1f} meV: Δ is {result['disorder']:.1f} meV, "
        f"Γ = Δ at {result['crossing']:.0f} K, and {most}. At {result['temperature']:.0f} K ħΓ is "
        f"{result['rate']:.1f} meV, the thermal energy {result['thermal_energy']:.1f} meV "
        f"and Dₛ {height} cm²/s."
    )


turnover = Explorer(
    name="turnover",
    title="From linewidths to dephasing and disorder, and the diffusion constant they give",
    parameters=(
        Slider("coupling", "coupling", "J", 2.0, 40.0, 40.0, "meV", scale="log", steps=60),
        Slider("temperature", "temperature", "T", 40.0, 300.0, 100.0, "K", steps=130),
        Choice("sample", "sample", {name: name for name in COLD}, "DAB-1"),
        Choice(
            "reading",
            "Δ from the cold line",
            {"narrowed": "undoing exchange narrowing", "direct": "as width / 2.355"},
            "narrowed",
        ),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "J = 40 meV": {"coupling": 40.0},
        "J = 2 meV": {"coupling": 2.0},
        "Direct reading": {"reading": "direct"},
    },
)
