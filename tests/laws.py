"""How a test of physics speaks: it names the law that broke and says by how much."""

import numpy as np
from conftest import EXACT


def assert_law(broken, values, expected=0.0, tolerance=EXACT):
    """Fail, naming the `broken` law, unless `values` equal `expected` within `tolerance`; NaN never does."""
    __tracebackhide__ = True
    off = np.abs(np.asarray(values) - expected)
    assert off.size and (off <= tolerance).all(), f"{broken}: off by {off.max():.3g}, allowed {tolerance:.3g}"


def populations(rho):
    """Return the diagonals of density matrices (..., n, n)."""
    return np.diagonal(rho, axis1=-2, axis2=-1).real
