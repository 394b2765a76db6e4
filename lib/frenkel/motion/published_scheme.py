r"""Noise on the elements of a propagator: the scheme of the scripts published with the paper.

The scripts (github.com/chernchuang/HakenStroblReineker) advance all starting sites of a ring by a matrix that
is drawn anew in every time step,

.. math:: \psi_n \leftarrow \sum_m U_{nm}\,\mathrm e^{-\mathrm i\sqrt{\Gamma_s}\,g_{nm}\,\mathrm dt}\,\psi_m,
          \qquad U = \mathrm e^{-\mathrm iH\,\mathrm dt},
          \qquad g_{nm} \sim \mathcal N(0, 1)\ \text{independent},

with :math:`\Gamma_s` (`noise`) on the axis of their figures. Averaged over g, with
:math:`q = \mathrm e^{-\Gamma_s\,\mathrm dt^2}`, one step is exactly the map

.. math:: \Phi(\rho) = q\,U\rho\,U^\dagger
          + (1 - q)\,\operatorname{diag}\Big(\sum_m |U_{nm}|^2 \rho_{mm}\Big) .

Coherences decay at the rate :math:`\Gamma_s\,\mathrm dt`, which is therefore the Γ of the
Haken–Strobl–Reineker model. The second term says what differs from noise on the sites: in the step in which
it is destroyed a coherence no longer drives the current, and the populations spread by :math:`|U_{nm}|^2`.
"""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, ComplexArray, FloatArray, FloatOrArray, Seed


def _propagators(site_energies: ArrayLike, dt: float) -> ComplexArray:
    """Return U = exp(-i H dt) of every ring, shape (..., n, n)."""
    energies = _check.array("site_energies", site_energies, "an array (..., n_sites) of finite numbers")
    n_sites = energies.shape[-1] if energies.ndim else 0
    if n_sites < 2 * (int(4 * dt) + 4):
        _check.fail("site_energies", f"rings of at least {2 * (int(4 * dt) + 4)} sites", energies.shape)
    here = np.arange(n_sites)
    H = np.zeros((*energies.shape, n_sites))
    H[..., here, here] = energies
    H[..., here, here - 1] = H[..., here - 1, here] = 1.0
    levels, states = np.linalg.eigh(H)
    return (states * np.exp(-1j * dt * levels)[..., None, :]) @ np.swapaxes(states, -1, -2)


def _away(n_sites: int) -> FloatArray:
    """Return m - n around the ring, shape (n, m)."""
    here = np.arange(float(n_sites))
    return (here - here[:, None] + n_sites // 2) % n_sites - n_sites // 2


def _check_scheme(noise: float, dt: float, n_steps: int) -> tuple[float, float, int]:
    noise = _check.scalar("noise", noise, _check.non_negative)
    return noise, _check.scalar("dt", dt, _check.positive), _check.integer("n_steps", n_steps, 1)


def sampled_msd(
    site_energies: ArrayLike, noise: float, dt: float, n_steps: int, *, rng: Seed = None
) -> FloatArray:
    r"""Return the MSD of one draw of the noise, averaged over all starting sites.

    Parameters
    ----------
    site_energies : array, shape (..., n)
        Rings, in units of J.
    noise : float
        :math:`\Gamma_s` ≥ 0, as the scripts define it.
    dt : float
        Time step in ħ/J; 0.1 in the scripts.
    n_steps : int
        Number of steps.
    rng : None, seed or generator

    Returns
    -------
    array, shape (..., n_steps + 1)
        At the times 0, dt, 2 dt, … The norm is kept on average only: it is not divided out.

    Raises
    ------
    ValueError, TypeError
        If `noise` is negative, `dt` not positive, `n_steps` below 1, or the ring too small for its hops.

    Examples
    --------
    >>> msd = sampled_msd(np.zeros(40), 0.0, 0.1, 10)  # 2t² without noise and disorder
    >>> print(f"{msd[-1]:.6f}")
    2.000000
    """
    noise, dt, n_steps = _check_scheme(noise, dt, n_steps)
    propagators, rng = _propagators(site_energies, dt), _check.generator(rng)
    n_sites = propagators.shape[-1]
    squares = _away(n_sites) ** 2 / n_sites
    psi = np.broadcast_to(np.eye(n_sites, dtype=complex), propagators.shape)
    spreads = [np.zeros(propagators.shape[:-2])]
    for _ in range(n_steps):
        phases = np.sqrt(noise) * dt * rng.standard_normal(propagators.shape)
        psi = (propagators * np.exp(-1j * phases)) @ psi
        spreads.append((squares * np.abs(psi) ** 2).sum(axis=(-2, -1)))
    return np.stack(spreads, axis=-1)


def averaged_diffusivity(site_energies: ArrayLike, noise: float, dt: float, n_steps: int) -> FloatArray:
    r"""Return D of every step, exactly averaged over the noise and over all starting sites.

    .. math:: D_k = \frac{\mathrm{MSD}_{k+1} - \mathrm{MSD}_k}{2\,\mathrm dt}
              = -\frac{1}{N\,\mathrm dt}\Big(\operatorname{Tr}[x w]
              + \sum_{j \lt k}\operatorname{Tr}[\bar w\,\Phi^j(w)]\Big),
              \qquad w = \Phi(x) - x

    The Green-Kubo sum of the map Φ (head of this module), which leaves the uniform mixture as it is;
    :math:`\bar w = \Phi^\dagger(x) - x` is the complex conjugate of w because H is real.

    Parameters
    ----------
    site_energies, noise, dt, n_steps
        As in `sampled_msd`.

    Returns
    -------
    array, shape (..., n_steps)
        D at the middle of each step, (k + 1/2) dt, in J a²/ħ.

    Raises
    ------
    ValueError, TypeError
        As in `sampled_msd`.

    Examples
    --------
    >>> late = averaged_diffusivity(np.zeros(20), 10.0, 0.1, 200)[-1]
    >>> print(f"{late:.4f} {clean_constant(10.0, 0.1):.4f}")
    1.8207 1.8207
    """
    noise, dt, n_steps = _check_scheme(noise, dt, n_steps)
    U = _propagators(site_energies, dt)
    n_sites = U.shape[-1]
    here, away, kept = np.arange(n_sites), _away(n_sites), np.exp(-noise * dt**2)
    jumps = np.abs(U) ** 2
    w = kept * (U * away) @ U.conj()
    w[..., here, here] = (jumps * away).sum(axis=-1)
    X, total = w, -0.5 * (jumps * away**2).sum(axis=(-2, -1))
    result = []
    for _ in range(n_steps):
        result.append(-total / (n_sites * dt))
        total = total + (w * X).sum(axis=(-2, -1)).real
        populations = np.einsum("...nm,...mm->...n", jumps, X.real)
        X = kept * (U @ X @ U.conj())
        X[..., here, here] += (1 - kept) * populations
    return np.stack(result, axis=-1)


def clean_constant(noise: ArrayLike, dt: ArrayLike) -> FloatOrArray:
    r"""Return the long-time D of the scheme without disorder.

    .. math:: D_s = \mathrm dt\,\left[\coth\frac{\Gamma_s\,\mathrm dt^2}{2}
              - 2\,\mathrm e^{-\Gamma_s\,\mathrm dt^2}\right]
              \approx \frac{2}{\Gamma_s\,\mathrm dt} - 2\,\mathrm dt

    Noise on the sites, applied once a step, has the first term alone. `noise` and `dt`, both > 0, broadcast.

    >>> print(f"{clean_constant(10.0, 0.1):.4f}, against 2/Γ = {2 / (10.0 * 0.1):.4f}")
    1.8207, against 2/Γ = 2.0000
    """
    noise, dt = _check.positive("noise", noise), _check.positive("dt", dt)
    _check.together(noise=noise, dt=dt)
    return (dt * (1 / np.tanh(noise * dt**2 / 2) - 2 * np.exp(-noise * dt**2)))[()]
