"""Thermally activated hopping on a random film: the classical rival, by random walks and exactly.

Laboratory units: nm, ps, meV, K, cm²/s. `frenkel.rivals.films.film_hops` lists the hops of a periodic film;
walkers take them at random (`hopping_walks`), and a linear system gives their diffusion constant without
noise (`hopping_diffusion_constant`).
"""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, FloatArray, Seed
from ..units import NM2_PER_PS, thermal_energy
from .films import Hops

_MOST_HOPS = 100_000  # of one walker


def _check_hops(hops: Hops) -> Hops:
    if not isinstance(hops, Hops):
        _check.fail("hops", "a frenkel.rivals.films.Hops, from `film_hops`", hops, TypeError)
    return hops


def hopping_diffusion_constant(hops: Hops, energies: ArrayLike, temperature: float) -> float:
    r"""Return :math:`D_s` in cm²/s of thermal excitons on a film, averaged over its axes, by a linear solve.

    .. math:: D_s = \frac{1}{2d}\sum_{ij} p_i k_{ij}\,|\mathbf r_{ij} + \mathbf c_j - \mathbf c_i|^2,\qquad
              \sum_j k_{ij}(\mathbf r_{ij} + \mathbf c_j - \mathbf c_i) = 0

    :math:`p_i` is the Boltzmann distribution, :math:`k_{ij}` the rate of the hop from i to j along
    :math:`\mathbf r_{ij}` in d dimensions; the vectors :math:`\mathbf c_i` take back what a hop has to
    return.

    Parameters
    ----------
    hops : Hops
        Whose rates obey detailed balance.
    energies : array, shape (n,)
        In meV, as given to `frenkel.rivals.films.film_hops`.
    temperature : float
        In K, positive.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If rates and energies break detailed balance, or hops do not connect the film.

    Notes
    -----
    The long-time limit of the rate equation: see J. W. Haus and K. W. Kehr, Phys. Rep. 150, 263 (1987).

    Examples
    --------
    >>> from frenkel.rivals.films import Film, film_hops
    >>> film = Film(np.arange(4.0)[:, None], 4.0)
    >>> hops = film_hops(film, np.zeros(4), lambda distance, change: 0.5 / distance, cutoff=1.5)
    >>> print(f"{hopping_diffusion_constant(hops, np.zeros(4), 300.0):.5f}")  # k a² = 0.5 nm²/ps
    0.00500
    """
    from scipy.sparse import csc_array
    from scipy.sparse.csgraph import connected_components
    from scipy.sparse.linalg import splu

    origin, target, away, rate, n_sites = _check_hops(hops)
    energies = _check.array("energies", energies)
    if energies.shape != (n_sites,):
        _check.fail("energies", f"of shape ({n_sites},)", f"of shape {energies.shape}")
    temperature = _check.scalar("temperature", temperature, _check.positive)
    share = np.exp(-(energies - energies.min()) / thermal_energy(temperature))
    flow = share[origin] / share.sum() * rate
    matrix = csc_array((flow, (origin, target)), shape=(n_sites, n_sites))
    if abs(matrix - matrix.T).max() > 1e-8 * flow.max():
        _check.fail("energies", "those of the hops: rates must obey detailed balance", "at odds with them")
    positive = flow > 0
    graph = csc_array((positive[positive], (origin[positive], target[positive])), shape=(n_sites, n_sites))
    pieces = connected_components(graph, directed=False)[0]
    if pieces > 1:
        _check.fail("hops", "connected: use a longer cutoff or a higher temperature", f"in {pieces} pieces")
    out = np.bincount(origin, flow, n_sites)
    scale = 1 / np.sqrt(out)  # rates span many orders of magnitude: solve in balanced units
    edges = -flow * scale[origin] * scale[target]
    diagonal = np.arange(n_sites)
    rows, columns = np.append(origin, diagonal), np.append(target, diagonal)
    laplacian = csc_array((np.append(edges, np.ones(n_sites)), (rows, columns)), shape=(n_sites, n_sites))
    drift = np.stack([np.bincount(origin, flow * step, n_sites) for step in away.T], axis=1)
    kept = slice(1, None)  # c of the first site is 0: a constant is free
    corrector = np.zeros((n_sites, away.shape[1]))
    corrector[kept] = splu(laplacian[kept, kept].tocsc()).solve(scale[kept, None] * drift[kept])
    corrector *= scale[:, None]
    squares = ((away + corrector[target] - corrector[origin]) ** 2).sum(axis=1)
    return float(flow @ squares / (2 * away.shape[1]) / NM2_PER_PS)


def hopping_walks(
    hops: Hops, times: ArrayLike, *, n_walkers: int, start: ArrayLike | None = None, rng: Seed = None
) -> FloatArray:
    """Return the displacements of random walkers in nm, shape (walker, t, d): kinetic Monte Carlo.

    Each walker waits an exponential time with the total rate of its site, then takes one of its hops.

    Parameters
    ----------
    hops : Hops
    times : array, shape (t,)
        In ps, increasing.
    n_walkers : int
        At least 1.
    start : array, shape (n,), optional
        Weights of the starting sites: Boltzmann factors for thermal excitons; equal by default, as light
        creates them: then they relax, and D(t) falls as they do.
    rng : None, int, SeedSequence or Generator
        The source of randomness.

    Returns
    -------
    array, shape (walker, t, d)
        Half the mean square over walkers and axes, over t, is D in nm²/ps.

    Raises
    ------
    ValueError, TypeError
        If a site cannot be left, `start` is zero everywhere, or `times` reach so far that the walk would take
        many minutes.

    Notes
    -----
    See D. T. Gillespie, J. Comput. Phys. 22, 403 (1976).

    Examples
    --------
    >>> from frenkel.rivals.films import Film, film_hops
    >>> film = Film(np.arange(4.0)[:, None], 4.0)
    >>> hops = film_hops(film, np.zeros(4), lambda distance, change: 0.5 / distance, cutoff=1.5)
    >>> walks = hopping_walks(hops, [100.0], n_walkers=2000, rng=1)
    >>> print(f"{np.mean(walks**2) / 200:.2f} nm²/ps")  # k a² = 0.5 nm²/ps
    0.52 nm²/ps
    """
    origin, target, away, rate, n_sites = _check_hops(hops)
    times = _check.times("times", times)
    n_walkers = _check.integer("n_walkers", n_walkers, 1)
    start = np.ones(n_sites) if start is None else _check.non_negative("start", start)
    if start.shape != (n_sites,) or not start.sum() > 0:
        _check.fail("start", f"{n_sites} weights, not all zero", f"of shape {start.shape}")
    rng = _check.generator(rng)
    total = np.bincount(origin, rate, n_sites)
    if total.min() <= 0:
        _check.fail("hops", "such that every site can be left", "with an isolated site")
    if total.max() * times[-1] > _MOST_HOPS:
        _check.fail("times", f"at most {_MOST_HOPS / total.max():.3g} ps long", float(times[-1]))
    reached = np.cumsum(rate)
    below = np.append(0.0, reached)[np.searchsorted(origin, np.arange(n_sites))]
    last = np.searchsorted(origin, np.arange(n_sites), side="right") - 1
    walks = np.empty((n_walkers, len(times), away.shape[1]))
    who, site = np.arange(n_walkers), rng.choice(n_sites, n_walkers, p=start / start.sum())
    place, clock, due = np.zeros((n_walkers, away.shape[1])), np.zeros(n_walkers), np.zeros(n_walkers, int)
    while len(who):
        clock = clock + rng.exponential(size=len(who)) / total[site]
        passed = np.searchsorted(times, clock, side="left")
        for step in range(int((passed - due).max())):
            now = due + step < passed
            walks[who[now], (due + step)[now]] = place[now]
        due = passed
        hop = np.searchsorted(reached, below[site] + rng.random(len(who)) * total[site], side="right")
        hop = np.minimum(hop, last[site])  # rounding at the upper end
        place = place + away[hop]
        going = due < len(times)
        who, site, place, clock, due = who[going], target[hop][going], place[going], clock[going], due[going]
    return walks
