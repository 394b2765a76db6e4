"""How a test of physics speaks: it names the law that broke and says by how much."""

import linecache
import os

import numpy as np
from conftest import EXACT
from scipy.linalg import expm


def assert_law(broken, values, expected=0.0, tolerance=EXACT):
    """Fail, naming the `broken` law, unless `values` equal `expected` within `tolerance`; NaN never does."""
    __tracebackhide__ = True
    off = np.abs(np.asarray(values) - expected)
    assert off.size and (off <= tolerance).all(), f"{broken}: off by {off.max():.3g}, allowed {tolerance:.3g}"


def assert_order(law, errors, order, factor):
    """Fail unless each of `errors` is smaller than the one before by the `factor` to the `order`.

    A quarter of a power is allowed for the next order. An error that does not tend to zero fails.
    """
    __tracebackhide__ = True
    found = -np.diff(np.log(np.abs(errors))) / np.log(factor)
    assert (found > order - 0.25).all(), f"{law}: errors {errors} are of the orders {found}, not {order}"


def populations(rho):
    """Return the diagonals of density matrices (..., n, n)."""
    return np.diagonal(rho, axis1=-2, axis2=-1).real


def rate_equation(rates, start, times):
    """Return populations (t, n) of dP_j/dt = Σ_i (k_ij P_i - k_ji P_j), ``rates[j, i]`` from i to j."""
    generator = np.asarray(rates) - np.diag(np.sum(rates, axis=0))
    return np.array([expm(generator * time) @ start for time in times])


def assert_points_at(caught, file, call="frenkel."):
    """Fail unless the first of the caught warnings points at the line of `file` that has the `call`.

    Under mutmut (tests/mutants.py) every function is called through another, and the place is off by one.
    """
    if "MUTANT_UNDER_TEST" not in os.environ:
        assert caught[0].filename == file, "the warning does not point at the caller"
        line = linecache.getline(file, caught[0].lineno)
        assert call in line, f"the warning points at «{line.strip()}»"
