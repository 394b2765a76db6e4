"""One exciton on its way: energies that stand or shake, a wave with its phase, how far it has come."""

import numpy as np

from .. import artists, chain_run
from ..chain_run import BEST, CLOCK, MUCH, QUIET, TIMES
from ..explorer import Explorer
from ..parameters import Slider


def compute(dephasing, disorder):
    """One run and the average of all, at all times."""
    return chain_run.run(dephasing, disorder)


def move(axes, result):
    left, right = axes
    until = slice(0, CLOCK.frame(result["time"]) + 1)
    times, one, mean = TIMES[until], result["distance"][until], result["average_distance"][until]
    return [
        *chain_run.move(left, result),
        artists.line(right, "one", times, one, color=artists.ink(), lw=0.8, label="this run (bars)"),
        artists.line(right, "mean", times, mean, color=artists.ink(), lw=2.2, label="all runs"),
    ]


def draw(axes, result):
    left, right = axes
    chain_run.draw(left, result)
    if not right.get_xlabel():
        artists.guide(right, "free", TIMES, np.sqrt(2) * TIMES, label="clean chain")
        right.set(xlabel="time t (ħ/J)", ylabel="distance (a)", xlim=(0, CLOCK.high), ylim=(0, 8))
        move(axes, result)
        artists.legend(right)


def read_out(result):
    index = CLOCK.frame(result["time"])
    one, mean = result["distance"][index], result["average_distance"][index]
    sentence = (
        f"At Γ = {result['dephasing']:.2g} and Δ = {result['disorder']:.1f}, after t = {result['time']:.1f}, "
        f"the exciton of this run is {one:.1f} sites from its start (root mean square), and over all runs "
        f"{mean:.1f}"
    )
    if result["average"][index, [0, -1]].sum() > 1e-3:
        return sentence + ": it has reached the ends of this chain."
    return sentence + f"; on a clean chain without noise it would be {np.sqrt(2) * result['time']:.1f}."


journey = Explorer(
    name="journey",
    title="One exciton on its way",
    parameters=(
        Slider("dephasing", "dephasing", "Γ", QUIET, MUCH, BEST, "J/ħ", scale="log", steps=60),
        Slider("disorder", "static disorder", "Δ", 0.0, 5.0, 3.0, "J", steps=50),
        CLOCK,
    ),
    compute=compute,
    draw=draw,
    move=move,
    read_out=read_out,
    settings=chain_run.SETTINGS,
    seen=(
        "Four moments of one exciton on a chain. At first all of its wave is on the middle site. A little "
        "later a few bars stand beside it, in the colors of other phases. Then the bars are ragged and of "
        "all phases, under the smooth bell of the mean of all runs, which grows lower and wider. Below, "
        "each level lies beside the place where disorder has put it, shaken to either side."
    ),
    length=200,
)
