"""A random film of nanocrystals and the rates of thermally activated hops on it.

Laboratory units: nm, ps, meV, K. Walks and diffusion constants are in `frenkel.rivals.film_hopping`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray, FloatOrArray, Seed
from ..units import thermal_energy

_MOST_MISSES = 2000  # in a row, before a film counts as full


class Film(NamedTuple):
    """Sites of a periodic film: positions, shape (n, d), and edge of the box, both in nm."""

    positions: np.ndarray
    box: float


class Hops(NamedTuple):
    """Directed hops, sorted by origin: indices, displacements (m, d) in nm, rates in 1/ps; n sites."""

    origin: np.ndarray
    target: np.ndarray
    displacement: np.ndarray
    rate: np.ndarray
    n_sites: int


def random_film(
    n_sites: int, *, spacing: float, exclusion: float = 0.0, dimension: int = 2, rng: Seed = None
) -> Film:
    """Return a film of `n_sites` nanocrystals at random, no two closer than `exclusion`.

    Parameters
    ----------
    n_sites : int
        At least 4, at most 5000.
    spacing : float
        Mean distance in nm: the box holds one site in ``spacing**dimension``.
    exclusion : float
        In nm, the diameter of a nanocrystal with its ligands. A random film is full at 0.75, 0.83 and 0.90
        of the spacing in one, two and three dimensions.
    dimension : {1, 2, 3}
        Of the film.
    rng : None, int, SeedSequence or Generator
        The source of randomness.

    Returns
    -------
    Film
        Random sequential addition: each site is put where there is room.

    Raises
    ------
    RuntimeError
        If the film is full before all sites are placed.

    Examples
    --------
    >>> film = random_film(100, spacing=12.0, exclusion=8.0, rng=1)
    >>> film.positions.shape, film.box
    ((100, 2), 120.0)
    """
    n_sites = _check.integer("n_sites", n_sites, 4)
    if n_sites > 5000:
        _check.fail("n_sites", "at most 5000", n_sites)
    spacing = _check.scalar("spacing", spacing, _check.positive)
    exclusion = _check.scalar("exclusion", exclusion, _check.non_negative)
    dimension = _check.choice("dimension", dimension, (1, 2, 3))
    rng = _check.generator(rng)
    if exclusion >= spacing:
        _check.fail("exclusion", f"below the spacing, {spacing:g}", exclusion)
    box = spacing * n_sites ** (1 / dimension)
    positions = rng.uniform(0, box, (n_sites, dimension))
    if exclusion:
        filled, misses = 1, 0
        while filled < n_sites:
            trial = rng.uniform(0, box, dimension)
            away = np.abs(positions[:filled] - trial)
            if ((np.minimum(away, box - away) ** 2).sum(axis=1) >= exclusion**2).all():
                positions[filled] = trial
                filled, misses = filled + 1, 0
            elif misses < _MOST_MISSES:
                misses += 1
            else:
                raise RuntimeError(
                    f"The film is full with {filled} of {n_sites} sites; exclude less than {exclusion:g} nm."
                )
    return Film(positions, box)


def miller_abrahams_rate(
    energy_change: ArrayLike, temperature: float, *, attempt_rate: ArrayLike
) -> FloatOrArray:
    r"""Return :math:`k = k_0 \min(1, \mathrm e^{-\Delta E/k_\mathrm BT})` in the unit of `attempt_rate`.

    `energy_change` ΔE in meV (broadcasts with `attempt_rate` k₀ ≥ 0), `temperature` > 0 in K.
    See A. Miller and E. Abrahams, Phys. Rev. 120, 745 (1960).

    >>> print(f"{miller_abrahams_rate(25.85, 300.0, attempt_rate=1.0):.3f}")
    0.368
    """
    energy_change = _check.array("energy_change", energy_change)
    temperature = _check.scalar("temperature", temperature, _check.positive)
    attempt_rate = _check.non_negative("attempt_rate", attempt_rate)
    _check.together(energy_change=energy_change, attempt_rate=attempt_rate)
    return attempt_rate * np.exp(-np.maximum(energy_change, 0.0) / thermal_energy(temperature))


def film_hops(
    film: Film, energies: ArrayLike, rate: Callable[[FloatArray, FloatArray], ArrayLike], *, cutoff: float
) -> Hops:
    """Return all hops no longer than `cutoff`.

    Parameters
    ----------
    film : Film
    energies : array, shape (n,)
        Site energies in meV.
    rate : callable
        ``rate(distance, energy_change)`` in 1/ps, for arrays in nm and meV.
    cutoff : float
        In nm, at most half the box.

    Returns
    -------
    Hops

    Raises
    ------
    ValueError, TypeError
        If `cutoff` is longer than half the box or too short for any neighbors, or `rate` does not return a
        finite rate ≥ 0 for each hop.

    Examples
    --------
    >>> film = Film(np.arange(4.0)[:, None], 4.0)
    >>> film_hops(film, np.zeros(4), lambda distance, change: 1 / distance**6, cutoff=1.5).rate.tolist()
    [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0]
    """
    from scipy.spatial import cKDTree

    if not isinstance(film, Film):
        _check.fail("film", "a frenkel.rivals.films.Film", film, TypeError)
    _check.array("film", film.positions, "of finite positions (n, d)", ndim=2)
    energies = _check.array("energies", energies)
    if energies.shape != (len(film.positions),):
        _check.fail("energies", f"of shape ({len(film.positions)},)", f"of shape {energies.shape}")
    _check.function("rate", rate)
    cutoff = _check.scalar("cutoff", cutoff, _check.positive)
    if cutoff > film.box / 2:
        _check.fail("cutoff", f"at most half the box, {film.box / 2:g}", cutoff)
    pairs = cKDTree(film.positions % film.box, boxsize=film.box).query_pairs(cutoff, output_type="ndarray")
    if not len(pairs):
        _check.fail("cutoff", "long enough for some neighbors", cutoff)
    pairs = np.concatenate([pairs, pairs[:, ::-1]])
    origin, target = pairs[np.lexsort(pairs.T[::-1])].T
    away = film.positions[target] - film.positions[origin]
    away -= film.box * np.round(away / film.box)
    values = rate(np.sqrt((away**2).sum(axis=1)), energies[target] - energies[origin])
    rates = np.asarray(_check.unmasked("rate", values, "a function that returns rates"), dtype=float)
    if rates.shape != origin.shape or not np.isfinite(rates).all() or (rates < 0).any():
        _check.fail("rate", "a function that returns a finite rate ≥ 0 for each hop", rate)
    return Hops(origin, target, away, rates, len(energies))
