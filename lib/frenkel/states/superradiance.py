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

    `rho` has shape (..., n, n) and trace 1; the answer (...). Meier, Zhao, Chernyak and Mukamel, J. Chem.
    Phys. 107, 3876 (1997). With even populations it runs from 1 (a mixture of sites) to N (one state spread
    over all). It is meant for those: average ρ over realizations of the disorder before you count, for an
    exciton caught in a corner of the lattice gives less, 1/N on a single site.

    >>> import numpy as np
    >>> float(coherence_number(np.full((4, 4), 0.25))), float(coherence_number(np.eye(4) / 4))
    (4.0, 1.0)
    """
    size = np.abs(_check.one_exciton(rho))
    return size.sum(axis=(-2, -1)) ** 2 / (size.shape[-1] * (size**2).sum(axis=(-2, -1)))


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
