r"""Haken–Strobl–Reineker transport on periodic lattices of any dimension from one local operator.

The idea of `frenkel.motion.ring_diffusion` needs no chain: on any lattice the uniform mixture is stationary,
so D(t) along an axis, averaged over all starting sites, is the integral of

.. math:: C(t) = \frac1N \operatorname{Tr}\,[v^\dagger \mathrm e^{\mathcal L t} v],\qquad
          v = \mathrm i[H, x],

and dephasing keeps the operator near its diagonal. Kept are :math:`X_{n,n+\mathbf r}` for
:math:`|\mathbf r|_1` up to a reach K.

One thing is new beyond one dimension. Write the stationary operator as X = A + iB, A real symmetric and B
real antisymmetric, and :math:`v = \mathrm iw`; then :math:`\mathcal L X = -v` reads

.. math:: \Gamma A_\mathrm{off} = P_\mathrm{off}[H, B],\qquad P_\mathrm{diag}[H, B] = 0,\qquad
          \Gamma B = w - [H, A_\mathrm{off}] - [H, \varphi].

The second equation says that the currents B have no divergence at any site, and the diagonal φ of A is the
potential that makes it so: [H, φ] is a gradient, :math:`J_{nm}(\varphi_m - \varphi_n)`, and gradients are all
that is orthogonal to currents without divergence. With P the projection onto these (in one dimension, the
mean over the bonds; here a Poisson equation, solved by FFT) and :math:`M = P_\mathrm{off}\,[H, \cdot\,]\,P`,

.. math:: D_s = \frac{\Gamma}{N}
          \left\langle w \left| \frac{1}{\Gamma^2 + M^\mathsf{T} M} \right| w \right\rangle

as before: the same continued fraction, one bidiagonalization for all Γ, and bounds. Keeping B to
:math:`|\mathbf r|_1 \le K` and all of MB bounds :math:`D_s` from below (B is then a trial current of a
variational principle), keeping A to :math:`|\mathbf r|_1 \le K` and all of MᵀA bounds it from above. If A and
B keep nearest neighbors alone, what remains is Kirchhoff's law for a network of conductors, which are the
rates of hopping

.. math:: k_{nm} = \frac{2\,\Gamma J_{nm}^2}{\Gamma^2 + (\varepsilon_n - \varepsilon_m)^2}:

the limit of strong dephasing.
"""

from __future__ import annotations

from itertools import chain, takewhile

import numpy as np

from .. import _check
from .._engines.convergence import MOST_UPDATES, converge, growing, warn_if_around
from .._engines.lattice_operators import bounds_at, diffusivity_at, radius_of, stride_of
from .._engines.lattice_stencil import grid_of
from .._types import ArrayLike, FloatArray
from ..system.lattices import Lattice, check_lattice

_OVERHEAD = 1e4  # elements that take as long as calling NumPy


def _problem(lattice, site_energies, axis):
    """Return the checked (grid, energies (..., n) measured from their mean, axis)."""
    shape, steps, couplings = grid_of(check_lattice(lattice))
    energies = _check.centered_energies(site_energies, lattice.n_sites)
    axis = _check.choice("axis", axis, tuple(range(len(shape))))
    return (shape, steps, couplings), energies, axis


def _n_elements(grid, reach):
    """Size of an operator kept up to `reach`, roughly."""
    n_axes = np.any(grid[1], axis=0).sum()
    return np.prod(grid[0]) * (2 * reach + 1.0) ** n_axes / [1, 2, 4, 12][n_axes]


def _reaches(first, updates):
    """Reaches to try, growing as long as one can wait."""
    reaches = growing(first)
    return chain([next(reaches)], takewhile(lambda reach: updates(reach) <= 3 * MOST_UPDATES, reaches))


def _shortest(grid):
    """Sites along the shortest axis along which something moves."""
    return min(n for n, moved in zip(grid[0], np.any(grid[1], axis=0), strict=True) if moved)


def lattice_diffusivity(
    lattice: Lattice,
    site_energies: ArrayLike,
    dephasing: float,
    times: ArrayLike,
    *,
    axis: int = 0,
    tolerance: float = 1e-3,
) -> FloatArray:
    r"""Return D(t) along one axis of a periodic lattice, averaged over all starting sites.

    .. math:: D(t) = \tfrac12 \frac{\mathrm d}{\mathrm dt}\langle (x - x_0)^2 \rangle
              = \int_0^t C(s)\,\mathrm ds

    Parameters
    ----------
    lattice : Lattice
        A periodic grid whose bonds are the same at every site, as `frenkel.ring`,
        `frenkel.square` and `frenkel.cubic` return it, or `frenkel.long_range`
        from these.
    site_energies : array, shape (..., n)
        Site energies in units of J; leading axes are independent realizations.
    dephasing : float
        Dephasing rate Γ ≥ 0 in units of J/ħ.
    times : array, shape (t,)
        Strictly increasing times ≥ 0 in units of ħ/J.
    axis : int
        Axis x of the lattice along which D(t) is wanted.
    tolerance : float
        Largest error allowed, relative to the maximum of D(t).

    Returns
    -------
    array, shape (..., t)
        D(t) in units of J a²/ħ.

    Raises
    ------
    ValueError, TypeError
        If the lattice is open or its bonds differ from site to site, if another argument is not what it
        should be, or if the answer would take many minutes.
    RuntimeError
        If the reach of coherences cannot be converged.

    Warns
    -----
    ConvergenceWarning
        If coherences reach all around the lattice, with the size that would do.

    Notes
    -----
    The reach is enlarged until results with K and K + 1 (with longer bonds, K plus their length) agree; with
    nearest neighbors they alternate around the answer. The engine describes an infinite lattice whose
    disorder repeats with the period of the given one.

    Examples
    --------
    >>> import numpy as np
    >>> from frenkel import square
    >>> clean = lattice_diffusivity(square(4), np.zeros(16), 0.5, [2.0])  # as on a chain: (2/Γ)(1 - exp(-Γt))
    >>> print(f"{clean[0]:.4f} {4 * (1 - np.exp(-1)):.4f}")
    2.5285 2.5285
    """
    grid, energies, axis = _problem(lattice, site_energies, axis)
    dephasing, times, tolerance = _check.diffusivity(dephasing, times, tolerance)
    shape = (*energies.shape[:-1], len(times))
    if not grid[1][:, axis].any():
        return np.zeros(shape)
    rows = energies.reshape(-1, lattice.n_sites)
    reach = 4 * stride_of(grid)

    def updates(reach):
        rate = radius_of(grid, energies) + 4 * dephasing
        return 2 * (_n_elements(grid, reach) + _OVERHEAD) * rate * times[-1]

    if len(rows) * updates(reach) > MOST_UPDATES:
        longest = times[-1] * MOST_UPDATES / (len(rows) * updates(reach))
        _check.fail("times", f"below {longest:.2g} for {rows.size} sites of this disorder", float(times[-1]))
    curves = []
    for row in rows:

        def evaluate(reach, row=row):
            low, high = (
                diffusivity_at(grid, row, dephasing, times, axis, k) for k in (reach, reach + stride_of(grid))
            )
            return (low + high) / 2, np.abs(high - low).max() <= 2 * tolerance * np.abs(high).max()

        curve, reach = converge(evaluate, _reaches(reach, updates), "D(t)")
        curves.append(curve)
        warn_if_around(reach, row, _shortest(grid), "`lattice` has along an axis only", " along each axis")
    return np.array(curves).reshape(shape)


def lattice_diffusion_constant(
    lattice: Lattice,
    site_energies: ArrayLike,
    dephasing: ArrayLike,
    *,
    axis: int = 0,
    tolerance: float = 5e-3,
) -> float | FloatArray:
    r"""Return the long-time diffusion constant :math:`D_s` along one axis of a periodic lattice.

    .. math:: D_s = \frac{\Gamma}{N}\left\langle w\left|\frac1{\Gamma^2 + M^\mathsf{T} M}\right|w\right\rangle

    Parameters
    ----------
    lattice : Lattice
        As for `lattice_diffusivity`.
    site_energies : array, shape (..., n)
        Site energies in units of J; leading axes are independent realizations.
    dephasing : float or array
        Dephasing rate Γ > 0 in units of J/ħ. It broadcasts against the leading axes: realizations of shape
        (r, n) with Γ of shape (g, 1) give (g, r), and all Γ share one bidiagonalization of each.
    axis : int
        Axis of the lattice along which :math:`D_s` is wanted.
    tolerance : float
        Largest relative error allowed; bounds from above and below prove that it is met.

    Returns
    -------
    float or array
        :math:`D_s` in units of J a²/ħ, of the broadcast shape.

    Raises
    ------
    ValueError, TypeError
        As in `lattice_diffusivity`, or if `dephasing` is not positive or too weak.
    RuntimeError
        If the reach of coherences cannot be converged.

    Warns
    -----
    ConvergenceWarning
        As in `lattice_diffusivity`.

    Notes
    -----
    See the head of this module for the derivation. The reach is enlarged by halves until the bounds agree;
    the answer is their geometric mean, as a rule ten times closer than they are. (A mean that changes
    little is no proof: between two reaches it can pass its limit and come back.) Digits beyond `tolerance`
    may follow the last digit of the energies, for rounding takes part in long bidiagonalizations.

    Examples
    --------
    >>> import numpy as np
    >>> from frenkel import square
    >>> print(f"{lattice_diffusion_constant(square(4), np.zeros(16), 0.5):.3f}")  # 2/Γ without disorder
    4.000
    """
    grid, energies, axis = _problem(lattice, site_energies, axis)
    rates, row_of, tolerance = _check.diffusion_constant(dephasing, tolerance, energies.shape[:-1])
    shape = rates.shape
    if not grid[1][:, axis].any():
        return np.zeros(shape) if shape else 0.0
    rows = energies.reshape(-1, lattice.n_sites)
    reach = stride_of(grid) + int(3.5 / np.sqrt(rates.min()) if np.ptp(energies) > 0 else 0)

    def updates(reach):  # it takes about 3 radius / Γ levels, twice
        return 6 * _n_elements(grid, reach) * (radius_of(grid, energies) / rates.min() + 3)

    if len(rows) * updates(reach) > MOST_UPDATES and np.ptp(energies) > 0:
        _check.fail("dephasing", f"stronger for {rows.size} sites of this disorder", rates.min())
    result = np.empty(shape)
    for index, row in enumerate(rows):
        here = row_of == index

        def evaluate(reach, row=row, here=here):
            low, high = bounds_at(grid, row, rates[here], axis, reach, tolerance / 4)
            mean = np.sqrt(low * high)
            return mean, (high - mean <= tolerance * low).all()  # the mean is farther from the upper one

        result[here], last = converge(evaluate, _reaches(reach, updates), "D_s")
        warn_if_around(last, row, _shortest(grid), "`lattice` has along an axis only", " along each axis")
        reach = max(reach, int(last / 1.5))
    return result if shape else float(result)
