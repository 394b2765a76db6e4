r"""D_s as a continued fraction with bounds; `frenkel.motion.ring_diffusion` has the derivation.

The Golub-Kahan process turns the map M between the symmetric part A and the antisymmetric part B of an
operator into two diagonals α_j and β_j, which serve every Γ. After some 60 levels rounding has cost the
vectors their orthogonality: from there on (α_j, β_j) follow the last digit of the energies. The fraction
takes no harm: both its ends remain bounds, at every level, and meet where those of orthogonal vectors do,
some levels later (Golub and Strakoš, Numerical Algorithms 8, 241 (1994)). So answers may change with the
last digit of the energies, by less than their tolerance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from .._types import FloatArray


def golub_kahan(
    symmetric: Callable[[FloatArray], FloatArray], antisymmetric: Callable[[FloatArray], FloatArray]
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Yield (α_j, β_j), arrays (r,), of the process that starts from a normalized B.

    ``symmetric(β)`` replaces A by M B - β A, ``antisymmetric(α)`` replaces B by Mᵀ A - α B; each normalizes
    what it has made and returns the norm, 0 where nothing is left.
    """
    beta = np.zeros(1)
    while True:
        alpha = symmetric(beta)
        beta = antisymmetric(alpha)
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


def unending(dephasing: FloatArray, alphas: FloatArray, betas: FloatArray) -> FloatArray:
    """Evaluate the fraction as if further levels were the mean of its last half: an estimate, unproven.

    α_j and β_j, (levels, r), settle where the frequencies of a large ring lie densely. The remainder s of a
    fraction that goes on for ever obeys s = Γ² + α²s / (s + β²), so the estimate lies between the bounds.
    """
    square, half = dephasing**2, len(alphas) // 2
    a, b = ((tail[half:] ** 2).mean(axis=0) for tail in (alphas, betas))
    p = b - a - square
    s = (np.sqrt(p**2 + 4 * square * b) - p) / 2
    for alpha, beta in zip(alphas[::-1], betas[::-1], strict=True):
        s = square + alpha**2 * s / (s + beta**2)
    return 2 * dephasing / s


def bounds(
    levels: Iterator[tuple[FloatArray, FloatArray]],
    radius: float,
    ring_of: NDArray[np.int64],
    dephasing: FloatArray,
    tolerance: float,
) -> tuple[FloatArray, FloatArray]:
    """Bounds (low, high) of D_s, to `tolerance`, from the `levels` (α_j, β_j) of a bidiagonalization.

    `radius` bounds the eigenvalue differences of H; `ring_of` and `dephasing`, both (p,), say for which
    ring and Γ each bound is wanted.
    """
    alphas, betas, look = [], [], 8
    while True:
        alpha, beta = next(levels)  # they never end
        alphas.append(alpha[ring_of])
        betas.append(beta[ring_of])
        if len(alphas) >= look or not beta.any():
            look = int(1.2 * look) + 1
            low, high = fraction(dephasing, alphas, betas)
            if (high - low <= tolerance * low).all():
                return low, high
            if look > 1000 + 100 * radius / dephasing.min():  # 30 times what it should take
                raise RuntimeError(f"D_s did not converge in {len(alphas)} levels of its continued fraction.")
