r"""Haken–Strobl–Reineker transport on periodic lattices of any dimension from one operator.

The idea of `frenkel.motion.ring_diffusion` needs no chain: on any lattice the uniform mixture is stationary,
so D(t) along an axis, averaged over all starting sites, is the integral of

.. math:: C(t) = \frac1N \operatorname{Tr}\,[v^\dagger \mathrm e^{\mathcal L t} v],\qquad
          v = \mathrm i[H, x],

The lattice is a torus: coherences that reach around it meet there. Strong dephasing keeps the operator near
its diagonal, and :math:`X_{n,n+\mathbf r}` is kept for :math:`|\mathbf r|_1` up to a reach K. Where K would
not be small beside the torus, X between all pairs of sites is smaller, or faster, than the bookkeeping of a
reach, and nothing is left out (``frenkel._engines.torus_operators``).

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
variational principle), keeping A to :math:`|\mathbf r|_1 \le K` and all of MᵀA bounds it from above, as long
as no two displacements up to K + 1 lead to the same site of the torus. On the whole torus the two ends of the
fraction are the bounds. If A and B keep nearest neighbors alone, what remains is Kirchhoff's law for a
network of conductors, which are the rates of hopping

.. math:: k_{nm} = \frac{2\,\Gamma J_{nm}^2}{\Gamma^2 + (\varepsilon_n - \varepsilon_m)^2}:

the limit of strong dephasing.
"""

from __future__ import annotations

import warnings

import numpy as np

from .. import _check
from .._engines.convergence import MOST_UPDATES
from .._engines.cost import smallest
from .._engines.lattice_methods import bounds_cost, curve_cost, find_bounds, find_curve, shortest
from .._engines.lattice_operators import radius_of
from .._engines.lattice_stencil import grid_of
from .._types import ArrayLike, FloatArray
from ..system.lattices import Lattice, _check_lattice


def _problem(lattice, site_energies, axis):
    """Return the checked (grid, energies (..., n) measured from their mean, axis)."""
    shape, steps, couplings = grid_of(_check_lattice(lattice))
    energies = _check.centered_energies(site_energies, lattice.n_sites)
    axis = _check.choice("axis", axis, tuple(range(len(shape))))
    return (shape, steps, couplings), energies, axis


def _warn_if_small(grid, energies, square):
    """Warn the caller of a public function if the torus is shorter than 4 √(D/Γ), D/Γ being `square`.

    At that size a random twist changes D_s by up to 3 %.
    """
    spread, n_sites = 4 * np.sqrt(square), shortest(grid)
    if spread > n_sites and np.ptp(energies) > 0:
        warnings.warn(
            f"Coherences spread over some {spread:.0f} sites, but `lattice` has along an axis only "
            f"{n_sites}: its size shows. Use at least {int(spread) + 1} sites along each axis.",
            _check.ConvergenceWarning,
            stacklevel=3,
        )


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
        If coherences reach too far for a lattice that is too large to keep them all.

    Warns
    -----
    ConvergenceWarning
        If coherences spread around the torus while they live, with the size that would do.

    Notes
    -----
    The reach is enlarged until results with K and K + 1 (with longer bonds, K plus their length) agree; with
    nearest neighbors they alternate around the answer. Where coherences could meet behind the torus, or the
    whole of it costs less, no reach is needed: D(t) is then exact for the torus.

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
    cost = len(rows) * curve_cost(grid, radius_of(grid, energies), dephasing, times[-1])
    if cost > MOST_UPDATES:
        longest = times[-1] * MOST_UPDATES / cost
        _check.fail("times", f"below {longest:.2g} for {rows.size} sites of this disorder", float(times[-1]))
    curves = []
    for row in rows:
        curve, is_torus = find_curve(grid, row, dephasing, times, axis, tolerance)
        curves.append(curve)
        if is_torus:
            _warn_if_small(grid, row, curve.max() * times[-1] / (1 + dephasing * times[-1]))
    return np.array(curves).reshape(shape)


def lattice_diffusion_constant(
    lattice: Lattice,
    site_energies: ArrayLike,
    dephasing: ArrayLike,
    *,
    axis: int = 0,
    tolerance: float = 5e-3,
    twist: ArrayLike | None = None,
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
    twist : array, shape (d,), optional
        Phases that an exciton gains on its way around each axis, in radians; none by default.

    Returns
    -------
    float or array
        :math:`D_s` in units of J a²/ħ, of the broadcast shape.

    Raises
    ------
    ValueError, TypeError
        As in `lattice_diffusivity`, or if `dephasing` is not positive or too weak.
    RuntimeError
        If coherences reach too far for a lattice that is too large to keep them all.

    Warns
    -----
    ConvergenceWarning
        As in `lattice_diffusivity`.

    Notes
    -----
    See the head of this module for the derivation. A reach of coherences is enlarged by halves
    until the bounds agree, or the whole torus is taken where that costs less; the answer is the geometric
    mean of the bounds, as a rule ten times closer than they are. (A mean that changes little is no proof:
    between two reaches it can pass its limit and come back.) Digits beyond `tolerance` may follow the last
    digit of the energies, for rounding takes part in long bidiagonalizations.

    The model is the torus, and the bounds know nothing of its size. Coherences live for 1/Γ and spread over
    some :math:`\sqrt{D_s/\Gamma}` sites; those that come back around the torus in both directions interfere
    like those that come back to their start, and lower :math:`D_s`. A twist changes their phase by 2θ: if
    :math:`D_s` differs between twists, or between two sizes, the torus is too small. The mean over random
    twists of all axes is, to leading order, free of that interference around the torus.

    Examples
    --------
    >>> import numpy as np
    >>> from frenkel import square
    >>> print(f"{lattice_diffusion_constant(square(4), np.zeros(16), 0.5):.3f}")  # 2/Γ without disorder
    4.000
    """
    grid, energies, axis = _problem(lattice, site_energies, axis)
    rates, row_of, tolerance = _check.diffusion_constant(dephasing, tolerance, energies.shape[:-1])
    if twist is not None:
        twist = _check.array("twist", twist, "None or one phase for each axis", ndim=1)
        if len(twist) != len(grid[0]):
            _check.fail("twist", f"None or {len(grid[0])} phases, one an axis", f"of shape {twist.shape}")
    shape = rates.shape
    if not grid[1][:, axis].any():
        return np.zeros(shape) if shape else 0.0
    rows = energies.reshape(-1, lattice.n_sites)
    radius = radius_of(grid, energies)

    def cost(rate):
        return len(rows) * bounds_cost(grid, radius, rate)

    if cost(rates.min()) > MOST_UPDATES and np.ptp(energies) > 0:
        weakest = smallest(lambda rate: cost(rate) <= MOST_UPDATES)
        _check.fail("dephasing", f"at least {weakest:g} for {rows.size} sites of this disorder", rates.min())
    result = np.empty(shape)
    for index, row in enumerate(rows):
        here = row_of == index
        low, high, is_torus = find_bounds(grid, row, rates[here], axis, tolerance, twist)
        result[here] = np.sqrt(low * high)
        if is_torus:
            _warn_if_small(grid, row, (low / rates[here]).max())
    return result if shape else float(result)
