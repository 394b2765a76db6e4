"""The headline explorer: D(t), and D_s against dephasing, for a chosen Γ and Δ."""

from functools import lru_cache

import numpy as np

from ...exact import strong_dephasing_constant
from ...motion.ring_diffusion import diffusion_constant, diffusivity
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Slider
from ..words import with_error

N_RINGS, N_SITES = 4, 100
TIMES = np.linspace(0, 20, 101)  # ħ/J
RATES = np.geomspace(0.1, 10, 81)  # J/ħ, the positions of the slider
TOLERANCE = 2e-2  # proven bounds; the midpoint is ten times better


def _rings(disorder):
    return disorder * unit_disorder(7, N_SITES, N_RINGS, standardized=True)


def _mean_and_error(values):
    """Mean over rings (axis -1) and its standard error."""
    return values.mean(axis=-1), values.std(axis=-1, ddof=1) / np.sqrt(N_RINGS)


@lru_cache(maxsize=8)
def _curve(disorder):
    """D_s at RATES and its standard error; moving Γ alone leaves it as it is."""
    return _mean_and_error(diffusion_constant(_rings(disorder), RATES[:, None], tolerance=TOLERANCE))


def compute(dephasing, disorder):
    """D(t) at (Γ, Δ), D_s(Γ) at Δ, and where D_s is largest."""
    curves = diffusivity(_rings(disorder), dephasing, TIMES, tolerance=TOLERANCE)
    transient, transient_error = _mean_and_error(curves.T)
    constants, constants_error = _curve(disorder)
    return {
        "times": TIMES,
        "diffusivity": transient,
        "diffusivity_error": transient_error,
        "rates": RATES,
        "diffusion_constants": constants,
        "diffusion_constants_error": constants_error,
        "strong_dephasing": strong_dephasing_constant(RATES, disorder),
        "dephasing": dephasing,
        "disorder": disorder,
        "diffusion_constant": np.interp(np.log(dephasing), np.log(RATES), constants),
        "diffusion_constant_error": np.interp(np.log(dephasing), np.log(RATES), constants_error),
        "best_dephasing": RATES[constants.argmax()],
    }


def draw(axes, result):
    left, right = axes
    times, mean, error = result["times"], result["diffusivity"], result["diffusivity_error"]
    artists.band(left, "error", times, mean - error, mean + error, color="C0", alpha=0.25)
    artists.line(left, "D(t)", times, mean, color="C0", label="D(t)")
    level = result["diffusion_constant"]
    artists.line(left, "D_s", times[[0, -1]], [level, level], color="C1", ls="--", label="$D_s$")
    left.set(xlim=(0, times[-1]), ylim=(0, artists.top(max(mean.max(), level))))

    rates, mean, error = result["rates"], result["diffusion_constants"], result["diffusion_constants_error"]
    artists.band(right, "error", rates, mean - error, mean + error, color="C1", alpha=0.25)
    artists.line(right, "curve", rates, mean, color="C1", label="$D_s$")
    limit = result["strong_dephasing"]
    artists.line(right, "limit", rates, limit, color="C2", lw=1.2, ls=":", label="strong Γ")
    artists.line(
        right, "here", [result["dephasing"]], [level], color="C1", marker="o", ms=8, ls="", clip_on=False
    )
    top = artists.top(mean.max())
    artists.line(right, "best", [result["best_dephasing"]] * 2, [0, top], color="C3", lw=1, label="best Γ")
    right.set(xlim=(rates[0], rates[-1]), ylim=(0, top))
    if not left.get_xlabel():
        left.set(xlabel="time t (ħ/J)", ylabel="D(t) (J a²/ħ)")
        right.set(xlabel="dephasing Γ (J/ħ)", ylabel="$D_s$ (J a²/ħ)", xscale="log")
        for ax in axes:
            artists.legend(ax)


def read_out(result):
    mean = result["diffusivity"]
    peak = mean.argmax()
    level, error = result["diffusion_constant"], result["diffusion_constant_error"]
    best, rates = result["best_dephasing"], result["rates"]
    if mean[peak] > 1.02 * level:
        course = f"D(t) rises to {mean[peak]:.2f} at t = {result['times'][peak]:.1f} and falls to"
    else:
        course = "D(t) rises without a peak to"
    if best == rates[0]:
        place = f"Dₛ still grows toward dephasing weaker than {best:g}"
    else:
        place = f"Dₛ is largest near Γ = {best:.2f}"
    return (
        f"At Γ = {result['dephasing']:.2f} and Δ = {result['disorder']:.2f}, {course} "
        f"Dₛ = {with_error(level, error)}; for this disorder {place}."
    )


enaqt = Explorer(
    name="enaqt",
    title="Diffusivity in time, and the diffusion constant against dephasing",
    parameters=(
        Slider("dephasing", "dephasing", "Γ", 0.1, 10.0, 0.3, "J/ħ", scale="log", steps=80),
        Slider("disorder", "static disorder", "Δ", 0.0, 4.0, 1.0, "J", steps=80),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "Quiet": {"dephasing": 0.1, "disorder": 2.0},
        "Best noise": {"dephasing": 2.0, "disorder": 2.0},
        "Too much noise": {"dephasing": 10.0, "disorder": 2.0},
        "No disorder": {"disorder": 0.0},
    },
)
