"""D_s of the banded velocity engine as a continued fraction; `frenkel.velocity` has the derivation."""

import numpy as np

from ._band import gaps, wrap


def _hops(x, out):
    """Write the nearest-neighbor part of [H, X] for k ≥ 1 into `out`, given X_k(n) with halo columns."""
    slopes = x[..., 1:] - x[..., :-1]
    out[..., 1:, :] += slopes[..., :-1, 1:]
    out[..., :-1, :] -= slopes[..., 1:, :-1]


def bidiagonalization(energies, band_a, band_b):
    """Yield (α_j, β_j), arrays (...), of the Golub-Kahan process that starts from w.

    `band_a`, `band_b`: number of diagonals k = 1, 2, ... kept of the symmetric and of the antisymmetric
    part.
    """
    n_sites, band = energies.shape[-1], max(band_a, band_b)
    differences = gaps(energies, band)
    symmetric = np.zeros((*energies.shape[:-1], band + 1, n_sites + 2))  # A, row 0 stays empty
    antisymmetric = np.zeros_like(symmetric)  # B, its row 1 is uniform
    image = np.empty(differences.shape)

    def commutator(x, n_rows):
        np.multiply(differences, x[..., 1:-1], out=image)
        _hops(x, image)
        image[..., 0, :] = 0
        image[..., n_rows + 1 :, :] = 0
        return image

    def normalize(x):
        """Divide x by its norm and return the norm; a vanishing x is set to zero."""
        inner = x[..., 1:-1]
        norm = np.sqrt(np.einsum("...kn,...kn->...", inner, inner))
        norm[norm < 1e-13] = 0
        with np.errstate(divide="ignore"):
            inner *= np.where(norm > 0, 1 / norm, 0)[..., None, None]
        wrap(x)
        return norm

    antisymmetric[..., 1, :] = 1
    normalize(antisymmetric)
    beta = np.zeros(energies.shape[:-1])
    while True:
        symmetric *= -beta[..., None, None]
        symmetric[..., 1:-1] += commutator(antisymmetric, band_a)
        alpha = normalize(symmetric)
        antisymmetric *= -alpha[..., None, None]
        adjoint = commutator(symmetric, band_b)
        adjoint[..., 1, :] = adjoint[..., 1, :].mean(axis=-1, keepdims=True)
        antisymmetric[..., 1:-1] += adjoint
        beta = normalize(antisymmetric)
        yield alpha, beta


def fraction(dephasing, alphas, betas):
    """Evaluate the continued fraction for D_s from below (all α) and from above (without the last)."""
    square = dephasing**2
    bounds = []
    for last in (square + alphas[-1] ** 2, square + 0 * alphas[-1]):
        c = last
        for alpha, beta in zip(alphas[-2::-1], betas[-2::-1], strict=True):
            c = square + alpha**2 * c / (c + beta**2)
        bounds.append(2 * dephasing / c)
    return bounds


def constant_at_band(energies, ring_of, dephasing, tolerance, band_a, band_b):
    """Bounds (low, high) of D_s for the operator truncated at the given bands.

    Rings (m, n); `ring_of` and `dephasing`, both (p,), say for which ring and Γ each bound is wanted.
    """
    alphas, betas = [], []
    for alpha, beta in bidiagonalization(energies, band_a, band_b):
        alphas.append(alpha[ring_of])
        betas.append(beta[ring_of])
        if len(alphas) % 12 == 0 or not beta.any():
            low, high = fraction(dephasing, alphas, betas)
            if (high - low <= tolerance * low).all():
                return low, high
