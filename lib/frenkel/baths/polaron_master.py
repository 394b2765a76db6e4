"""The polaron-transformed master equation of a few sites; `polaron_master_diffusion` has that of chains."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, ComplexArray, Matrix
from ._generator import hermitian_basis
from ._half_transforms import HalfTransforms
from ._jump_operators import drift, exchanged, spectral_roots, uphill
from ._refinement import check_times
from ._steps import propagate
from .polaron_frame import _check_split, _frame_of
from .spectral_densities import _Bath, _check_bath

_MOST_SITES = 16


def polaron_master_equation(
    H: Matrix, rho0: ArrayLike, times: ArrayLike, bath: _Bath, *, split: float | None = None
) -> ComplexArray:
    r"""Return density matrices, in the polaron frame, of an exciton in baths of quantum phonons.

    Coherent motion with the renormalized coupling κJ, and jumps of second order in what is left: hops that
    displaced phonons assist, and the linear coupling to slow modes. The equation stands in the head of
    ``frenkel.baths._jump_operators``, the frame in that of `frenkel.baths.polaron_frame`.

    Parameters
    ----------
    H : array or sparse array, shape (n, n)
        Hermitian, in units of J, of at most 16 sites; relaxed or vertical energies: they differ by one λ.
    rho0 : array, shape (..., n, n)
        Density matrices at time 0 in the polaron frame, the fast phonons relaxed around each site.
    times : array, shape (t,)
        Strictly increasing times ≥ 0 in ħ/J.
    bath : DrudeBath or BrownianBath
        The bath of every site.
    split : float, optional
        w in J/ħ; by default that of the best free energy. What it changes is a part of the error.

    Returns
    -------
    complex array, shape (t, ..., n, n)
        Populations of sites are those of the exciton; coherences are those of the dressed one.

    Raises
    ------
    ValueError, TypeError
        If an argument is not what it should be, or the bath forgets too slowly.

    Notes
    -----
    Lee, Moix and Cao, J. Chem. Phys. 142, 164103 (2015), for super-Ohmic baths. Right in three limits: hops
    by the golden rule (w → 0), white noise (a hot and fast bath, w → ∞), and populations of eigenstates in
    a weak bath. There is no Lamb shift: coherences of eigenstates turn at frequencies that are off by the
    order of λ, and after a time 1/λ their phase, not their size, is wrong. With the shift a weak bath would
    be right, and one of λ = J/2 up to twice as wrong. There is no memory either. Populations of two sites
    were within 0.04 of the hierarchy for λ = 4J and phonons of 5J, 0.1 for ``DrudeBath(0.5, 2, 2)``, and
    0.25, which is useless, for the slow ``DrudeBath(0.5, 0.5, 1)``. Positive always, with exp(-H/kT) of the
    renormalized couplings stationary; the exact equilibrium differs from that by the order of λ.

    Examples
    --------
    >>> from frenkel import BrownianBath
    >>> bath = BrownianBath(reorganization=4.0, frequency=5.0, damping=2.0, temperature=4.0)
    >>> rho = polaron_master_equation([[0.5, 1], [1, -0.5]], [[1, 0], [0, 0]], [4.0, 40.0], bath)
    >>> print(rho[:, 0, 0].real.round(2))
    [0.54 0.44]
    """
    H = _check.dense_hamiltonian(H)
    n = len(H)
    if n > _MOST_SITES:
        _check.fail("H", f"that of at most {_MOST_SITES} sites", f"that of {n}")
    rho0 = _check.density(rho0, n)
    bath = _check_bath(bath)
    times = check_times(times, H, [bath])
    split = _check_split(split, bath)
    basis = hermitian_basis(n)
    flat = basis.reshape(n * n, -1)
    generator = (flat.conj() @ _applied(H, bath, split, basis).reshape(n * n, -1).T).real
    start = (rho0.reshape(-1, n * n) @ flat.conj().T).real.T
    rows, columns = (index.ravel() for index in np.indices(generator.shape))
    found = propagate((rows, columns, generator.ravel()), start, times, slice(None), 1e-8)
    if found is None:
        _check.fail(
            "times", "fewer or shorter for rates as fast as these", f"{len(times)} up to {times[-1]:g}"
        )
    return np.einsum("tkm,kab->tmab", found, basis).reshape(len(times), *rho0.shape)


def _applied(H, bath, split, matrices):
    """Return what the generator makes of `matrices` (m, n, n)."""
    frame = _frame_of(H[None], bath, split)
    sites = np.diag(np.diag(H))
    levels, states = np.linalg.eigh(sites + frame.overlap * (H - sites))
    omega = levels - levels[:, None]  # [μ, ν]: E_ν - E_μ
    half = HalfTransforms(bath, frame.split, float(np.ptp(levels)) + 1e-3 * bath.temperature)
    pairs = [(i, i) for i in range(len(H))] + [(int(i), int(j)) for i, j in np.argwhere(H - sites)]
    swap = exchanged(pairs)
    roots = spectral_roots(pairs, half, np.abs(omega).ravel()).reshape(*omega.shape, len(pairs), len(pairs))
    roots = uphill(roots, omega, bath.temperature, swap, swap)
    elements = np.array([1.0 if i == j else H[i, j] for i, j in pairs])
    V = np.array([np.outer(states[i].conj(), states[j]) for i, j in pairs]) * elements[:, None, None]
    jumps = np.einsum("mnab,bmn->amn", roots, V)
    K = drift(jumps, omega, bath.temperature) - 1j * np.diag(levels)
    adjoint = states.conj().T
    K, jumps = states @ K @ adjoint, states @ jumps @ adjoint
    one_side = K @ matrices
    result = one_side + one_side.conj().swapaxes(1, 2)  # of Hermitian matrices
    for jump in jumps:
        result = result + jump @ matrices @ jump.conj().T
    return result
