"""Operators near their diagonal on rings: X_{n, n+k} for 0 ≤ k ≤ K, as arrays [k, n, ring].

The site axis of work arrays carries a halo at either end, so that a shift to a neighboring site is a
slice, and a contiguous one for all rings at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._types import FloatArray
from .continued_fraction import bounds, golub_kahan, unending


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


def levels(energies: FloatArray, band_a: int, band_b: int) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Return the levels (α_j, β_j), arrays (r,), of the process that starts from w, for rings (r, n).

    `band_a`, `band_b`: number of diagonals k = 1, 2, ... kept of the symmetric and of the antisymmetric
    part.
    """
    differences = gaps(energies, max(band_a, band_b))
    n_rows, n_sites, n_rings = differences.shape
    symmetric = np.zeros((n_rows, n_sites + 2, n_rings))  # A, whose diagonal stays empty
    antisymmetric = np.zeros_like(symmetric)  # B, whose first diagonal is uniform
    image = np.empty_like(differences)
    slopes = np.empty((n_rows, n_sites + 1, n_rings))

    def commutator(x: FloatArray, band: int) -> FloatArray:
        """[H, X]_{n, n+k} for 1 ≤ k ≤ band: hopping changes k by one, see `frenkel.motion.ring_diffusion`."""
        np.multiply(differences, x[:, 1:-1], out=image)
        np.subtract(x[:, 1:], x[:, :-1], out=slopes)
        image[1:] += slopes[:-1, 1:]
        image[:-1] -= slopes[1:, :-1]
        image[0] = 0
        image[band + 1 :] = 0
        return image

    def scale(x: FloatArray, factor: FloatArray) -> None:
        """Multiply by one factor a ring (spread over the sites first, which keeps the inner loop long)."""
        x *= np.broadcast_to(factor, (n_sites + 2, n_rings)).copy()

    def normalize(x: FloatArray) -> FloatArray:
        """Divide x by its norm and return the norm; a vanishing x is set to zero."""
        flat = x.reshape(n_rows, -1)
        squares = np.einsum("kp,kp->p", flat, flat).reshape(n_sites + 2, n_rings)
        norm = np.sqrt(squares[1:-1].sum(axis=0))
        norm[norm < 1e-13] = 0
        scale(x, np.divide(1.0, norm, out=np.zeros_like(norm), where=norm > 0))
        wrap(x)
        return norm

    def new_symmetric(beta: FloatArray) -> FloatArray:
        scale(symmetric, -beta)
        symmetric[:, 1:-1] += commutator(antisymmetric, band_a)
        return normalize(symmetric)

    def new_antisymmetric(alpha: FloatArray) -> FloatArray:
        scale(antisymmetric, -alpha)
        adjoint = commutator(symmetric, band_b)
        adjoint[1] = adjoint[1].mean(axis=0)
        antisymmetric[:, 1:-1] += adjoint
        return normalize(antisymmetric)

    antisymmetric[1] = 1
    normalize(antisymmetric)
    return golub_kahan(new_symmetric, new_antisymmetric)


def estimated_constant(energies: FloatArray, dephasing: FloatArray, n_levels: int) -> FloatArray:
    """D_s of rings (r, n) at Γ (g,), an array (g, r), from few levels: for a curve that cannot wait.

    What lives longer than `n_levels` hops is guessed: at 1/Γ of 0.8 `n_levels` it was up to 9 % too low, at
    half of that within 2 % of the proven value.
    """
    steps = islice(levels(energies, 2 * n_levels, 2 * n_levels + 1), n_levels)
    alphas, betas = (np.stack(column) for column in zip(*steps, strict=True))
    return unending(dephasing[:, None], alphas, betas)


def constant_at_band(
    energies: FloatArray,
    ring_of: NDArray[np.int64],
    dephasing: FloatArray,
    tolerance: float,
    band_a: int,
    band_b: int,
) -> tuple[FloatArray, FloatArray]:
    """Bounds (low, high) of D_s for rings (m, n) and the operator truncated at the given bands."""
    return bounds(levels(energies, band_a, band_b), np.ptp(energies) + 4, ring_of, dephasing, tolerance)
