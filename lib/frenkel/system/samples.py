"""The five superlattices of Blach et al., *Nat. Commun.* 16 (2025): the measured numbers the book uses."""

from typing import NamedTuple

from ..units import standard_deviation

REFRACTIVE_INDEX = 1.875  # CsPbBr3 at 447 nm, as the paper takes it
PEAK_ENERGY = 2526.0  # meV, position of the absorption band
KAPPA = 2.0  # dipoles head to tail


class Sample(NamedTuple):
    """One superlattice.

    Attributes
    ----------
    extinction : float
        Molar extinction coefficient ϵ in M⁻¹ cm⁻¹.
    linewidth : float
        Full width at half maximum Δν at room temperature in meV.
    distance : float
        Center-to-center distance a in nm.
    distance_spread : float
        Standard deviation of a over the sample in nm. The paper states ±1.1 nm for OA-1 and DAB-1; the
        book takes the same for the others.
    size : float
        Edge length L of the nanocrystals in nm.
    size_spread : float
        Its spread in nm.
    dipole : float
        μ in debye, as the paper prints it.
    coupling : float
        |J| in meV, as the paper prints it.
    linewidth_7k : float or None
        Full width at half maximum of the emission at 7 K in meV, where the paper gives it.
    """

    extinction: float
    linewidth: float
    distance: float
    distance_spread: float
    size: float
    size_spread: float
    dipole: float
    coupling: float
    linewidth_7k: float | None

    @property
    def direct_disorder(self) -> float:
        """Δ in meV, read directly from the line at 7 K, as if nothing had narrowed it."""
        if self.linewidth_7k is None:
            raise ValueError("The paper gives no linewidth at 7 K for this sample.")
        return float(standard_deviation(self.linewidth_7k))


SAMPLES = {
    "OA-1": Sample(12.13e6, 87.84, 11.2, 1.1, 8.2, 1.3, 85.2, 23.0, 16.0),
    "OA-2": Sample(16.04e6, 86.20, 12.0, 1.1, 9.0, 1.3, 97.09, 24.0, None),
    "DAB-1": Sample(13.04e6, 98.38, 9.9, 1.1, 8.4, 1.4, 93.5, 40.0, 26.0),
    "DAB-2": Sample(18.27e6, 86.88, 10.9, 1.1, 9.4, 1.7, 103.0, 37.0, 34.7),
    "DAB-3": Sample(13.04e6, 85.01, 9.9, 1.1, 8.4, 1.4, 86.94, 35.0, None),
}
