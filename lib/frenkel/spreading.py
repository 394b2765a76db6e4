r"""Wave packets without noise on many disordered chains at once.

ψ(t) = exp(-iHt) ψ(0) is expanded in Chebyshev polynomials of h = (H - center) / radius,

.. math:: \psi(t) = e^{-i\,\mathrm{center}\,t} \sum_k (2 - \delta_{k0}) (-i)^k J_k(\mathrm{radius}\,t)\,
          T_k(h)\,\psi(0),\qquad T_{k+1} = 2 h T_k - T_{k-1}.

H is real, so the T_k(h) ψ(0) stay real if ψ(0) is: one recursion with a three-point stencil serves all
chains, and one matrix product of its terms with the coefficients serves all times.
"""

import warnings
from typing import NamedTuple

import numpy as np

from . import _check
from ._propagate import _coefficients
from .coherent import check_state, return_probability, wave_packet
from .hamiltonian import hamiltonian
from .lattice import chain
from .levels import check_chains, check_size

_BLOCK = 32  # terms that meet the coefficients in one product; even, because odd terms are imaginary
_CHUNK = 1 << 18  # elements of (times × chains × sites) that are worked on at once: they fit in a cache
_LONGEST = 300.0  # radius times the duration of one expansion
_AFFORDABLE = 1e10  # applications of H to one site: about a minute; more than that is refused


class CoherentSpread(NamedTuple):
    """What `coherent_spread` returns, each of shape (..., t)."""

    msd: np.ndarray
    diffusivity: np.ndarray
    return_probability: np.ndarray


def _check_chains(site_energies):
    """Return site energies of chains of at least two sites as a checked array (..., n)."""
    energies = check_size("site_energies", check_chains(site_energies))
    if energies.shape[-1] < 2:
        _check.fail("site_energies", "at least 2 sites along the last axis", f"of shape {energies.shape}")
    return energies


def _twice_stencil(x, detuning, hopping, out):
    """Write 2 h x into `out`: detuning and hopping come doubled."""
    np.add(x[..., 2:], x[..., :-2], out=out[..., 1:-1])
    out[..., 0], out[..., -1] = x[..., 1], x[..., -2]
    out *= hopping
    out += detuning * x


def _segment(parts, durations, detuning, radius):
    """Return Σ_k (2 - δ_k0) (-i)^k J_k(radius t) T_k(h) ψ, real and imaginary part, each [time, chain, site].

    `parts` is [real, imaginary] or, for real ψ, [real]; `detuning` is twice the diagonal of h.
    """
    coefficients = _coefficients(durations, radius, 0.0)  # [order, time]
    orders = len(coefficients)
    terms = np.empty((_BLOCK + 2, *parts.shape))  # the last two of the block before, then a block of new ones
    terms[2] = parts
    _twice_stencil(parts, detuning, 2 / radius, terms[3])
    terms[3] /= 2
    even, odd = np.zeros((2, len(durations), *parts.shape))
    signs = np.where(np.arange(_BLOCK) // 2 % 2, -1.0, 1.0)[:, None]
    for first in range(0, orders, _BLOCK):
        for row in range(4 if first == 0 else 2, min(_BLOCK, orders - first) + 2):
            _twice_stencil(terms[row - 1], detuning, 2 / radius, terms[row])
            terms[row] -= terms[row - 2]
        weights = coefficients[first : first + _BLOCK] * signs[: orders - first]
        late = int((np.abs(weights).max(axis=0) > 1e-17).argmax())  # before this time none of them matters
        flat = terms[2 : len(weights) + 2].reshape(len(weights), -1)
        for sums, parity in ((even, 0), (odd, 1)):
            sums[late:].reshape(-1, flat.shape[1])[...] += weights[parity::2, late:].T @ flat[parity::2]
        terms[:2] = terms[_BLOCK:]
    if len(parts) == 1:
        return even[:, 0], -odd[:, 0]
    return even[:, 0] + odd[:, 1], even[:, 1] - odd[:, 0]


def _evolve(energies, start, times):
    """Return states (t, m, n) but for a phase exp(-i center t), and the centers (m,), of chains (m, n)."""
    center = (energies.max(axis=-1) + energies.min(axis=-1)) / 2
    radius = np.ptp(energies, axis=-1).max() / 2 + 2.0
    detuning = 2 * (energies - center[:, None]) / radius
    parts = np.stack([start.real, start.imag] if start.imag.any() else [start.real])
    parts = np.broadcast_to(parts[:, None], (len(parts), *energies.shape))
    states = np.empty((len(times), *energies.shape), dtype=complex)
    now, done = 0.0, 0
    while done < len(times):
        last = np.searchsorted(times, now + _LONGEST / radius, side="right")
        end = times[-1] if last == len(times) else now + _LONGEST / radius
        real, imag = _segment(parts, np.append(times[done:last], end) - now, detuning, radius)
        states[done:last].real, states[done:last].imag = real[:-1], imag[:-1]
        parts, now, done = np.stack([real[-1], imag[-1]]), end, last
    return states, center


def _in_chunks(chains, start, times):
    """Yield (slice of the chains, what `_evolve` returns for them)."""
    size = max(_CHUNK // (max(len(times), _BLOCK) * chains.shape[-1]), 1)
    for first in range(0, len(chains), size):
        chunk = slice(first, first + size)
        yield chunk, *_evolve(chains[chunk], start, times)


def _check_affordable(energies, times):
    """Refuse what would take minutes."""
    longest = _AFFORDABLE / (energies.size * (np.ptp(energies, axis=-1).max() / 2 + 2.0))
    if times[-1] > longest:
        _check.fail("times", f"below {longest:.2g} for {energies.size} sites", float(times[-1]))


def evolve_chains(site_energies, psi0, times):
    r"""Return wavefunctions of many disordered open chains: :math:`\psi(t) = e^{-iHt}\psi_0`.

    Parameters
    ----------
    site_energies : array, shape (..., n)
        In units of J; leading axes are independent chains.
    psi0 : array, shape (n,)
        Normalized initial amplitudes, the same on every chain.
    times : array, shape (t,)
        Strictly increasing times ≥ 0 in ħ/J.

    Returns
    -------
    complex array, shape (t, ..., n)

    Notes
    -----
    Exact to rounding. For one chain of many sites, or any other lattice, use `frenkel.evolve_state`.

    Examples
    --------
    >>> psi = evolve_chains([[0.0, 0.0], [0.0, 50.0]], [1, 0], [np.pi / 2])  # two dimers
    >>> (abs(psi[0]) ** 2).round(2).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    energies = _check_chains(site_energies)
    psi0 = check_state("psi0", psi0, energies.shape[-1])
    if psi0.ndim != 1:
        _check.fail("psi0", "one state, of shape (n_sites,)", f"of shape {psi0.shape}")
    times = _check.times("times", times)
    _check_affordable(energies, times)
    chains = energies.reshape(-1, energies.shape[-1])
    states = np.empty((len(times), *chains.shape), dtype=complex)
    for chunk, psi, center in _in_chunks(chains, psi0, times):
        states[:, chunk] = psi * np.exp(-1j * times[:, None, None] * center[:, None])
    return states.reshape(len(times), *energies.shape)


def coherent_spread(site_energies, times, *, width=0.0, momentum=0.0):
    r"""Return MSD, D(t) and return probability of a wave packet without noise, for many chains at once.

    .. math:: \mathrm{MSD} = \sum_n |\psi_n|^2 (n - n_0)^2,\qquad
              D = \tfrac12\frac{d\,\mathrm{MSD}}{dt} = \sum_n 2\,\mathrm{Im}(\psi_{n+1}^*\psi_n)
              \left(n + \tfrac12 - n_0\right),\qquad R = |\langle\psi(0)|\psi(t)\rangle|^2

    D(t) comes from the current through each bond, exactly, not from differences in time.

    Parameters
    ----------
    site_energies : array, shape (..., n)
        Open chains, in units of J; the packet starts at site n₀ = n // 2.
    times : array, shape (t,)
        Strictly increasing times ≥ 0 in ħ/J.
    width : float
        Standard deviation of the initial *probability* in lattice constants; 0 for a single site.
    momentum : float
        Quasi-momentum k of the packet in inverse lattice constants; its energy is 2 cos k, so k = 0 is a
        band edge and π/2 the band center, where it moves with speed 2.

    Returns
    -------
    CoherentSpread
        (msd, diffusivity, return_probability), each of shape (..., t). The average over chains is
        ``diffusivity.mean(axis=0)``, its standard error ``diffusivity.std(axis=0, ddof=1) / m**0.5``.

    Warns
    -----
    ConvergenceWarning
        If what reaches the two ends makes up more than 0.1 % of the MSD, with a length that would do.

    Examples
    --------
    >>> spread = coherent_spread(np.zeros(41), [0.0, 1.0, 2.0])  # 2t² and 2t
    >>> spread.msd.round(6).tolist(), spread.diffusivity.round(6).tolist()
    ([0.0, 2.0, 8.0], [0.0, 2.0, 4.0])
    """
    energies = _check_chains(site_energies)
    n_sites = energies.shape[-1]
    width = _check.scalar("width", width, _check.non_negative)
    start = wave_packet(n_sites, n_sites // 2, width=width, momentum=momentum)
    times = _check.times("times", times)
    _check_affordable(energies, times)
    chains = energies.reshape(-1, n_sites)
    away = np.arange(n_sites) - n_sites // 2
    msd, diffusivity, back = np.empty((3, len(times), len(chains)))
    at_ends = np.zeros(len(times))
    for chunk, psi, _ in _in_chunks(chains, start, times):  # psi [time, chain, site]
        populations = psi.real**2 + psi.imag**2
        current = 2 * (psi.real[..., 1:] * psi.imag[..., :-1] - psi.imag[..., 1:] * psi.real[..., :-1])
        msd[:, chunk] = populations @ away**2
        diffusivity[:, chunk] = current @ (away[:-1] + 0.5)
        back[:, chunk] = return_probability(psi, start)
        at_ends += populations[..., [0, -1]].sum(axis=(1, 2)) * (n_sites / 2) ** 2
    enough = int(4 * times[-1] + 12 * width) + 40
    if n_sites < enough and (at_ends > 1e-3 * msd.sum(axis=1)).any():
        warnings.warn(
            f"The packet reaches the ends of the {n_sites} sites of `site_energies`. "
            f"Use at least {enough} sites, or shorter `times`.",
            _check.ConvergenceWarning,
            stacklevel=2,
        )
    return CoherentSpread(*(x.T.reshape(*energies.shape[:-1], len(times)) for x in (msd, diffusivity, back)))


def long_time_populations(site_energies, psi0):
    r"""Return the populations of each open chain averaged over infinite time.

    .. math:: \bar P_n = \sum_k |\langle n|k\rangle|^2\,|\langle k|\psi_0\rangle|^2

    The diagonal ensemble of the eigenstates |k⟩, of which an open chain has no two of equal energy. Where
    they are localized the packet never leaves: its MSD saturates at Σ P̄_n (n - n₀)².

    Parameters
    ----------
    site_energies : array, shape (..., n)
    psi0 : array, shape (n,)
        Normalized initial amplitudes, the same on every chain.

    Returns
    -------
    array, shape (..., n)

    Examples
    --------
    >>> long_time_populations([0.0, 0.0], [1, 0]).round(3).tolist()
    [0.5, 0.5]
    """
    energies = _check_chains(site_energies)
    n_sites = energies.shape[-1]
    psi0 = check_state("psi0", psi0, n_sites)
    if psi0.ndim != 1:
        _check.fail("psi0", "one state, of shape (n_sites,)", f"of shape {psi0.shape}")
    result = np.empty(energies.shape)
    for index in np.ndindex(energies.shape[:-1]):
        _, vectors = np.linalg.eigh(hamiltonian(chain(n_sites), energies[index]))
        result[index] = vectors**2 @ np.abs(psi0 @ vectors) ** 2
    return result
