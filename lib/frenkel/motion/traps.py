r"""Transfer to a trap: how much of an excitation arrives before it is lost, on any small network.

The Haken–Strobl–Reineker equation with traps (rate :math:`k_{\mathrm{trap},n}` at some sites) and a loss
(rate :math:`k_\mathrm{loss}` everywhere):

.. math:: \dot\rho = -\mathrm i[H, \rho] - \Gamma\,(\rho - \operatorname{diag}\rho)
          - \tfrac12\sum_n k_{\mathrm{trap},n}\,\{|n\rangle\langle n|, \rho\} - k_\mathrm{loss}\,\rho
          \equiv \mathcal L\rho

Nothing need be propagated: :math:`\int_0^\infty\!\rho\,\mathrm dt = -\mathcal L^{-1}\rho(0)`, one linear
solve.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import _check
from .._engines.chebyshev import check_affordable, propagate
from .._types import ArrayLike, ComplexArray, DenseMatrix, FloatArray, FloatOrArray, Matrix

_MOST_SITES = 40  # a Liouvillian of 1600 by 1600: a second and 40 MB for each dephasing

FMO_SITE_ENERGIES = (200.0, 320.0, 0.0, 110.0, 270.0, 420.0, 230.0)  # cm⁻¹ above 12 210 cm⁻¹
_FMO_COUPLINGS = (  # cm⁻¹, above the diagonal, row by row
    (-87.7, 5.5, -5.9, 6.7, -13.7, -9.9),
    (30.8, 8.2, 0.7, 11.8, 4.3),
    (-53.5, -2.2, -9.6, 6.0),
    (-70.7, -17.0, -63.3),
    (81.1, -1.3),
    (39.7,),
)


def fmo_hamiltonian() -> FloatArray:
    r"""Return the 7 × 7 Hamiltonian of the Fenna-Matthews-Olson complex in cm⁻¹, shape (7, 7).

    Site energies (counted from 12 210 cm⁻¹, that of pigment 3) and dipolar couplings of the trimer of
    *Chlorobaculum tepidum* by Adolphs and Renger, Biophys. J. 91, 2778 (2006), as used by Ishizaki and
    Fleming, Proc. Natl. Acad. Sci. 106, 17255 (2009). Pigments 1 and 6 (index 0 and 5) face the antenna,
    pigment 3 (index 2) the reaction center. An eighth pigment, found later, is left out. Times come in
    units of ħ/cm⁻¹: rates in ps⁻¹ are multiplied by ``units.WAVENUMBER_PER_PS`` = 5.309.

    >>> H = fmo_hamiltonian()
    >>> H.shape, float(H[0, 1]), float(H[2, 2])
    ((7, 7), -87.7, 0.0)
    """
    H = np.zeros((7, 7))
    H[np.triu_indices(7, 1)] = np.concatenate(_FMO_COUPLINGS)
    return H + H.T + np.diag(FMO_SITE_ENERGIES)


def _check_transfer(
    H: Matrix,
    initial: int | FloatArray | ComplexArray,
    dephasing: ArrayLike,
    traps: ArrayLike,
    loss_rate: float,
) -> tuple[DenseMatrix, FloatArray | ComplexArray, FloatArray, FloatArray, float]:
    """Return H, ρ(0), Γ, the trap rates (n,) and the loss rate."""
    H = _check.dense_hamiltonian(H)
    n_sites = len(H)
    if n_sites > _MOST_SITES:
        _check.fail("H", f"of at most {_MOST_SITES} sites", f"of shape {H.shape}")
    if isinstance(initial, np.ndarray) and initial.ndim == 2:
        rho0 = _check.density(initial, n_sites, "initial")
    else:
        initial = _check.integer("initial", initial, 0)
        if initial >= n_sites:
            _check.fail("initial", f"a site number below {n_sites}", initial)
        rho0 = np.diag(np.eye(n_sites)[initial])
    traps = _check.non_negative("traps", traps)
    if traps.shape != (n_sites,):
        _check.fail("traps", f"of shape ({n_sites},), one rate for each site", f"of shape {traps.shape}")
    loss_rate = _check.scalar("loss_rate", loss_rate, _check.positive)
    return H, rho0, _check.non_negative("dephasing", dephasing), traps, loss_rate


def _liouvillian(H: DenseMatrix, dephasing: FloatArray, traps: FloatArray, loss_rate: float) -> NDArray[Any]:
    """L of the module's head on row-major vec(ρ), shape (..., n², n²) for `dephasing` of shape (...)."""
    n_sites = len(H)
    eye = np.eye(n_sites)
    drift = -1j * H - np.diag(traps + loss_rate) / 2
    L = np.kron(drift, eye) + np.kron(eye, drift.conj())
    coherence = 1 - eye.ravel()
    return L - dephasing[..., None, None] * np.diag(coherence)


def _integrated(L: NDArray[Any], rho: NDArray[Any]) -> NDArray[Any]:
    """-L⁻¹ρ for ρ (..., n²)."""
    return -np.linalg.solve(L, rho[..., None])[..., 0]


def _trapped(rho: NDArray[Any], traps: FloatArray) -> FloatArray:
    """Σ κ_n ρ_nn for ρ (..., n²)."""
    return rho[..., :: len(traps) + 1].real @ traps


def transfer_efficiency(
    H: Matrix,
    initial: int | FloatArray | ComplexArray,
    *,
    dephasing: ArrayLike,
    traps: ArrayLike,
    loss_rate: float,
) -> FloatOrArray:
    r"""Return the part of an excitation that ends in a trap rather than being lost.

    .. math:: \eta = \sum_n k_{\mathrm{trap},n} \int_0^\infty \rho_{nn}\,\mathrm dt
              = -\sum_n k_{\mathrm{trap},n}\,\bigl[\mathcal L^{-1} \rho(0)\bigr]_{nn}

    Parameters
    ----------
    H : array or sparse array, shape (n, n)
        Hermitian; any network of at most 40 sites. Its unit of energy E sets those of rates and times.
    initial : int or array, shape (n, n)
        The site excited at time 0, or a density matrix.
    dephasing : float or array
        Γ ≥ 0 in E/ħ.
    traps : array, shape (n,)
        Trapping rate :math:`k_{\mathrm{trap},n}` ≥ 0 at each site, zero for most.
    loss_rate : float
        :math:`k_\mathrm{loss}` > 0, the same on all sites (recombination).

    Returns
    -------
    float or array, the shape of `dephasing`
        Between 0 and 1.

    Raises
    ------
    ValueError, TypeError
        If an argument is not what it should be, or the network too large.

    Notes
    -----
    Model and efficiency as in Rebentrost, Mohseni, Kassal, Lloyd and Aspuru-Guzik, New J. Phys. 11, 033003
    (2009). The rates are those of *populations*: amplitudes decay at half of them.

    Examples
    --------
    >>> from frenkel import chain, hamiltonian
    >>> H = hamiltonian(chain(2), [5.0, 0.0])  # off resonance: noise helps, too much of it hurts
    >>> transfer_efficiency(H, 0, dephasing=[0, 4, 100], traps=[0, 1], loss_rate=0.1).round(3).tolist()
    [0.284, 0.571, 0.148]
    """
    H, rho0, dephasing, traps, loss_rate = _check_transfer(H, initial, dephasing, traps, loss_rate)
    stay = _integrated(_liouvillian(H, dephasing, traps, loss_rate), rho0.ravel())
    return _trapped(stay, traps)[()]


def transfer_time(
    H: Matrix,
    initial: int | FloatArray | ComplexArray,
    *,
    dephasing: ArrayLike,
    traps: ArrayLike,
    loss_rate: float,
) -> FloatOrArray:
    r"""Return the mean time at which those excitations arrive that do end in a trap.

    .. math:: \bar t = \frac{1}{\eta} \sum_n k_{\mathrm{trap},n} \int_0^\infty t\,\rho_{nn}\,\mathrm dt
              = \frac{1}{\eta} \sum_n k_{\mathrm{trap},n}\,\bigl[\mathcal L^{-2} \rho(0)\bigr]_{nn}

    Arguments `H`, `initial`, `dephasing`, `traps` and `loss_rate` as in `transfer_efficiency`; at least
    one trap must be reached. In units of ħ/E.

    >>> print(f"{transfer_time([[0.0]], 0, dephasing=0, traps=[0.5], loss_rate=1e-9):.3f}")
    2.000
    """
    H, rho0, dephasing, traps, loss_rate = _check_transfer(H, initial, dephasing, traps, loss_rate)
    L = _liouvillian(H, dephasing, traps, loss_rate)
    stay = _integrated(L, rho0.ravel())
    efficiency = _trapped(stay, traps)
    if np.min(efficiency) < 1e-12:
        _check.fail("traps", "within reach of the excitation", "one that traps nothing of it")
    return (_trapped(_integrated(L, stay), traps) / efficiency)[()]


def transfer_populations(
    H: Matrix,
    initial: int | FloatArray | ComplexArray,
    times: ArrayLike,
    *,
    dephasing: float,
    traps: ArrayLike,
    loss_rate: float,
) -> tuple[FloatArray, FloatArray]:
    r"""Return (populations, trapped): site populations (t, n) and the part trapped so far (t,).

    Arguments as in `transfer_efficiency`, with one `dephasing`; `times` ≥ 0, increasing, in ħ/E.
    What is trapped is counted by :math:`\int_0^t\!\rho\,\mathrm ds = \mathcal L^{-1}[\rho(t) - \rho(0)]`.

    >>> _, trapped = transfer_populations([[0.0]], 0, [1.0], dephasing=0, traps=[0.5], loss_rate=1e-9)
    >>> print(f"{trapped[0]:.4f}")  # 1 - exp(-1/2)
    0.3935
    """
    dephasing = _check.scalar("dephasing", dephasing, _check.non_negative)
    H, rho0, rate, traps, loss_rate = _check_transfer(H, initial, dephasing, traps, loss_rate)
    times = _check.times("times", times)
    L = _liouvillian(H, rate, traps, loss_rate)
    damping = float(rate + traps.max() + loss_rate)
    levels = np.linalg.eigvalsh(H)
    check_affordable(times, np.ptp(levels) + damping, L.size)
    shifted = L + damping / 2 * np.eye(len(L))

    def generator(x: ComplexArray, out: ComplexArray) -> None:
        np.matmul(shifted, x, out=out)

    def after(x: ComplexArray, times: FloatArray) -> ComplexArray:
        return propagate(generator, x, times, radius=np.ptp(levels) + damping / 2, damping=damping)

    start, steps = rho0.ravel().astype(complex), np.diff(times)
    if len(times) > len(L) and np.allclose(steps, steps[0], rtol=1e-9, atol=0):  # many times, evenly apart
        step = after(np.eye(len(L), dtype=complex), steps[:1])[0]
        rho = np.empty((len(times), len(L)), dtype=complex)
        rho[0] = after(start, times[:1])[0]
        for i in range(len(steps)):
            rho[i + 1] = step @ rho[i]
    else:
        rho = after(start, times)
    so_far = np.linalg.solve(L, (rho - rho0.ravel()).T).T
    return rho[:, :: len(H) + 1].real, _trapped(so_far, traps)
