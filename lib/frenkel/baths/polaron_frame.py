r"""The frame in which the fast phonons travel with the exciton, and what is left of their coupling.

Displace each mode of site n, when the exciton is there, by a part F(ω) of the full shift of its equilibrium.
For F = 1, the polaron frame, the coupling to the phonons is gone and J changed into J exp(S_i - S_j), with a
thermal mean of κJ, :math:`\kappa = \exp[-\frac1\pi\int\mathrm d\omega\,\frac{\mathcal J}{\omega^2}
\coth\frac\omega{2k_\mathrm BT}]`. But where 𝒥 rises linearly from zero, as that of a Drude bath and of
a damped oscillator does, the integral diverges at every temperature above zero, and κ = 0: nothing is left
to be coherent, and second order in J is a theory of hops. The slope that makes it diverge is Γ/2kT; to leave
it out (a super-Ohmic bath) is to leave out the white noise. So slow modes must stay behind:

.. math:: F(\omega) = \frac{\omega^2}{\omega^2 + w^2},

w the *split*. A free minimization of the Gibbs-Bogoliubov bound of the free energy (Silbey and Harris,
J. Chem. Phys. 80, 2615 (1984)) has F = 1/(1 + E coth(ω/2kT)/ω), -E the mean bond energy: in the heat it is
of this form with w² = 2kT E. We minimize among these. With it one function has all correlations,

.. math:: M(t) = \frac1\pi\int_0^\infty\!\mathrm d\omega\,\frac{\mathcal J(\omega)}{(\omega^2 + w^2)^2}\left[
          \coth\frac\omega{2k_\mathrm BT}\cos\omega t - \mathrm i\sin\omega t\right] = \sum_k m_k
          \mathrm e^{-\nu_k t} :

of the coupling D that stays with a site, ⟨D(t) D⟩ = w⁴M; of D and the displacement S, ⟨D(t) S⟩ = ψ = i w² M';
of displacements, -⟨S(t) S⟩ = φ = -M'', and κ = exp(-φ(0)).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .._types import ComplexArray, Matrix
from ._exponentials import few_exponentials
from .spectral_densities import Poles, _Bath, _check_bath

_APART = 1e-4  # relative distance of two poles that stand for a double one: an error of its square
_AWAY = 0.05  # relative distance of the split from a pole of 𝒥
_MOST_TERMS = 256
_SETTLED = 1e-5  # change of φ when Padé's terms are doubled
_TRIED = 121  # splits, of which the best is refined
_LOWEST, _HIGHEST = 1e-6, 1e6  # splits, in kT


class PolaronFrame(NamedTuple):
    r"""How a bath is divided, energies in J.

    Attributes
    ----------
    split : float
        w: modes of higher frequency travel with the exciton.
    overlap : float
        κ, by which J is multiplied.
    residual : float
        Reorganization energy :math:`\frac1\pi\int\mathrm d\omega\,(1 - F)^2\mathcal J/\omega` of one site
        that is left to the slow modes.
    """

    split: float
    overlap: float
    residual: float


class _Reduced:
    """𝒥(ω)/(ω² + w²)², with its double pole set apart, as a bath of which exponentials can be asked."""

    def __init__(self, bath, split):
        self.bath, self.temperature = bath, bath.temperature
        own = bath._poles()
        if (np.abs(own.rates / split - 1) < _AWAY).any():
            split *= 1 + 2 * _AWAY
        self.split = split
        self.squares = split**2 * np.array([1 - _APART, 1 + _APART])
        slow = np.sqrt(self.squares)
        weights = 0.5j * bath._turned(slow) / slow / (self.squares[::-1] - self.squares)
        own_weights = own.weights / np.prod(self.squares - own.rates[:, None] ** 2, axis=1)
        self._all = Poles(np.append(own.rates, slow), np.append(own_weights, weights))

    def _poles(self):
        return self._all

    def _turned(self, rates):
        return self.bath._turned(rates) / np.prod(self.squares - np.square(rates)[..., None], axis=-1)


@lru_cache(maxsize=256)
def _memories(bath: _Bath, split: float) -> tuple[float, ComplexArray, ComplexArray]:
    """Return the split, moved off the poles of 𝒥, and ν and m of M(t), with the Padé terms that it takes."""
    reduced = _Reduced(bath, split)
    times = np.append(0.0, np.geomspace(1e-4, 10, 20) / bath.temperature)
    before, n_terms = None, 1
    while True:
        rates, m = few_exponentials(reduced, n_terms)
        decay = np.expm1(-times[:, None] * rates) @ (rates**2 * m)
        phi = np.append(decay, (rates**2 * m).sum() if abs(decay[-1]) < 1e3 else 0.0)
        if before is not None and np.abs(phi - before).max() <= _SETTLED * max(1.0, np.abs(phi).max()):
            return reduced.split, rates, m
        if n_terms >= _MOST_TERMS:
            _check.fail("bath", f"hot enough for {_MOST_TERMS} exponentials", f"{bath}")
        before, n_terms = phi, 2 * n_terms


@lru_cache(maxsize=64)
def _grid(bath):
    """Return ω in steps of its logarithm, and the weights of (1/π)∫dω 𝒥/ω there."""
    rates = np.abs(bath._poles().rates)
    ends = np.log([1e-7 * min(rates.min(), bath.temperature), 1e4 * max(rates.max(), bath.temperature)])
    step = 0.02 * min(1.0, bath._poles().rates.real.min() / rates.max() * 5)  # fine enough for a narrow line
    w = np.exp(np.arange(ends[0], ends[1], step))
    return w, step * bath.spectral_density(w) / np.pi


def _divided(bath: _Bath, split: float) -> tuple[float, float]:
    """Return φ(0) = -log κ and the reorganization energy that is left to slow modes."""
    w, weights = _grid(bath)
    ratio = (w / split) ** 2
    fast = np.where(ratio < 1, ratio / (1 + ratio), 1 / (1 + 1 / np.maximum(ratio, 1.0)))
    with np.errstate(over="ignore"):
        displaced = (weights * fast**2 / w / np.tanh(w / (2 * bath.temperature))).sum()
    return float(displaced), float((weights * (1 - fast) ** 2).sum())


def _best_split(stack, bath):
    """Return the split of the lowest mean bound of the free energies of Hamiltonians (m, n, n)."""
    sites = np.einsum("kaa->ka", stack)[:, :, None] * np.eye(stack.shape[-1])
    kT = bath.temperature

    def bound(split):
        exponent, residual = _divided(bath, split)
        levels = np.linalg.eigvalsh(sites + np.exp(-exponent) * (stack - sites))
        lowest = levels[:, :1]
        return residual + (lowest[:, 0] - kT * np.log(np.exp(-(levels - lowest) / kT).sum(axis=1))).mean()

    scales = np.append(np.abs(bath._poles().rates), [kT, np.abs(stack - sites).sum(axis=-1).max() or kT])
    logs = np.linspace(np.log(1e-3 * scales.min()), np.log(1e2 * scales.max()), _TRIED)
    for _ in range(2):
        values = np.array([bound(np.exp(x)) for x in logs])
        best = int(np.argmin(values))
        logs = np.linspace(logs[max(best - 1, 0)], logs[min(best + 1, len(logs) - 1)], 21)
    return float(np.exp(logs[10]))


def _frame_of(stack: NDArray[Any], bath: _Bath, split: float | None) -> PolaronFrame:
    """Return the frame of Hamiltonians (m, n, n): the best one, or that of the `split`."""
    if split is None:
        split = _best_split(stack, bath)
    split = _memories(bath, split)[0]
    exponent, residual = _divided(bath, split)
    return PolaronFrame(split, float(np.exp(-exponent)), residual)


def _check_split(split: float | None, bath: _Bath) -> float | None:
    """Return `split` if it is None or one of a size that the bath can be divided at."""
    if split is None:
        return None
    split = _check.scalar("split", split, _check.positive)
    if not _LOWEST * bath.temperature <= split <= _HIGHEST * bath.temperature:
        rule = f"between {_LOWEST:g} and {_HIGHEST:g} times the temperature, {bath.temperature:g}"
        _check.fail("split", rule, split)
    return split


def polaron_frame(H: Matrix, bath: _Bath, *, split: float | None = None) -> PolaronFrame:
    r"""Return the frame in which the fast phonons of a bath travel with the exciton.

    Parameters
    ----------
    H : array or sparse array, shape (n, n)
        Hermitian, in units of J.
    bath : DrudeBath or BrownianBath
        The bath of every site.
    split : float, optional
        w in J/ħ, 10⁻⁶ to 10⁶ times the temperature; moved a little if it meets a pole of 𝒥. By default that
        of the lowest bound of the free energy.

    Returns
    -------
    PolaronFrame
        w, κ and the reorganization energy that is left.

    Raises
    ------
    ValueError, TypeError
        If an argument is not what it should be.

    Examples
    --------
    >>> from frenkel import BrownianBath, hamiltonian, ring
    >>> cold, warm = (BrownianBath(4.0, 5.0, 1.0, temperature=kT) for kT in (0.2, 7.0))
    >>> print(*(f"{polaron_frame(hamiltonian(ring(20)), bath).overlap:.2f}" for bath in (cold, warm)))
    0.55 0.00
    """
    H = _check.dense_hamiltonian(H)
    bath = _check_bath(bath)
    return _frame_of(H[None], bath, _check_split(split, bath))
