r"""D of disordered chains from the polaron-transformed master equation: coherent motion and hops in one.

Count the bonds that the exciton crosses by a phase: ρ_mn → ρ_mn exp(iq(m + n)/2), as in
`frenkel.baths.hierarchy_diffusion`. The generator is then L(q) = L + iq L' - q²L''/2 + ..., each element
weighted with powers of the way that it leads, and its eigenvalue -Dq² near zero gives

.. math:: D_s = \tfrac12\mathrm{Tr}\,L''\rho - \mathrm{Tr}\,L'\sigma,\qquad L\rho = 0,\quad L\sigma = L'\rho:

two solutions of one sparse system. The chain is endless, with the given energies as its period; ρ_mn is
followed up to m - n = ±K, jump operators are those of the 2K + 4 sites around their own, and K grows until D
has settled twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray, FloatOrArray
from ..system.hamiltonians import hamiltonian
from ..system.lattices import ring
from ._band import Band, window
from ._half_transforms import HalfTransforms
from ._jump_operators import drift, exchanged, spectral_roots, uphill
from .polaron_diffusion import _check_energies
from .polaron_frame import _check_split, _frame_of
from .spectral_densities import _Bath, _check_bath

_REACHES = (3, 4, 6, 9, 12, 17, 24, 33)  # K: odd and even in turn, because the error of D alternates
_NEAR = 3  # sites on either side that √γ is computed with: D then lacks less than 10⁻³
_GRID = (1000, 20_000)  # fewest and most frequencies at which it is
_PART = 0.15  # of the narrowest line: their distance
_KEPT = 1e-5  # of tolerance and least population: relative size of elements that are followed
_COLDEST = 25.0  # spread of energies over kT: populations of exp(-25)


class _Jumps(NamedTuple):
    """√γ of a site and its two bonds to the right, with all pairs near them, as a function of ω ≥ 0."""

    roots: Callable[[FloatArray], FloatArray]
    pairs: list[tuple[int, int]]  # relative to the site
    swap: list[int]

    def at(self, omega, kT):
        roots = self.roots(np.abs(omega))
        return uphill(roots, omega, kT, [0, 2, 1], self.swap)


def _jumps(half, highest, bath):
    from scipy.interpolate import CubicSpline

    sites = range(-_NEAR, _NEAR + 2)
    bonds = [(p, p + 1) for p in sites[:-1]]
    pairs = [(p, p) for p in sites] + bonds + [(q, p) for p, q in bonds]
    narrowest = min(float(half.rates.real.min()), 2 * np.pi * bath.temperature)
    omega = np.linspace(0, highest, int(np.clip(highest / (_PART * narrowest), *_GRID)))
    here = [pairs.index(pair) for pair in [(0, 0), (1, 0), (0, 1)]]
    shifted = [(p + _NEAR, q + _NEAR) for p, q in pairs]
    roots = np.concatenate(
        [spectral_roots(shifted, half, part)[:, here] for part in np.array_split(omega, len(omega) // 1000)]
    )
    return _Jumps(CubicSpline(omega, roots), pairs, exchanged(pairs))


def _operators(energies, hop, coupling, jumps, reach, kT):
    """Return the jumps (n, 3, M, M) of each site and their part of K (n, M, M), on the sites around it."""
    offsets = window(reach)
    size = len(offsets)
    around = energies[(np.arange(len(energies))[:, None] + offsets) % len(energies)]
    H = around[:, :, None] * np.eye(size) + hop * (np.eye(size, k=1) + np.eye(size, k=-1))
    levels, states = np.linalg.eigh(H)
    omega = levels[:, None, :] - levels[:, :, None]  # [n, μ, ν]: E_ν - E_μ
    roots = jumps.at(omega, kT)
    L = np.zeros((len(energies), 3, size, size))
    for b, (p, q) in enumerate(jumps.pairs):
        element = states[:, p + reach + 1, :, None] * states[:, q + reach + 1, None, :]
        element = element * (1.0 if p == q else coupling)
        L += element[:, None] * np.moveaxis(roots[..., b], -1, 1)
    K = states @ drift(L, omega, kT) @ states.swapaxes(1, 2)
    return states[:, None] @ L @ states.swapaxes(1, 2)[:, None], K


def _least_population(energies, hop, kT):
    """Return the least population of a site over the largest one, in exp(-H/kT)."""
    levels, states = np.linalg.eigh(hop * hamiltonian(ring(len(energies))) + np.diag(energies))
    populations = states**2 @ np.exp(-(levels - levels[0]) / kT)
    return populations.min() / populations.max()


def _diffusion_constant(energies, hop, coupling, jumps, kT, tolerance):
    before, agreed, previous = np.nan, False, 0
    kept = _KEPT * tolerance * _least_population(energies, hop, kT)
    for reach in _REACHES:
        band = Band(len(energies), reach, kept)
        if not band.fits:
            break
        L, K = _operators(energies, hop, coupling, jumps, reach, kT)
        coherent = np.zeros(K.shape, dtype=complex)
        coherent[:, reach + 1, reach + 1] = -1j * energies
        coherent[:, reach + 1, [reach, reach + 2]] = -1j * hop
        band.put_one_sided(coherent)
        band.put_one_sided(K)
        if not band.put_jumps(L):
            break
        D, least = band.diffusion_constant(int(np.argmin(energies)))
        agrees = least > 0 and abs(D - before) <= tolerance * D
        if agrees and agreed:
            return D
        before, agreed, previous = D, agrees, reach
    rule = "hotter, faster or stronger, or on fewer sites, for coherences short enough to be followed"
    _check.fail("bath", rule, f"one with D near {before:.3g}, unsettled at {previous} sites")


def polaron_master_diffusion_constant(
    site_energies: ArrayLike,
    bath: _Bath,
    *,
    coupling: float = 1.0,
    split: float | None = None,
    tolerance: float = 1e-2,
) -> FloatOrArray:
    r"""Return :math:`D_s` of disordered chains from the polaron-transformed master equation.

    Parameters
    ----------
    site_energies : array, shape (..., n)
        Relaxed energies of n ≥ 3 sites in J, one period of an endless chain, within 25 times the temperature;
        leading axes are independent chains.
    bath : DrudeBath or BrownianBath
        The bath of every site.
    coupling : float
        J of all bonds, 1 by default.
    split : float, optional
        w in J/ħ; by default that of the lowest mean free energy of the chains. See `frenkel.polaron_frame`.
    tolerance : float
        Relative change of D allowed when longer coherences are followed, twice, 10⁻⁵ to 0.1.

    Returns
    -------
    float or array
        In J a²/ħ.

    Raises
    ------
    ValueError, TypeError
        If an argument is not what it should be, or coherences are too long to be followed.

    Notes
    -----
    For w → 0 it is `frenkel.polaron_diffusion_constant`, for a hot and fast bath and w → ∞
    `frenkel.diffusion_constant` at the bath's Γ, for a weak bath and strong disorder a walk between
    localized eigenstates. Between these it is of second order in what the frame leaves, and without memory.
    On three sites with ``DrudeBath(2s, 5s, 5s)``, energies of about ±s/2 and J = 1, it is 19, 12, 7 and 4 %
    below the hierarchy at s = 1, 1.6, 2.5 and 4, and so are the hops; 20 % with phonons of 5J, λ = 3.8J and
    kT = 4J, where the rates between two sites are right within 1 %. Expect tens of percent, mostly too
    little, and see what another `split` changes: at w = J it may be a quarter. Do not use it where phonons
    forget more slowly than they scatter: coherences of dozens of sites are then asked for. The period is
    repeated: in a weak bath few sites have a band of copies.

    Examples
    --------
    >>> from frenkel import BrownianBath
    >>> bath = BrownianBath(reorganization=4.0, frequency=5.0, damping=2.0, temperature=4.0)
    >>> print(f"{polaron_master_diffusion_constant([0.0, 1.0, -1.0, 0.5], bath):.3f}")
    0.202
    """
    bath = _check_bath(bath)
    energies = _check_energies(site_energies, bath, 3)
    coupling = _check.scalar("coupling", coupling, _check.positive)
    split = _check_split(split, bath)
    tolerance = _check.scalar("tolerance", tolerance, _check.positive)
    if not 1e-5 <= tolerance <= 0.1:
        _check.fail("tolerance", "between 1e-05 and 0.1", tolerance)
    n = energies.shape[-1]
    chains = energies.reshape(-1, n)
    spread = float(np.ptp(chains, axis=1).max())
    if spread > _COLDEST * bath.temperature:
        _check.fail(
            "site_energies", f"within {_COLDEST:g} times the temperature, {bath.temperature:g}", spread
        )
    chains = chains - chains.mean(axis=1, keepdims=True)
    hops = coupling * (hamiltonian(ring(n), np.zeros(n)))
    frame = _frame_of(hops + chains[:, None, :] * np.eye(n), bath, split)
    highest = spread + 4 * coupling
    half = HalfTransforms(bath, frame.split, highest)
    jumps = _jumps(half, highest, bath)
    found = [
        _diffusion_constant(chain, half.overlap * coupling, coupling, jumps, bath.temperature, tolerance)
        for chain in chains
    ]
    return np.array(found).reshape(energies.shape[:-1])[()]
