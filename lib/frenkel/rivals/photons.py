"""Photon recycling: excitons that travel as light."""

from __future__ import annotations

from .. import _check
from .._types import ArrayLike, FloatOrArray


def photon_recycling_diffusivity(
    absorption: ArrayLike, lifetime: float, *, reabsorption: float = 1.0, weights: ArrayLike | None = None
) -> FloatOrArray:
    r"""Return the D in cm²/s that emission and reabsorption alone give to excitons.

    .. math:: D = \frac{p_\mathrm r}{3\,\tau_\mathrm r}\left\langle\frac{1}{\alpha^2}\right\rangle

    An exciton emits at a rate :math:`1/\tau_\mathrm r`; a share :math:`p_\mathrm r` of the photons is
    absorbed again, after a straight path in any direction whose length is exponential with mean 1/α: ⟨x²⟩ =
    2/(3α²) for each, twice :math:`D\tau_\mathrm r/p_\mathrm r`.

    Parameters
    ----------
    absorption : float or array, shape (..., s)
        α in cm⁻¹ at the emitted photon energies.
    lifetime : float
        The radiative lifetime :math:`\tau_\mathrm r` in ps.
    reabsorption : float
        The probability :math:`p_\mathrm r` in [0, 1].
    weights : array, shape (s,), optional
        The spectrum of the photons that are absorbed again; the mean of 1/α² is taken with it along the
        last axis of `absorption`. Without it, one color, and arrays are element by element.

    Returns
    -------
    float or array, shape (...)

    Raises
    ------
    ValueError, TypeError
        If `reabsorption` is no probability, or `weights` do not fit or are all zero.

    Notes
    -----
    The mean of 1/α² is carried by the few photons that are absorbed least: for a spectrum that reaches far
    below the band edge it has no limit, spreading is not diffusive (T. Holstein, Phys. Rev. 72, 1212
    (1947)), and the size of the sample cuts it off. Observed over 50 µm in films of perovskite: see
    L. M. Pazos-Outón et al., Science 351, 1430 (2016).

    Examples
    --------
    >>> print(f"{photon_recycling_diffusivity(1e5, 1000.0):.4f} cm²/s")  # paths of 100 nm, every ns
    0.0333 cm²/s
    """
    absorption = _check.positive("absorption", absorption)
    lifetime = _check.scalar("lifetime", lifetime, _check.positive)
    reabsorption = _check.scalar("reabsorption", reabsorption, _check.non_negative)
    if reabsorption > 1:
        _check.fail("reabsorption", "a probability, at most 1", reabsorption)
    squares = absorption**-2.0
    if weights is not None:
        weights = _check.non_negative("weights", weights)
        if weights.ndim != 1 or absorption.shape[-1:] != weights.shape or not weights.sum() > 0:
            _check.fail(
                "weights", f"of shape {absorption.shape[-1:]}, not all zero", f"of shape {weights.shape}"
            )
        squares = squares @ weights / weights.sum()
    return reabsorption * squares / (3 * lifetime * 1e-12)
