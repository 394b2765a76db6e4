r"""What the measured numbers say of a sample: J, Δ and Γ(T) under every reading that the book keeps.

Two choices stand between the paper's numbers and a model. *Which coupling?* As the paper prints it; divided
by the 4π that SI units ask for; or by 3 · 4π, since the absorption that gives μ² sees three polarizations at
once and each owns a third of it. *Which disorder?* The cold line read directly, Δ = FWHM₀/2.355, as if
nothing had narrowed it; or corrected for exchange narrowing where the coupling narrows it
(`frenkel.states.spectra.disorder_from_linewidth`). `BEST`, the last coupling with the second disorder, is the
best founded: it takes units and the triplet at their word. No reading is proven.

The errors are the book's: 5 % for a linewidth, which the paper prints without one; 30 % for a coupling, as
the spread of the distances gives; 2 % for the factor of exchange narrowing. They are carried to first order
in the logarithms, and say nothing of the choice of reading, which matters more.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatOrArray
from ..system.samples import SAMPLES
from ..units import standard_deviation
from . import linewidths, spectra

# What the printed |J| is divided by.
COUPLINGS = {"as printed": 1.0, "4π": 4 * np.pi, "4π, a third": 12 * np.pi}
DISORDERS = ("direct", "narrowed")
BEST = ("4π, a third", "narrowed")

LINEWIDTH_ERROR = 0.05  # relative
COUPLING_ERROR = 0.3
FACTOR_ERROR = 0.02


class Value(NamedTuple):
    """A number and its standard error."""

    value: float
    error: float

    def __format__(self, spec: str) -> str:
        return f"{self.value:{spec}} ± {self.error:{spec}}"


class Reading(NamedTuple):
    """One reading of a sample: |J| and Δ in meV, and Δ/|J|."""

    coupling: Value
    disorder: Value
    ratio: Value


class SampleCard(NamedTuple):
    r"""A sample under every reading.

    Attributes
    ----------
    name : str
    readings : dict
        {(coupling, disorder): `Reading`} for the names in `COUPLINGS` and `DISORDERS`.
    phonon_coupling : Value
        :math:`A_\mathrm{ph}` in meV, from the linewidths at 7 K and at room temperature.
    """

    name: str
    readings: dict[tuple[str, str], Reading]
    phonon_coupling: Value

    @property
    def best(self) -> Reading:
        """The reading that the book holds to be the best founded."""
        return self.readings[BEST]

    def dephasing(self, temperature: ArrayLike) -> FloatOrArray:
        r"""Return :math:`\hbar\Gamma(T)` in meV at a temperature in kelvin."""
        return linewidths.dephasing_rate(temperature, self.phonon_coupling.value)


def _reading(linewidth: float, coupling: float, correct: bool) -> Reading:
    direct = float(standard_deviation(linewidth))
    disorder = float(spectra.disorder_from_linewidth(linewidth, coupling)) if correct else 0.0
    # Powers with which the width, J and the factor enter Δ: those of the law where it narrows.
    powers = np.array([0.75, 0.25, -0.75] if disorder > direct else [1.0, 0.0, 0.0])
    disorder = max(disorder, direct)
    errors = np.array([LINEWIDTH_ERROR, COUPLING_ERROR, FACTOR_ERROR])
    of_disorder, of_ratio = np.linalg.norm(powers * errors), np.linalg.norm((powers - [0, 1, 0]) * errors)
    ratio = disorder / coupling
    return Reading(
        Value(coupling, COUPLING_ERROR * coupling),
        Value(disorder, float(of_disorder) * disorder),
        Value(ratio, float(of_ratio) * ratio),
    )


def sample_card(name: str) -> SampleCard:
    """Return the card of the sample `name`, one whose linewidth at 7 K the paper prints.

    >>> card = sample_card("DAB-1")
    >>> for reading in (("as printed", "direct"), ("4π", "narrowed"), BEST):
    ...     print(f"{card.readings[reading].ratio:.1f}")
    0.3 ± 0.1
    4.1 ± 0.9
    10.4 ± 3.2
    >>> print(f"{card.phonon_coupling:.1f} meV, ħΓ(100 K) = {card.dephasing(100.0):.1f} meV")
    62.6 ± 4.4 meV, ħΓ(100 K) = 11.6 meV
    """
    known = [each for each, sample in SAMPLES.items() if sample.linewidth_7k is not None]
    name = _check.choice("name", name, known)
    sample = SAMPLES[name]
    cold, warm = float(sample.linewidth_7k or 0.0), sample.linewidth
    fit = linewidths.fit_linewidth(
        [7.0, linewidths.ROOM_TEMPERATURE],
        [cold, warm],
        [LINEWIDTH_ERROR * cold, LINEWIDTH_ERROR * warm],
    )
    readings = {
        (coupling, disorder): _reading(cold, sample.coupling / divisor, disorder == "narrowed")
        for coupling, divisor in COUPLINGS.items()
        for disorder in DISORDERS
    }
    return SampleCard(name, readings, Value(fit.phonon_coupling, float(np.sqrt(fit.covariance[1, 1]))))
