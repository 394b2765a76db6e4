"""Operators near their diagonal on rings: X_{n, n+k} for 0 ≤ k ≤ K, as arrays [k, n, ring].

The site axis of work arrays carries a halo at either end, so that a shift to a neighboring site is a
slice, and a contiguous one for all rings at once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._types import FloatArray


def gaps(energies: FloatArray, band: int) -> FloatArray:
    """ε_n - ε_{n+k} of rings (r, n) as an array [k, n, ring], 0 ≤ k ≤ band."""
    n_sites = energies.shape[-1]
    partner = (np.arange(n_sites) + np.arange(band + 1)[:, None]) % n_sites
    return energies.T - energies.T[partner]


def wrap(x: NDArray[Any]) -> NDArray[Any]:
    """Fill the two halo sites of x[k, n + 2, ring]."""
    x[:, 0] = x[:, -2]
    x[:, -1] = x[:, 1]
    return x
