"""Explorer of the chapter on ballistic transport: packets and spots on disordered chains, without noise."""

from functools import lru_cache

import numpy as np

from ...motion.disordered_chains import coherent_spread
from ...motion.measures import first_maximum
from ...motion.wavefunctions import excess_kurtosis, wave_packet
from .. import artists
from ..explorer import Explorer
from ..frozen import unit_disorder
from ..parameters import Choice, Clock, Slider
from ..words import with_error

N_GROUPS = 8  # of chains, whose means tell the error of all
N_SITES, N_CHAINS = 151, N_GROUPS * 11  # the engine takes eleven at a time
FLOOR = 1e-3  # of the logarithmic panel
CENTER = N_SITES // 2
AWAY = np.arange(N_SITES) - CENTER
TIMES = np.linspace(0, 15, 151)  # ħ/J, the frames of the clock
STARTS = {
    "packet": "a coherent packet at rest",
    "moving": "a coherent packet in mid-band",
    "spot": "an incoherent spot",
    "site": "one site",
}
MOMENTA = {"moving": -np.pi / 2}  # to the right: the velocity is −2 sin q
SPEED = 2  # in mid-band


def compute(start, disorder, width):
    """The profile, its current and mean, and D(t), at all times, averaged over chains.

    Averaged over disorder, every site of an incoherent spot spreads alike: its profile is that of one site
    under the spot, and its D(t) is that of one site.
    """
    energies, momentum = disorder * unit_disorder(23, N_SITES, N_CHAINS), MOMENTA.get(start, 0.0)
    coherent = start in ("packet", "moving")
    packet = {"width": width, "momentum": momentum} if coherent else {}
    groups = [coherent_spread(some, TIMES, **packet) for some in np.split(energies, N_GROUPS)]
    curves = np.concatenate([group.diffusivity for group in groups])
    gained = np.concatenate([group.msd for group in groups]).mean(axis=0)
    group_profiles = np.array([group.mean_populations for group in groups])
    profiles, places = group_profiles.mean(axis=0), _mean_place(group_profiles)
    mean, error = curves.mean(axis=0), curves.std(axis=0, ddof=1) / np.sqrt(N_CHAINS)
    place, place_error = places.mean(axis=0), places.std(axis=0, ddof=1) / np.sqrt(N_GROUPS)
    clean = _clean(**packet)
    if start == "spot":
        spot = abs(wave_packet(N_SITES, CENTER, width=width)) ** 2
        profiles = np.array([np.convolve(profile, spot, mode="same") for profile in profiles])
    through = -np.gradient(profiles.cumsum(axis=1), TIMES, axis=0, edge_order=2)  # the bond n, n + 1
    current = (through + np.pad(through, ((0, 0), (1, 0)))[:, :-1]) / 2
    largest, t_max = _largest(mean)
    farthest, t_back = _largest(place)
    return {
        "sites": AWAY,
        "profiles": profiles,
        "current": current,
        "times": TIMES,
        "diffusivity": mean,
        "diffusivity_error": error * (disorder > 0),  # clean chains differ by rounding only
        "clean_diffusivity": clean.diffusivity,
        "place": place,
        "place_error": place_error * (disorder > 0),
        "clean_place": _mean_place(clean.mean_populations),
        "d_max": largest,
        "t_max": t_max,
        "bound": np.sqrt(np.interp(t_max, TIMES, gained - gained[0]) / 2),
        "farthest": farthest,
        "t_back": t_back,
        "start": start,
        "disorder": disorder,
    }


def _mean_place(profiles):
    """Return the mean of each profile, without the last digits: at rest on a clean chain it is zero."""
    return (profiles @ AWAY).round(9)


@lru_cache(maxsize=8)
def _clean(**packet):
    return coherent_spread(np.zeros(N_SITES), TIMES, **packet)


def _largest(curve):
    """Return the largest value of a curve and its time, between frames; time 0 if it rises to the end."""
    frame = curve.argmax()
    if not 0 < frame < len(TIMES) - 1:
        return curve[-1], 0.0
    near = slice(frame - 1, frame + 2)
    return first_maximum(TIMES[near], curve[near])


def _runs(result):
    return result["start"] == "moving"


def _now(result):
    """Return the frame of the clock, the profile there, its mean and its variance about the mean."""
    index = np.abs(TIMES - result["time"]).argmin()
    profile = result["profiles"][index]
    mean = profile @ AWAY
    return index, profile, mean, profile @ (AWAY - mean) ** 2


_TOPS = np.array([0.3, 0.5, 1, 1.5, 2.5, 5, 10, 20, 45, 90])
_HEIGHTS = np.array([0.04, 0.06, 0.08, 0.1, 0.15, 0.25])


def move(axes, result):
    left, right = axes
    index, profile, mean, variance = _now(result)
    variance, runs = max(variance, 1e-9), _runs(result)
    gaussian = np.exp(-((AWAY - mean) ** 2) / (2 * variance)) / np.sqrt(2 * np.pi * variance)
    seen = [np.maximum(values, FLOOR / 10) for values in (gaussian, profile)]
    until = slice(0, index + 1)
    place, error = result["place"][until], result["place_error"][until]
    way = artists.line(right, "way", TIMES[until], place, color="C1", lw=1.8, label="mean")
    band = {"color": way.get_color(), "alpha": 0.25}
    peak = result["t_back" if runs else "t_max"]
    seen_peak = [peak if 0 < peak <= TIMES[index if runs else -1] else -1] * 2  # or outside the panel
    dot = {"marker": "o", "ms": 7, "ls": "", "clip_on": False}
    moving = [
        artists.line(left, "gaussian", AWAY, seen[0], color="C1", lw=1.2, ls="--", label="Gaussian"),
        artists.line(left, "profile", AWAY, seen[1], color="C0", lw=1.4, label="at time t"),
        artists.line(left, "mean", [mean] * 2, [0, 1], color="C1", lw=1.6),
        artists.bars(left, "current", AWAY, result["current"][index] / SPEED, "C0", width=1.0),
        artists.line(right, "peak", seen_peak, [-100, 100], color="C3", lw=1.2),
        artists.band(right, "band", TIMES[until], place - error, place + error, **band),
        way,
        artists.line(right, "place", TIMES[[index]], place[[-1]], color="C1", **dot),
        artists.line(right, "now", TIMES[[index]], result["diffusivity"][[index]], color="C0", **dot),
    ]
    for artist in moving:
        name = artist.get_gid()
        artist.set_visible(name in ("profile", "peak") or (name not in ("gaussian", "now")) == runs)
    return moving


def _draw_profile(ax, result):
    """The start, and axes: linear for a packet that runs, logarithmic where tails are looked at."""
    initial = np.maximum(result["profiles"][0], FLOOR / 10)
    artists.line(ax, "initial", AWAY, initial, color="C2", lw=1, ls=":", label="start")
    if _runs(result):
        top = _HEIGHTS[_HEIGHTS > 1.02 * initial.max()].min()
        ax.set(yscale="linear", xlim=(-45, 45), ylim=(-0.25 * top, top))
    else:
        ax.set(yscale="log", xlim=(AWAY[0], AWAY[-1]), ylim=(FLOOR, 1))


def _draw_curve(ax, result):
    runs, times = _runs(result), result["times"]
    name = "place" if runs else "diffusivity"
    mean, error = result[name], result[f"{name}_error"]
    artists.band(ax, "error", times, mean - error, mean + error, color="C0", alpha=0.25).set_visible(not runs)
    artists.line(ax, "D", times, mean, color="C0", label="D(t)").set_visible(not runs)
    artists.guide(ax, "free", times, result[f"clean_{name}"], label="clean")
    top = _TOPS[_TOPS > 1.02 * (mean + error).max()].min()
    low = -0.1 * top if (mean - error).min() > -0.1 * top else -0.4 * top
    words = "mean position (a)" if runs else "D(t) (J a²/ħ)"
    ax.set(xlim=(0, times[-1]), ylim=(low, top), ylabel=words)


def draw(axes, result):
    left, right = axes
    if not left.get_xlabel():
        left.set(xlabel="site n − n₀", ylabel="probability $P_n$")
        right.set(xlabel="time t (ħ/J)")
        right.axhline(0, color="0.5", lw=0.6)
    _draw_profile(left, result)
    _draw_curve(right, result)
    moving = {artist.get_gid(): artist for artist in move(axes, result)}
    moving["current"].set_alpha(0.4)
    moving["current"].set_label("current / 2")
    runs = _runs(result)
    peak, words = ("t_back", "turns round") if runs else ("t_max", "largest")
    moving["peak"].set_label(words if result[peak] else "_")
    named = (
        ("initial", "profile", "current", "free", "way", "peak")
        if runs
        else ("initial", "gaussian", "profile", "D", "free", "peak")
    )
    for ax in axes:
        handles = [artist for artist in (*ax.lines, *ax.collections) if artist.get_gid() in named]
        artists.legend(ax, handles=[artist for artist in handles if artist.get_label() != "_"])


def read_out(result):
    index, profile, mean, variance = _now(result)
    start = f"From {STARTS[result['start']]} at Δ = {result['disorder']:.2f}"
    distance = f"the root mean square distance from the start is {np.sqrt(variance + mean**2):.1f} sites"
    frame, error = result["place"].argmax(), result["place_error"]
    if _runs(result):
        turn = (
            f"it turns round at t = {result['t_back']:.1f}, {with_error(result['farthest'], error[frame])} "
            "sites away"
            if result["t_back"]
            else f"it does not turn round before t = {TIMES[-1]:g}"
        )
        return (
            f"{start}, the mean is {with_error(mean, error[index])} sites to the right of its start at "
            f"t = {result['time']:.1f} (on a clean chain {result['clean_place'][index]:.1f}); "
            f"{turn}; {distance}."
        )
    error = result["diffusivity_error"][result["diffusivity"].argmax()]
    largest = with_error(result["d_max"], error)
    if result["t_max"]:
        peak = (
            f"D(t) is largest, {largest}, at t = {result['t_max']:.1f}, and the rule gives "
            f"L₀ = {result['bound']:.1f} sites"
        )
    else:
        peak = f"D(t) has no maximum before t = {TIMES[-1]:g}, where it is {largest}"
    kurtosis = excess_kurtosis(profile, AWAY - mean)
    return f"{start}, {peak}; at t = {result['time']:.1f} {distance} and the excess kurtosis {kurtosis:.1f}."


packets = Explorer(
    name="packets",
    title="Packets and spots on disordered chains, without noise",
    parameters=(
        Slider("disorder", "static disorder", "Δ", 0.0, 4.0, 1.0, "J", steps=80),
        Slider("width", "width of the start", "b", 2.0, 12.0, 5.0, "a", steps=50),
        Choice("start", "start", STARTS, "moving"),
        Clock(
            "time", "time", "t", 0.1, 15.0, 15.0, "ħ/J", steps=149, seconds=5.9, moments=(0.1, 1.5, 4.0, 15.0)
        ),
    ),
    compute=compute,
    draw=draw,
    move=move,
    read_out=read_out,
    seen=(
        "Four moments of the probability along a chain, and of the current in it. At first a smooth bell, "
        "which runs to the right as a whole. At t = 1.5 its front half runs on, and behind it a current to "
        "the left begins. At t = 4 the current runs apart to both sides, and the mean has moved two sites "
        "to the right. At t = 15 hardly any current is left; the bell is wider and jagged, and its mean has "
        "come back a good part of the way."
    ),
    settings={
        "Clean": {"disorder": 0.0},
        "Echo": {"disorder": 1.0},
        "At rest": {"start": "packet", "disorder": 1.0, "width": 10.0},
        "Incoherent": {"start": "spot", "disorder": 1.0, "width": 10.0},
    },
)
