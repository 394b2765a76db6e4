r"""D_s of a ring by a sparse direct solve: for weak noise, where the continued fraction takes thousands of
levels.

With the map M between the kept diagonals of B and of A (`frenkel._engines.ring_operators`), D_s = 2 y₀ where

.. math:: \begin{pmatrix} \Gamma & M^\mathsf{T} \\ M & -\Gamma \end{pmatrix}
          \begin{pmatrix} y \\ z \end{pmatrix} = \begin{pmatrix} e_0 \\ 0 \end{pmatrix}

and e₀ is the uniform current. That one is eliminated by hand, for its row would be full. A band in A beyond
that in B bounds D_s from below, the reverse from above, as in the fraction; nothing else is left out.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from .._types import FloatArray
from .ring_operators import gaps

_LARGEST = 60_000  # sites times band, of which the factors take 250 MB
_WEAKEST = 1e-9  # Γ over the radius of H: rounding errors are 10⁻¹⁶ of that radius, times thousands of sites
_SOLVE = 2.9e-6  # s: a factorization takes so long times n K^(3/2); measured in one run, as the next two
_BUILD = 4e-4  # s, for each diagonal of the band: SciPy's bookkeeping
_LEVEL = 1.6e-8  # s for a site and coherence in a level of the fraction
_OVERHEAD = 1e4  # elements that take as long as calling NumPy


@cache
def has_scipy() -> bool:
    """Whether SciPy is there. It is not behind explorers, where each look for it takes 2 ms."""
    try:
        import scipy.sparse.linalg  # noqa: F401
    except ImportError:
        return False
    return True


def is_possible(n_sites: int, band: int, relative_rate: float) -> bool:
    """Whether SciPy is there, the factors fit, and rounding is far below Γ / radius."""
    return n_sites * band <= _LARGEST and relative_rate > _WEAKEST and has_scipy()


def seconds(n_sites: float, band: float) -> float:
    """What a factorization takes, roughly."""
    return _SOLVE * n_sites * band**1.5 + _BUILD * band


def worth_solving(rings: FloatArray, band: int, radius: float, rates: FloatArray) -> NDArray[np.bool_]:
    """Which of the `rates`, each wanted of one of the `rings` (m, n), cost less by a solve.

    The weakest of the others sets the levels of the fraction, which all of these share.
    """
    n_rings, n_sites = rings.shape
    order = np.sort(rates)
    levels = 3 * radius / np.append(order, np.inf)
    cost = np.arange(len(order) + 1) * seconds(n_sites, band)
    cost += levels * (n_rings * n_sites * band + _OVERHEAD) * _LEVEL
    solved = int(cost.argmin())
    if not solved or not is_possible(n_sites, band, order[0] / radius):
        return np.zeros(len(rates), dtype=bool)
    return np.isin(np.arange(len(rates)), np.argsort(rates, kind="stable")[:solved])


def solve(energies: FloatArray, dephasing: float, band_a: int, band_b: int) -> float:
    """D_s of one ring (n,) with A on the diagonals 1 to `band_a` and B on those to `band_b`."""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    n_sites = len(energies)
    differences = gaps(energies[None], max(band_a, band_b))[:, :, 0]
    site = np.arange(n_sites)
    ahead = sparse.csr_array((np.ones(n_sites), (site, (site + 1) % n_sites)), shape=(n_sites, n_sites))
    eye = sparse.eye_array(n_sites)
    hops = {1: ahead - eye, -1: ahead.T - eye}  # from the diagonal before, and from the one behind
    blocks = [
        [
            sparse.diags_array(differences[k]) if k == other else hops.get(k - other)
            for other in range(2, band_b + 1)
        ]
        for k in range(1, band_a + 1)
    ]
    M = sparse.block_array(blocks, format="csc")
    n_a, n_b = M.shape
    system = sparse.block_array(
        [[dephasing * sparse.eye_array(n_b), M.T], [M, -dephasing * sparse.eye_array(n_a)]], format="csc"
    )
    uniform = np.zeros(n_a + n_b)
    uniform[n_b : n_b + n_sites] = differences[1] / np.sqrt(n_sites)
    factors = splu(system, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    return float(2 / (dephasing - uniform @ factors.solve(uniform)))
