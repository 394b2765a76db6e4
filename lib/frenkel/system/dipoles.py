"""From an absorption spectrum and a distance to the dipolar coupling J (paper, Eqs. 1 and 2)."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatOrArray
from ..units import DEBYE, MEV, NM, VACUUM_PERMITTIVITY

# debye² per (M⁻¹ cm⁻¹): 3 ħ c ε₀ ln 10 / (π N_A) for a Lambert-Beer extinction coefficient per mole.
DIPOLE_STRENGTH = 9.186e-3


def transition_dipole(
    extinction: ArrayLike, linewidth: ArrayLike, peak_energy: ArrayLike, refractive_index: ArrayLike
) -> FloatOrArray:
    r"""Return the transition dipole moment in debye from an absorption band.

    .. math:: \mu^2 = 9.186\times10^{-3}\,\mathrm{D^2\,M\,cm}\; n\,\varepsilon\,\frac{\Delta\nu}{\nu}

    Parameters
    ----------
    extinction : float or array
        Molar extinction coefficient ϵ at the peak in M⁻¹ cm⁻¹ (the paper's cm⁻¹ µM⁻¹ times 10⁶).
    linewidth, peak_energy : float or array
        Full width at half maximum Δν and position ν of the band, in one and the same unit.
    refractive_index : float or array
        Refractive index n.

    Returns
    -------
    float or array
        μ in debye; the arguments broadcast.

    Raises
    ------
    ValueError
        If an argument is not positive and finite, or the band wider than its position.

    Notes
    -----
    Eq. 1 of Blach et al., *Nat. Commun.* 16 (2025). The band enters as a rectangle of height ϵ and
    width Δν; a Gaussian band has an area larger by √(π / (4 ln 2)) = 1.064.

    Examples
    --------
    >>> print(f"{transition_dipole(12.13e6, 87.84e-3, 2.526, 1.875):.1f} D")
    85.2 D
    """
    extinction = _check.positive("extinction", extinction)
    linewidth = _check.positive("linewidth", linewidth)
    peak_energy = _check.positive("peak_energy", peak_energy)
    refractive_index = _check.positive("refractive_index", refractive_index)
    _check.together(
        extinction=extinction, linewidth=linewidth, peak_energy=peak_energy, refractive_index=refractive_index
    )
    if (linewidth >= peak_energy).any():
        _check.fail("linewidth", "smaller than `peak_energy`, in the same unit", float(linewidth.max()))
    return np.sqrt(DIPOLE_STRENGTH * refractive_index * extinction * linewidth / peak_energy)


def dipolar_coupling(
    dipole: ArrayLike,
    distance: ArrayLike,
    refractive_index: ArrayLike,
    kappa: ArrayLike = 2.0,
    *,
    convention: str = "si",
) -> FloatOrArray:
    r"""Return the coupling between two parallel point dipoles in meV.

    .. math:: J = \frac{\kappa\,\mu^2}{4\pi\varepsilon_0\,n^2 a^3}\;\text{("si")},\qquad
              J = \frac{\kappa\,\mu^2}{\varepsilon_0\,n^2 a^3}\;\text{("paper")}

    Parameters
    ----------
    dipole : float or array
        Transition dipole μ in debye.
    distance : float or array
        Center-to-center distance a in nm.
    refractive_index : float or array
        Refractive index n; n² screens the interaction.
    kappa : float or array
        Orientation factor. The default 2 is the magnitude for dipoles head to tail and gives |J|;
        `orientation_factor` gives the signed one (-2 head to tail, +1 side by side).
    convention : {"si", "paper"}
        "si" is the Coulomb energy in SI units; "paper" is Eq. 2 of Blach et al. as printed, without
        the factor 4π in the denominator, hence 12.57 times larger.

    Returns
    -------
    float or array
        J in meV; the arguments broadcast.

    Raises
    ------
    ValueError
        If `dipole` is negative, `distance` or `refractive_index` not positive, `kappa` not finite or
        `convention` unknown.

    Notes
    -----
    Eq. 2 of Blach et al., *Nat. Commun.* 16 (2025).

    Examples
    --------
    >>> print(f"{dipolar_coupling(85.2, 11.2, 1.875):.2f} meV")
    1.83 meV
    >>> print(f"{dipolar_coupling(85.2, 11.2, 1.875, convention='paper'):.1f} meV")
    23.1 meV
    """
    dipole = _check.non_negative("dipole", dipole) * DEBYE
    distance = _check.positive("distance", distance) * NM
    refractive_index = _check.positive("refractive_index", refractive_index)
    kappa = _check.array("kappa", kappa)
    _check.together(dipole=dipole, distance=distance, refractive_index=refractive_index, kappa=kappa)
    solid_angle = {"si": 4 * np.pi, "paper": 1.0}[_check.choice("convention", convention, ("si", "paper"))]
    denominator = solid_angle * VACUUM_PERMITTIVITY * refractive_index**2 * distance**3
    return kappa * dipole**2 / denominator / MEV


def orientation_factor(first: ArrayLike, second: ArrayLike, separation: ArrayLike) -> FloatOrArray:
    r"""Return the orientation factor of two dipoles.

    .. math:: \kappa = \hat\mu_1\cdot\hat\mu_2 - 3\,(\hat\mu_1\cdot\hat r)(\hat\mu_2\cdot\hat r)

    -2 head to tail, +1 side by side and parallel, 0 at the magic angle of 54.7°.

    Parameters
    ----------
    first, second, separation : array, shape (..., 3)
        Directions of the dipoles and of the vector between them, of any non-zero length.

    Returns
    -------
    float or array, shape (...)

    Raises
    ------
    ValueError, TypeError
        If a vector has length zero or not three components, or shapes do not broadcast.

    Examples
    --------
    >>> float(orientation_factor([1, 0, 0], [1, 0, 0], [1, 0, 0]))
    -2.0
    """
    first, second = _check.unit_vectors("first", first), _check.unit_vectors("second", second)
    separation = _check.unit_vectors("separation", separation)
    _check.together(first=first, second=second, separation=separation)
    return ((first * second).sum(-1) - 3 * (first * separation).sum(-1) * (second * separation).sum(-1))[()]


def dipole_lattice_sum(dimension: int, direction: ArrayLike, *, radius: int = 100) -> float:
    r"""Return the sum of a parallel-dipole interaction over a chain, a square or a cubic lattice.

    .. math:: S = \sum_{\mathbf R \ne 0} \frac{1 - 3\cos^2\theta_R}{(R/a)^3}

    S times μ²/(4πε₀n²a³) is the energy shift of the bright state, which has wave number q = 0.

    Parameters
    ----------
    dimension : {1, 2, 3}
        Chain along x, square lattice in x and y, simple cubic lattice.
    direction : array, shape (3,)
        Direction of all dipoles.
    radius : int
        Sites up to this distance are summed one by one. Beyond it the sum is replaced by an integral;
        in three dimensions that integral vanishes over spheres, and the sum depends on the shape of the
        sample.

    Returns
    -------
    float

    Raises
    ------
    ValueError, TypeError
        If `dimension` is not 1, 2 or 3, `radius` below 1, or `direction` zero.

    Examples
    --------
    >>> print(f"{dipole_lattice_sum(1, [1, 0, 0]):.4f}")  # -4 ζ(3), against -4 from nearest neighbors
    -4.8082
    """
    dimension = _check.choice("dimension", dimension, (1, 2, 3))
    radius = _check.integer("radius", radius, 1)
    direction = _check.unit_vectors("direction", direction, ndim=1)
    axis = np.arange(-radius, radius + 1.0)
    grid = np.meshgrid(*[axis] * dimension, *[np.zeros(1)] * (3 - dimension), indexing="ij")
    sites = np.stack([coordinate.ravel() for coordinate in grid], axis=-1)
    distances = np.linalg.norm(sites, axis=-1)
    inside = (distances > 0) & (distances <= radius)
    sites, distances = sites[inside], distances[inside]
    kappas = orientation_factor(direction, direction, sites)
    total = (kappas / distances**3).sum()
    in_lattice = (direction[:dimension] ** 2).sum()
    if dimension == 1:
        total += (1 - 3 * in_lattice) / (radius + 0.5) ** 2
    elif dimension == 2:
        total += (1 - 1.5 * in_lattice) * 2 * np.pi / radius
    return float(total)
