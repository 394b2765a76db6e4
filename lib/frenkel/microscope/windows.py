"""What a window cuts off a second moment, and how to put it back."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatOrArray


def untruncated_variance(moment: ArrayLike, half_width: float) -> FloatOrArray:
    r"""Return the variance of the Gaussian whose second moment within ± `half_width` is `moment`.

    .. math:: \frac{m}{\sigma^2} = 1 - \sqrt{\frac{2}{\pi}}\,
              \frac{u\,\mathrm e^{-u^2/2}}{\operatorname{erf}(u/\sqrt2)},\qquad u = \frac{h}{\sigma}

    Parameters
    ----------
    moment : float or array
        m in nm², positive and below h²/3, that of a flat profile.
    half_width : float
        h in nm: of a window of k stops, k/2 times their spacing.

    Returns
    -------
    float or array
        σ² in nm², found by bisection. An error of m grows by the slope :math:`\mathrm d\sigma^2/\mathrm dm`,
        which is at least 1.

    Raises
    ------
    ValueError, TypeError
        If `moment` is not below that of a flat profile: no Gaussian is that wide.

    Examples
    --------
    >>> print(f"{untruncated_variance(0.29112, 1.0):.3f}")  # ±1 standard deviation keeps 29 % of it
    1.000
    """
    moment = _check.positive("moment", moment)
    half_width = _check.scalar("half_width", half_width, _check.positive)
    reduced = moment / half_width**2
    if reduced.max() >= 1 / 3:
        limit = f"below {half_width**2 / 3:.6g}, the second moment of a flat profile"
        _check.fail("moment", limit, float(moment.max()))
    # 1/a² between m/w², no truncation, and a value at which the Gaussian is flat to rounding
    low, high = np.log(reduced), np.full_like(reduced, np.log(1e8))
    nodes, weights = np.polynomial.legendre.leggauss(64)
    nodes, weights = (nodes + 1) / 2, weights / 2
    for _ in range(60):
        middle = (low + high) / 2
        # ∫ x² g / ∫ g on (0, reach): the Gaussian beyond 9 standard deviations is nothing
        reach = np.minimum(1.0, 9 * np.exp(middle / 2))[..., None]
        bell = np.exp(-((reach * nodes) ** 2) / 2 * np.exp(-middle)[..., None])
        found = (bell * (reach * nodes) ** 2) @ weights / (bell @ weights)
        low, high = np.where(found < reduced, middle, low), np.where(found < reduced, high, middle)
    return (np.exp((low + high) / 2) * half_width**2)[()]
