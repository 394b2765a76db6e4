r"""The best dephasing of a ring: where :math:`D_s(\Gamma)` has its maximum, and how well a sample of disorder
tells."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike
from .ring_diffusion import diffusion_constant

_OFFSETS = np.linspace(-0.9, 0.9, 9)  # of ln Γ around a guess
_DEGREE = 5  # of the polynomial through them: off by less than 10⁻³ in ln Γ*
_TOLERANCE = 2e-4


def best_dephasing(site_energies: ArrayLike) -> tuple[float, float]:
    r"""Return the dephasing :math:`\Gamma^*` that maximizes :math:`D_s` of an ensemble of rings, and its
    error.

    .. math:: \frac{\mathrm d}{\mathrm d\ln\Gamma}\,\overline{D_s}(\Gamma^*) = 0,\qquad
              \delta\ln\Gamma^* = \frac{\delta\,\overline{D_s'}}{|\overline{D_s''}|}

    The bar is the mean over rings, :math:`\delta\,\overline{D_s'}` the standard error of the mean slope.

    Parameters
    ----------
    site_energies : array, shape (..., n)
        Site energies of at least four rings of n sites in units of J; leading axes are independent rings.

    Returns
    -------
    best, standard_error : float
        In J/ħ. The error is that of the finite sample of disorder; it is itself uncertain by
        :math:`1/\sqrt{2(r - 1)}` for r rings.

    Raises
    ------
    ValueError, TypeError
        If there are fewer than four rings, or no disorder: D_s of a clean ring, 2/Γ, has no maximum.
    RuntimeError
        If no maximum is found, or the band of coherences cannot be converged.

    Warns
    -----
    ConvergenceWarning
        As in `frenkel.diffusion_constant`.

    Notes
    -----
    Nine values of Γ, which share one reduction of each ring, and a polynomial in ln Γ, moved until the
    maximum lies among them. 0.32 Δ²/J for weak disorder, Δ near Δ = 2 J, √2 Δ for strong (chapter *Noise that
    helps*).

    Examples
    --------
    >>> from frenkel import site_energies
    >>> best, error = best_dephasing(site_energies(100, 5.0, rng=1, shape=(8,)))
    >>> print(f"{best:.1f} ± {error:.1f}")
    6.6 ± 0.2
    """
    energies = _check.centered_energies(site_energies)
    rings = energies.reshape(-1, energies.shape[-1])
    if len(rings) < 4:
        _check.fail("site_energies", "at least four rings, of shape (r, n)", f"of shape {energies.shape}")
    spread = float(rings.std())
    if spread == 0:
        _check.fail("site_energies", "disordered: without disorder D_s = 2/Γ has no maximum", "uniform")
    center = np.log(spread * min(0.32 * spread, 1.2))
    for _ in range(12):
        by_ring = diffusion_constant(rings, np.exp(center + _OFFSETS)[:, None], tolerance=_TOLERANCE)
        curve = np.polynomial.Polynomial.fit(_OFFSETS, np.mean(by_ring, axis=1), _DEGREE)
        slope = curve.deriv()
        roots = slope.roots()
        peaks = roots[(np.abs(roots.imag) < 1e-9) & (np.abs(roots) < 0.6)].real
        peaks = peaks[curve.deriv(2)(peaks) < 0]
        if len(peaks) == 1:
            at = float(peaks[0])
            slopes = [
                np.polynomial.Polynomial.fit(_OFFSETS, D, _DEGREE).deriv()(at) for D in np.transpose(by_ring)
            ]
            error = np.std(slopes, ddof=1) / np.sqrt(len(rings)) / abs(curve.deriv(2)(at))
            best = np.exp(center + at)
            return float(best), float(best * error)
        center += 0.9 if slope(0.0) > 0 else -0.9
    raise RuntimeError("D_s has no single maximum near the best dephasing that its disorder suggests.")
