r"""∫_0^∞ dt exp(iωt) C(t) for the six correlation functions of the polaron frame.

Those of D with itself and with a bond, κψ, are exponentials and exact. Two bonds a = e_i - e_j and b give
κ²(exp(-(a·b) φ) - 1), a·b = ±1 or ±2: of it the part linear in φ, one phonon, is exact too, and the rest,
which is short and smooth, is summed over panels of Gauss and Legendre and interpolated in ω.
"""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ComplexArray, FloatArray
from .polaron_frame import _memories
from .spectral_densities import _Bath

SITE, MIXED, BONDS = 0, 1, {-2: 2, -1: 3, 1: 4, 2: 5}  # where a kind of correlation stands
_NODES = 10  # of a panel
_TURN = 3.0  # of all phases together in a panel, at most
_DIGITS = 1e-9  # what the end of an integral may leave
_MOST_PANELS = 200_000
_MOST_ELEMENTS = 1 << 21


class HalfTransforms:
    """The transforms at frequencies up to `highest`; call it with ω of any shape for an array (6, ...)."""

    def __init__(self, bath: _Bath, split: float, highest: float) -> None:
        self.split, self.rates, self.m = _memories(bath, split)
        self.c = -(self.rates**2) * self.m  # φ = Σ c exp(-νt)
        self.at_zero = max(float(self.c.sum().real), 0.0)
        self.overlap = float(np.exp(-self.at_zero))
        fastest = np.abs(bath._poles().rates.imag).max() + 2 * bath.reorganization
        fastest += np.sqrt(4 * bath.reorganization * (2 * bath.temperature + fastest)) + highest
        self._tabulate(fastest, 1.02 * highest + 1e-9)

    def _multiphonon(self, times: FloatArray) -> ComplexArray:
        """Return κ²(exp(-sφ) - 1 + sφ) for s = -2, -1, 1, 2, at times of any shape."""
        flat = times.ravel()
        fall = np.concatenate(
            [
                np.expm1(-t[:, None] * self.rates) @ self.c
                for t in np.array_split(flat, flat.size // 20_000 + 1)
            ]
        ).reshape(times.shape)  # φ(t) - φ(0), exact for κ = 0 too
        square = self.overlap**2
        linear = square * (self.at_zero + fall)
        with np.errstate(under="ignore"):
            return np.array([np.exp(-(2 + s) * self.at_zero - s * fall) - square + s * linear for s in BONDS])

    def _tabulate(self, fastest, highest):
        grid = np.geomspace(1e-6 / fastest, 40 / self.rates.real.min(), 4000)
        size = np.abs(self._multiphonon(grid)).max(axis=0)
        size = np.maximum.accumulate(size[::-1])[::-1]  # from here on
        if size[0] == 0 and size.max() == 0:
            self.table = None
            return
        last = grid[np.flatnonzero(size > _DIGITS * size.max())[-1]]
        panel = _TURN / fastest
        n_panels = int(last / panel) + 1
        if n_panels > _MOST_PANELS:
            _check.fail(
                "bath",
                f"one that forgets within {_MOST_PANELS * panel:.2g} ħ/J",
                f"one that takes {last:.2g} ħ/J",
            )
        x, weights = np.polynomial.legendre.leggauss(_NODES)
        x, weights = (x + 1) / 2, weights / 2
        width = np.min([panel, last])
        first = np.append(0.0, width * 0.5 ** np.arange(24.0)[::-1])  # panels that shrink towards t = 0
        start = np.diff(first)
        t = (first[:-1, None] + start[:, None] * x).ravel()
        w = (start[:, None] * weights).ravel()
        n_frequencies = int(2 * highest / (0.3 / grid[np.flatnonzero(size > 1e-4 * size.max())[-1]])) + 12
        omega = np.linspace(-highest, highest, n_frequencies)
        values = np.exp(1j * np.multiply.outer(omega, t)) @ (w * self._multiphonon(t)).T
        inside = np.exp(1j * width * np.multiply.outer(omega, x))
        rows = max(1, _MOST_ELEMENTS // n_frequencies)
        for k in range(1, n_panels + 1, rows):
            begin = width * np.arange(k, min(k + rows, n_panels + 1))
            g = self._multiphonon(begin[:, None] + width * x) * (width * weights)  # (4, panels, nodes)
            phases = np.exp(1j * np.multiply.outer(omega, begin))
            for kind in range(4):
                values[:, kind] += ((phases @ g[kind]) * inside).sum(axis=1)
        from scipy.interpolate import CubicSpline

        self.table = CubicSpline(omega, values)

    def __call__(self, omega: FloatArray) -> ComplexArray:
        result = np.zeros((6, *omega.shape), dtype=complex)
        if self.table is not None:
            result[2:] = np.moveaxis(self.table(omega), -1, 0)
        s = np.array(list(BONDS)).reshape(-1, *(1,) * omega.ndim)
        one = np.zeros(omega.shape, dtype=complex)
        for rate, m in zip(self.rates, self.m, strict=True):
            pole = m / (rate - 1j * omega)
            result[SITE] += self.split**4 * pole
            result[MIXED] -= 1j * self.overlap * self.split**2 * rate * pole
            one -= rate**2 * pole
        result[2:] -= s * self.overlap**2 * one
        return result
