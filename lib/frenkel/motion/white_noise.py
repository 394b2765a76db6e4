r"""Haken–Strobl–Reineker dephasing: stochastic trajectories and the master equation they average to.

White noise :math:`\xi_n(t)` on every site, with the correlation (paper, Eq. 6)

.. math:: \langle \xi_n(t)\,\xi_m(t') \rangle = \Gamma\,\delta_{nm}\,\delta(t - t'),

averages exactly to

.. math:: \dot\rho = -\mathrm i[H, \rho] - \Gamma\,(\rho - \operatorname{diag}\,\rho):

every coherence decays at Γ, populations are untouched. A time step dt kicks the phase of each site by a
Gaussian of standard deviation √(Γ dt), not √Γ dt.
"""

from __future__ import annotations

import numpy as np

from .. import _check
from .._engines import master_equation
from .._engines.noisy_steps import check_step, sample
from .._types import ArrayLike, ComplexArray, Matrix, Seed


def evolve_density(H: Matrix, rho0: ArrayLike, times: ArrayLike, *, dephasing: float = 0.0) -> ComplexArray:
    r"""Return density matrices under the Haken–Strobl–Reineker master equation.

    .. math:: \dot\rho = -\mathrm i[H, \rho] - \Gamma\,(\rho - \operatorname{diag}\,\rho)

    Parameters
    ----------
    H : array or sparse array, shape (n, n)
        Hermitian, in units of J.
    rho0 : array, shape (..., n, n)
        Density matrices at time 0: Hermitian, positive, of trace 1.
    times : array, shape (t,)
        Strictly increasing times ≥ 0 in ħ/J.
    dephasing : float
        Γ ≥ 0 in J/ħ.

    Returns
    -------
    complex array, shape (t, ..., n, n)

    Raises
    ------
    ValueError, TypeError
        If H or `rho0` is not what it should be, `dephasing` negative, or `times` do not increase.

    Notes
    -----
    The noise average of Eqs. 3 to 6 of the paper (Haken and Strobl, Z. Phys. 262, 135 (1973)).

    Examples
    --------
    >>> import numpy as np
    >>> from frenkel import chain, hamiltonian
    >>> rho = evolve_density(hamiltonian(chain(2)), np.diag([1.0, 0.0]), [50.0], dephasing=1.0)
    >>> np.round(rho[0].real, 6).tolist()
    [[0.5, 0.0], [0.0, 0.5]]
    """
    H = _check.hamiltonian(H)
    rho0 = _check.density(rho0, H.shape[0])
    times = _check.times("times", times)
    dephasing = _check.scalar("dephasing", dephasing, _check.non_negative)
    return master_equation.evolve(H, rho0, times, dephasing)


def trajectories(
    H: Matrix,
    psi0: ArrayLike,
    times: ArrayLike,
    *,
    dephasing: float,
    n_trajectories: int,
    rng: Seed = None,
    max_step: float | None = None,
) -> ComplexArray:
    r"""Return wavefunctions under sampled white noise on every site.

    .. math:: \mathrm i\,\mathrm d|\psi\rangle = \Big(H + \sum_n \xi_n(t)\,|n\rangle\langle n|\Big)
              |\psi\rangle\,\mathrm dt

    Parameters
    ----------
    H : array or sparse array, shape (n, n)
        Hermitian, in units of J; any lattice.
    psi0 : array, shape (n,)
        Normalized initial amplitudes, the same for every trajectory.
    times : array, shape (t,)
        Strictly increasing times ≥ 0 in ħ/J.
    dephasing : float
        Γ ≥ 0 in J/ħ.
    n_trajectories : int
        Number of noise realizations.
    rng : None, int, SeedSequence or Generator
        Source of randomness.
    max_step : float, optional
        Longest time step; by default short enough for the step error of populations to stay below 10⁻³.

    Returns
    -------
    complex array, shape (n_trajectories, t, n)
        Each of norm 1; averages of :math:`|\psi_n|^2` over the first axis tend to the populations of
        `evolve_density` with an error that falls as the inverse square root of their number.

    Raises
    ------
    ValueError, TypeError
        As in `evolve_density`.

    Warns
    -----
    ConvergenceWarning
        If `max_step` is too long for populations good to a few per cent, with the step that would do.

    Notes
    -----
    Symmetric splitting: half a phase kick, :math:`\mathrm e^{-\mathrm iH\,\mathrm dt}`, half a kick; each
    step kicks the phase of site n by a Gaussian of standard deviation √(Γ dt). The method of the paper (Eqs.
    3 to 6), with noise that is diagonal in the sites.

    Examples
    --------
    >>> from frenkel import chain, hamiltonian
    >>> psi = trajectories(hamiltonian(chain(2)), [1, 0], [1.0], dephasing=0.5, n_trajectories=3, rng=1)
    >>> (abs(psi) ** 2).sum(axis=-1).round(12).tolist()
    [[1.0], [1.0], [1.0]]
    """
    H, psi0, times, n_trajectories, rng = _check.trajectories(H, psi0, times, n_trajectories, rng)
    dephasing = _check.scalar("dephasing", dephasing, _check.non_negative)
    max_step = check_step(H, dephasing, max_step)

    def kick(psi: ComplexArray, dt: float) -> ComplexArray:
        return psi * np.exp(1j * np.sqrt(dephasing * dt) * rng.standard_normal(psi.shape))

    return sample(H, psi0, times, n_trajectories, max_step, kick if dephasing else None)
