"""Time evolution exp(L t) x by Chebyshev expansion: the one integrator behind every deterministic engine.

L is a generator whose imaginary parts lie in [-radius, radius] and whose real parts lie in [-damping, 0].
With A = (L + damping / 2) / radius,

    exp(L t) = exp(-damping t / 2) Σ_k (2 - δ_k0) J_k(radius t) φ_k(A),
    φ_0 = 1,  φ_1 = A,  φ_{k+1} = 2 A φ_k + φ_{k-1},

where J_k are Bessel functions (Tal-Ezer and Kosloff, J. Chem. Phys. 81, 3967 (1984)). Terms fall off
faster than exponentially beyond k = radius t, so the sum is exact to rounding at about one application
of L per unit of radius t, and every time inside a segment shares the same applications. Damping makes
φ_k grow like (s + √(1 + s²))^k, s = damping / (2 radius); segments are kept short enough for that growth
to cost no more than five of the sixteen digits.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .._types import ArrayLike, FloatArray
from .cost import affordable

_LONGEST = 100.0  # radius times the length of a segment
_GROWTH = 10.0  # damping / 2 times the length of a segment
_NEGLIGIBLE = 1e-14  # terms below this, relative to the state, are left out
_MOST_MULTIPLICATIONS = affordable(1e-9)  # in all applications of L
_OVERHEAD = 1e4  # multiplications that take as long as calling NumPy


def bessel_functions(x: ArrayLike, n_orders: int) -> FloatArray:
    """Return J_k(x) for k < n_orders, shape (n_orders, len(x)), accurate relative to each value.

    Orders below x come from the generating function exp(i x sin θ) = Σ J_k(x) exp(i k θ) by FFT, higher
    ones from the backward ratio J_k / J_{k-1} = x / (2k - x J_{k+1} / J_k), which is positive there.
    """
    x = np.atleast_1d(np.asarray(x, dtype=float))
    n_points = 1 << int(np.ceil(np.log2(2 * n_orders + 2 * x.max() + 64)))
    angles = 2 * np.pi * np.arange(n_points) / n_points
    values = np.fft.fft(np.exp(1j * x[:, None] * np.sin(angles))).real.T[:n_orders] / n_points
    order = np.arange(n_orders)[:, None]
    ratios = np.zeros((n_orders + 41, len(x)))
    with np.errstate(divide="ignore", invalid="ignore"):  # below x, where ratios are not used, J may be 0
        for k in range(n_orders + 39, 0, -1):  # started high enough to forget that it starts at zero
            ratios[k] = x / (2 * k - x * ratios[k + 1])
    above = order > x + 1
    start = np.minimum(x.astype(int) + 1, n_orders - 1)
    tail = np.cumprod(np.where(above, ratios[:n_orders], 1.0), axis=0) * values[start, np.arange(len(x))]
    return np.where(above, tail, values)


def coefficients(durations: FloatArray, radius: float, damping: float) -> FloatArray:
    """Return (2 - δ_k0) exp(-damping t / 2) J_k(radius t), one row an order, down to negligible ones."""
    x = radius * durations
    slope = damping / (2 * radius)
    growth = slope + np.sqrt(1 + slope**2)
    n_orders = int(1.4 * growth * x.max()) + 40
    orders = np.arange(n_orders)
    bessel = bessel_functions(x, n_orders)
    with np.errstate(divide="ignore"):
        size = np.log(np.abs(bessel).max(axis=1)) + orders * np.log(growth)
    n_orders = np.flatnonzero(size > np.log(_NEGLIGIBLE)).max() + 1
    return (2.0 - (orders == 0))[:n_orders, None] * np.exp(-damping * durations / 2) * bessel[:n_orders]


def check_affordable(times: FloatArray, rate: float, size: float) -> None:
    """Refuse times too long for `rate` (radius and damping) and for a generator of `size` multiplications."""
    longest = _MOST_MULTIPLICATIONS / (max(rate, 1e-9) * (size + _OVERHEAD))
    if times[-1] > longest:
        _check.fail("times", f"below {longest:.2g} for a problem of this size", float(times[-1]))


def propagate(
    generator: Callable[[Any, Any], None],
    state: NDArray[Any],
    times: FloatArray,
    *,
    radius: float,
    damping: float = 0.0,
    observe: Callable[[Any], Any] | None = None,
) -> NDArray[Any]:
    """Return ``observe(exp(L t) state)`` at the times, stacked along a leading axis.

    Parameters
    ----------
    generator : callable
        ``generator(x, out)`` writes (L + damping / 2) x into `out`; x and out are never the same array.
    state : array
        The state at time 0; not changed.
    times : array, shape (t,)
        Increasing times ≥ 0.
    radius, damping : float
        Bounds of the spectrum of L, see the head of this module.
    observe : callable, optional
        A *linear* map of a state to what is wanted of it; the state itself by default.
    """
    observe = observe or np.copy
    first = np.asarray(observe(state))
    results = np.empty((len(times), *first.shape), dtype=first.dtype)
    radius = max(radius, damping / 100, 1e-9)  # a larger one costs time; φ_k must not grow out of a float
    longest = min(_LONGEST / radius, _GROWTH / damping * 2 if damping else np.inf)

    current, now, done = state.copy(), 0.0, 0
    while done < len(times):
        last = int(np.searchsorted(times, now + longest, side="right"))
        is_end = last == len(times)
        end = times[-1] if is_end else now + longest
        inside = times[done:last]
        weights_of = coefficients(np.append(inside, end) - now, radius, damping)
        outputs, final = results[done:last], np.zeros_like(current)
        outputs[...] = 0.0
        wide = (slice(None),) + (None,) * first.ndim

        previous, term, spare = None, current, np.empty_like(current)
        for order, weights in enumerate(weights_of):
            if len(inside):
                outputs += weights[:-1][wide] * observe(term)
            if not is_end:
                final += weights[-1] * term
            if order + 1 == len(weights_of):
                break
            generator(term, spare)
            spare *= (2.0 if order else 1.0) / radius
            if previous is not None:
                spare += previous
            previous, term, spare = term, spare, previous if previous is not None else np.empty_like(current)
        current, now, done = final, end, last
    return results
