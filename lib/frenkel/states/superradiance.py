r"""Cold excitons share their light: thermal states, superradiance and coherence numbers.

A J-aggregate has J < 0: pass its Hamiltonian (``-hamiltonian(...)``), for with J = +1 the bright state is the
*highest* and a cold exciton dark.
"""

from __future__ import annotations

import numpy as np

from .. import _check
from .._types import ArrayLike, ComplexArray, FloatArray, FloatOrArray


def thermal_state(H: ArrayLike, thermal_energy: float) -> FloatArray | ComplexArray:
    r"""Return the density matrix in thermal equilibrium.

    .. math:: \rho = \frac{\mathrm e^{-H/k_\mathrm BT}}{\operatorname{Tr}\,\mathrm e^{-H/k_\mathrm BT}}

    `H` has shape (..., n, n), in units of J; `thermal_energy` is :math:`k_\mathrm BT` > 0 in J.

    >>> thermal_state([[0.0, 1.0], [1.0, 0.0]], 0.01).round(6).tolist()  # the lower state, antisymmetric
    [[0.5, -0.5], [-0.5, 0.5]]
    """
    H = _check.hamiltonians(H)
    thermal_energy = _check.scalar("thermal_energy", thermal_energy, _check.positive)
    energies, states = np.linalg.eigh(H)
    weights = np.exp(-(energies - energies[..., :1]) / thermal_energy)
    weights /= weights.sum(axis=-1, keepdims=True)
    return (states * weights[..., None, :]) @ states.conj().swapaxes(-1, -2)


def coherence_number(rho: ArrayLike) -> FloatOrArray:
    r"""Return the number of sites over which ρ is coherent, by the inverse participation of its elements.

    .. math:: N_\mathrm{coh} = \frac{\big(\sum_{nm} |\rho_{nm}|\big)^2}{N \sum_{nm} |\rho_{nm}|^2}

    `rho` has shape (..., n, n) and trace 1; the answer (...). Meier, Chernyak and Mukamel, J. Phys.
    Chem. B 101, 7332 (1997). With even populations it runs from 1 (a mixture of sites) to N (one state spread
    over all). It is meant for those: average ρ over realizations of the disorder before you count, for an
    exciton caught in a corner of the lattice gives less, 1/N on a single site. The squares of an average
    over few realizations are too large, and the number too small: `ensemble_coherence_number` corrects this.

    >>> import numpy as np
    >>> float(coherence_number(np.full((4, 4), 0.25))), float(coherence_number(np.eye(4) / 4))
    (4.0, 1.0)
    """
    size = np.abs(_check.one_exciton(rho))
    return size.sum(axis=(-2, -1)) ** 2 / (size.shape[-1] * (size**2).sum(axis=(-2, -1)))


def ensemble_coherence_number(rho: ArrayLike) -> tuple[float, float]:
    r"""Return (value, standard error) of the coherence number of the state averaged over an ensemble.

    The mean :math:`\bar\rho` of m realizations scatters, so that :math:`|\bar\rho_{nm}|^2` is too large by
    the variance over m, in each of the many elements that should vanish. Products of *different* realizations
    are free of that,

    .. math:: \sum_{nm} |\langle\rho_{nm}\rangle|^2 \approx
              \frac{\sum_{nm} \big(|\sum_i \rho^i_{nm}|^2 - \sum_i |\rho^i_{nm}|^2\big)}{m(m-1)} ,

    and the jackknife gives the error and takes away what bias of order 1/m is left. The modulus in the
    numerator is harmless where all elements have one sign, as in thermal states of J-aggregates; where they
    do not, elements smaller than their scatter still count too much.

    Parameters
    ----------
    rho : array, shape (m, n, n)
        Density matrices of trace 1 of m ≥ 3 independent realizations.

    Returns
    -------
    value, error : float

    Raises
    ------
    ValueError, TypeError
        If there are fewer than three realizations, or a trace is not 1.

    Examples
    --------
    >>> from frenkel import chain, hamiltonian, site_energies
    >>> H = -hamiltonian(chain(8), site_energies(8, 0.5, rng=1, shape=(60,)))
    >>> value, error = ensemble_coherence_number(thermal_state(H, 0.5))
    >>> print(f"{value:.2f} ± {error:.2f}")
    5.07 ± 0.02
    """
    rho = _check.one_exciton(rho)
    m = len(rho)
    if rho.ndim != 3 or m < 3:
        _check.fail("rho", "of shape (m, n, n) with m ≥ 3 realizations", f"of shape {rho.shape}")
    total = rho.sum(axis=0)
    squares = (np.abs(rho) ** 2).sum(axis=(1, 2))

    def number(total: ComplexArray, squares: float, m: int) -> float:
        size = np.abs(total)
        of_mean = ((size**2).sum() - squares) / (m * (m - 1))
        return float((size.sum() / m) ** 2 / (len(size) * of_mean))

    value = number(total, squares.sum(), m)
    without = np.array(
        [number(total - one, squares.sum() - own, m - 1) for one, own in zip(rho, squares, strict=True)]
    )
    error = np.sqrt((m - 1) * without.var())
    return float(m * value - (m - 1) * without.mean()), float(error)


def superradiance(rho: ArrayLike, dipoles: ArrayLike | None = None) -> FloatOrArray:
    r"""Return the radiative rate of ρ over that of one site, from 0 (dark) to the number N of sites.

    .. math:: N_s = \frac{\sum_{nm} \rho_{nm}\,\mu_n\cdot\mu_m}{\frac1N \sum_n |\mu_n|^2}

    `rho` has shape (..., n, n) and trace 1; `dipoles` as in `frenkel.oscillator_strengths`. For an
    eigenstate this is its oscillator strength; for a thermal state it is the superradiant coherence number
    (Fidder, Knoester and Wiersma, J. Chem. Phys. 95, 7880 (1991)). Lattices smaller than the wavelength.

    >>> import numpy as np
    >>> float(superradiance(np.full((4, 4), 0.25))), float(superradiance(np.eye(4) / 4))
    (4.0, 1.0)
    """
    rho = _check.one_exciton(rho)
    dipoles = _check.dipoles(dipoles, rho.shape[-1])
    strength = (dipoles**2).sum() / len(dipoles)
    if strength == 0:
        _check.fail("dipoles", "not all zero", "zero everywhere")
    return np.einsum("...nm,na,ma->...", rho, dipoles, dipoles).real / strength
