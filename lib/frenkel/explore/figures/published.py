"""Explorer of the critical chapter: the scheme of the published scripts, set against the model of Eq. 6."""

import warnings
from functools import lru_cache

import numpy as np

from ..._check import ConvergenceWarning
from ...motion.published_scheme import averaged_diffusivity
from ...motion.ring_diffusion import diffusion_constant, diffusivity
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Slider

N_RINGS, N_SITES = 2, 56
END = 12.0  # ħ/J
TIMES = np.linspace(0, END, 49)
NOISES = np.geomspace(0.1, 100, 49)  # on the axis of the right panel
TOLERANCE = 2e-2


def _rings(disorder):
    return disorder * unit_disorder(7, N_SITES, N_RINGS)


@lru_cache(maxsize=8)
def _constants(disorder):
    """Long-time D of the model at Γ = NOISES; the rings are small, so that a browser keeps up."""
    return np.mean(diffusion_constant(_rings(disorder), NOISES[:, None], tolerance=TOLERANCE), axis=-1)


def _curve(rings, dephasing):
    """D(t) of the model; later than 100/Γ all hops are so alike that it changes by less than 1e-4."""
    times = TIMES[TIMES * dephasing <= 100]
    values = diffusivity(rings, dephasing, times, tolerance=TOLERANCE).mean(axis=0)
    return np.pad(values, (0, len(TIMES) - len(times)), mode="edge")


def compute(noise, step, disorder):
    """D(t) of the scheme and of the model, which reads the same number as Γ or, times the step, as Γ dt."""
    rings = _rings(disorder)
    n_steps = round(END / step)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # all three share these rings
        scheme = averaged_diffusivity(rings, noise, step, n_steps).mean(axis=0)
        as_printed, times_step = _curve(rings, noise), _curve(rings, noise * step)
        constants = _constants(disorder)
    return {
        "scheme_times": (np.arange(n_steps) + 0.5) * step,
        "scheme": scheme,
        "times": TIMES,
        "as_printed": as_printed,
        "times_step": times_step,
        "noises": NOISES,
        "constants": constants,
        "noise": noise,
        "step": step,
        "disorder": disorder,
        "late": scheme[-1],
    }


_STEPS = np.array([0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30])


def draw(axes, result):
    left, right = axes
    artists.line(left, "scheme", result["scheme_times"], result["scheme"], color="C1", label="scheme")
    artists.line(
        left, "times_step", TIMES, result["times_step"], color="C0", ls="--", label="Eq. 6, Γ = Γₛdt"
    )
    artists.line(left, "as_printed", TIMES, result["as_printed"], color="C2", ls=":", label="Eq. 6, Γ = Γₛ")
    highest = max(result[name].max() for name in ("scheme", "times_step", "as_printed"))
    left.set(xlim=(0, END), ylim=(0, _STEPS[_STEPS >= 1.05 * highest].min()))

    constants, noises = result["constants"], result["noises"]
    artists.line(right, "shifted", noises / result["step"], constants, color="C0", ls="--")
    artists.line(right, "plain", noises, constants, color="C2", ls=":")
    artists.line(
        right, "here", [result["noise"]], [result["late"]], color="C1", marker="o", ms=8, ls="", clip_on=False
    )
    peak = constants.max() if constants.argmax() else np.interp(1.0, noises, constants)  # or no peak in sight
    top = _STEPS[_STEPS >= 1.1 * max(peak, result["late"], 1.2)].min()
    right.set(xlim=(0.3, 300), ylim=(0, top))
    if not left.get_xlabel():
        left.set(xlabel="time t (ħ/J)", ylabel="D(t) (J a²/ħ)")
        right.set(xlabel="noise on the axis, Γₛ (J/ħ)", ylabel="late D (J a²/ħ)", xscale="log")
        artists.legend(left, columns=2)


def read_out(result):
    noise, step, late = result["noise"], result["step"], result["late"]
    model, printed = result["times_step"][-1], result["as_printed"][-1]
    percent = f"{100 * (late / model - 1):.0f} %".replace("-0 %", "0 %").replace("-", "−")
    return (
        f"At Γₛ = {noise:.3g} and dt = {step:.2g} the scheme ends at D = {late:.3f}. Eq. 6 gives {model:.3f} "
        f"with Γ = Γₛ dt = {noise * step:.2g}, a difference of {percent}, and {printed:.3f} with "
        f"Γ = Γₛ."
    )


published = Explorer(
    name="published",
    title="One noise, two readings of its axis",
    parameters=(
        Slider("noise", "noise of the scheme", "Γₛ", 1.0, 100.0, 10.0, "J/ħ", scale="log", steps=40),
        Slider("step", "time step", "dt", 0.05, 0.4, 0.1, "ħ/J", steps=35),
        Slider("disorder", "static disorder", "Δ", 0.0, 3.0, 1.0, "J", steps=60),
    ),
    compute=compute,
    draw=draw,
    read_out=read_out,
    settings={
        "Weak noise": {"noise": 1.0, "step": 0.1},
        "Strong noise": {"noise": 30.0, "step": 0.1},
        "Strong noise, half the step": {"noise": 30.0, "step": 0.05},
    },
)
