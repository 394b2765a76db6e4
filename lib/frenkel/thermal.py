r"""A bath of finite temperature: rates that know uphill from downhill.

Haken–Strobl–Reineker noise is infinitely hot: it drives any excitation to equal populations. A bath at
temperature T obeys detailed balance,

.. math:: \frac{k_{i\to j}}{k_{j\to i}} = \mathrm e^{-(E_j - E_i)/k_\mathrm BT} .

Its correlation spectrum

.. math:: C(\omega) = \Gamma\,\frac{\beta\omega}{1 - \mathrm e^{-\beta\omega}},
          \qquad \beta = \frac{1}{k_\mathrm BT},

(Ohmic; ħω > 0 is energy given to the bath) is white, C = Γ, for :math:`k_\mathrm BT \to \infty`, and always
C(0) = Γ: pure dephasing is as in the model without temperature, and only the quanta exchanged know about T.

Rates stand in a matrix with the one from i to j in row j and column i: :math:`k_{i\to j}` is ``rates[j, i]``.
"""

from __future__ import annotations

import numpy as np

from . import _check
from ._types import ArrayLike, FloatArray, FloatOrArray, Matrix
from .coherent import check_hamiltonian

_MOST_HOPS = 1e9  # rate times time: more leaves less than seven digits of a matrix exponential


def _bath_factor(energy, thermal_energy):
    """x / (1 - exp(-x)) with x = energy / k_B T: 1 at 0, x for large x, -x exp(x) for large negative x."""
    with np.errstate(over="ignore"):
        x = np.clip(energy / thermal_energy, -1e300, 1e300)
    small = np.abs(x) < 1e-8
    size = np.where(small, 1.0, np.abs(x))
    downhill = size / -np.expm1(-size)
    return np.where(small, 1 + x / 2, np.where(x > 0, downhill, downhill * np.exp(-size)))


def thermal_hopping_rate(
    energy_change: ArrayLike, dephasing: ArrayLike, thermal_energy: ArrayLike
) -> FloatOrArray:
    r"""Return the rate of hopping between two sites coupled by J = 1, with detailed balance.

    .. math:: k = \frac{2\Gamma}{\Gamma^2 + \delta\varepsilon^2}\;
              \frac{\beta\,\delta\varepsilon}{\mathrm e^{\beta\,\delta\varepsilon} - 1},\qquad
              \delta\varepsilon = E_\mathrm{final} - E_\mathrm{initial}

    An interpolation between two limits: for :math:`k_\mathrm BT \to \infty` the rate of Haken, Strobl and
    Reineker (`frenkel.exact.hopping_rate`), and where Γ and J are much smaller than
    :math:`|\delta\varepsilon|` that of second-order perturbation theory with the Ohmic bath
    (`redfield_rates`), :math:`2\,C(-\delta\varepsilon)/\delta\varepsilon^2`.

    `energy_change` δε in J, `dephasing` Γ > 0 in J/ħ, `thermal_energy` :math:`k_\mathrm BT` > 0 in J; they
    broadcast.

    >>> up, down = thermal_hopping_rate([2.0, -2.0], 1.0, 1.0)
    >>> print(f"{up / down:.4f}")  # exp(-2)
    0.1353
    """
    change, dephasing = _check.array("energy_change", energy_change), _check.positive("dephasing", dephasing)
    thermal_energy = _check.positive("thermal_energy", thermal_energy)
    _check.together(energy_change=change, dephasing=dephasing, thermal_energy=thermal_energy)
    return (2 * dephasing / (dephasing**2 + change**2) * _bath_factor(-change, thermal_energy))[()]


def marcus_rate(
    energy_change: ArrayLike, reorganization_energy: ArrayLike, thermal_energy: ArrayLike
) -> FloatOrArray:
    r"""Return Marcus's rate between two sites coupled by J = 1.

    .. math:: k = \sqrt{\frac{\pi}{\lambda k_\mathrm BT}}\,
              \exp\!\left[-\frac{(\delta\varepsilon + \lambda)^2}{4 \lambda k_\mathrm BT}\right]

    Slow classical modes with reorganization energy λ: fluctuating gaps of variance
    :math:`2\lambda k_\mathrm BT` that have no time to change during a hop
    (:math:`J \ll \sqrt{\lambda k_\mathrm BT}`); fastest downhill by λ. Marcus, J. Chem. Phys. 24, 966 (1956),
    in the form of Levich. In laboratory units: `frenkel.film.marcus_rate`.

    `energy_change` δε, final less initial energy, in J; `reorganization_energy` λ > 0 and `thermal_energy`
    :math:`k_\mathrm BT` > 0 in J; they broadcast.

    >>> up, down = marcus_rate([2.0, -2.0], 3.0, 1.0)
    >>> print(f"{up / down:.4f}")  # exp(-2)
    0.1353
    """
    change = _check.array("energy_change", energy_change)
    reorganization = _check.positive("reorganization_energy", reorganization_energy)
    thermal_energy = _check.positive("thermal_energy", thermal_energy)
    _check.together(energy_change=change, reorganization_energy=reorganization, thermal_energy=thermal_energy)
    width = 4 * reorganization * thermal_energy
    return (np.sqrt(4 * np.pi / width) * np.exp(-((change + reorganization) ** 2) / width))[()]


def redfield_rates(H: Matrix, *, dephasing: float, thermal_energy: float) -> tuple[FloatArray, FloatArray]:
    r"""Return (energies, rates) between the eigenstates of H, in the secular approximation.

    .. math:: k_{i\to j} = C(E_i - E_j) \sum_n |\langle n|i\rangle|^2\, |\langle n|j\rangle|^2

    Every site has an independent Ohmic bath with the spectrum C of the module's head.

    Parameters
    ----------
    H : array or sparse array, shape (n, n)
        Hermitian, in units of J.
    dephasing : float
        Γ ≥ 0 in J/ħ, small against the gaps between levels that share sites.
    thermal_energy : float
        :math:`k_\mathrm BT` > 0 in J.

    Returns
    -------
    energies : array, shape (n,)
        Ascending.
    rates : array, shape (n, n)
        ``rates[j, i]`` from i to j; the diagonal is zero.

    Raises
    ------
    ValueError, TypeError
        If H is not Hermitian, `dephasing` negative, or `thermal_energy` not positive.

    Notes
    -----
    Redfield, IBM J. Res. Dev. 1, 19 (1957); the book by May and Kühn, *Charge and Energy Transfer Dynamics in
    Molecular Systems* (Wiley-VCH, 2011). For :math:`k_\mathrm BT \to \infty` the populations follow the
    secular part of the Haken–Strobl–Reineker equation.

    Examples
    --------
    >>> energies, rates = redfield_rates([[0.0, 1.0], [1.0, 0.0]], dephasing=0.2, thermal_energy=2.0)
    >>> print(f"{rates[1, 0] / rates[0, 1]:.4f}")  # exp(-1)
    0.3679
    """
    H = check_hamiltonian(H.toarray() if hasattr(H, "toarray") else H)
    dephasing = _check.scalar("dephasing", dephasing, _check.non_negative)
    thermal_energy = _check.scalar("thermal_energy", thermal_energy, _check.positive)
    energies, states = np.linalg.eigh(H)
    weights = np.abs(states) ** 2  # [site, state]
    given = energies - energies[:, None]  # [b, a]: E_a - E_b, which the bath takes
    rates = dephasing * _bath_factor(given, thermal_energy) * (weights.T @ weights)
    np.fill_diagonal(rates, 0.0)
    return energies, rates


def _check_rates(rates: ArrayLike) -> FloatArray:
    rates = _check.non_negative("rates", rates)
    if rates.ndim != 2 or rates.shape[0] != rates.shape[1]:
        _check.fail("rates", "of shape (n, n)", f"of shape {rates.shape}")
    if np.diagonal(rates).any():
        _check.fail("rates", "zero on the diagonal", "not zero there")
    return rates - np.diag(rates.sum(axis=0))


def evolve_populations(rates: ArrayLike, populations: ArrayLike, times: ArrayLike) -> FloatArray:
    r"""Return the populations of a rate equation, shape (t, n).

    .. math:: \dot P_j = \sum_i \left(k_{i\to j}\,P_i - k_{j\to i}\,P_j\right)

    `rates` ≥ 0 of shape (n, n), ``rates[j, i]`` from i to j; `populations` (n,) at time 0, of sum 1;
    strictly increasing `times` ≥ 0.

    >>> evolve_populations([[0.0, 1.0], [3.0, 0.0]], [1.0, 0.0], [0.0, 50.0]).round(6).tolist()
    [[1.0, 0.0], [0.25, 0.75]]
    """
    from scipy.linalg import expm

    generator = _check_rates(rates)
    populations = _check.non_negative("populations", populations)
    if populations.shape != generator.shape[:1]:
        _check.fail("populations", f"of shape {generator.shape[:1]}", f"of shape {populations.shape}")
    if abs(populations.sum() - 1) > 1e-9:
        _check.fail("populations", "of sum 1", float(populations.sum()))
    times = _check.times("times", times)
    longest = _MOST_HOPS / max(np.abs(generator).max(), 1 / _check.LARGEST)
    if times[-1] > longest:
        _check.fail("times", f"at most {longest:.2g} for these rates", float(times[-1]))
    result = np.empty((len(times), len(populations)))
    for i, step in enumerate(np.diff(times, prepend=0.0)):
        populations = expm(generator * step) @ populations
        result[i] = populations
    return result


def ring_diffusion_constant(
    site_energies: ArrayLike, forward_rates: ArrayLike, *, thermal_energy: float | None = None
) -> FloatOrArray:
    r"""Return :math:`D_s` of hopping between neighbors on a ring whose rates obey detailed balance.

    .. math:: D_s = \left[\frac1N \sum_n \frac{1}{p_n\,k_{n \to n+1}}\right]^{-1},\qquad
              p_n = \frac{\mathrm e^{-\beta\varepsilon_n}}{\frac1N \sum_m \mathrm e^{-\beta\varepsilon_m}}

    The resistances :math:`1/p_n k_{n\to n+1}` of the bonds add up: exact for one period of an endless chain
    (Derrida, J. Stat. Phys. 31, 433 (1983), without bias).

    Parameters
    ----------
    site_energies : array, shape (..., n)
        In J.
    forward_rates : array, shape (..., n)
        From site n to n + 1 (the last one back to the first); > 0. The backward rates follow.
    thermal_energy : float, optional
        :math:`k_\mathrm BT` > 0 in J; without it infinite, when all sites are equally likely.

    Returns
    -------
    float or array, shape (...)
        In units of a² times that of the rates.

    Raises
    ------
    ValueError, TypeError
        If a rate or `thermal_energy` is not positive, or shapes do not broadcast.

    Examples
    --------
    >>> float(ring_diffusion_constant([0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 2.0, 2.0]))  # harmonic mean
    1.3333333333333333
    """
    energies = _check.array("site_energies", site_energies)
    rates = _check.positive("forward_rates", forward_rates)
    for name, value in (("site_energies", energies), ("forward_rates", rates)):
        if value.ndim == 0:
            _check.fail(name, "an array (..., n_sites)", float(value))
    _check.together(site_energies=energies, forward_rates=rates)
    if thermal_energy is not None:
        thermal_energy = _check.scalar("thermal_energy", thermal_energy, _check.positive)
    return _in_series(energies, rates, thermal_energy)


def _in_series(energies: FloatArray, rates: FloatArray, thermal_energy: float | None) -> FloatOrArray:
    if thermal_energy is None:
        weights = np.ones_like(energies)
    else:
        weights = np.exp(-(energies - energies.min(axis=-1, keepdims=True)) / thermal_energy)
    with np.errstate(divide="ignore", over="ignore"):  # a bond frozen out has infinite resistance: D_s = 0
        resistance = (1 / (weights * rates)).mean(axis=-1)
        return (1 / (resistance * weights.mean(axis=-1)))[()]


def thermal_diffusion_constant(
    site_energies: ArrayLike, dephasing: float, thermal_energy: float
) -> FloatOrArray:
    r"""Return :math:`D_s` of hopping between neighbors on rings at the rates of `thermal_hopping_rate`.

    The `ring_diffusion_constant` of these rates: `site_energies` of shape (..., n) in J, `dephasing` Γ > 0
    and `thermal_energy` :math:`k_\mathrm BT` > 0 one number each; the answer has shape (...). For
    :math:`k_\mathrm BT \to \infty` and many sites with Gaussian disorder it is
    `frenkel.exact.strong_dephasing_constant`.

    >>> import numpy as np
    >>> from frenkel import site_energies
    >>> energies = site_energies(1000, 1.0, rng=1)
    >>> hot, cold = (thermal_diffusion_constant(energies, 2.0, kT) for kT in (100.0, 0.5))
    >>> bool(hot > 5 * cold)
    True
    """
    energies = _check.array("site_energies", site_energies)
    if energies.ndim == 0:
        _check.fail("site_energies", "an array (..., n_sites)", float(energies))
    dephasing = _check.scalar("dephasing", dephasing, _check.positive)
    thermal_energy = _check.scalar("thermal_energy", thermal_energy, _check.positive)
    change = np.roll(energies, -1, axis=-1) - energies
    rates = thermal_hopping_rate(change, dephasing, thermal_energy)
    tiny = np.finfo(float).tiny
    return _in_series(energies, np.maximum(rates, tiny), thermal_energy)
