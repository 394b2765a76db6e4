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

from .. import _check
from .._types import ArrayLike, FloatArray, FloatOrArray, Matrix


def _bath_factor(energy: FloatArray, thermal_energy: float | FloatArray) -> FloatArray:
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
    energy_change: ArrayLike,
    reorganization_energy: ArrayLike,
    thermal_energy: ArrayLike,
    *,
    coupling: ArrayLike = 1.0,
) -> FloatOrArray:
    r"""Return Marcus's rate between two sites.

    .. math:: k = V^2\,\sqrt{\frac{\pi}{\lambda k_\mathrm BT}}\,
              \exp\!\left[-\frac{(\delta\varepsilon + \lambda)^2}{4 \lambda k_\mathrm BT}\right]

    Slow classical modes with reorganization energy λ: fluctuating gaps of variance
    :math:`2\lambda k_\mathrm BT` that have no time to change during a hop
    (:math:`J \ll \sqrt{\lambda k_\mathrm BT}`); fastest downhill by λ. Marcus, J. Chem. Phys. 24, 966 (1956),
    in the form of Levich.

    `energy_change` δε, final less initial energy, `reorganization_energy` λ > 0, `thermal_energy`
    :math:`k_\mathrm BT` > 0 and `coupling` V in one unit of energy, of which J is one; they broadcast. The
    rate is in that unit over ħ: from energies in meV, `frenkel.units.rate_to_per_ps` gives it per picosecond.

    >>> up, down = marcus_rate([2.0, -2.0], 3.0, 1.0)
    >>> print(f"{up / down:.4f}")  # exp(-2)
    0.1353
    """
    change = _check.array("energy_change", energy_change)
    reorganization = _check.positive("reorganization_energy", reorganization_energy)
    thermal_energy = _check.positive("thermal_energy", thermal_energy)
    coupling = _check.array("coupling", coupling)
    _check.together(
        energy_change=change,
        reorganization_energy=reorganization,
        thermal_energy=thermal_energy,
        coupling=coupling,
    )
    width = 4 * reorganization * thermal_energy
    return (coupling**2 * np.sqrt(4 * np.pi / width) * np.exp(-((change + reorganization) ** 2) / width))[()]


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
    H = _check.dense_hamiltonian(H)
    dephasing = _check.scalar("dephasing", dephasing, _check.non_negative)
    thermal_energy = _check.scalar("thermal_energy", thermal_energy, _check.positive)
    energies, states = np.linalg.eigh(H)
    weights = np.abs(states) ** 2  # [site, state]
    given = energies - energies[:, None]  # [b, a]: E_a - E_b, which the bath takes
    rates = dephasing * _bath_factor(given, thermal_energy) * (weights.T @ weights)
    np.fill_diagonal(rates, 0.0)
    return energies, rates
