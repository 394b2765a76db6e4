"""Hops between two sites whose phonons are quantum: the golden rule in the polaron frame.

How it is computed stands in the head of ``frenkel.baths._golden_rule``.
"""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatOrArray
from ._golden_rule import downhill_rates
from .spectral_densities import _Bath, _check_bath


def polaron_hopping_rate(
    energy_difference: ArrayLike, bath: _Bath, *, coupling: ArrayLike = 1.0
) -> FloatOrArray:
    r"""Return the rate of hopping between two sites, each with its own bath of quantum phonons.

    .. math:: k(\delta) = 2J^2\,\mathrm{Re}\int_0^\infty\mathrm dt\,\mathrm e^{-\mathrm i\delta t-\varphi(t)},
              \qquad \varphi(t) = \frac2\pi\int_0^\infty\!\mathrm d\omega\,\frac{\mathcal J(\omega)}{\omega^2}
              \left[\coth\frac{\omega}{2k_\mathrm BT}\,(1 - \cos\omega t) + \mathrm i\sin\omega t\right]

    Parameters
    ----------
    energy_difference : array
        δ, final less initial *relaxed* site energy, in J; of any shape.
    bath : DrudeBath or BrownianBath
        The bath of each of the two sites.
    coupling : array, optional
        J of the bond, 1 by default; broadcasts against δ.

    Returns
    -------
    float or array
        In J/ħ; detailed balance :math:`k(\delta)/k(-\delta) = \mathrm e^{-\delta/k_\mathrm BT}` is exact.

    Raises
    ------
    ValueError, TypeError
        If an argument is not what it should be, or the bath too slow and weak for a contour of a million
        points.

    Notes
    -----
    Second order in J: it holds where the phonons lose their memory of a hop before the next one comes.
    Limits: for a hot, slow bath Marcus's rate with :math:`\lambda_\mathrm r = 2\lambda`, for a hot, fast one
    the rate :math:`2\Gamma/(\Gamma^2 + \delta^2)` of white noise. Holstein, Ann. Phys. 8, 343 (1959); May and
    Kühn, *Charge and Energy Transfer Dynamics in Molecular Systems* (Wiley-VCH, 2011).

    Examples
    --------
    >>> from frenkel import BrownianBath
    >>> bath = BrownianBath(reorganization=1.0, frequency=2.0, damping=0.5, temperature=1.0)
    >>> polaron_hopping_rate([0.0, 1.0, -1.0], bath).round(5).tolist()
    [1.45967, 0.33714, 0.91643]
    """
    bath = _check_bath(bath)
    change = _check.array("energy_difference", energy_difference)
    coupling = _check.array("coupling", coupling)
    _check.together(energy_difference=change, coupling=coupling)
    highest = 1e4 * max(bath.temperature, bath.reorganization)
    if np.abs(change).max() > highest:
        _check.fail("energy_difference", f"at most {highest:g} in size", float(np.abs(change).max()))
    rates = downhill_rates(bath, np.abs(change).ravel()).reshape(change.shape)
    uphill = np.exp(-np.maximum(change, 0.0) / bath.temperature)
    return (coupling**2 * rates * uphill)[()]
