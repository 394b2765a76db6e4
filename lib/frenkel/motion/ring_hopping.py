r"""Hopping between neighbors on rings: the diffusion constant of bonds in series, for any rates."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray, FloatOrArray
from .thermal_rates import thermal_hopping_rate


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
