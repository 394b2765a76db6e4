"""D_s of the banded velocity engine as a continued fraction; `frenkel.velocity` has the derivation."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ._band import gaps, wrap
from ._types import FloatArray


def bidiagonalization(
    energies: FloatArray, band_a: int, band_b: int
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield (α_j, β_j), arrays (r,), of the Golub-Kahan process that starts from w, for rings (r, n).

    `band_a`, `band_b`: number of diagonals k = 1, 2, ... kept of the symmetric and of the antisymmetric
    part.

    After some 60 levels rounding has cost the vectors their orthogonality: from there on (α_j, β_j) follow
    the last digit of the energies. The fraction takes no harm: both its ends remain bounds, at every level,
    and meet where those of orthogonal vectors do, some levels later (Golub and Strakoš, Numerical Algorithms
    8, 241 (1994)). So answers may change with the last digit of the energies, by less than their tolerance.
    """
    differences = gaps(energies, max(band_a, band_b))
    n_rows, n_sites, n_rings = differences.shape
    symmetric = np.zeros((n_rows, n_sites + 2, n_rings))  # A, whose diagonal stays empty
    antisymmetric = np.zeros_like(symmetric)  # B, whose first diagonal is uniform
    image = np.empty_like(differences)
    slopes = np.empty((n_rows, n_sites + 1, n_rings))

    def commutator(x, band):
        """[H, X]_{n, n+k} for 1 ≤ k ≤ band: hopping changes k by one, see `frenkel.velocity`."""
        np.multiply(differences, x[:, 1:-1], out=image)
        np.subtract(x[:, 1:], x[:, :-1], out=slopes)
        image[1:] += slopes[:-1, 1:]
        image[:-1] -= slopes[1:, :-1]
        image[0] = 0
        image[band + 1 :] = 0
        return image

    def scale(x, factor):
        """Multiply by one factor a ring (spread over the sites first, which keeps the inner loop long)."""
        x *= np.broadcast_to(factor, (n_sites + 2, n_rings)).copy()

    def normalize(x):
        """Divide x by its norm and return the norm; a vanishing x is set to zero."""
        flat = x.reshape(n_rows, -1)
        squares = np.einsum("kp,kp->p", flat, flat).reshape(n_sites + 2, n_rings)
        norm = np.sqrt(squares[1:-1].sum(axis=0))
        norm[norm < 1e-13] = 0
        scale(x, np.divide(1.0, norm, out=np.zeros_like(norm), where=norm > 0))
        wrap(x)
        return norm

    antisymmetric[1] = 1
    normalize(antisymmetric)
    beta = np.zeros(n_rings)
    while True:
        scale(symmetric, -beta)
        symmetric[:, 1:-1] += commutator(antisymmetric, band_a)
        alpha = normalize(symmetric)
        scale(antisymmetric, -alpha)
        adjoint = commutator(symmetric, band_b)
        adjoint[1] = adjoint[1].mean(axis=0)
        antisymmetric[:, 1:-1] += adjoint
        beta = normalize(antisymmetric)
        yield alpha, beta


def fraction(dephasing: FloatArray, alphas: list[FloatArray], betas: list[FloatArray]) -> list[FloatArray]:
    """Evaluate the continued fraction for D_s from below (all α) and from above (without the last)."""
    square = dephasing**2
    bounds = []
    for last in (square + alphas[-1] ** 2, square + 0 * alphas[-1]):
        c = last
        for alpha, beta in zip(alphas[-2::-1], betas[-2::-1], strict=True):
            c = square + alpha**2 * c / (c + beta**2)
        bounds.append(2 * dephasing / c)
    return bounds


def bounds(levels, radius, ring_of, dephasing, tolerance):
    """Bounds (low, high) of D_s, to `tolerance`, from the `levels` (α_j, β_j) of a bidiagonalization.

    `radius` bounds the eigenvalue differences of H; `ring_of` and `dephasing`, both (p,), say for which
    ring and Γ each bound is wanted.
    """
    alphas, betas, look = [], [], 8
    for alpha, beta in levels:
        alphas.append(alpha[ring_of])
        betas.append(beta[ring_of])
        if len(alphas) >= look or not beta.any():
            look = int(1.2 * look) + 1
            low, high = fraction(dephasing, alphas, betas)
            if (high - low <= tolerance * low).all():
                return low, high
            if look > 1000 + 100 * radius / dephasing.min():  # 30 times what it should take
                raise RuntimeError(f"D_s did not converge in {len(alphas)} levels of its continued fraction.")


def constant_at_band(energies, ring_of, dephasing, tolerance, band_a, band_b):
    """Bounds (low, high) of D_s for rings (m, n) and the operator truncated at the given bands."""
    levels = bidiagonalization(energies, band_a, band_b)
    return bounds(levels, np.ptp(energies) + 4, ring_of, dephasing, tolerance)
