r"""D(t) on small rings from the hierarchy, averaged over all starting sites.

Count the bonds that the exciton crosses by a phase q a bond: H → H(q/2) on the left of ρ and H(-q/2) on its
right. Then Tr ρ(q) = ⟨exp(iqx)⟩, x the way along the ring laid out straight. To second order in q,

.. math:: D(t) = \tfrac12\frac{\mathrm d\langle x^2\rangle}{\mathrm dt} = \mathrm{Tr}\,[v\,\sigma_0(t)],\qquad
          \dot\sigma_n = (\mathcal L\sigma)_n + \tfrac12\{v, \rho_n\},

v = i[H, x], for every matrix of the hierarchy; σ starts at zero and ρ at the uniform mixture of all sites.
With white noise that mixture stays, and this is the velocity correlation of `frenkel.diffusivity`. With
phonons that are quantum it does not: ρ relaxes while the exciton moves, and D(t) follows it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray
from ..system.hamiltonians import hamiltonian
from ..system.lattices import ring
from ._generator import commutators, generator, hermitian_basis
from ._refinement import check_baths, check_times, check_tolerance, converge
from ._steps import propagate
from .spectral_densities import _Bath


def hierarchy_diffusivity(
    site_energies: ArrayLike, times: ArrayLike, bath: _Bath | Sequence[_Bath], *, tolerance: float = 1e-3
) -> FloatArray:
    r"""Return D(t) of a small ring in baths of quantum phonons, averaged over all starting sites.

    Parameters
    ----------
    site_energies : array, shape (n,)
        Vertical energies of n ≥ 3 sites in J; the coupling is 1.
    times : array, shape (t,)
        Strictly increasing times ≥ 0 in ħ/J.
    bath : DrudeBath, BrownianBath or a sequence of n of them
        The bath of every site, or one for each, in equilibrium without an exciton at time 0.
    tolerance : float
        Error of D(t) that is aimed at, in J a²/ħ, 10⁻⁸ to 0.1; a sign and no bound, see `frenkel.hierarchy`.

    Returns
    -------
    array, shape (t,)
        In J a²/ħ. It is that of an endless chain for as long as coherences are shorter than the ring.

    Raises
    ------
    ValueError, TypeError
        As in `frenkel.hierarchy`.

    Examples
    --------
    >>> from frenkel import DrudeBath
    >>> bath = DrudeBath(reorganization=0.5, cutoff=5.0, temperature=10.0)
    >>> print(hierarchy_diffusivity([0.0, 0.0, 0.0], [0.01, 0.1], bath).round(3))  # 2t at first
    [0.02  0.194]
    """
    energies = _check.array("site_energies", site_energies, ndim=1)
    n = len(energies)
    if n < 3:
        _check.fail("site_energies", "those of at least 3 sites", f"of shape {energies.shape}")
    baths, tolerance = check_baths(bath, n), check_tolerance(tolerance)
    H = hamiltonian(ring(n), energies)
    times = check_times(times, H, baths)
    step = np.zeros((n, n))
    step[np.arange(n), np.roll(np.arange(n), -1)] = 1.0
    velocity = 1j * (step - step.T)
    basis = hermitian_basis(n)
    half = commutators(basis, velocity)[1] / 2
    reading = np.einsum("ab,kba->k", velocity, basis).real
    i, j = np.nonzero(np.abs(half) > 1e-14)

    def answer(couplings, indices):
        size = len(indices) * n * n
        rows, columns, values = generator(H, couplings, indices)
        first = n * n * np.arange(len(indices))[:, None]
        source = [(first + size + i).ravel(), (first + j).ravel(), np.tile(half[i, j], len(indices))]
        parts = [
            (rows, rows + size, source[0]),
            (columns, columns + size, source[1]),
            (values, values, source[2]),
        ]
        state = np.zeros((2 * size, 1))
        state[:n] = 1 / n
        kept = slice(size, size + n * n)
        found = propagate(tuple(map(np.concatenate, parts)), state, times, kept, tolerance / 10)
        return None if found is None else found[..., 0] @ reading

    return converge(H, baths, tolerance, answer)
