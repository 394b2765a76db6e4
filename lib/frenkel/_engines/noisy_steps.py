"""Wavefunctions under sampled noise, step by step: the engine of white and of colored noise.

Symmetric splitting: half a phase kick, exp(-i H dt), half a kick. What a kick does to the phases is all in
which one noise differs from another.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from .. import _check
from .._types import ComplexArray, FloatArray, Matrix
from .cost import affordable
from .matrices import evolve, spectral_bounds

_LONGEST = 4.0  # half the bandwidth times the length of a Taylor series: it costs two of sixteen digits
_MOST_STEPS = affordable(3e-9)  # of one site
_OVERHEAD = 5000  # sites that take as long as calling NumPy for a step


def check_step(H: Matrix, dephasing: float, max_step: float | None) -> float:
    """Return the longest step, by default one whose error is 10⁻³; warn if a given one is far too long.

    The averaged step is wrong by dt² [C, [C, D]] / 24 and the like per unit of time, with C the
    commutator with H (at most the bandwidth W) and D the dephasing; measured on dimers, the error of a
    population is about dt² Γ W² / 27.
    """
    low, high = spectral_bounds(H)
    # Without a bandwidth, or without noise, every step is exact.
    good = np.sqrt(27e-3 / dephasing) / max(high - low, 1e-9) if dephasing else np.inf
    if max_step is None:
        return good
    max_step = _check.scalar("max_step", max_step, _check.positive)
    if max_step > 5 * good:
        warnings.warn(
            f"`max_step` = {max_step:g} can make populations wrong by {1e-3 * (max_step / good) ** 2:.2g}; "
            f"{good:.2g} brings that down to 0.001.",
            _check.ConvergenceWarning,
            stacklevel=3,
        )
    return max_step


def _short_step(H: Matrix, dt: float) -> Callable[[ComplexArray], ComplexArray]:
    """Return a function that applies exp(-i H dt) to amplitudes (..., n)."""
    if not hasattr(H, "tocsr"):
        energies, modes = np.linalg.eigh(H)
        step = ((modes * np.exp(-1j * energies * dt)) @ modes.conj().T).T
        return lambda psi: psi @ step
    from scipy.sparse import eye_array

    low, high = spectral_bounds(H)
    radius, center = (high - low) / 2, (low + high) / 2
    n_parts = max(int(np.ceil(radius * dt / _LONGEST)), 1)
    part, phase = dt / n_parts, np.exp(-1j * center * dt)
    around = H.tocsr() - center * eye_array(H.shape[0])
    kind = complex if np.iscomplexobj(H.data) else float  # a real H acts on real and imaginary parts alike

    def series(psi: ComplexArray) -> ComplexArray:
        total = np.multiply(psi.T, phase, order="C")
        for _ in range(n_parts):
            term, order, size = total.copy(), 0, 1.0
            while size > 1e-13:
                order += 1
                term = (around @ term.view(kind)).view(complex)
                term *= -1j * part / order
                total += term
                size *= radius * part / order
        return total.T

    return series


def sample(
    H: Matrix,
    psi0: ComplexArray,
    times: FloatArray,
    n_trajectories: int,
    max_step: float,
    kick: Callable[[ComplexArray, float], ComplexArray] | None,
) -> ComplexArray:
    """Return states (n_trajectories, t, n); ``kick(psi, dt)`` gives psi the phases of a time dt of noise.

    Without a kick all trajectories are one, and exact.
    """
    n_sites = H.shape[0]
    if kick is None:
        return np.tile(evolve(H, psi0, times), (n_trajectories, 1, 1))
    longest = _MOST_STEPS * max_step / (n_trajectories * n_sites + _OVERHEAD)
    if times[-1] > longest:
        size = f"{n_trajectories} trajectories of {n_sites} sites"
        rule = f"below {longest:.2g} for {size} in steps of {max_step:.2g}"
        _check.fail("times", rule, float(times[-1]))
    states = np.empty((n_trajectories, len(times), n_sites), dtype=complex)
    psi, now = np.tile(psi0, (n_trajectories, 1)), 0.0
    step: Any = None
    length = 0.0
    for index, time in enumerate(times):
        n_steps = int(np.ceil((time - now) / max_step))
        if n_steps:
            dt = (time - now) / n_steps
            if abs(dt - length) > 1e-12 * dt:
                step, length = _short_step(H, dt), dt
            psi = kick(psi, dt / 2)
            for _ in range(n_steps - 1):
                psi = kick(step(psi), dt)
            psi = kick(step(psi), dt / 2)
        states[:, index] = psi
        now = time
    return states
