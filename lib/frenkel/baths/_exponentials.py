r"""Correlation functions as sums of exponentials, exact (Matsubara) or few (Padé).

Closed in the lower half plane, :math:`C(t) = \frac1{2\pi}\int\mathrm d\omega\,\mathcal J(\omega)
[\coth(\omega/2k_\mathrm BT) + 1]\,\mathrm e^{-\mathrm i\omega t}` is a sum over the poles of 𝒥 and of coth.
With

    coth(x/2) = 2/x + Σ_k 4 η_k x / (x² + ξ_k²)

the latter lie at ω = -iξ_k kT: ξ_k = 2πk and η_k = 1 exactly (Matsubara); a Padé approximant needs far fewer
(Hu, Xu and Yan, J. Chem. Phys. 133, 101106 (2010)). It is exact at ω = 0, so the integral of C has no error
left to repair.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np

from .._types import ComplexArray, FloatArray

_NEGLIGIBLE = 36.0  # exp(-36) is a quarter of a rounding error
_NUDGE = 1e-5  # relative change of kT when a pole of 𝒥 meets one of coth: the best of 1e-16/x² and x
_N_DIFFERENCES = 9  # in the summation by parts of a tail
_SMOOTHNESS = 50.0  # terms before it, over |1 - z|: each difference is then ten times smaller or more
_CLOSE = 1e-2  # of |1 - z|: below it the tail is integrated
_MOST_ELEMENTS = 1 << 20  # of a matrix of exponentials at a time


def pade(n_terms: int) -> tuple[FloatArray, FloatArray]:
    """Return ξ and η of the [N-1/N] Padé approximant of coth, N = `n_terms`, as in Hu, Xu and Yan."""
    if n_terms == 0:
        return np.empty(0), np.empty(0)

    def roots(size, shift):
        b = 2.0 * np.arange(1, size + 1) + 1 + shift
        band = 1 / np.sqrt(b[1:] * b[:-1])
        values = np.linalg.eigvalsh(np.diag(band, 1) + np.diag(band, -1))
        return 2 / values[size - size // 2 :][::-1]

    xi, chi = roots(2 * n_terms, 0), roots(2 * n_terms - 1, 2)
    eta = np.empty(n_terms)
    for j, x in enumerate(xi**2):  # factor over factor, so that none overflows
        eta[j] = np.prod((chi**2 - x) / (np.delete(xi, j) ** 2 - x))
    return xi, n_terms * (n_terms + 1.5) * eta


def temperature_apart(bath: Any, xi: FloatArray) -> float:
    """Return kT, moved a little if a pole of coth would lie on one of 𝒥, where both residues are infinite."""
    kT = bath.temperature
    for rate in bath._poles().rates:
        if len(xi) and np.abs(xi * kT / rate - 1).min() < _NUDGE / 3:
            kT *= 1 + _NUDGE
    return kT


def pole_terms(bath: Any, kT: float, coth: Any = None) -> tuple[ComplexArray, ComplexArray]:
    """Return the rates and coefficients that the poles of 𝒥 give; `coth` of x/2 is exact by default."""
    rates, weights = bath._poles()
    x = -1j * rates / kT
    with np.errstate(over="ignore"):
        values = 1 / np.tanh(x / 2) if coth is None else coth(x)
    return rates, weights * (1 + values)


def few_exponentials(bath: Any, n_terms: int) -> tuple[ComplexArray, ComplexArray]:
    """Return rates ν and coefficients c of C(t) ≈ Σ c exp(-νt), with `n_terms` of Padé's."""
    xi, eta = pade(n_terms)
    kT = temperature_apart(bath, xi)

    def coth(x):
        return 2 / x + (4 * eta * x[:, None] / (x[:, None] ** 2 + xi**2)).sum(axis=1)

    rates, c = pole_terms(bath, kT, coth)
    return np.append(rates, xi * kT), np.append(c, 2 * kT * eta * bath._turned(xi * kT))


@lru_cache(maxsize=1)
def _gauss():
    return np.polynomial.legendre.leggauss(60)


class _Matsubara:
    """Σ_k a(k) exp(-2πk kT s), a(k) the coefficients of C over (2πk kT)^power; `s` may be complex."""

    def __init__(self, bath, power):
        poles = np.abs(bath._poles().rates)
        self.xi = 2 * np.pi * np.arange(1, poles.max() / (2 * np.pi * bath.temperature) + 2)
        self.kT = temperature_apart(bath, self.xi)
        self.step = 2 * np.pi * self.kT
        self.least = 60 + int(6 * poles.max() / self.step)  # beyond it a(k) is a smooth power
        self.bath, self.power = bath, power

    def __call__(self, k):
        rates = self.step * k
        return 2 * self.kT * self.bath._turned(rates) / rates**self.power

    def at_zero(self):
        """Return the sum at s = 0, for power 2."""
        k = np.arange(1.0, self.least)
        return self(k).sum() + self._smooth_tail(np.zeros(1), self.least)[0]

    def _smooth_tail(self, s, M):
        """Sum from k = M on, where exp(-step s) is close to 1: Euler and Maclaurin, by Gauss and Legendre."""
        nodes, weights = _gauss()
        u = (nodes + 1) / 2

        def term(k):
            return self(k) * np.exp(-self.step * s[:, None] * k)

        half = np.array([-0.5, 0.0, 0.5])
        edge = term(M + half)
        return term(M / u) @ (weights / 2 * M / u**2) + edge[:, 1] / 2 - (edge[:, 2] - edge[:, 0]) / 12

    def at(self, s):
        """Return the sum at the points `s` (1D, sorted by their real part), in blocks of similar decay."""
        s = np.asarray(s, dtype=complex)
        apart = np.abs(np.expm1(-self.step * s))
        total = np.empty_like(s)
        done = 0
        while done < len(s):
            first = s[done].real
            last = int(np.searchsorted(s.real, 2 * first, side="right"))
            M = max(self.least, int(_SMOOTHNESS / max(apart[done:last].min(), _CLOSE)))
            enough = int(_NEGLIGIBLE / (self.step * first)) + 2 if first else M
            n_terms = min(M, enough)
            k = np.arange(1.0, n_terms)
            a = self(k)
            rows = max(1, _MOST_ELEMENTS // n_terms)
            for i in range(done, last, rows):
                points = slice(i, min(i + rows, last))
                total[points] = np.exp(-self.step * s[points, None] * k) @ a
            if M <= enough:
                near = apart[done:last] < _CLOSE
                total[done:last][near] += self._smooth_tail(s[done:last][near], n_terms)
                total[done:last][~near] += self._turning_tail(s[done:last][~near], n_terms)
            done = last
        return total

    def _turning_tail(self, s, M):
        """Sum from k = M on by parts: Σ a_k z^k = z^M/(1-z) Σ_j (z/(1-z))^j Δ^j a_M."""
        z = np.exp(-self.step * s)
        differences = self(M + np.arange(float(_N_DIFFERENCES)))
        factor = np.exp(-self.step * s * M) / (1 - z)
        total = np.zeros_like(s)
        for _ in range(_N_DIFFERENCES):
            total += factor * differences[0]
            factor, differences = factor * z / (1 - z), np.diff(differences)
        return total


def correlation(bath: Any, times: FloatArray) -> ComplexArray:
    """Return C(t) at positive times of any shape."""
    order = np.argsort(times, axis=None)
    sorted_times = times.ravel()[order]
    matsubara = _Matsubara(bath, 0)
    rates, c = pole_terms(bath, matsubara.kT)
    result = np.empty(len(order), dtype=complex)
    with np.errstate(under="ignore"):
        result[order] = np.exp(-sorted_times[:, None] * rates) @ c + matsubara.at(sorted_times)
    return result.reshape(times.shape)


def decaying_phase(bath: Any, s: ComplexArray) -> ComplexArray:
    """Return Σ c/ν² (exp(-νs) - 1) at points 0 ≤ -Im s ≤ 1/kT sorted by their real part, exactly."""
    matsubara = _Matsubara(bath, 2)
    rates, c = pole_terms(bath, matsubara.kT)
    return np.expm1(-s[:, None] * rates) @ (c / rates**2) + (matsubara.at(s) - matsubara.at_zero())


def line_shape(bath: Any, times: FloatArray) -> ComplexArray:
    """Return g(t) = Σ c/ν² (exp(-νt) + νt - 1) at times of any shape."""
    order = np.argsort(times, axis=None)
    t = times.ravel()[order]
    result = np.empty(len(order), dtype=complex)
    slope = bath.white_noise_rate / 2 - 1j * bath.reorganization  # ∫ C over all times
    late = t > 0
    result[order] = 0.0
    result[order[late]] = decaying_phase(bath, t[late].astype(complex)) + slope * t[late]
    return result.reshape(times.shape)
