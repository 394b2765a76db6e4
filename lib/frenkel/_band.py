"""Operators near their diagonal on a ring: X_{n, n+k} for 0 ≤ k ≤ K, as arrays [..., k, n].

The last axis runs around the ring; work arrays carry a halo column at either end, so that a shift to a
neighboring site is a slice.
"""

import numpy as np


def gaps(energies, band):
    """ε_n - ε_{n+k} as an array [..., k, n], 0 ≤ k ≤ band."""
    n_sites = energies.shape[-1]
    partner = (np.arange(n_sites) + np.arange(band + 1)[:, None]) % n_sites
    return energies[..., None, :] - energies[..., partner]


def wrap(band_array):
    """Fill the two halo columns, so that shifts around the ring are slices: [..., k, n + 2]."""
    band_array[..., 0] = band_array[..., -2]
    band_array[..., -1] = band_array[..., 1]
    return band_array
