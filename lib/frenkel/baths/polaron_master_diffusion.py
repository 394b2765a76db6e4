r"""D of disordered chains from the polaron-transformed master equation: coherent motion and hops in one.

Count the bonds that the exciton crosses by a phase: ρ_mn → ρ_mn exp(iq(m + n)/2), as in
`frenkel.baths.hierarchy_diffusion`. The generator is then L(q) = L + iq L' - q²L''/2 + ..., each element
weighted with powers of the way that it leads, and its eigenvalue -Dq² near zero gives

.. math:: D_s = \tfrac12\mathrm{Tr}\,L''\rho - \mathrm{Tr}\,L'\sigma,\qquad L\rho = 0,\quad L\sigma = L'\rho:

two solutions of one sparse system. The chain is endless, with the given energies as its period; ρ_mn is
followed for |m - n| ≤ K, jump operators are those of the 2K + 4 sites around their own, and K grows until D
has settled twice.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray, FloatOrArray
from ..system.hamiltonians import hamiltonian
from ..system.lattices import ring
from ._half_transforms import HalfTransforms
from ._jump_operators import drift, exchanged, spectral_roots, uphill
from .polaron_diffusion import _check_energies
from .polaron_frame import _check_split, _frame_of
from .spectral_densities import _Bath, _check_bath

_REACHES = (3, 4, 6, 9, 12, 17, 24, 33)  # K: odd and even in turn, because the error of D alternates
_NEAR = 3  # sites on either side that √γ is computed with
_GRID = (1000, 20_000)  # fewest and most frequencies at which it is
_PART = 0.15  # of the narrowest line: their distance
_KEPT = 1e-5  # of the least population: relative size of elements that are followed
_MOST_ELEMENTS = 1 << 25
_MOST_UNKNOWNS = 20_000
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
    offsets = np.arange(-reach - 1, reach + 3)
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


class _Band:
    """Elements of the generator between ρ_mn, |m - n| ≤ K, of an endless chain, and the ways they lead."""

    def __init__(self, n_sites, reach, kept):
        self.n, self.reach, self.width, self.kept = n_sites, reach, 2 * reach + 1, kept
        self.offsets = np.arange(-reach - 1, reach + 3)
        self.parts: list[Any] = []

    def put(self, new, old, values):
        """Add ``values`` (sites, elements) from ρ of pairs `old` to pairs `new`, relative to the site."""
        site, large = np.nonzero(np.abs(values) > self.kept * np.abs(values).max())
        m, n, before, after = (index[large] for index in (*new, *old))
        rows = ((site + m) % self.n) * self.width + (n - m) + self.reach
        columns = ((site + before) % self.n) * self.width + (after - before) + self.reach
        self.parts.append((rows, columns, values[site, large], (m + n - before - after) / 2))

    def put_one_sided(self, operator):
        """Add Oρ + ρO† for an operator (sites, M, M)."""
        size = np.abs(operator).max(axis=0)
        i, j = np.nonzero(size > self.kept * size.max())
        n = np.arange(-2 * self.reach - 2, 2 * self.reach + 4)
        m, k = self.offsets[i][:, None], self.offsets[j][:, None]
        element, column = np.nonzero((np.abs(m - n) <= self.reach) & (np.abs(k - n) <= self.reach))
        m, k, n = self.offsets[i[element]], self.offsets[j[element]], n[column]
        values = operator[:, i[element], j[element]]
        self.put((m, n), (k, n), values)
        self.put((n, m), (n, k), values.conj())

    def put_jumps(self, jumps):
        """Add Σ L ρ L† for real L (sites, 3, M, M); return whether there was room."""
        size = np.abs(jumps).max(axis=(0, 1))
        left, right = np.nonzero(np.abs(self.offsets[:, None] - self.offsets) <= self.reach)
        both = size[np.ix_(left, left)] * size[np.ix_(right, right)]
        new, old = np.nonzero(both > self.kept * size.max() ** 2)
        if len(new) * self.n > _MOST_ELEMENTS:
            return False
        values = sum(
            jumps[:, c][:, left[new], left[old]] * jumps[:, c][:, right[new], right[old]] for c in range(3)
        )
        at = self.offsets
        self.put((at[left[new]], at[right[new]]), (at[left[old]], at[right[old]]), values)
        return True

    def _stop_leaks(self):
        """Give back what elements left out have lost of the trace, half to either site of each ρ_kl."""
        rows, columns, values, _ = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        every = np.arange(self.n * self.width)
        first, second = every // self.width, every % self.width - self.reach
        ends = first, (first + second) % self.n
        onto = rows % self.width == self.reach
        lost = np.zeros(len(every), dtype=complex)
        np.add.at(lost, columns[onto], values[onto])
        for site in ends:
            self.parts.append((site * self.width + self.reach, every, -lost / 2, np.zeros(len(every))))

    def diffusion_constant(self, deepest):
        """Return D and the least population; the norm replaces the equation of the site `deepest`."""
        from scipy.sparse import csc_array
        from scipy.sparse.linalg import splu

        self._stop_leaks()
        rows, columns, values, way = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        size, diagonal = self.n * self.width, np.arange(self.n) * self.width + self.reach
        first, second = (
            csc_array((values * way**power, (rows, columns)), shape=(size, size)) for power in (1, 2)
        )
        keep = rows != diagonal[deepest]  # it follows from the others
        norm = np.full(self.n, diagonal[deepest])
        places = np.append(rows[keep], norm), np.append(columns[keep], diagonal)
        solve = splu(csc_array((np.append(values[keep], np.ones(self.n)), places), shape=(size, size))).solve
        trace, one = np.zeros(size), np.zeros(size, dtype=complex)
        trace[diagonal], one[diagonal[deepest]] = 1.0, 1.0
        rho = solve(one)
        source = first @ rho
        source -= (trace @ source) * rho
        source[diagonal[deepest]] = 0.0
        D = 0.5 * trace @ (second @ rho) - trace @ (first @ solve(source))
        return float(D.real), float(rho[diagonal].real.min())


def _least_population(energies, hop, kT):
    """Return the least population of a site over the largest one, in exp(-H/kT)."""
    levels, states = np.linalg.eigh(hop * hamiltonian(ring(len(energies))) + np.diag(energies))
    populations = states**2 @ np.exp(-(levels - levels[0]) / kT)
    return populations.min() / populations.max()


def _diffusion_constant(energies, hop, coupling, jumps, kT, tolerance):
    before, agreed, previous, kept = np.nan, False, 0, _KEPT * _least_population(energies, hop, kT)
    for reach in _REACHES:
        if len(energies) * (2 * reach + 1) > _MOST_UNKNOWNS:
            break
        L, K = _operators(energies, hop, coupling, jumps, reach, kT)
        coherent = np.zeros(K.shape, dtype=complex)
        coherent[:, reach + 1, reach + 1] = -1j * energies
        coherent[:, reach + 1, [reach, reach + 2]] = -1j * hop
        band = _Band(len(energies), reach, kept)
        band.put_one_sided(coherent)
        band.put_one_sided(K)
        if not band.put_jumps(L):
            break
        D, least = band.diffusion_constant(int(np.argmin(energies)))
        agrees = least > 0 and abs(D - before) <= tolerance * D
        if agrees and agreed:
            return D
        before, agreed, previous = D, agrees, reach
    rule = "hotter or stronger, or on fewer sites, for coherences short enough to be followed"
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
    `frenkel.diffusion_constant` at the bath's Γ, and for a weak bath and strong disorder a walk between
    localized eigenstates. Between these it is of second order in what the frame leaves, and compared with the
    hierarchy in the tests.

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
