r"""Noise with a memory: Ornstein-Uhlenbeck site energies, from white noise to static disorder.

.. math:: \langle \xi_n(t)\,\xi_m(t') \rangle = \sigma^2\, \mathrm e^{-|t - t'|/\tau}\,\delta_{nm}

White noise has ⟨ξξ⟩ = Γ δ(t - t'), whose integral over t - t' is Γ; here that integral is 2σ²τ. So memory
short against everything else (τ → 0 at fixed 2σ²τ) gives the Haken–Strobl–Reineker model with

.. math:: \Gamma = 2\sigma^2\tau,

and long memory (τ → ∞) gives static Gaussian disorder Δ = σ. Between them lies what a real lattice does.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from .. import _check
from .._engines.noisy_steps import check_step, sample
from .._types import ArrayLike, ComplexArray, FloatArray, FloatOrArray, Matrix, Seed


def ornstein_uhlenbeck(
    times: ArrayLike, *, amplitude: float, correlation_time: float, n_paths: int, rng: Seed = None
) -> FloatArray:
    r"""Return sampled paths of stationary Ornstein-Uhlenbeck noise, exact at any spacing of the times.

    .. math:: \xi(t + s) = \mathrm e^{-s/\tau}\,\xi(t) + \sigma\sqrt{1 - \mathrm e^{-2s/\tau}}\;g

    with g a standard normal (Gillespie, Phys. Rev. E 54, 2084 (1996)).

    Parameters
    ----------
    times : array, shape (t,)
        Strictly increasing times ≥ 0 in ħ/J.
    amplitude : float
        Standard deviation σ ≥ 0 in J.
    correlation_time : float
        τ > 0 in ħ/J.
    n_paths : int
        Number of independent paths.
    rng : None, int, SeedSequence or Generator
        Source of randomness.

    Returns
    -------
    array, shape (n_paths, t)

    Raises
    ------
    ValueError, TypeError
        If `times` do not increase, `amplitude` is negative, `correlation_time` not positive or `n_paths`
        below 1.

    Examples
    --------
    >>> paths = ornstein_uhlenbeck([0.0, 1.0], amplitude=2.0, correlation_time=1.0, n_paths=90_000, rng=2)
    >>> print(f"{paths.std():.2f} {(paths[:, 0] * paths[:, 1]).mean() / 4:.2f}")  # σ, exp(-1)
    2.00 0.37
    """
    times = _check.times("times", times)
    amplitude = _check.scalar("amplitude", amplitude, _check.non_negative)
    correlation_time = _check.scalar("correlation_time", correlation_time, _check.positive)
    n_paths = _check.integer("n_paths", n_paths, 1)
    kicks = _check.generator(rng).standard_normal((n_paths, len(times)))
    steps = np.diff(times) / correlation_time
    memory, fresh = np.exp(-steps), np.sqrt(-np.expm1(-2 * steps))
    paths = np.empty_like(kicks)
    paths[:, 0] = kicks[:, 0]
    for i in range(len(steps)):
        paths[:, i + 1] = memory[i] * paths[:, i] + fresh[i] * kicks[:, i + 1]
    return amplitude * paths


def _phase_step(dt: float, amplitude: float, correlation_time: float) -> tuple[float, ...]:
    """Coefficients of an exact step of (ξ, ∫ξ dt) for independent standard normals g and h.

    ξ' = e ξ + a g,   ∫ξ = b ξ + c g + d h,   with x = dt/τ, e = exp(-x), E = 1 - e:
    a² = σ² E (2 - E), b = τ E, a c = σ² τ E², c² + d² = σ² τ² v, v = 2x - 2E - E².
    """
    x = dt / correlation_time
    E = -np.expm1(-x)
    if x < 0.5:  # v = 2x³/3 - ... by its series: the closed form is a difference of nearly equal numbers
        v, term = 0.0, -(x**3) / 6
        for k in range(3, 18):
            v += (4 - 2.0**k) * term
            term *= -x / (k + 1)
    else:
        v = 2 * x - 2 * E - E**2
    a = amplitude * np.sqrt(E * (2 - E))
    c = amplitude * correlation_time * E * np.sqrt(E / (2 - E))
    d = amplitude * correlation_time * np.sqrt(max(v - E**3 / (2 - E), 0.0))
    return np.exp(-x), a, correlation_time * E, c, d


def colored_trajectories(
    H: Matrix,
    psi0: ArrayLike,
    times: ArrayLike,
    *,
    amplitude: float,
    correlation_time: float,
    n_trajectories: int,
    rng: Seed = None,
    max_step: float | None = None,
) -> ComplexArray:
    r"""Return wavefunctions under sampled Ornstein-Uhlenbeck noise on every site.

    .. math:: \mathrm i\,\partial_t |\psi\rangle = \Big(H + \sum_n \xi_n(t)\,|n\rangle\langle n|\Big)
              |\psi\rangle

    Parameters
    ----------
    H : array or sparse array, shape (n, n)
        Hermitian, in units of J; any lattice.
    psi0 : array, shape (n,)
        Normalized initial amplitudes, the same for every trajectory.
    times : array, shape (t,)
        Strictly increasing times ≥ 0 in ħ/J.
    amplitude, correlation_time : float
        σ ≥ 0 in J and τ > 0 in ħ/J of the noise; it is stationary from time 0 on.
    n_trajectories : int
        Number of noise realizations.
    rng : None, int, SeedSequence or Generator
        Source of randomness.
    max_step : float, optional
        Longest time step; by default short enough for the step error of populations to stay below 10⁻³.

    Returns
    -------
    complex array, shape (n_trajectories, t, n)
        Each of norm 1.

    Raises
    ------
    ValueError, TypeError
        As in `frenkel.trajectories`.

    Warns
    -----
    ConvergenceWarning
        If `max_step` is too long for populations good to a few per cent, with the step that would do.

    Notes
    -----
    The symmetric splitting of `frenkel.trajectories`. The integral of ξ over a step is drawn
    exactly, jointly with the next ξ (Gillespie, Phys. Rev. E 54, 2084 (1996)), so a step may be longer than τ
    and the limit of white noise costs no more than white noise.

    Examples
    --------
    >>> from frenkel import chain, hamiltonian
    >>> psi = colored_trajectories(hamiltonian(chain(2)), [1, 0], [1.0], amplitude=0.5,
    ...                            correlation_time=2.0, n_trajectories=3, rng=1)
    >>> (abs(psi) ** 2).sum(axis=-1).round(12).tolist()
    [[1.0], [1.0], [1.0]]
    """
    H, psi0, times, n_trajectories, rng = _check.trajectories(H, psi0, times, n_trajectories, rng)
    amplitude = _check.scalar("amplitude", amplitude, _check.non_negative)
    correlation_time = _check.scalar("correlation_time", correlation_time, _check.positive)
    rate = min(2 * amplitude**2 * correlation_time, amplitude)  # at which phases are lost, fast or slow noise
    max_step = check_step(H, rate, max_step)
    noise = amplitude * rng.standard_normal((n_trajectories, H.shape[0]))
    coefficients = lru_cache(maxsize=4)(lambda dt: _phase_step(dt, amplitude, correlation_time))

    def kick(psi: ComplexArray, dt: float) -> ComplexArray:
        nonlocal noise
        e, a, b, c, d = coefficients(dt)
        g, h = rng.standard_normal((2, *psi.shape))
        phase = b * noise + c * g + d * h
        noise = e * noise + a * g
        return psi * np.exp(-1j * phase)

    return sample(H, psi0, times, n_trajectories, max_step, kick if amplitude else None)


def kubo_coherence(times: ArrayLike, *, amplitude: float, correlation_time: float) -> FloatOrArray:
    r"""Return the optical coherence of one site, Kubo's stochastic line shape in time.

    .. math:: \langle \mathrm e^{-\mathrm i\int_0^t \xi\,\mathrm ds} \rangle
              = \exp\!\left[-\sigma^2\tau^2\left(\mathrm e^{-t/\tau} + \frac{t}{\tau} - 1\right)\right]

    `times` ≥ 0 of any shape, `amplitude` σ ≥ 0, `correlation_time` τ > 0. Gaussian for στ ≫ 1 (static: FWHM
    2.355 σ), Lorentzian for στ ≪ 1 (motional narrowing: FWHM 2σ²τ = Γ). The coherence *between* two sites
    decays as its square. Kubo, Adv. Chem. Phys. 15, 101 (1969).

    >>> print(f"{kubo_coherence(1.0, amplitude=1.0, correlation_time=1.0):.4f}")  # exp(-1/e)
    0.6922
    """
    times = _check.non_negative("times", times)
    amplitude = _check.scalar("amplitude", amplitude, _check.non_negative)
    correlation_time = _check.scalar("correlation_time", correlation_time, _check.positive)
    x = times / correlation_time
    small = x < 1e-3
    g = np.where(small, x**2 * (0.5 - x / 6 + x**2 / 24), x + np.expm1(-x))
    return np.exp(-((amplitude * correlation_time) ** 2) * g)[()]
