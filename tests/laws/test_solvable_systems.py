"""One table of solvable systems, run against every engine of the library and against outsiders."""

import frenkel
import numpy as np
import pytest
import qutip
from assertions import assert_law, populations
from conftest import CONVERGED, EXACT
from frenkel import exact
from frenkel.motion import traps
from frenkel.motion.disordered_chains import evolve_chains
from references import liouvillian
from scipy.linalg import expm
from scipy.sparse import csr_array

TIMES = np.array([0.0, 0.3, 1.1, 2.5, 4.0])


def by_expm(H, start, times, dephasing):
    L = liouvillian(H, dephasing)
    return populations(np.array([(expm(L * t) @ start.ravel()).reshape(H.shape) for t in times]))


def by_qutip(H, start, times, dephasing):
    basis = [qutip.basis(len(H), n).proj() for n in range(len(H))]
    noise = [np.sqrt(dephasing) * site for site in basis] if dephasing else []
    options = {"atol": 1e-11, "rtol": 1e-9, "nsteps": 100_000, "progress_bar": ""}
    state = qutip.Qobj(start if noise else np.sqrt(start.diagonal()))
    run = qutip.mesolve(qutip.Qobj(H), state, times, noise, e_ops=basis, options=options)
    return np.array(run.expect).T


def by_density(H, start, times, dephasing):
    return populations(frenkel.evolve_density(H, start, times, dephasing=dephasing))


def by_sparse_density(H, start, times, dephasing):
    return by_density(csr_array(H), start, times, dephasing)


def by_wavefunction(H, start, times, dephasing):
    return abs(frenkel.evolve_state(H, np.sqrt(start.diagonal()), times)) ** 2


def by_sparse_wavefunction(H, start, times, dephasing):
    return by_wavefunction(csr_array(H), start, times, dephasing)


def by_chains(H, start, times, dephasing):
    return abs(evolve_chains(H.diagonal()[None], np.sqrt(start.diagonal()), times)[:, 0]) ** 2


def by_transfer(H, start, times, dephasing):
    """With a loss so slow that nothing is lost."""
    options = {"dephasing": dephasing, "traps": np.zeros(len(H)), "loss_rate": 1e-13}
    return traps.transfer_populations(H, start, times, **options)[0]


def by_trajectories(H, start, times, dephasing):
    psi = frenkel.trajectories(
        H, np.sqrt(start.diagonal()), times, dephasing=dephasing, n_trajectories=2000, rng=1
    )
    return abs(psi) ** 2


def by_colored_trajectories(H, start, times, dephasing):
    """Noise that forgets at once: Γ = 2σ²τ."""
    tau = 1e-5
    noise = {"amplitude": np.sqrt(dephasing / (2 * tau)), "correlation_time": tau}
    psi0 = np.sqrt(start.diagonal())
    psi = frenkel.colored_trajectories(H, psi0, times, **noise, n_trajectories=2000, rng=1)
    return abs(psi) ** 2


def of_dimer(dephasing):
    first = exact.dimer_population(TIMES, dephasing)
    return np.stack([first, 1 - first], axis=-1)


def of_detuned_dimer(detuning):
    frequency = np.sqrt(4 + detuning**2)
    second = 4 / frequency**2 * np.sin(frequency * TIMES / 2) ** 2
    return np.stack([1 - second, second], axis=-1)


def of_triangle():
    stay = (5 + 4 * np.cos(3 * TIMES)) / 9
    return np.stack([stay, (1 - stay) / 2, (1 - stay) / 2], axis=-1)


def of_long_chain():
    return exact.bessel_populations(np.arange(51) - 25, TIMES[:, None])


DISORDERED = np.array([0.8, -1.1, 0.3, 1.7, -0.4])
# name: (lattice, site energies, dephasing, first site, what gives populations (t, n), or None: SciPy's expm)
SYSTEMS = {
    "dimer": (frenkel.chain(2), 0.0, 0.0, 0, lambda: of_dimer(0.0)),
    "underdamped dimer": (frenkel.chain(2), 0.0, 0.5, 0, lambda: of_dimer(0.5)),
    "critical dimer": (frenkel.chain(2), 0.0, 4.0, 0, lambda: of_dimer(4.0)),
    "overdamped dimer": (frenkel.chain(2), 0.0, 9.0, 0, lambda: of_dimer(9.0)),
    "detuned dimer": (frenkel.chain(2), [1.5, 0.0], 0.0, 0, lambda: of_detuned_dimer(1.5)),
    "triangle": (frenkel.ring(3), 0.0, 0.0, 0, of_triangle),
    "long chain": (frenkel.chain(51), 0.0, 0.0, 25, of_long_chain),
    "disordered ring": (frenkel.ring(5), DISORDERED, 0.7, 1, None),
    "disordered chain": (frenkel.chain(5), DISORDERED, 3.0, 4, None),
    "plane": (frenkel.square(3), 0.3 * np.arange(9.0), 0.4, 4, None),
}
OWN = {
    "density": by_density,
    "sparse density": by_sparse_density,
    "wavefunction": by_wavefunction,
    "sparse wavefunction": by_sparse_wavefunction,
    "chains": by_chains,
    "transfer": by_transfer,
}
OUTSIDERS = {"expm": by_expm, "QuTiP": by_qutip}
COHERENT = {"wavefunction", "sparse wavefunction", "chains"}  # they know no noise
NO_LONG_CHAIN = {"expm", "transfer"}  # a Liouvillian of 2601 by 2601
CASES = [
    (engine, system)
    for system, (lattice, _, dephasing, _, _) in SYSTEMS.items()
    for engine in OWN | OUTSIDERS
    if not (engine in COHERENT and dephasing)
    and not (engine in NO_LONG_CHAIN and lattice.n_sites > 10)
    and not (engine == "chains" and len(lattice.bonds) >= lattice.n_sites)
]


def prepare(system):
    lattice, energies, dephasing, first, solution = SYSTEMS[system]
    H = frenkel.hamiltonian(lattice, energies)
    start = np.diag(np.eye(lattice.n_sites)[first])
    expected = by_expm(H, start, TIMES, dephasing) if solution is None else solution()
    return (H, start, TIMES, dephasing), expected


@pytest.mark.parametrize(("engine", "system"), CASES)
def test_solvable_system(engine, system):
    arguments, expected = prepare(system)
    assert_law(
        f"{system} differs from its solution by {engine}",
        (OWN | OUTSIDERS)[engine](*arguments),
        expected,
        EXACT if engine in OWN else CONVERGED,
    )


@pytest.mark.parametrize("offset", [0.0, 2.5])
def test_amplitudes_equal_those_of_expm(offset):
    """With their phases, global one included, for a complex H."""
    rng = np.random.default_rng(3)
    A = rng.normal(size=(5, 5)) + 1j * rng.normal(size=(5, 5))
    H, psi0 = (A + A.conj().T) / 2 + offset * np.eye(5), rng.normal(size=5) + 1j * rng.normal(size=5)
    psi0 /= np.linalg.norm(psi0)
    expected = [expm(-1j * H * t) @ psi0 for t in TIMES]
    assert_law("ψ(t) is not exp(-iHt) ψ(0)", frenkel.evolve_state(H, psi0, TIMES), expected)
    rho = frenkel.evolve_density(H, np.outer(psi0, psi0.conj()), TIMES, dephasing=0.8)
    start = np.outer(psi0, psi0.conj()).ravel()
    expected = [(expm(liouvillian(H, 0.8) * t) @ start).reshape(5, 5) for t in TIMES]
    assert_law("ρ(t) is not exp(Lt) ρ(0)", rho, expected)


SAMPLED = {"white": by_trajectories, "colored": by_colored_trajectories}


@pytest.mark.parametrize("noise", SAMPLED)
@pytest.mark.parametrize("system", SYSTEMS)
def test_trajectories_average_to_the_solution(system, noise):
    arguments, expected = prepare(system)
    samples = SAMPLED[noise](*arguments)
    error = samples.std(axis=0, ddof=1) / np.sqrt(len(samples))
    step = 1e-3 if arguments[-1] else EXACT  # what the default step may cost
    off = abs(samples.mean(axis=0) - expected) - step
    assert (off <= 4 * error).all(), (
        f"{system}: trajectories {(off / np.maximum(error, 1e-12)).max():.1f} SE off"
    )


@pytest.mark.parametrize("dephasing", [4.0, 4.000001, 30.0, 1e3, 1e6])
def test_overdamped_dimer_relaxes_at_four_over_the_dephasing(dephasing):
    """By the engine; and where cosh overflows and exp(-Γt/2) underflows only their product is left."""
    times = np.array([0.3, 1.0]) * min(1, 1e4 / dephasing)
    H = frenkel.hamiltonian(frenkel.chain(2))
    rho = frenkel.evolve_density(H, np.diag([1.0, 0.0]), times, dephasing=dephasing)
    assert_law("P₁", rho[:, 0, 0].real, exact.dimer_population(times, dephasing))
    late = exact.dimer_population(dephasing, dephasing)
    rate = dephasing / 2 - np.sqrt(dephasing**2 / 4 - 4) if dephasing < 1e3 else 4 / dephasing
    if dephasing > 5:
        share = (1 + 1 / np.sqrt(1 - 16 / dephasing**2)) / 2
        assert_law("overdamped", late, (1 + share * np.exp(-rate * dephasing)) / 2, 1e-6)
