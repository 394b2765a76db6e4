"""The book in one picture: an exciton that is stuck, set free or held, and the diffusion constant there."""

from functools import lru_cache

import numpy as np

from ...motion.ring_diffusion import diffusion_constant
from .. import artists, chain_run
from ..chain_run import BEST, MUCH, QUIET, RATES
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Slider

N_RINGS, N_SITES, TOLERANCE = 3, 100, 4e-2  # proven; answers are an order better than this


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
    gamma, disorder, time = result["dephasing"], result["disorder"], result["time"]
    ratio = gamma / result["best_dephasing"]
    where = "less than the best" if ratio < 0.7 else "more than the best" if ratio > 1.4 else "near the best"
    level, largest = result["diffusion_constant"], result["diffusion_constants"].max()
    distance = result["average_distance"][chain_run.CLOCK.frame(time)]
    return (
        f"At Γ = {gamma:.2g} the noise is {where} for disorder of Δ = {disorder:.1f}: the diffusion constant "
        f"is {level:.3f}, of at most {largest:.3f}. After t = {time:.1f} the exciton is {distance:.1f} sites "
        "from its start (root mean square of all runs)."
    )


exciton = Explorer(
    name="exciton",
    title="One exciton under noise, and the diffusion constant of all",
    parameters=(
        Slider("dephasing", "noise", "Γ", QUIET, MUCH, BEST, "J/ħ", scale="log", steps=60),
        Slider("disorder", "disorder", "Δ", 2.0, 5.0, 3.0, "J", steps=30),
        chain_run.CLOCK,
    ),
    compute=compute,
    draw=draw,
    move=move,
    read_out=read_out,
    settings=chain_run.SETTINGS,
    length=230,
)
