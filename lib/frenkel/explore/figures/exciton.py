"""The book in one picture: an exciton that is stuck, set free or held, and the diffusion constant there."""

from functools import lru_cache

import numpy as np

from ...motion.ring_diffusion import diffusion_constant
from .. import artists, chain_run
from ..chain_run import BEST, MUCH, QUIET, RATES
from ..explorer import Explorer, Rest
from ..frozen import unit_disorder
from ..parameters import Slider

N_RINGS, N_SITES, TOLERANCE = 3, 100, 4e-2  # proven; answers are an order better than this
POINT = {"marker": "o", "ms": 9, "ls": "", "clip_on": False, "zorder": 3}
FATES = {"Quiet": "stuck", "Best noise": "free", "Too much noise": "held"}
BESIDE = [((2, 17), "left"), ((0, 8), "center"), ((-9, -5), "right")]  # where a point has its word, in points
SEEN = (
    "Three pictures of the wave of one exciton, sites from left to right and time upward, and a curve. "
    "Quiet: the wave stays a narrow band around its start. Best noise: it opens like a fan. Too much noise: "
    "it is a narrow band again, which widens a little. The curve of the diffusion constant rises with the "
    "noise to one maximum and falls again; the quiet exciton is low on its left, the free one at the top, "
    "the held one low on its right."
)
STRONG, VIEW = 0.7, 13  # amplitude of the full color; sites to either side of the start


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


def _place(result):
    """Where the point is: on the curve, at the noise that is set or on its way there."""
    rates, constants, here = result["rates"], result["diffusion_constants"], result["dephasing"]
    return [here], [np.interp(np.log(here), np.log(rates), constants)]


def _point(ax, gid, result):
    return artists.line(ax, gid, *_place(result), **POINT | {"color": artists.ink()})


def move(axes, result):
    left, right = axes
    point = _point(right, "here", result)
    return [*chain_run.move(left, result), point]


def draw(axes, result):
    left, right = axes
    chain_run.draw(left, result)
    _draw_curve(right, result)


def _draw_curve(ax, result):
    rates, constants = result["rates"], result["diffusion_constants"]
    artists.line(ax, "curve", rates, constants, color="C1")
    ax.set(xlim=(rates[0], rates[-1]), ylim=(0, artists.top(constants.max())))
    if not ax.get_xlabel():
        ax.set(xlabel="noise Γ (J/ħ)", ylabel="diffusion constant $D_s$ (J a²/ħ)", xscale="log")


def read_out(result):
    gamma, disorder, time = result["dephasing"], result["disorder"], result["time"]
    ratio = gamma / result["best_dephasing"]
    where = "less than the best" if ratio < 0.7 else "more than the best" if ratio > 1.4 else "near the best"
    level, largest = result["diffusion_constant"], result["diffusion_constants"].max()
    distance = result["average_distance"][chain_run.CLOCK.frame(time)]
    return (
        f"Γ = {gamma:.2g} is {where} noise at Δ = {disorder:.1f}: Dₛ is {level:.3f}, of at most "
        f"{largest:.3f}. At t = {time:.1f} the exciton is {distance:.1f} sites away (rms of all runs)."
    )


def _draw_trace(ax, result):
    """The wave of one run over sites and time, upward, and how far all runs have come."""
    from matplotlib.colors import to_rgb

    size = np.minimum(abs(result["amplitudes"]) / STRONG, 1)
    color = np.broadcast_to(to_rgb("C0"), (*size.shape, 3))
    shades = np.concatenate([color, size[..., None]], axis=-1)
    artists.image(ax, "wave", result["sites"], result["times"], shades, interpolation="nearest")
    for side in (-1, 1):
        far = side * result["average_distance"]
        artists.line(ax, f"far {side}", far, result["times"], color=artists.ink(), lw=1.8)
    ax.set(xlim=(-VIEW, VIEW), ylim=(0, chain_run.CLOCK.high), xticks=(-10, 0, 10))


def draw_rest(panels, ax, results):
    """Three traces, and the three places on one curve."""
    for panel, (words, fate) in zip(panels, FATES.items(), strict=True):
        _draw_trace(panel, results[words])
        panel.set_title(f"{words}:\n{fate}", fontsize=9.5)
        panel.tick_params(labelleft=panel is panels[0])
    panels[0].set_ylabel("time t (ħ/J)")
    panels[1].set_xlabel("site n − n₀")
    _draw_curve(ax, results["Quiet"])
    for (words, fate), (shift, side) in zip(FATES.items(), BESIDE, strict=True):
        _point(ax, words, results[words])
        ax.annotate(fate, np.ravel(_place(results[words])), shift, textcoords="offset points", ha=side)


def read_rest(results):
    noises, levels = (
        "{}, {} and {}".format(*(f"{result[name]:{digits}}" for result in results.values()))
        for name, digits in (("dephasing", ".2g"), ("diffusion_constant", ".3f"))
    )
    disorder = results["Quiet"]["disorder"]
    return (
        f"At Δ = {disorder:.1f} noise of Γ = {noises} gives diffusion constants of Dₛ = {levels}: "
        f"the exciton is {', '.join(FATES.values())}."
    )


exciton = Explorer(
    name="exciton",
    title="One exciton under noise",
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
    rest=Rest(
        draw_rest,
        read_rest,
        SEEN,
    ),
    glides=("dephasing",),
    length=140,
)
