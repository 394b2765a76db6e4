"""Carriers in a band: the Einstein relation, and D(T) from two kinds of scattering."""

from __future__ import annotations

from .. import _check
from .._types import ArrayLike, FloatOrArray
from ..units import thermal_energy


def einstein_diffusivity(mobility: ArrayLike, temperature: ArrayLike) -> FloatOrArray:
    r"""Return :math:`D = \mu_\mathrm c k_\mathrm BT/e` in cm²/s for a mobility in cm²/Vs at a temperature.

    The Einstein relation of carriers that are not degenerate. `mobility` and `temperature` in K, both ≥ 0,
    broadcast.

    >>> print(f"{einstein_diffusivity(0.19, 298.0):.4f} cm²/s")  # the free carriers that the paper excludes
    0.0049 cm²/s
    """
    mobility = _check.non_negative("mobility", mobility)
    temperature = _check.non_negative("temperature", temperature)
    _check.together(mobility=mobility, temperature=temperature)
    return mobility * thermal_energy(temperature) / 1e3


def band_diffusivity(
    temperature: ArrayLike,
    *,
    acoustic_mobility: ArrayLike,
    defect_mobility: ArrayLike,
    defect_exponent: float = -1.0,
) -> FloatOrArray:
    r"""Return D(T) in cm²/s of carriers in a band, scattered by acoustic phonons and by defects.

    .. math:: D = \frac{k_\mathrm BT}{e}\left[\frac{1}{\mu_\mathrm{ac}}\Big(\frac{T}{T_0}\Big)^{3/2}
              + \frac{1}{\mu_\mathrm d}\Big(\frac{T}{T_0}\Big)^{-p}\right]^{-1},\qquad T_0 = 300\ \mathrm{K}

    Parameters
    ----------
    temperature : float or array
        T in K, positive.
    acoustic_mobility, defect_mobility : float or array
        :math:`\mu_\mathrm{ac}` and :math:`\mu_\mathrm d`, each alone, at 300 K, in cm²/Vs.
    defect_exponent : float
        p, the power of T in the mobility that defects alone would leave: 3/2 for ionized impurities,
        0 for neutral ones, −1/2 for a fixed mean free path, −1 for a D that does not depend on T.

    Returns
    -------
    float or array

    Raises
    ------
    ValueError, TypeError
        If a temperature or mobility is not positive, or `defect_exponent` beyond ±5.

    Notes
    -----
    Acoustic phonons alone give :math:`D \propto T^{-1/2}`. D falls at all temperatures only for p ≤ −1: with
    any other defect, D rises as :math:`T^{1+p}` first, and a band has a maximum of D(T) without any quantum
    interference. See J. Bardeen and W. Shockley, Phys. Rev. 80, 72 (1950) for :math:`T^{-3/2}`; C. Erginsoy,
    Phys. Rev. 79, 1013 (1950) for p = 0; E. Conwell and V. F. Weisskopf, Phys. Rev. 77, 388 (1950) for p =
    3/2. Rates add up as in Matthiessen's rule.

    Examples
    --------
    >>> d = band_diffusivity([10.0, 100.0, 300.0], acoustic_mobility=20.0, defect_mobility=20.0)
    >>> print(" ".join(f"{value:.3f}" for value in d))
    0.437 0.328 0.259
    """
    temperature = _check.positive("temperature", temperature)
    acoustic_mobility = _check.positive("acoustic_mobility", acoustic_mobility)
    defect_mobility = _check.positive("defect_mobility", defect_mobility)
    defect_exponent = _check.exponent("defect_exponent", defect_exponent)
    _check.together(
        temperature=temperature, acoustic_mobility=acoustic_mobility, defect_mobility=defect_mobility
    )
    reduced = temperature / 300.0
    resistance = reduced**1.5 / acoustic_mobility + reduced**-defect_exponent / defect_mobility
    return einstein_diffusivity(1 / resistance, temperature)
