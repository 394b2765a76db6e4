"""Conservation laws and symmetries of every engine; a batch equals a loop."""

import frenkel
import numpy as np
import pytest
from assertions import assert_law, populations
from conftest import CONVERGED, EXACT
from frenkel import exact, units
from scipy.sparse import csr_array

TIMES = np.array([0.0, 0.7, 3.0, 20.0, 90.0])  # the last ones lie several segments of the expansion away
N = 6


def hermitian(kind):
    """A disordered Hamiltonian of N sites."""
    rng = np.random.default_rng(7)
    energies = rng.normal(0, 1.3, N)
    if kind == "complex":
        H = rng.normal(size=(N, N)) + 1j * rng.normal(size=(N, N))
        return (H + H.conj().T) / 2
    if kind == "sparse":
        H = frenkel.hamiltonian(frenkel.ring(N)) * np.exp(0.4j * np.subtract.outer(range(N), range(N)))
        return csr_array(H + np.diag(energies))
    return frenkel.hamiltonian({"chain": frenkel.chain, "ring": frenkel.ring}[kind](N), energies)


def random_states(*shape):
    rng = np.random.default_rng(11)
    psi = rng.normal(size=(*shape, N)) + 1j * rng.normal(size=(*shape, N))
    return psi / np.linalg.norm(psi, axis=-1, keepdims=True)


def random_densities(*shape):
    psi = random_states(*shape, 3)
    return np.einsum("p,...pn,...pm->...nm", [0.5, 0.3, 0.2], psi, psi.conj())


each_hamiltonian = pytest.mark.parametrize("kind", ["chain", "ring", "complex", "sparse"])
each_dephasing = pytest.mark.parametrize("dephasing", [0.0, 0.3, 12.0])


@each_hamiltonian
def test_wavefunction_keeps_norm_energy_and_overlaps(kind):
    H = hermitian(kind)
    psi = frenkel.evolve_state(H, random_states(2), TIMES)
    assert_law("norm not conserved", np.linalg.norm(psi, axis=-1), 1)
    energy = np.einsum("tbn,tbn->tb", psi.conj(), (H @ psi.reshape(-1, N).T).T.reshape(psi.shape))
    assert_law("energy not conserved", energy, energy[0])
    overlap = np.einsum("tn,tn->t", psi[:, 0].conj(), psi[:, 1])
    assert_law("overlap of two states not conserved", overlap, overlap[0])


@each_hamiltonian
@each_dephasing
def test_density_stays_a_state(kind, dephasing):
    rho = frenkel.evolve_density(hermitian(kind), random_densities(), TIMES, dephasing=dephasing)
    assert_law("trace not conserved", np.trace(rho, axis1=-2, axis2=-1), 1)
    assert_law("populations do not sum to 1", populations(rho).sum(axis=-1), 1)
    assert_law("density not Hermitian", rho, rho.conj().swapaxes(-1, -2))
    lowest = np.linalg.eigvalsh(rho).min()
    assert lowest >= -EXACT, f"positivity lost: eigenvalue {lowest:.3g}"
    purity = np.einsum("tnm,tmn->t", rho, rho).real
    assert np.diff(purity).max() <= EXACT, f"purity grew under dephasing: {purity}"
    if dephasing == 0:
        assert_law("purity not conserved without dephasing", purity, purity[0])


@each_hamiltonian
@each_dephasing
def test_uniform_mixture_is_stationary(kind, dephasing):
    rho = frenkel.evolve_density(hermitian(kind), np.eye(N) / N, TIMES, dephasing=dephasing)
    assert_law("uniform mixture not stationary", rho, np.eye(N) / N)


@each_hamiltonian
def test_density_without_dephasing_is_the_wavefunction_squared(kind):
    H, psi0 = hermitian(kind), random_states()
    psi = frenkel.evolve_state(H, psi0, TIMES)
    rho = frenkel.evolve_density(H, np.outer(psi0, psi0.conj()), TIMES)
    assert_law("ρ is not |ψ⟩⟨ψ| at Γ = 0", rho, psi[:, :, None] * psi[:, None, :].conj())


@each_hamiltonian
@each_dephasing
def test_evolution_composes(kind, dephasing):
    H, rho0 = hermitian(kind), random_densities()
    half = frenkel.evolve_density(H, rho0, [1.3], dephasing=dephasing)[0]
    half = (half + half.conj().T) / 2
    whole = frenkel.evolve_density(H, rho0, [1.3, 41.3], dephasing=dephasing)[1]
    twice = frenkel.evolve_density(H, half, [40.0], dephasing=dephasing)[0]
    assert_law("exp(L t) exp(L s) is not exp(L (t + s))", twice, whole)


@each_dephasing
def test_energies_without_coupling_leave_populations_alone(dephasing):
    rho0 = random_densities()
    rho = frenkel.evolve_density(np.diag(np.arange(N) / 3), rho0, [2.5], dephasing=dephasing)[0]
    assert_law("dephasing moved populations", populations(rho), populations(rho0))
    phases = np.exp(-2.5j * np.subtract.outer(range(N), range(N)) / 3)
    decay = np.where(np.eye(N), 1, np.exp(-2.5 * dephasing))
    assert_law("coherences do not decay at Γ", rho, rho0 * phases * decay)


SYMMETRIES = {
    "reflection": (lambda H: H[::-1, ::-1], lambda p: p[..., ::-1]),
    "translation": (lambda H: np.roll(H, 2, (0, 1)), lambda p: np.roll(p, 2, -1)),
    "energy shift": (lambda H: H + 37.0 * np.eye(N), lambda p: p),
    "sign of J": (lambda H: 2 * np.diag(H.diagonal()) - H, lambda p: p),
    "time reversal": (lambda H: -H, lambda p: p),
}


@pytest.mark.slow
@pytest.mark.parametrize("symmetry", SYMMETRIES)
@each_dephasing
def test_symmetry_of_populations(symmetry, dephasing):
    """The ring is bipartite (even) and real, so the sign of J and the direction of time drop out."""
    H = hermitian("ring")
    change, image = SYMMETRIES[symmetry]
    start = image(np.eye(N)[1])
    before = frenkel.evolve_density(H, np.diag(np.eye(N)[1]), TIMES, dephasing=dephasing)
    after = frenkel.evolve_density(change(H), np.diag(start), TIMES, dephasing=dephasing)
    assert_law(f"{symmetry} broken", populations(after), image(populations(before)))
    if dephasing == 0:
        psi = frenkel.evolve_state(change(H), start, TIMES)
        assert_law(f"{symmetry} broken for wavefunctions", abs(psi) ** 2, image(populations(before)))


@each_hamiltonian
def test_trajectories_keep_their_norm_and_repeat(kind):
    options = {"times": [0.0, 0.4, 3.0], "dephasing": 0.8, "n_trajectories": 5, "max_step": 0.02}
    H = hermitian(kind)
    psi = frenkel.trajectories(H, random_states(), **options, rng=3)
    assert_law("norm of a trajectory not conserved", np.linalg.norm(psi, axis=-1), 1)
    assert_law("initial state changed", psi[:, 0], random_states())
    again = frenkel.trajectories(H, random_states(), **options, rng=np.random.default_rng(3))
    assert np.array_equal(psi, again), "the same seed gave other trajectories"
    dense = H.toarray() if kind == "sparse" else csr_array(H)
    other = frenkel.trajectories(dense, random_states(), **options, rng=3)
    assert_law("dense and sparse steps differ", other, psi)
    shifted = frenkel.trajectories(
        H + 5 * (csr_array(np.eye(N)) if kind == "sparse" else np.eye(N)), random_states(), **options, rng=3
    )
    assert_law("energy shift broken for trajectories", abs(shifted), abs(psi))
    assert np.ptp(abs(psi[:, 2]), axis=0).min() > 1e-3, "trajectories do not differ: no noise"


RINGS = np.random.default_rng(5).normal(0, 1, (3, 150))
GRID = np.linspace(0, 9, 19)
ON_RINGS = {
    "D(t)": lambda energies: frenkel.diffusivity(energies, 0.4, GRID, tolerance=1e-8),
    "D_s": lambda energies: frenkel.diffusion_constant(energies, 0.4, tolerance=1e-8),
}
RING_SYMMETRIES = {
    "translation": lambda e: np.roll(e, 17, -1),
    "reflection": lambda e: e[..., ::-1],
    "energy shift": lambda e: e - 250.0,
    "sign of J": lambda e: -e,  # with the reversal of time
    "repetition of the ring": lambda e: np.tile(e, 2),
}


@pytest.mark.parametrize("quantity", ON_RINGS)
@pytest.mark.parametrize("symmetry", RING_SYMMETRIES)
def test_symmetry_of_diffusion(quantity, symmetry):
    function = ON_RINGS[quantity]
    energies = RINGS[0]
    assert_law(
        f"{symmetry} broken for {quantity}", function(RING_SYMMETRIES[symmetry](energies)), function(energies)
    )


def test_diffusion_between_its_bounds_at_every_time():
    D = frenkel.diffusivity(RINGS, 0.4, GRID)
    assert (D <= 2 * GRID + EXACT).all(), "D(t) exceeds the ballistic 2t"
    assert_law("D(0) is not 0", D[:, 0])


@pytest.mark.parametrize("ring", range(3))
def test_diffusion_constant_is_a_mixture_of_lorentzians(ring):
    """D_s Γ = Σ w Γ²/(Γ² + λ²) rises and D_s/Γ falls with Γ, in every ring."""
    rates = np.geomspace(0.4, 40, 9)
    D = frenkel.diffusion_constant(RINGS[ring], rates, tolerance=1e-8)
    assert (np.diff(D * rates) > 0).all(), f"D_s Γ does not rise with Γ: {D * rates}"
    assert (np.diff(D / rates) < 0).all(), f"D_s/Γ does not fall with Γ: {D / rates}"


PAIR = np.array([[1.0, 2.0, 3.0], [0.5, 4.0, 2.5]])
VECTORS = np.random.default_rng(2).normal(size=(2, 3, 3))
BATCHES = {
    "evolve_state": (
        lambda x: np.moveaxis(frenkel.evolve_state(hermitian("complex"), x, TIMES), 0, -1),
        random_states(2, 3),
        EXACT,
    ),
    "evolve_state sparse": (
        lambda x: np.moveaxis(frenkel.evolve_state(hermitian("sparse"), x, TIMES), 0, -1),
        random_states(2, 3),
        EXACT,
    ),
    "evolve_density": (
        lambda x: np.moveaxis(frenkel.evolve_density(hermitian("sparse"), x, TIMES, dephasing=0.7), 0, -1),
        random_densities(2, 3),
        EXACT,
    ),
    # Rings asked for together share the widest band: they agree to the tolerance asked for, not to rounding.
    "diffusivity": (ON_RINGS["D(t)"], RINGS[:, None], CONVERGED),
    "diffusion_constant": (ON_RINGS["D_s"], RINGS[:, None], CONVERGED),
    "exact.diffusion_constant_bounds": (
        lambda x: np.stack(exact.diffusion_constant_bounds(x, 0.3), -1),
        RINGS[:, None],
        EXACT,
    ),
    "hamiltonian": (lambda x: frenkel.hamiltonian(frenkel.ring(150), x), RINGS[:, None], EXACT),
    "mean_squared_displacement": (
        lambda x: frenkel.mean_squared_displacement(x, [-1.0, 0.0, 2.0]),
        PAIR[None],
        EXACT,
    ),
    "diffusivity_from_msd": (lambda x: frenkel.diffusivity_from_msd([0.0, 1.0, 3.0], x), PAIR[None], EXACT),
    "orientation_factor": (lambda x: frenkel.orientation_factor(x, [1, 2, 3], [0, 1, 1]), VECTORS, EXACT),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BATCHES)
def test_batch_equals_loop(name):
    function, batch, tolerance = BATCHES[name]
    together = function(batch)
    for index in np.ndindex(batch.shape[:2]):
        assert_law(f"batch differs from loop in {name}", together[index], function(batch[index]), tolerance)


ELEMENTWISE = {
    "transition_dipole": (frenkel.transition_dipole, (1e7, 80.0, 2500.0, 1.9)),
    "dipolar_coupling": (frenkel.dipolar_coupling, (90.0, 10.0, 1.9, -2.0)),
    "coherence_length": (frenkel.coherence_length, (1.0, 0.3, 1.0)),
    "bessel_populations": (exact.bessel_populations, (2, 1.5)),
    "clean_msd": (exact.clean_msd, (1.5, 0.2)),
    "clean_diffusivity": (exact.clean_diffusivity, (1.5, 0.2)),
    "hopping_rate": (exact.hopping_rate, (-1.0, 0.5)),
    "strong_dephasing_constant": (exact.strong_dephasing_constant, (5.0, 1.0, 2.0)),
    "dimer_population": (exact.dimer_population, (1.5, 3.0)),
    "weak_disorder_localization_length": (exact.weak_disorder_localization_length, (0.4, 0.5)),
    "time_to_ps": (units.time_to_ps, (3.0, 40.0)),
    "time_from_ps": (units.time_from_ps, (3.0, 40.0)),
    "diffusivity_to_cm2_per_s": (units.diffusivity_to_cm2_per_s, (3.0, 40.0, 10.0)),
    "diffusivity_from_cm2_per_s": (units.diffusivity_from_cm2_per_s, (3.0, 40.0, 10.0)),
    "thermal_energy": (units.thermal_energy, (300.0,)),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_arguments_broadcast(name):
    """Every argument in turn becomes an axis of its own; each element equals the call with scalars."""
    function, point = ELEMENTWISE[name]
    factors = np.array([1.0, 1.5, 2.0])
    if name == "bessel_populations":
        factors = np.array([1.0, 2.0, 3.0])  # a whole number of sites
    for vary in np.ndindex(*(2,) * len(point)):
        axes = [value * factors if on else value for value, on in zip(point, vary, strict=True)]
        grid = np.meshgrid(*axes, indexing="ij", sparse=True)
        together = function(*grid)
        for index in np.ndindex(np.broadcast_shapes(*(axis.shape for axis in grid))):
            single = function(
                *(axis.flat[i] if axis.size > 1 else axis.item() for axis, i in zip(grid, index, strict=True))
            )
            assert_law(f"broadcasting differs from a loop in {name}", together[index] / single, 1)
