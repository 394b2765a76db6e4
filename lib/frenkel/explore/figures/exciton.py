"""The book in one picture: an exciton that is stuck, set free or held, and the diffusion constant there."""

from functools import lru_cache

import numpy as np

from ...motion.ring_diffusion import diffusion_constant
from .. import artists, chain_run
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Clock, Slider

RATES = np.geomspace(0.03, 30, 61)  # J/ħ, the positions of the slider
N_RINGS, N_SITES, TOLERANCE = 4, 60, 4e-2  # proven; answers are an order better than this


@lru_cache(maxsize=8)
def _curve(disorder):
    """D_s at RATES; moving Γ alone leaves it as it is."""
    rings = disorder * unit_disorder(7, N_SITES, N_RINGS, standardized=True)
    return np.mean(diffusion_constant(rings, RATES[:, None], tolerance=TOLERANCE), axis=-1)


def compute(dephasing, disorder):
    """One run and the average of all, at all times, and D_s(Γ)."""
    constants = _curve(disorder)
    return chain_run.run(dephasing, disorder) | {
        "rates": RATES,
        "diffusion_constants": constants,
        "diffusion_constant": np.interp(np.log(dephasing), np.log(RATES), constants),
        "best_dephasing": RATES[constants.argmax()],
    }


def move(axes, result):
    return chain_run.move(axes[0], result)


def draw(axes, result):
    left, right = axes
    chain_run.draw(left, result)
    rates, constants = result["rates"], result["diffusion_constants"]
    artists.line(right, "curve", rates, constants, color="C1")
    here, level = [result["dephasing"]], [result["diffusion_constant"]]
    artists.line(right, "here", here, level, color="C3", marker="o", ms=9, ls="", clip_on=False)
    right.set(xlim=(rates[0], rates[-1]), ylim=(0, artists.top(constants.max())))
    if not right.get_xlabel():
        right.set(xlabel="noise Γ (J/ħ)", ylabel="diffusion constant $D_s$ (J a²/ħ)", xscale="log")


def read_out(result):
    ratio = result["dephasing"] / result["best_dephasing"]
    where = "less than the best" if ratio < 0.7 else "more than the best" if ratio > 1.4 else "near the best"
    level, largest = result["diffusion_constant"], result["diffusion_constants"].max()
    return (
        f"At Γ = {result['dephasing']:.2g} the noise is {where} for the disorder Δ = {result['disorder']:.1f}: "
        f"the diffusion constant is {level:.3f}, of at most {largest:.3f}. In the mean over all runs the "
        f"exciton gets {result['average_distance'][-1]:.1f} sites far by t = {chain_run.END:g}."
    )


exciton = Explorer(
    name="exciton",
    title="One exciton under noise, and the diffusion constant of all",
    parameters=(
        Slider("dephasing", "noise", "Γ", 0.03, 30.0, 3.0, "J/ħ", scale="log", steps=60),
        Slider("disorder", "disorder", "Δ", 1.0, 5.0, 3.0, "J", steps=40),
        Clock(
            "time",
            "time",
            "t",
            0.0,
            chain_run.END,
            15.0,
            "ħ/J",
            steps=chain_run.FRAMES,
            moments=(0.0, 1.0, 5.0, 20.0),
        ),
    ),
    compute=compute,
    draw=draw,
    move=move,
    read_out=read_out,
    settings={
        "Quiet": {"dephasing": 0.03, "disorder": 3.0},
        "Best noise": {"dephasing": 3.0, "disorder": 3.0},
        "Too much noise": {"dephasing": 30.0, "disorder": 3.0},
    },
    length=230,
)
