"""Transient localization: motion of the disorder sets free what static disorder localizes."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatOrArray
from ..units import NM2_PER_PS


def transient_localization_diffusivity(length: ArrayLike, time: ArrayLike) -> FloatOrArray:
    r"""Return :math:`D = L^2/2\tau_\mathrm m` in cm²/s: steps of L nm, localized for a time in between.

    The transient localization picture: static disorder would localize to the `length` L in nm, and moves
    after every `time` :math:`\tau_\mathrm m` in ps. Arguments broadcast. See S. Ciuchi, S. Fratini and D.
    Mayou, Phys. Rev. B 83, 081202 (2011).

    >>> print(f"{transient_localization_diffusivity(30.0, 10.0):.2f} cm²/s")
    0.45 cm²/s
    """
    length, time = _check.non_negative("length", length), _check.positive("time", time)
    _check.together(length=length, time=time)
    return length**2 / (2 * time) / NM2_PER_PS


def transient_localization_length(times: ArrayLike, msd: ArrayLike, relaxation_time: float) -> FloatOrArray:
    r"""Return the length L of `transient_localization_diffusivity` from the MSD of the *static* system.

    .. math:: L^2(\tau_\mathrm m) = \int_0^\infty \frac{\mathrm dt}{\tau_\mathrm m}\,
              \mathrm e^{-t/\tau_\mathrm m}\,\mathrm{MSD}(t)

    The relaxation-time approximation: the environment forgets after :math:`\tau_\mathrm m`.
    :math:`L^2/2\tau_\mathrm m` is :math:`2\tau_\mathrm m` for a clean chain (MSD = 2t²), D for diffusion, and
    :math:`\xi^2/2\tau_\mathrm m` if the MSD saturates at ξ².

    Parameters
    ----------
    times : array, shape (t,)
        From 0 to ten relaxation times at least, in steps of at most a fifth of one; in ps, or in any unit
        that `relaxation_time` has.
    msd : array, shape (..., t)
        Of the system without motion of its disorder, in nm² or the square of any unit.
    relaxation_time : float
        :math:`\tau_\mathrm m`.

    Returns
    -------
    float or array, shape (...)
        L in nm, or the unit of the MSD.

    Raises
    ------
    ValueError, TypeError
        If `times` do not begin at 0, end before ten relaxation times, or have steps longer than a fifth of
        one.

    Notes
    -----
    See S. Fratini, D. Mayou and S. Ciuchi, Advanced Functional Materials 26, 2292 (2016).

    Examples
    --------
    >>> t = np.linspace(0, 40, 2001)
    >>> length = transient_localization_length(t, 2 * t**2, 2.0)
    >>> print(f"{length**2 / (2 * 2.0):.3f}")  # 2 τ
    4.000
    """
    times = _check.times("times", times)
    msd = _check.non_negative("msd", msd)
    relaxation_time = _check.scalar("relaxation_time", relaxation_time, _check.positive)
    if msd.ndim == 0 or msd.shape[-1] != len(times):
        _check.fail("msd", f"of shape (..., {len(times)})", f"of shape {msd.shape}")
    reduced = times / relaxation_time
    slack = 1e-9  # for the rounding of steps of exactly τ/5
    if reduced[0] != 0 or reduced[-1] < 10 - slack or np.diff(reduced).max() > 0.2 + slack:
        span = (
            f"from {times[0]:g} to {times[-1]:g} in steps of up to {np.diff(times, append=times[-1]).max():g}"
        )
        rule = f"from 0 to at least {10 * relaxation_time:g} in steps of at most {relaxation_time / 5:g}"
        _check.fail("times", rule, span)
    decay = np.exp(-reduced)
    # exact for an MSD that is straight between two times, with what follows the last held constant
    slopes = np.diff(msd, axis=-1) / np.diff(reduced)
    return np.sqrt(msd[..., 0] + slopes @ (decay[:-1] - decay[1:]))
