"""Wave packets without noise on many disordered chains at once: how they spread and where they stop."""

from __future__ import annotations

import warnings
from typing import NamedTuple

import numpy as np

from .. import _check
from .._engines.chains import check_affordable, in_chunks
from .._types import ArrayLike, ComplexArray, FloatArray
from ..system.hamiltonians import hamiltonian
from ..system.lattices import chain
from .wavefunctions import return_probability, wave_packet


class CoherentSpread(NamedTuple):
    """What `coherent_spread` returns: each of shape (..., t), and the mean of all chains, shape (t, n)."""

    msd: FloatArray
    diffusivity: FloatArray
    return_probability: FloatArray
    mean_populations: FloatArray


def evolve_chains(site_energies: ArrayLike, psi0: ArrayLike, times: ArrayLike) -> ComplexArray:
    r"""Return wavefunctions of many disordered open chains: :math:`\psi(t) = \mathrm e^{-\mathrm iHt}\psi_0`.

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

    Raises
    ------
    ValueError, TypeError
        If `psi0` is not one normalized state of a chain, or `times` do not increase or reach so far that the
        answer would take many minutes.

    Notes
    -----
    Exact to rounding. For one chain of many sites, or any other lattice, use
    `frenkel.evolve_state`.

    Examples
    --------
    >>> import numpy as np
    >>> psi = evolve_chains([[0.0, 0.0], [0.0, 50.0]], [1, 0], [np.pi / 2])  # two dimers
    >>> (abs(psi[0]) ** 2).round(2).tolist()
    [[0.0, 1.0], [1.0, 0.0]]
    """
    energies = _check.chains(site_energies, 2)
    psi0 = _check.state("psi0", psi0, energies.shape[-1])
    if psi0.ndim != 1:
        _check.fail("psi0", "one state, of shape (n_sites,)", f"of shape {psi0.shape}")
    times = _check.times("times", times)
    check_affordable(energies, times)
    chains = energies.reshape(-1, energies.shape[-1])
    states = np.empty((len(times), *chains.shape), dtype=complex)
    for chunk, psi, center in in_chunks(chains, psi0, times):
        states[:, chunk] = psi * np.exp(-1j * times[:, None, None] * center[:, None])
    return states.reshape(len(times), *energies.shape)


def coherent_spread(
    site_energies: ArrayLike, times: ArrayLike, *, width: float = 0.0, momentum: float = 0.0
) -> CoherentSpread:
    r"""Return MSD, D(t) and return probability of a wave packet without noise, for many chains at once.

    .. math:: \mathrm{MSD} = \sum_n |\psi_n|^2 (n - n_0)^2,\qquad
              D = \tfrac12\frac{\mathrm d\,\mathrm{MSD}}{\mathrm dt}
              = \sum_n 2\operatorname{Im}(\psi_{n+1}^*\psi_n) \left(n + \tfrac12 - n_0\right)

    The return probability is that of `frenkel.motion.wavefunctions.return_probability`. D(t) comes from the
    current through each bond, exactly, not from differences in time.

    Parameters
    ----------
    site_energies : array, shape (..., n)
        Open chains, in units of J; the packet starts at site n₀ = n // 2.
    times : array, shape (t,)
        Strictly increasing times ≥ 0 in ħ/J.
    width : float
        Standard deviation b of the initial *probability* in lattice constants; 0 for a single site.
    momentum : float
        Wave number q of the packet in inverse lattice constants; its energy is 2 cos q, so q = 0 is a
        band edge and π/2 the band center, where it moves with speed 2.

    Returns
    -------
    CoherentSpread
        (msd, diffusivity, return_probability), each of shape (..., t), and mean_populations, |ψ|² averaged
        over all chains, shape (t, n). The average of the others over chains is ``diffusivity.mean(axis=0)``,
        its standard error ``diffusivity.std(axis=0, ddof=1) / m**0.5``.

    Raises
    ------
    ValueError, TypeError
        If `width` is negative, or `times` do not increase or reach so far that the answer would take many
        minutes.

    Warns
    -----
    ConvergenceWarning
        If what reaches the two ends makes up more than 0.1 % of the MSD, with a length that would do.

    Examples
    --------
    >>> import numpy as np
    >>> spread = coherent_spread(np.zeros(41), [0.0, 1.0, 2.0])  # 2t² and 2t
    >>> spread.msd.round(6).tolist(), spread.diffusivity.round(6).tolist()
    ([0.0, 2.0, 8.0], [0.0, 2.0, 4.0])
    """
    energies = _check.chains(site_energies, 2)
    n_sites = energies.shape[-1]
    width = _check.scalar("width", width, _check.non_negative)
    start = wave_packet(n_sites, n_sites // 2, width=width, momentum=momentum)
    times = _check.times("times", times)
    check_affordable(energies, times)
    chains = energies.reshape(-1, n_sites)
    away = np.arange(n_sites) - n_sites // 2
    msd, diffusivity, back = np.empty((3, len(times), len(chains)))
    mean_populations = np.zeros((len(times), n_sites))
    for chunk, psi, _ in in_chunks(chains, start, times):  # psi [time, chain, site]
        populations = psi.real**2 + psi.imag**2
        mean_populations += populations.sum(axis=1) / len(chains)
        current = 2 * (psi.real[..., 1:] * psi.imag[..., :-1] - psi.imag[..., 1:] * psi.real[..., :-1])
        msd[:, chunk] = populations @ away**2
        diffusivity[:, chunk] = current @ (away[:-1] + 0.5)
        back[:, chunk] = return_probability(psi, start)
    at_ends = mean_populations[:, [0, -1]].sum(axis=1) * (n_sites / 2) ** 2
    enough = int(4 * times[-1] + 12 * width) + 40
    if n_sites < enough and (at_ends > 1e-3 * msd.mean(axis=1)).any():
        warnings.warn(
            f"The packet reaches the ends of the {n_sites} sites of `site_energies`. "
            f"Use at least {enough} sites, or shorter `times`.",
            _check.ConvergenceWarning,
            stacklevel=2,
        )
    shape = (*energies.shape[:-1], len(times))
    msd, diffusivity, back = (values.T.reshape(shape) for values in (msd, diffusivity, back))
    return CoherentSpread(msd, diffusivity, back, mean_populations)


def long_time_populations(site_energies: ArrayLike, psi0: ArrayLike) -> FloatArray:
    r"""Return the populations of each open chain averaged over infinite time.

    .. math:: \bar P_n = \sum_j |\langle n|j\rangle|^2\,|\langle j|\psi_0\rangle|^2

    The diagonal ensemble of the eigenstates j, of which an open chain has no two of equal energy. Where
    they are localized the packet never leaves: its MSD saturates at :math:`\sum_n \bar P_n\,(n - n_0)^2`.

    Parameters
    ----------
    site_energies : array, shape (..., n)
    psi0 : array, shape (n,)
        Normalized initial amplitudes, the same on every chain.

    Returns
    -------
    array, shape (..., n)

    Raises
    ------
    ValueError, TypeError
        If `psi0` is not one normalized state of a chain.

    Examples
    --------
    >>> long_time_populations([0.0, 0.0], [1, 0]).round(3).tolist()
    [0.5, 0.5]
    """
    energies = _check.chains(site_energies, 2)
    n_sites = energies.shape[-1]
    psi0 = _check.state("psi0", psi0, n_sites)
    if psi0.ndim != 1:
        _check.fail("psi0", "one state, of shape (n_sites,)", f"of shape {psi0.shape}")
    result = np.empty(energies.shape)
    for index in np.ndindex(energies.shape[:-1]):
        _, vectors = np.linalg.eigh(hamiltonian(chain(n_sites), energies[index]))
        result[index] = vectors**2 @ np.abs(psi0 @ vectors) ** 2
    return result
