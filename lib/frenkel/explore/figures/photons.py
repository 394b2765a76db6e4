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
BINS = {"early": (50.0, 250.0), "late": (1000.0, 2000.0)}  # ps


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
    share = background / 100
    mean = (1 - share) * mean / mean.sum() + share / mean.size
    rng = np.random.default_rng(3)
    cells = np.searchsorted(np.cumsum(mean.ravel()), rng.random(MOST))
    time_bin, stop = np.unravel_index(np.minimum(cells, mean.size - 1), mean.shape)
    spread = rng.random((2, MOST)) - 0.5  # within a bin and a stop, for the eye
    centers = (EDGES[1:] + EDGES[:-1]) / 2
    expected = {}
    for name, (first, last) in BINS.items():
        profile = mean[(centers > first) & (centers < last)].sum(axis=0)
        expected[name] = profile / profile.sum()
    return {
        "stop": stop,
        "place": (STOPS[stop] + spread[0] * np.diff(STOPS)[0]) / 1e3,
        "delay": centers[time_bin] + spread[1] * np.diff(EDGES)[0],
        "bin": centers[time_bin],
        "expected_early": expected["early"],
        "expected_late": expected["late"],
        "diffusivity": diffusivity,
        "background": background,
    }


def _seen(result, name):
    """Return the share of each stop among the photons of a bin of time so far, and their number."""
    first, last = BINS[name]
    until = slice(0, max(round(result["photons"]), 1))
    inside = (result["bin"][until] > first) & (result["bin"][until] < last)
    counts = np.bincount(result["stop"][until][inside], minlength=len(STOPS))
    return counts / max(counts.sum(), 1), counts.sum()


def move(axes, result):
    left, right = axes
    until = slice(0, max(round(result["photons"]), 1))
    dots = {"marker": ".", "ms": 1.6, "ls": "", "color": "C0", "rasterized": True}
    arrived = artists.line(left, "photons", result["place"][until], result["delay"][until], **dots)
    lines = [
        artists.line(
            right,
            name,
            STOPS / 1e3,
            _seen(result, name)[0],
            color=color,
            lw=1,
            drawstyle="steps-mid",
            label=name,
        )
        for name, color in (("early", "C2"), ("late", "C3"))
    ]
    return [arrived, *lines]


def draw(axes, result):
    left, right = axes
    for name, color in (("early", "C2"), ("late", "C3")):
        artists.line(
            right, f"expected {name}", STOPS / 1e3, result[f"expected_{name}"], color=color, lw=2, alpha=0.45
        )
    right.set(ylim=(0, 0.16))
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
    (early, n_early), (late, n_late) = (_seen(result, name) for name in ("early", "late"))
    expected = [_width(result[f"expected_{name}"]) for name in ("early", "late")]
    found = [_width(share) for share in (early, late)]
    return (
        f"Of the first {round(result['photons'])} photons {n_early} came between 50 and 250 ps and {n_late} "
        f"after 1000 ps; the early ones are {found[0]:.2f} µm wide and the late ones {found[1]:.2f} µm "
        f"(expected: {expected[0]:.2f} and {expected[1]:.2f})."
    )


photons = Explorer(
    name="photons",
    title="A picture made of photons",
    parameters=(
        Slider("diffusivity", "diffusivity", "D", 0.0, 1.0, 0.3, "cm²/s", steps=50),
        Slider("background", "share of dark counts", "", 0.0, 30.0, 2.0, "%", steps=30),
        Clock(
            "photons",
            "photons counted",
            "N",
            20,
            MOST,
            1000,
            steps=199,
            seconds=7.4,
            moments=(20, 100, 500, 4000),
        ),
    ),
    compute=compute,
    draw=draw,
    move=move,
    read_out=read_out,
    settings={
        "At rest": {"diffusivity": 0.0},
        "Fast": {"diffusivity": 1.0},
        "Dark counts": {"background": 30.0},
    },
    length=220,
)
