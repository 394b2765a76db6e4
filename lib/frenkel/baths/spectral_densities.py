r"""Baths of harmonic phonons, one for every site, and what they do to the energy of their site.

A bath shifts its site by :math:`B(t)`, linear in the phonons. Being Gaussian, it is known by one function,
its spectral density 𝒥(ω), and the temperature:

.. math:: C(t) = \langle B(t)\,B(0)\rangle = \frac1\pi\int_0^\infty\!\mathrm d\omega\,\mathcal J(\omega)
          \left[\coth\frac{\omega}{2k_\mathrm BT}\cos\omega t - \mathrm i\sin\omega t\right],\qquad
          \lambda = \frac1\pi\int_0^\infty\!\mathrm d\omega\,\frac{\mathcal J(\omega)}{\omega} .

The real part is a noise; the imaginary part is the response of the phonons to the exciton, and without it
there is no detailed balance. Energies, frequencies and :math:`k_\mathrm BT` are in J, times in ħ/J.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from .. import _check
from .._types import ArrayLike, ComplexArray, FloatArray, FloatOrArray
from . import _exponentials

_FASTEST, _SLOWEST = 1e4, 1e-6  # frequencies, in kT
_STRONGEST, _WEAKEST = 1e4, 1e-9  # reorganization energies, in kT
_APART = 1e-4  # of two poles, as a part of their frequency, before their residues lose more than four digits


class Poles(NamedTuple):
    """Σ weights exp(-rates t) is -i times the residues of 𝒥 in the lower half plane, at ω = -i rates."""

    rates: ComplexArray
    weights: ComplexArray


class _Bath:
    """What follows from 𝒥(ω), whatever it is; energies in J."""

    reorganization: float
    temperature: float

    def spectral_density(self, frequencies: ArrayLike) -> FloatOrArray:
        raise NotImplementedError

    def _poles(self) -> Poles:
        raise NotImplementedError

    def _turned(self, rates: FloatArray) -> FloatArray:
        """Return -i 𝒥(-i rates), which is real."""
        raise NotImplementedError

    @property
    def white_noise_rate(self) -> float:
        r"""Γ of the Haken-Strobl-Reineker model that this bath is at its hot and fast end, in J/ħ.

        White noise has ⟨ξ(t) ξ(t')⟩ = Γ δ(t - t'), and a coherence between two sites with noises of their own
        decays at (Γ + Γ)/2 = Γ. So :math:`\Gamma = 2\int_0^\infty \mathrm{Re}\,C\,\mathrm dt
        = 2k_\mathrm BT\,\mathcal J'(0)`.
        """
        raise NotImplementedError

    @property
    def static_variance(self) -> float:
        r"""Variance :math:`2\lambda k_\mathrm BT` in J² of the site energies if the bath is hot and slow."""
        return 2 * self.reorganization * self.temperature

    def correlation(self, times: ArrayLike) -> ComplexArray:
        """Return C(t) in J² at `times` > 0 in ħ/J, of any shape (at 0 that of a Drude bath is infinite)."""
        return _exponentials.correlation(self, _check.positive("times", times))[()]

    def line_shape(self, times: ArrayLike) -> ComplexArray:
        r"""Return :math:`g(t) = \int_0^t\mathrm ds\,(t - s)\,C(s)` at `times` ≥ 0 in ħ/J, of any shape.

        The optical coherence of the site is :math:`\mathrm e^{-g(t)}` at its vertical energy (Mukamel,
        *Principles of Nonlinear Optical Spectroscopy*, Oxford 1995, chapter 8).
        """
        return _exponentials.line_shape(self, _check.non_negative("times", times))[()]

    def _check_scales(self, **rates: float) -> None:
        temperature = self.temperature
        bounds = [("reorganization", self.reorganization, _WEAKEST, _STRONGEST)]
        bounds += [(name, value, _SLOWEST, _FASTEST) for name, value in rates.items()]
        for name, value, low, high in bounds:
            if not low * temperature <= value <= high * temperature:
                rule = f"between {low:g} and {high:g} times the temperature, {temperature:g}"
                _check.fail(name, rule, value)

    def _check_fields(self) -> None:
        for name, value in vars(self).items():
            object.__setattr__(self, name, _check.scalar(name, value, _check.positive))


@dataclass(frozen=True)
class DrudeBath(_Bath):
    r"""An overdamped bath: phonons without a frequency of their own (Drude and Lorentz).

    .. math:: \mathcal J(\omega) = \frac{2\lambda\gamma\omega}{\omega^2 + \gamma^2},\qquad
              \Gamma = \frac{4\lambda k_\mathrm BT}{\gamma}

    Parameters
    ----------
    reorganization : float
        λ of one site, in J, 10⁻⁹ to 10⁴ times the temperature; a hop involves two sites and 2λ.
    cutoff : float
        γ in J/ħ, 10⁻⁶ to 10⁴ times the temperature; the bath forgets in 1/γ.
    temperature : float
        :math:`k_\mathrm BT` > 0 in J.

    Raises
    ------
    ValueError, TypeError
        If an argument is not one positive number, or out of its range.

    Examples
    --------
    >>> bath = DrudeBath(reorganization=0.5, cutoff=2.0, temperature=10.0)
    >>> bath.white_noise_rate, bath.static_variance, float(bath.spectral_density(2.0))
    (10.0, 10.0, 0.5)
    >>> print(f"{bath.line_shape(1.0):.3f}")  # the imaginary part: -λ (t - (1 - exp(-γt))/γ)
    2.845-0.284j
    """

    reorganization: float
    cutoff: float
    temperature: float

    def __post_init__(self) -> None:
        self._check_fields()
        self._check_scales(cutoff=self.cutoff)

    def spectral_density(self, frequencies: ArrayLike) -> FloatOrArray:
        """Return 𝒥(ω) in J at frequencies of any shape; it is odd."""
        ratio = _check.array("frequencies", frequencies) / self.cutoff
        return 2 * self.reorganization * ratio / (1 + ratio**2)

    @property
    def white_noise_rate(self) -> float:
        return 4 * self.reorganization * self.temperature / self.cutoff

    def _poles(self) -> Poles:
        return Poles(np.array([self.cutoff + 0j]), np.array([-1j * self.reorganization * self.cutoff]))

    def _turned(self, rates: FloatArray) -> FloatArray:
        return 2 * self.reorganization * self.cutoff * rates / (rates**2 - self.cutoff**2)


@dataclass(frozen=True)
class BrownianBath(_Bath):
    r"""One damped phonon mode: a Brownian oscillator.

    .. math:: \mathcal J(\omega) = \frac{2\lambda\gamma\omega_0^2\,\omega}
              {(\omega_0^2 - \omega^2)^2 + \gamma^2\omega^2},\qquad
              \Gamma = \frac{4\lambda k_\mathrm BT\gamma}{\omega_0^2}

    Underdamped for γ < 2ω₀; for γ ≫ ω₀ a `DrudeBath` of cutoff ω₀²/γ.

    Parameters
    ----------
    reorganization : float
        λ of one site, in J, 10⁻⁹ to 10⁴ times the temperature; the Huang-Rhys factor is λ/ω₀.
    frequency : float
        ω₀ in J/ħ, 10⁻⁶ to 10⁴ times the temperature.
    damping : float
        γ in J/ħ, 10⁻⁶ to 10⁴ times the temperature.
    temperature : float
        :math:`k_\mathrm BT` > 0 in J.

    Raises
    ------
    ValueError, TypeError
        If an argument is not one positive number, or out of its range.

    Examples
    --------
    >>> bath = BrownianBath(reorganization=1.0, frequency=2.0, damping=0.5, temperature=1.0)
    >>> bath.white_noise_rate, bath.static_variance
    (0.5, 2.0)
    >>> print(f"{bath.correlation(1.0):.3f}")
    -0.693-1.438j
    """

    reorganization: float
    frequency: float
    damping: float
    temperature: float

    def __post_init__(self) -> None:
        self._check_fields()
        self._check_scales(frequency=self.frequency, damping=self.damping)

    def spectral_density(self, frequencies: ArrayLike) -> FloatOrArray:
        """Return 𝒥(ω) in J at frequencies of any shape; it is odd."""
        ratio = np.clip(_check.array("frequencies", frequencies) / self.frequency, -1e70, 1e70)
        friction = self.damping / self.frequency
        return 2 * self.reorganization * friction * ratio / ((1 - ratio**2) ** 2 + (friction * ratio) ** 2)

    @property
    def white_noise_rate(self) -> float:
        return 4 * self.reorganization * self.temperature * self.damping / self.frequency**2

    def _poles(self) -> Poles:
        half = self.damping / 2
        split = np.sqrt(complex(self.frequency**2 - half**2))
        if abs(split) < _APART * self.frequency:  # critical damping: an error of the square
            split = complex(_APART * self.frequency)
        if split.imag:  # far overdamped, half - |split| would be a difference of nearly equal numbers
            fast = half + split.imag
            rates = np.array([self.frequency**2 / fast, fast], dtype=complex)
        else:
            rates = half + 1j * np.array([split, -split])
        return Poles(rates, np.array([1, -1]) * self.reorganization * self.frequency**2 / (2 * split))

    def _turned(self, rates: FloatArray) -> FloatArray:
        square = self.frequency**2
        weight = -2 * self.reorganization * self.damping * square
        return weight * rates / ((square + rates**2) ** 2 - (self.damping * rates) ** 2)


def _check_bath(bath: object) -> _Bath:
    """Return `bath` if it is one."""
    if not isinstance(bath, _Bath):
        _check.fail("bath", "a DrudeBath or a BrownianBath", bath, TypeError)
    return bath


def reorganization_from_linewidth(linewidth: ArrayLike, temperature: ArrayLike) -> FloatOrArray:
    r"""Return λ of one site from the width that a hot, slow bath gives its line.

    .. math:: \mathrm{FWHM} = \sqrt{8\ln 2}\,\sqrt{2\lambda k_\mathrm BT}

    `linewidth` ≥ 0 is the part of the full width at half maximum that phonons make, widths of other origin
    taken off in squares; `temperature` is :math:`k_\mathrm BT` > 0 in the same unit; they broadcast. A line
    narrowed by fast phonons or by exchange makes this a lower bound.

    >>> print(f"{reorganization_from_linewidth(80.0, 25.68):.2f} meV")
    22.47 meV
    """
    linewidth = _check.non_negative("linewidth", linewidth)
    temperature = _check.positive("temperature", temperature)
    _check.together(linewidth=linewidth, temperature=temperature)
    return (linewidth**2 / (16 * np.log(2) * temperature))[()]


def reorganization_from_stokes_shift(stokes_shift: ArrayLike) -> FloatOrArray:
    """Return λ of one site from its Stokes shift 2λ ≥ 0, in the same unit.

    Absorption is λ above the relaxed energy and emission λ below it, where phonons are linear and the same in
    both states; any shift between *different* states, which a measured one may contain, does not count.

    >>> float(reorganization_from_stokes_shift(60.0))
    30.0
    """
    return _check.non_negative("stokes_shift", stokes_shift) / 2
