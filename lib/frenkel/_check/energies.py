"""Site energies of chains and rings, and what D(t) and D_s are asked for besides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .._types import ArrayLike, FloatArray
from .values import array, fail, non_negative, positive, scalar
from .values import times as increasing_times


def chains(site_energies: ArrayLike, least: int = 1) -> FloatArray:
    """Return site energies (..., n) of chains of at least `least` sites as a checked array."""
    energies = array("site_energies", site_energies, "an array (..., n_sites) of finite numbers")
    if energies.ndim == 0:
        fail("site_energies", "an array (..., n_sites)", float(energies))
    if energies.shape[-1] < least:
        fail("site_energies", f"at least {least} sites along the last axis", f"of shape {energies.shape}")
    return energies


def centered_energies(site_energies: ArrayLike, n_sites: int | None = None) -> FloatArray:
    """Return site energies as a checked array (..., n) measured from the mean of each realization."""
    energies = chains(site_energies)
    if n_sites is not None and energies.shape[-1] != n_sites:
        rule = f"an array (..., {n_sites}), one energy a site"
        fail("site_energies", rule, f"of shape {energies.shape}")
    return energies - energies.mean(axis=-1, keepdims=True)


def diffusivity(
    dephasing: ArrayLike, times: ArrayLike, tolerance: ArrayLike
) -> tuple[float, FloatArray, float]:
    """Return the other arguments of a D(t), checked."""
    dephasing = scalar("dephasing", dephasing, non_negative)
    return dephasing, increasing_times("times", times), scalar("tolerance", tolerance, positive)


def diffusion_constant(
    dephasing: ArrayLike, tolerance: ArrayLike, leading: tuple[int, ...]
) -> tuple[FloatArray, NDArray[np.int64], float]:
    """Return the other arguments of a D_s, checked: Γ and which realization it is for, of one shape."""
    dephasing = positive("dephasing", dephasing)
    tolerance = scalar("tolerance", tolerance, positive)
    try:
        shape = np.broadcast_shapes(dephasing.shape, leading)
    except ValueError:
        rule = f"broadcastable to the realizations of shape {leading}"
        fail("dephasing", rule, f"of shape {dephasing.shape}")
    row_of = np.arange(np.prod(leading, dtype=int)).reshape(leading)
    return np.broadcast_to(dephasing, shape), np.broadcast_to(row_of, shape), tolerance
