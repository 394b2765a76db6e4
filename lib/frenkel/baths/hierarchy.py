r"""The hierarchy of equations of motion: an exciton in baths with memory and response, to any accuracy.

Let H act on the exciton and :math:`V_n B_n` couple site n to its bath. The average over a Gaussian :math:`B`
of the time-ordered evolution is the exponential of its second moment, the influence functional:

.. math:: \rho(t) = \mathcal T\exp\left[-\int_0^t\!\mathrm ds\,V^\times(s)\int_0^s\!\mathrm ds'\,
          \big(\mathrm{Re}\,C(s-s')\,V^\times(s') + \mathrm
          i\,\mathrm{Im}\,C(s-s')\,V^\circ(s')\big)\right]\rho(0),

with :math:`V^\times = [V, \cdot]`, :math:`V^\circ = \{V, \cdot\}`. Let C = Σ c_k exp(-ν_k t) and write
:math:`X_k(t) = \int_0^t\mathrm ds'\,\mathrm e^{-\nu_k(t-s')}(\mathrm{Re}\,c_k V^\times + \mathrm
i\,\mathrm{Im}\,c_k V^\circ)(s')` for its moments. Define :math:`\rho_n = \mathcal T \prod_k (-\mathrm i
X_k)^{n_k}\,\rho`. Its derivative has three parts: that of the exponentials, of the upper ends of the moments,
and of the influence functional, which brings down -V× Σ X_k; so

.. math:: \dot\rho_n = -\mathrm i[H, \rho_n] - \sum_k n_k\nu_k\rho_n - \mathrm iV^\times\sum_k\rho_{n+e_k}
          - \mathrm i\sum_k n_k(\mathrm{Re}\,c_k V^\times + \mathrm i\,\mathrm{Im}\,c_k V^\circ)\,\rho_{n-e_k}
          .

The matrices are kept in natural units, :math:`\rho_n/\prod_k (n_k!\,|c_k|^{n_k})^{1/2}` (Shi and others), in
which they fall off, and the largest of them are followed. Site energies in H are vertical, at the geometry
before the excitation; baths that are equal lower all of them by λ, which is not seen.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .. import _check
from .._types import ArrayLike, ComplexArray, Matrix
from ._generator import generator, hermitian_basis
from ._refinement import check_baths, check_times, check_tolerance, converge
from ._steps import propagate
from .spectral_densities import _Bath


def hierarchy(
    H: Matrix,
    rho0: ArrayLike,
    times: ArrayLike,
    bath: _Bath | Sequence[_Bath],
    *,
    tolerance: float = 1e-4,
) -> ComplexArray:
    r"""Return density matrices of an exciton whose sites have baths of quantum phonons, numerically exact.

    Parameters
    ----------
    H : array or sparse array, shape (n, n)
        Hermitian, in units of J; vertical site energies.
    rho0 : array, shape (..., n, n)
        Density matrices at time 0, when the phonons are in equilibrium *without* an exciton: what a short
        pulse makes.
    times : array, shape (t,)
        Strictly increasing times ≥ 0 in ħ/J.
    bath : DrudeBath, BrownianBath or a sequence of n of them
        The bath of every site, or one for each; all are independent.
    tolerance : float
        Error of an element of ρ that is aimed at, 10⁻⁸ to 0.1.

    Returns
    -------
    complex array, shape (t, ..., n, n)

    Raises
    ------
    ValueError, TypeError
        If an argument is not what it should be, or the hierarchy cannot be paid for at this `tolerance`; the
        message has the tolerance that would do.

    Notes
    -----
    Tanimura and Kubo, J. Phys. Soc. Jpn. 58, 101 (1989); Ishizaki and Tanimura, J. Phys. Soc. Jpn. 74, 3131
    (2005); the natural units are those of Shi, Chen, Nan, Xu and Yan, J. Chem. Phys. 130, 084105 (2009). More
    matrices are followed, and each memory to more levels, until two answers agree within `tolerance`. That is
    a sign and no bound: at 10⁻³ the equilibrium of three sites with three different baths was off by 0.002.
    The state of equilibrium is not Boltzmann's in the sites or in the eigenstates of H unless the coupling to
    the bath is weak: site and phonons share an energy of the size of λ, and the trace over the phonons does
    not undo that.

    Examples
    --------
    >>> from frenkel import DrudeBath
    >>> bath = DrudeBath(reorganization=0.5, cutoff=0.5, temperature=1.0)
    >>> rho = hierarchy([[1, 1], [1, -1]], [[1, 0], [0, 0]], [5.0, 40.0], bath)
    >>> print(rho[:, 0, 0].real.round(3))
    [0.475 0.18 ]
    """
    H = _check.dense_hamiltonian(H)
    rho0 = _check.density(rho0, len(H))
    baths = check_baths(bath, len(H))
    times = check_times(times, H, baths)
    tolerance = check_tolerance(tolerance)
    basis = hermitian_basis(len(H))
    start = (rho0.reshape(-1, len(basis)) @ basis.conj().reshape(len(basis), -1).T).real.T

    def answer(couplings, indices):
        state = np.zeros((len(indices) * len(basis), start.shape[1]))
        state[: len(basis)] = start
        matrix = generator(H, couplings, indices)
        return propagate(matrix, state, times, slice(len(basis)), tolerance / 10)

    found = converge(H, baths, tolerance, answer)
    return np.einsum("tkm,kab->tmab", found, basis).reshape(len(times), *rho0.shape)
