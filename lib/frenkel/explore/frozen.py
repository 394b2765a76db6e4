"""Disorder that stays the same at every setting, so that a figure moves only with its sliders."""

from functools import cache

from ..system.hamiltonians import site_energies


@cache
def unit_disorder(seed, n_sites, n_realizations, *, standardized=False):
    """Return site energies (n_realizations, n_sites) of standard deviation 1.

    `standardized` realizations have exactly zero mean and unit standard deviation each, which halves the
    scatter of D_s between small rings.
    """
    energies = site_energies(n_sites, 1.0, rng=seed, shape=(n_realizations,))
    if standardized:
        energies -= energies.mean(axis=1, keepdims=True)
        energies /= energies.std(axis=1, keepdims=True)
    energies.setflags(write=False)
    return energies
