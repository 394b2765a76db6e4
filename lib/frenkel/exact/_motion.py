"""Motion without noise: clean chains, short times, strong disorder. Units of J, ħ/J and a."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatOrArray


def bessel_populations(n: ArrayLike, times: ArrayLike) -> FloatOrArray:
    r"""Return :math:`P_n(t) = J_n(2t)^2`: a point excitation on a clean chain, n sites away.

    Shapes of `n` and `times` broadcast.

    >>> print(f"{float(bessel_populations(0, 1.0)):.6f}")
    0.050127
    """
    from scipy.special import jv

    n, times = _check.array("n", n), _check.non_negative("times", times)
    _check.together(n=n, times=times)
    return jv(n, 2 * times) ** 2


def clean_packet_msd(times: ArrayLike, width: ArrayLike, momentum: ArrayLike = 0.0) -> FloatOrArray:
    r"""Return the MSD of a Gaussian wave packet on a clean chain, from its center at time 0.

    .. math:: \mathrm{MSD} = b^2 + 2t^2\left(1 - \mathrm e^{-1/2b^2}\cos 2q\right)

    `width` is the standard deviation b of the probability: 0 for one site (MSD = 2t²), or at least 1, where
    sums over sites equal integrals to 2·10⁻⁷. The MSD grows by t² times the mean of the squared velocity,
    4 sin² q, over the wave numbers of the packet around `momentum` q.

    >>> print(f"{float(clean_packet_msd(100.0, 10.0)):.1f}")  # 20 000 from a point: at q = 0 nothing moves
    199.8
    """
    times, width = _check.non_negative("times", times), _check.non_negative("width", width)
    momentum = _check.array("momentum", momentum)
    if ((width > 0) & (width < 1)).any():
        _check.fail("width", "0 or at least 1", float(width[(width > 0) & (width < 1)].flat[0]))
    _check.together(times=times, width=width, momentum=momentum)
    coherence = np.exp(-1 / (2 * np.maximum(width, 0.01) ** 2))  # 0 for one site
    return width**2 + 2 * times**2 * (1 - coherence * np.cos(2 * momentum))


def short_time_diffusivity(times: ArrayLike, disorder: ArrayLike) -> FloatOrArray:
    r"""Return :math:`D(t) \approx 2t - \tfrac23\Delta^2t^3` from one site, averaged over disorder.

    Neighbors differ by √2 Δ in energy, whatever the distribution: that is what first slows the packet.

    >>> print(f"{float(short_time_diffusivity(0.3, 1.0)):.3f}")
    0.582
    """
    times, disorder = _check.non_negative("times", times), _check.non_negative("disorder", disorder)
    _check.together(times=times, disorder=disorder)
    return 2 * times - 2 / 3 * disorder**2 * times**3


def strong_disorder_peak(disorder: ArrayLike) -> FloatOrArray:
    r"""Return :math:`D_\mathrm{max} \to \sqrt\pi/\Delta` from one site without dephasing.

    Strong Gaussian disorder lets only resonant pairs move: each of the two neighbors, detuned by δε of
    variance 2Δ², gives sin(Ωt)/Ω with Ω² = 4 + δε², on average :math:`\sqrt\pi/2\Delta` for 1/Δ ≪ t ≪ 1. Good
    to 3 % from Δ = 2, to 1.2 % from 3 on.

    >>> print(f"{float(strong_disorder_peak(2.0)):.3f}")
    0.886
    """
    return np.sqrt(np.pi) / _check.positive("disorder", disorder)
