"""Wave packets without noise: the Schrödinger equation on a lattice."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._engines.matrices import evolve
from .._types import ArrayLike, ComplexArray, FloatOrArray, Matrix
from .measures import mean_squared_displacement


def wave_packet(n_sites: int, center: float, *, width: float = 0.0, momentum: float = 0.0) -> ComplexArray:
    r"""Return a Gaussian wave packet whose *probability* has standard deviation `width`.

    .. math:: \psi_n \propto \exp\left(-\frac{(n-n_0)^2}{4b^2} + \mathrm iqn\right)

    Parameters
    ----------
    n_sites : int
    center : float
        n₀, a site for ``width=0``.
    width : float
        b ≥ 0 in lattice constants; 0 puts all the weight on the site `center`.
    momentum : float
        Wave number q in inverse lattice constants.

    Returns
    -------
    complex array, shape (n_sites,), of norm 1

    Raises
    ------
    ValueError, TypeError
        If `center` is not on the chain, or between two sites while `width` is 0.

    Examples
    --------
    >>> wave_packet(3, 1).tolist()
    [0j, (1+0j), 0j]
    """
    n_sites = _check.integer("n_sites", n_sites, 1)
    center = _check.scalar("center", center, _check.array)
    width = _check.scalar("width", width, _check.non_negative)
    momentum = _check.scalar("momentum", momentum, _check.array)
    if not 0 <= center <= n_sites - 1:
        _check.fail("center", f"between 0 and {n_sites - 1}", center)
    site = np.arange(n_sites)
    if width == 0:
        if center != round(center):
            _check.fail("center", "a whole site number when `width` is 0", center)
        return (site == center).astype(complex)
    exponent = -(((site - center) / (2 * max(width, 1e-6))) ** 2)  # narrower ones are on one site, or on two
    state = np.exp(exponent - exponent.max() + 1j * momentum * site)
    return state / np.linalg.norm(state)


def evolve_state(H: Matrix, psi0: ArrayLike, times: ArrayLike) -> ComplexArray:
    r"""Return wavefunctions without noise: :math:`|\psi(t)\rangle = \mathrm e^{-\mathrm iHt}|\psi_0\rangle`.

    Parameters
    ----------
    H : array or sparse array, shape (n, n)
        Hermitian, in units of J.
    psi0 : array, shape (..., n)
        Normalized initial amplitudes.
    times : array, shape (t,)
        Strictly increasing times ≥ 0 in ħ/J.

    Returns
    -------
    complex array, shape (t, ..., n)

    Raises
    ------
    ValueError, TypeError
        If H is not Hermitian, `psi0` not normalized or of another size, or `times` do not increase.

    Notes
    -----
    Chebyshev expansion, exact to rounding; about one multiplication by H for each unit of half the bandwidth
    times the time.

    Examples
    --------
    >>> import numpy as np
    >>> from frenkel import chain, hamiltonian
    >>> psi = evolve_state(hamiltonian(chain(2)), [1, 0], [np.pi / 4])  # half a Rabi cycle of a dimer
    >>> np.round(abs(psi[0]) ** 2, 12).tolist()
    [0.5, 0.5]
    """
    H = _check.hamiltonian(H)
    psi0 = _check.state("psi0", psi0, H.shape[0])
    times = _check.times("times", times)
    return evolve(H, psi0, times)


def return_probability(psi: ArrayLike, psi0: ArrayLike) -> FloatOrArray:
    r"""Return the probability of finding the initial state again: :math:`|\langle\psi_0|\psi(t)\rangle|^2`.

    Parameters
    ----------
    psi : array, shape (..., n)
        Normalized states, as `evolve_state` returns them.
    psi0 : array, shape (n,)

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError, TypeError
        If a state is not normalized, or the two have different numbers of sites.

    Notes
    -----
    On an infinite clean chain :math:`J_0(2t)^2`, which falls off as 1/t; in a localized chain its long-time
    average stays above zero: Anderson's own criterion (Phys. Rev. 109, 1492 (1958)).

    Examples
    --------
    >>> print(return_probability([[0.6, 0.8]], [1, 0]).round(2))
    [0.36]
    """
    psi0 = _check.array("psi0", psi0, "an array (n_sites,) of finite amplitudes", ndim=1, dtype=complex)
    psi0 = _check.state("psi0", psi0, len(psi0))
    psi = _check.state("psi", psi, len(psi0))
    return np.abs(psi @ psi0.conj()) ** 2


def excess_kurtosis(populations: ArrayLike, displacements: ArrayLike) -> FloatOrArray:
    r"""Return how far a profile is from a Gaussian of the same width.

    .. math:: \mathcal K = \frac{\langle x^4\rangle}{\langle x^2\rangle^2} - 3

    0 for a Gaussian, 3 for a two-sided exponential, -3/2 for a point excitation on a clean chain at long
    times, whose weight has run to the two fronts.

    Parameters
    ----------
    populations : array, shape (..., n)
        :math:`P_n`, non-negative, not all on the starting site.
    displacements : array, shape (n,)
        :math:`x_n` in lattice constants, measured from the start.

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError, TypeError
        If `populations` are negative, all on the starting site, or not one for each displacement.

    Examples
    --------
    >>> float(excess_kurtosis([0.5, 0.0, 0.5], [-1.0, 0.0, 1.0]))
    -2.0
    """
    away = _check.array("displacements", displacements, ndim=1)
    away = away / (np.abs(away).max() or 1.0)  # units drop out; so no power is too small for a float
    second = mean_squared_displacement(populations, away)
    if (second <= 0).any():
        _check.fail("populations", "spread beyond the starting site", "not")
    weight = np.sum(populations, axis=-1)
    second = second / weight
    return mean_squared_displacement(populations, away**2) / weight / second**2 - 3
