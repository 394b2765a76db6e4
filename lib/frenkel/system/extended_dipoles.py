"""Two cubes instead of two points: the coupling of transition dipoles that fill their nanocrystals."""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray

NODES = 20  # Gauss-Legendre nodes on each half of an axis
CLOSEST = 1.05  # center distance over size; from here on the quadrature is good to 1e-6 for every profile


def _autocorrelation(shift: FloatArray, profile: str) -> FloatArray:
    """Overlap of a unit-length profile with itself moved by `shift` (0 to 1), up to a constant factor."""
    if profile == "uniform":
        return 1 - shift
    phase = np.pi * shift
    if profile == "cos":
        return (1 - shift) * np.cos(phase) + np.sin(phase) / np.pi
    return (1 - shift) * (2 + np.cos(2 * phase)) + 1.5 * np.sin(2 * phase) / np.pi


def extended_orientation_factor(
    size: float, separation: ArrayLike, direction: ArrayLike, *, profile: str = "cos"
) -> float:
    r"""Return the orientation factor of two equal cubes, in each of which the dipole is spread out.

    .. math::
       \kappa_\mathrm{ext} = a^3 \int\!\mathrm d^3x\,\mathrm d^3x'\; g(\mathbf x)\, g(\mathbf x')\,
       \frac{1 - 3(\hat\mu\cdot\hat r)^2}{r^3},
       \qquad \mathbf r = \mathbf a + \mathbf x' - \mathbf x

    It takes the place of κ in `frenkel.dipolar_coupling`, and becomes κ when the cubes are far
    apart.

    Parameters
    ----------
    size : float
        Edge length L of the cubes, whose edges point along x, y and z.
    separation : array, shape (3,)
        Vector **a** between the centers, of length a, in the unit of `size`. At least one component must
        exceed 1.05 L, so that a gap of 5 % or more stays between the cubes.
    direction : array, shape (3,)
        Direction of both dipoles.
    profile : {"cos", "cos2", "uniform"}
        Density g of the dipole along each axis: cos(πx/L), an exciton that moves as a whole (weak
        confinement); cos²(πx/L), electron and hole confined one by one (strong confinement); or the same
        everywhere.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the cubes come too close, `direction` is zero, `size` not positive or `profile` unknown.

    Notes
    -----
    Bodies with the symmetry of a cube have no lower correction than the fourth power of L/a: along an
    axis :math:`\kappa_\mathrm{ext}/\kappa \to 1 + \tfrac{105}{2}\,c_4\,(L/a)^4`, with the fourth cumulant
    :math:`c_4` of g for L = 1: -1/120 if uniform, -0.00181 for the cosine.

    Examples
    --------
    >>> print(f"{extended_orientation_factor(8.4, [9.9, 0, 0], [1, 0, 0]):.3f}")  # -2 for points
    -1.921
    """
    size = _check.scalar("size", size, _check.positive)
    separation = _check.array("separation", separation, "a vector of 3 numbers", ndim=1)
    direction = _check.unit_vectors("direction", direction, ndim=1)
    profile = _check.choice("profile", profile, ("cos", "cos2", "uniform"))
    if separation.shape != (3,) or np.abs(separation).max() < CLOSEST * size:
        rule = f"a vector of 3 numbers, one of them {CLOSEST * size:g} or more"
        _check.fail("separation", rule, separation.tolist())
    node, weight = np.polynomial.legendre.leggauss(NODES)
    shift = np.concatenate([-(node + 1) / 2, (node + 1) / 2])
    weight = np.tile(weight, 2) * _autocorrelation(np.abs(shift), profile)
    weight /= weight.sum()
    # Every combination of the shifts along x, y and z: axes 0, 1 and 2.
    x, y, z = (separation[i] + size * shift.reshape(np.roll((-1, 1, 1), i)) for i in range(3))
    square = x**2 + y**2 + z**2
    along = direction[0] * x + direction[1] * y + direction[2] * z
    kernel = (square - 3 * along**2) / square**2.5
    average = np.einsum("i,j,k,ijk->", weight, weight, weight, kernel, optimize=True)
    return float(average * np.linalg.norm(separation) ** 3)
