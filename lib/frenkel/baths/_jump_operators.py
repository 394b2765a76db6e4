r"""What phonons do to the exciton in second order: jump operators, completely positive and thermal.

The coupling that the polaron frame leaves is Σ_a V_a E_a: a runs over sites,
:math:`|n\rangle\langle n|\,D_n`, and ordered pairs,
:math:`H_{ij}|i\rangle\langle j|\,(\mathrm e^{S_i - S_j} - \kappa)`. The spectra

.. math:: \gamma_{ab}(\omega) = \int_{-\infty}^\infty\!\mathrm dt\,\mathrm e^{\mathrm i\omega t}\,\langle
          E_a^\dagger(t)\,E_b\rangle

of an energy ω that the bath takes are a positive matrix, and obey detailed balance: γ(-ω) is exp(-ω/kT) γ(ω)
with both members of each pair exchanged. Redfield's equation, which is not secular, gives negative
populations where kT is below the disorder; the secular one gives an infinite D without disorder. Between
them stands the equation with one jump for every a,

.. math:: \langle\mu|L_a|\nu\rangle = \sum_b \sqrt\gamma_{ab}(E_\nu - E_\mu)\,\langle\mu|V_b|\nu\rangle,\qquad
          \dot\rho = -\mathrm i[H, \rho] + \sum_a L_a\rho L_a^\dagger + K\rho + \rho K^\dagger,\qquad
          \langle\mu|K|\nu\rangle = -\frac{\langle\mu|\sum_a L_a^\dagger L_a|\nu\rangle}
          {1 + \mathrm e^{(E_\mu - E_\nu)/2k_\mathrm BT}} .

Populations of eigenstates, and the decay of coherences whose frequency is far above the rates, are those
of Redfield's secular equation (Nathan and Rudner, Phys. Rev. B 102, 115109 (2020)). K is -½ΣL†L and a
Hamiltonian that makes exp(-H/kT) stationary to all digits (Scandi and Alhambra, arXiv:2505.20064). It stands
in the place of the Lamb shift and is not that: shifts of levels in second order are left out.
"""

from __future__ import annotations

import numpy as np

from .._types import ComplexArray, FloatArray
from ._half_transforms import BONDS, MIXED, SITE, HalfTransforms

Pairs = list[tuple[int, int]]


def exchanged(pairs: Pairs) -> list[int]:
    """Return where the adjoint of each V_a stands."""
    return [pairs.index((j, i)) for i, j in pairs]


def spectral_roots(pairs: Pairs, half: HalfTransforms, omega: FloatArray) -> FloatArray:
    """Return √γ (w, p, p) at ω ≥ 0 (1D) for a matrix element of 1 between all `pairs` of sites."""
    first, second = np.array(pairs).T
    eye = np.eye(max(first.max(), second.max()) + 1)
    displaced = eye[first] - eye[second]  # of a bond |i⟩⟨j|
    on_site = first == second
    products = np.rint(displaced @ displaced.T).astype(int)
    weights = np.zeros((6, len(pairs), len(pairs)))
    weights[SITE] = np.diag(on_site)
    weights[MIXED] = displaced[:, first] * on_site
    weights[MIXED] += weights[MIXED].T
    for product, kind in BONDS.items():
        weights[kind] = products == -product  # of a† and b
    gamma = np.einsum("kab,kw->wab", weights, 2 * half(omega).real)
    values, vectors = np.linalg.eigh(gamma)
    return (vectors * np.sqrt(np.maximum(values, 0.0))[:, None, :]) @ vectors.swapaxes(1, 2)


def uphill(
    roots: FloatArray, omega: FloatArray, kT: float, rows: list[int], columns: list[int]
) -> FloatArray:
    """Return `roots` (..., r, p), which are those at the sizes of ω (...), at ω of either sign."""
    turned = roots[..., rows, :][..., columns] * np.exp(np.minimum(omega, 0.0) / (2 * kT))[..., None, None]
    return np.where((omega < 0)[..., None, None], turned, roots)


def drift(jumps: ComplexArray | FloatArray, omega: FloatArray, kT: float) -> ComplexArray | FloatArray:
    """Return K in eigenstates from the jumps (..., a, n, n) there; `omega` is E_ν - E_μ (..., n, n)."""
    loss = (jumps.conj().swapaxes(-1, -2) @ jumps).sum(axis=-3)
    return -loss / (1 + np.exp(np.clip(-omega / (2 * kT), -700, 700)))
