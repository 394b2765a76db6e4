"""Couplings and static disorder make the Hamiltonian (paper, Eqs. 3 to 5)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, overload

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray, Matrix, Seed, SparseArray
from .lattices import Lattice, _check_lattice


def site_energies(
    n_sites: int,
    disorder: float,
    *,
    distribution: str = "gaussian",
    rng: Seed = None,
    shape: int | Sequence[int] = (),
) -> FloatArray:
    r"""Return independent random site energies of mean zero, in units of J.

    .. math:: \langle \varepsilon_n \varepsilon_m \rangle = \Delta^2 \delta_{nm}\quad\text{("gaussian")}

    Parameters
    ----------
    n_sites : int
        Number of sites, at least 1.
    disorder : float
        "gaussian": the standard deviation Δ ≥ 0; "box": the full width W ≥ 0 of a uniform distribution,
        whose standard deviation is W/√12.
    distribution : {"gaussian", "box"}
    rng : None, int, SeedSequence or Generator
        Source of randomness.
    shape : tuple of int
        Leading axes: independent realizations.

    Returns
    -------
    array, shape (*shape, n_sites)

    Raises
    ------
    ValueError, TypeError
        If `disorder` is negative or not finite, or another argument is not what it should be.

    Notes
    -----
    Eqs. 4 and 5 of the paper.

    Examples
    --------
    >>> site_energies(3, 1.0, rng=0).round(3).tolist()
    [0.126, -0.132, 0.64]
    """
    n_sites = _check.integer("n_sites", n_sites, 1)
    disorder = _check.scalar("disorder", disorder, _check.non_negative)
    _check.choice("distribution", distribution, ("gaussian", "box"))
    shape = tuple(_check.integer("shape", size, 0) for size in (shape if np.iterable(shape) else (shape,)))
    rng = _check.generator(rng)
    if distribution == "gaussian":
        return disorder * rng.standard_normal((*shape, n_sites))
    return disorder * (rng.random((*shape, n_sites)) - 0.5)


@overload
def hamiltonian(
    lattice: Lattice, site_energies: ArrayLike = 0.0, *, format: Literal["dense"] = "dense"
) -> FloatArray: ...
@overload
def hamiltonian(
    lattice: Lattice, site_energies: ArrayLike = 0.0, *, format: Literal["sparse"]
) -> SparseArray: ...
def hamiltonian(lattice: Lattice, site_energies: ArrayLike = 0.0, *, format: str = "dense") -> Matrix:
    r"""Return the one-exciton Hamiltonian in units of J.

    .. math:: H = \sum_n \varepsilon_n |n\rangle\langle n|
              + \sum_{\langle nm \rangle} J_{nm} \left(|n\rangle\langle m| + \mathrm{h.c.}\right)

    Parameters
    ----------
    lattice : Lattice
        Its bonds carry the couplings :math:`J_{nm}`; 1 for nearest neighbors, unless it says otherwise.
    site_energies : float or array, shape (..., n)
        Leading axes give a stack of Hamiltonians ("dense" only).
    format : {"dense", "sparse"}
        "sparse" is a SciPy CSR array.

    Returns
    -------
    array, shape (..., n, n), or sparse array (n, n)

    Raises
    ------
    ValueError, TypeError
        If there is not one energy for each site, or a stack of them is to be sparse.

    Examples
    --------
    >>> from frenkel import chain
    >>> hamiltonian(chain(3), [1.0, 0.0, -1.0]).tolist()
    [[1.0, 1.0, 0.0], [1.0, 0.0, 1.0], [0.0, 1.0, -1.0]]
    """
    _check.choice("format", format, ("dense", "sparse"))
    energies = _check.array("site_energies", site_energies)
    n_sites = _check_lattice(lattice).n_sites
    if energies.ndim == 0:
        energies = np.full(n_sites, float(energies))
    if energies.shape[-1] != n_sites:
        _check.fail(
            "site_energies", f"one energy for each of the {n_sites} sites", f"of shape {energies.shape}"
        )
    if format != "dense" and energies.ndim > 1:
        _check.fail(
            "site_energies", f"of shape ({n_sites},) for format {format!r}", f"of shape {energies.shape}"
        )
    first, second = lattice.bonds.T
    couplings = np.broadcast_to(lattice.couplings, len(first))
    if format == "sparse":
        from scipy.sparse import coo_array

        rows = np.concatenate([np.arange(n_sites), first, second])
        columns = np.concatenate([np.arange(n_sites), second, first])
        values = np.concatenate([energies, couplings, couplings])
        return coo_array((values, (rows, columns)), shape=(n_sites, n_sites)).tocsr()
    dense = np.zeros((*energies.shape, n_sites))
    dense[..., np.arange(n_sites), np.arange(n_sites)] = energies
    dense[..., first, second] += couplings
    dense[..., second, first] += couplings
    return dense
