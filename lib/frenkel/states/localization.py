r"""Anderson localization on a chain: how far an eigenstate reaches and what a chain lets through.

The eigenvalue equation of a chain is a recursion from site to site,

.. math:: \psi_{n+1} = (E - \varepsilon_n)\,\psi_n - \psi_{n-1},

a product of random 2 × 2 transfer matrices. Its growth rate per site, the Lyapunov exponent γ(E), is the
same for almost every long chain (Furstenberg, Trans. Am. Math. Soc. 108, 377 (1963)), and the localization
length of the *amplitude* is ξ = 1/γ; populations fall off with ξ/2. The same recursion gives the
transmission of a chain between clean leads. Every loop here runs along the chain once, over all chains and
energies at the same time.
"""

from __future__ import annotations

import numpy as np

from .. import _check
from .._engines.cost import affordable, smallest
from .._types import ArrayLike, FloatOrArray, Seed
from ..system.hamiltonians import site_energies as draw_energies

_CHAINS = 128  # the fewest independent chains: enough for an error bar that is good to 6 %
_MOST_CHAINS = 2048
_MOST_UPDATES = affordable(2e-8)  # of one site


def participation_ratio(states: ArrayLike) -> FloatOrArray:
    r"""Return over how many sites each state spreads.

    .. math:: \mathrm{PR} = \frac{\left(\sum_n |\psi_n|^2\right)^2}{\sum_n |\psi_n|^4}

    1 for one site, N for a state spread evenly over N sites, 2(N + 1)/3 for a standing wave of a chain.

    Parameters
    ----------
    states : array, shape (..., n)
        Amplitudes; the norm does not matter, but must not be zero. `numpy.linalg.eigh` returns
        eigenvectors as columns: pass ``vectors.T`` (``vectors.swapaxes(-1, -2)`` for a stack).

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError, TypeError
        If a state is zero on every site.

    Examples
    --------
    >>> participation_ratio([[1, 0, 0, 0], [1, 1j, -1, 1]]).tolist()
    [1.0, 4.0]
    """
    states = _check.array("states", states, "an array (..., n_sites) of finite amplitudes", dtype=complex)
    if states.ndim == 0:
        _check.fail("states", "an array (..., n_sites)", complex(states))
    largest = np.abs(states).max(axis=-1, keepdims=True)
    if (largest == 0).any():
        _check.fail("states", "amplitudes that are not all zero", "zero on every site")
    weights = np.abs(states / largest) ** 2
    return weights.sum(axis=-1) ** 2 / (weights**2).sum(axis=-1)


def _steps_between_scalings(bound: float) -> int:
    """How many factors up to `bound` fit into a float."""
    return max(int(250 / np.log10(max(bound, 10.0))), 1)


def localization_length(
    energy: ArrayLike,
    disorder: ArrayLike,
    *,
    distribution: str = "gaussian",
    n_sites: int = 1_000_000,
    rng: Seed = None,
) -> tuple[FloatOrArray, FloatOrArray]:
    r"""Return the localization length of the amplitude and its standard error, in lattice constants.

    .. math:: \frac1\xi = \gamma(E) = \lim_{n\to\infty} \frac1n \ln \frac{|\Psi_n|}{|\Psi_0|},\qquad
              \Psi_n = (\psi_{n+1}, \psi_n)

    Parameters
    ----------
    energy : float or array
        In units of J, inside or outside the band.
    disorder : float or array
        > 0: standard deviation ("gaussian") or full width ("box"); broadcasts against `energy`.
    distribution : {"gaussian", "box"}
    n_sites : int
        Sites measured for each pair of `energy` and `disorder`, rounded up to at least 128 independent
        chains of equal length. The relative error is about
        :math:`\sqrt{\xi/N}` for N = `n_sites`.
    rng : None, int, SeedSequence or Generator
        All energies and disorders share the same random numbers.

    Returns
    -------
    length, standard_error : floats or arrays of the broadcast shape
        The error comes from the scatter between the independent chains.

    Raises
    ------
    ValueError, TypeError
        If `disorder` is not positive, another argument is not what it should be, or the work would take
        minutes.
    RuntimeError
        If γ is not known to 25 %, with the number of sites that would do.

    Notes
    -----
    Each chain starts from a random vector and first runs unmeasured over three localization lengths, or
    over as many sites as are measured, if that is less.

    Examples
    --------
    >>> length, error = localization_length(1.0, 0.5, rng=1)  # weak disorder: 2 (4 - E²) / Δ² = 24
    >>> print(f"{length:.1f} ± {error:.1f}")
    24.7 ± 0.1
    """
    energy, disorder = _check.array("energy", energy), _check.positive("disorder", disorder)
    _check.together(energy=energy, disorder=disorder)
    _check.choice("distribution", distribution, ("gaussian", "box"))
    n_sites = _check.integer("n_sites", n_sites, 1)
    rng = _check.generator(rng)
    E, width = (values[..., None] for values in np.broadcast_arrays(energy, disorder))  # [..., chain]
    if n_sites * E.size > _MOST_UPDATES:
        _check.fail("n_sites", f"at most {_MOST_UPDATES / E.size:.3g} for {E.size} pairs of values", n_sites)

    spread = width.min() / (1.0 if distribution == "gaussian" else np.sqrt(12))
    guess = max(8 / spread**2, 1.0)  # the longest localization length inside a weakly disordered band
    n_chains = int(np.clip(n_sites / (20 * guess), _CHAINS, _MOST_CHAINS))
    measured = -(-n_sites // n_chains)
    warm_up = int(min(3 * guess, measured)) + 10

    direction = 2 * np.pi * rng.random(n_chains)
    now, before = (f(direction) + 0 * E for f in (np.cos, np.sin))
    growth = np.zeros(now.shape)
    stride = _steps_between_scalings(np.abs(E).max() + 10 * width.max() + 2)
    for n_steps, counts in ((warm_up, 0), (measured, 1)):
        for start in range(0, n_steps, stride):
            block = min(stride, n_steps - start)
            for noise in draw_energies(n_chains, 1.0, distribution=distribution, rng=rng, shape=(block,)):
                before *= -1
                before += (E - width * noise) * now
                now, before = before, now
            norm = np.hypot(now, before)
            now /= norm
            before /= norm
            growth += counts * np.log(norm)
    rates = growth / measured
    rate, error = rates.mean(axis=-1), rates.std(axis=-1, ddof=1) / np.sqrt(n_chains)
    if (error > 0.25 * rate).any():
        needed = max(measured * n_chains * (error / np.maximum(rate, error) / 0.1).max() ** 2, 100 * guess)
        most = _MOST_UPDATES / E.size
        if needed > most:
            enough = smallest(lambda number: number**2 * most >= needed * width.min() ** 2)
            rule = f"at least {enough:g}, whose localization length can be computed at these energies"
            _check.fail("disorder", rule, float(width.min()))
        raise RuntimeError(
            f"{n_sites} sites leave the localization length uncertain by more than a quarter; "
            f"`n_sites` = {needed:.1g} would bring that near 10 %."
        )
    return (1 / rate)[()], (error / rate**2)[()]


def transmission(energy: ArrayLike, site_energies: ArrayLike, *, log: bool = False) -> FloatOrArray:
    r"""Return the transmission probability of chains between two clean leads.

    .. math:: \mathcal T = \frac{1}{|A|^2},\qquad
              \psi_n = \mathrm e^{\mathrm iqn} \text{ behind the chain},\qquad
              \psi_n = A\,\mathrm e^{\mathrm iqn} + B\,\mathrm e^{-\mathrm iqn} \text{ before it}

    with E = 2 cos q. It is not self-averaging: its logarithm is nearly normal, of mean :math:`-2N/\xi` for a
    chain of N sites and a variance that grows as fast, so the mean of :math:`\mathcal T` comes from rare
    chains and exceeds the typical :math:`\mathrm e^{\langle\ln\mathcal T\rangle}` exponentially (Anderson,
    Thouless, Abrahams, Fisher, Phys. Rev. B 22, 3519 (1980)).

    Parameters
    ----------
    energy : array, shape (...)
        Inside the band of the leads, -2 < E < 2; broadcasts against the leading axes of `site_energies`.
    site_energies : array, shape (..., n)
    log : bool
        Return the logarithm, which a long chain cannot make underflow.

    Returns
    -------
    array, shape (...)

    Raises
    ------
    ValueError, TypeError
        If `energy` is not inside the band of the leads, -2 to 2.

    Examples
    --------
    >>> print(f"{transmission(0.0, [2.0]):.3f}")  # one site: (4 - E²) / (4 - E² + ε²)
    0.500
    """
    energy = _check.array("energy", energy)
    if (np.abs(energy) >= 2).any():
        _check.fail("energy", "inside the band, between -2 and 2", float(energy[np.abs(energy) >= 2].flat[0]))
    chains = _check.chains(site_energies)
    _check.together(energy=energy, site_energies=chains[..., 0])
    shape = np.broadcast_shapes(energy.shape, chains.shape[:-1])
    phase = energy / 2 + 1j * np.sqrt(1 - (energy / 2) ** 2)  # e^{ik}
    now, behind = np.ones(shape, dtype=complex), phase + np.zeros(shape)  # sites n and n + 1
    log_scale = np.zeros(shape)
    stride = _steps_between_scalings(np.abs(chains).max() + 3)
    for step, site in enumerate(np.moveaxis(chains, -1, 0)[::-1], start=1):
        now, behind = (energy - site) * now - behind, now
        if step % stride == 0:
            scale = np.hypot(np.abs(now), np.abs(behind))
            now, behind, log_scale = now / scale, behind / scale, log_scale + np.log(scale)
    incoming = (behind - now * phase.conj()) / (2j * phase.imag)
    log_transmission = np.minimum(-2 * (np.log(np.abs(incoming)) + log_scale), 0.0)
    return log_transmission if log else np.exp(log_transmission)
