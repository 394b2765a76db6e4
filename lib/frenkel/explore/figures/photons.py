"""Photons arriving one by one, and the picture of a spreading spot building up from them."""

import numpy as np

from ...microscope.imaging import expected_counts
from ...microscope.profiles import gaussian_profiles
from .. import artists
from ..explorer import Explorer
from ..parameters import Clock, Slider

POSITIONS = np.linspace(-4000.0, 4000.0, 201)  # nm
DELAYS = np.linspace(0.0, 2000.0, 101)  # ps
STOPS = np.linspace(-2000.0, 2000.0, 41)  # nm
EDGES = np.arange(-200.0, 2001.0, 50.0)  # ps
LIFETIME = 1000.0  # ps
MOST = 4000  # photons
CLOCK = Clock(
    "photons", "photons counted", "N", 20, MOST, MOST, steps=199, seconds=7.4, moments=(20, 100, 500, MOST)
)
COUNTS = np.rint(CLOCK.times).astype(int)
SETTLED = 500  # photons
_TOPS = np.array([0.14, 0.16, 0.18, 0.2, 0.25, 0.3, 0.4, 0.5, 1.0])
COLORS = {"early": "C2", "late": "C3"}
BINS = {"early": (50.0, 250.0), "late": (1000.0, 2000.0)}  # ps


def _profiles(mean, centers):
    """Return the share of each stop among what is expected early and late."""
    sums = [mean[(centers > first) & (centers < last)].sum(axis=0) for first, last in BINS.values()]
    return [profile / profile.sum() for profile in sums]


def compute(diffusivity, background):
    """Where and when photons are counted, in the order of their arrival, and what is expected of them."""
    profiles = gaussian_profiles(POSITIONS, DELAYS, diffusivity)
    mean = expected_counts(
        profiles,
        POSITIONS,
        DELAYS,
        EDGES,
        stops=STOPS,
        lifetime=LIFETIME,
        n_photons=1e5,
        background=0.0,
    )
    centers = (EDGES[1:] + EDGES[:-1]) / 2
    without_dark, share = _profiles(mean, centers), background / 100
    mean = (1 - share) * mean / mean.sum() + share / mean.size
    rng = np.random.default_rng(3)
    cells = np.searchsorted(np.cumsum(mean.ravel()), rng.random(MOST))
    time_bin, stop = np.unravel_index(np.minimum(cells, mean.size - 1), mean.shape)
    spread = rng.random((2, MOST)) - 0.5  # within a bin and a stop, for the eye
    expected = _profiles(mean, centers)
    return {
        "stop": stop,
        "place": (STOPS[stop] + spread[0] * np.diff(STOPS)[0]) / 1e3,
        "delay": centers[time_bin] + spread[1] * np.diff(EDGES)[0],
        "bin": centers[time_bin],
        "expected_early": expected[0],
        "expected_late": expected[1],
        "widths_without_dark": np.array([_width(profile) for profile in without_dark]),
        "diffusivity": diffusivity,
        "background": background,
        "top": _top([_heaps(stop, centers[time_bin], count)[0] for count in COUNTS if count >= SETTLED]),
    }


def _heaps(stop, time_bin, count):
    """Return the share of each stop among the first `count` photons, early and late, and their numbers."""
    inside = [(time_bin[:count] > first) & (time_bin[:count] < last) for first, last in BINS.values()]
    counts = np.array([np.bincount(stop[:count][these], minlength=len(STOPS)) for these in inside])
    numbers = counts.sum(axis=1)
    return counts / np.maximum(numbers, 1)[:, None], numbers


def _top(shares):
    """Return where the axis of the shares ends: above all that are shown once the heaps have settled."""
    return _TOPS[_TOPS > 1.02 * np.max(shares)].min()


def _seen(result):
    return _heaps(result["stop"], result["bin"], round(result["photons"]))


def move(axes, result):
    left, right = axes
    until = slice(0, max(round(result["photons"]), 1))
    dots = {"marker": ".", "ms": 2.2, "ls": "", "color": "C4", "rasterized": True}
    moving = [artists.line(left, "photons", result["place"][until], result["delay"][until], **dots)]
    style = {"lw": 1, "drawstyle": "steps-mid"}
    above, top = {"marker": "^", "ms": 5, "ls": ""}, result["top"]
    for (name, color), shares in zip(COLORS.items(), _seen(result)[0], strict=True):
        moving.append(artists.line(right, name, STOPS / 1e3, shares, color=color, label=name, **style))
        over = STOPS[shares > top] / 1e3
        moving.append(
            artists.line(right, f"above {name}", over, np.full(len(over), 0.97 * top), color=color, **above)
        )
    return moving


def draw(axes, result):
    left, right = axes
    for name, color in COLORS.items():
        artists.line(
            right, f"expected {name}", STOPS / 1e3, result[f"expected_{name}"], color=color, lw=2, alpha=0.45
        )
    right.set(ylim=(0, result["top"]))
    if not left.get_xlabel():
        left.set(xlabel="position (µm)", ylabel="delay after the pulse (ps)", xlim=(-2, 2), ylim=(-200, 2000))
        right.set(xlabel="position (µm)", ylabel="share of the photons", xlim=(-2, 2))
        move(axes, result)
        artists.legend(right)


def _width(share):
    places = STOPS / 1e3
    mean = share @ places
    return np.sqrt(share @ (places - mean) ** 2)


def read_out(result):
    shares, (n_early, n_late) = _seen(result)
    expected = [_width(result[f"expected_{name}"]) for name in BINS]
    found = [_width(share) for share in shares]
    of_dark = "; without dark counts {:.2f} and {:.2f}".format(*result["widths_without_dark"])
    return (
        f"Of the first {round(result['photons'])} photons {n_early} came between 50 and 250 ps and {n_late} "
        f"after 1000 ps; the early ones are {found[0]:.2f} µm wide and the late ones {found[1]:.2f} µm "
        f"(expected: {expected[0]:.2f} and {expected[1]:.2f}{of_dark if result['background'] else ''})."
    )


photons = Explorer(
    name="photons",
    title="A picture made of photons",
    parameters=(
        Slider("diffusivity", "diffusivity", "D", 0.0, 1.0, 0.3, "cm²/s", steps=50),
        Slider("background", "share of dark counts", "", 0.0, 30.0, 2.0, "%", steps=30),
        CLOCK,
    ),
    compute=compute,
    draw=draw,
    move=move,
    read_out=read_out,
    settings={
        "At rest": {"diffusivity": 0.0, "background": 0.0},
        "Fast": {"diffusivity": 1.0},
        "Dark counts": {"background": 30.0},
    },
    seen=(
        "Four pictures of photons as dots, their position across and their delay upward, with 20, 100, 500 "
        "and 4000 of them. In the first they are single dots. In the last they fill a column around zero, "
        "dense at early delays and wider at late ones; those strewn over the whole picture are dark counts."
    ),
    length=220,
)
