"""Tasks of the chapter on dephasing: one kick, and the equation that the average obeys."""

import frenkel
import numpy as np
from notebooks.tasks import Task


def kick_cases(rng):
    psi = rng.normal(size=(3, 6)) + 1j * rng.normal(size=(3, 6))
    return [(psi[k], gamma, dt, rng) for k, (gamma, dt) in enumerate([(0.5, 0.1), (2.0, 0.05), (8.0, 0.02)])]


def kicked(psi, dephasing, dt, rng):
    angles = rng.normal(0.0, (dephasing * dt) ** 0.5, len(psi))
    return psi * (np.cos(angles) - 1j * np.sin(angles))


random_kick = Task(
    title="one kick",
    starter="""
    import numpy as np


    def random_kick(psi, dephasing, dt, rng):
        \"\"\"Return the amplitudes psi after one kick of the noise.\"\"\"
        angles = ...  # draw them with rng.normal
        return ...
    """,
    solution="""
    import numpy as np


    def random_kick(psi, dephasing, dt, rng):
        angles = np.sqrt(dephasing * dt) * rng.normal(size=len(psi))
        return np.exp(-1j * angles) * psi
    """,
    cases=kick_cases,
    library=kicked,
    mistakes=(
        ("np.sqrt(dephasing * dt)", "np.sqrt(dephasing) * dt",
         "The standard deviation of your angles is √Γ dt. Variances of independent bits add, so it is the variance "
         "that grows with dt: the standard deviation is √(Γ dt). With yours the dephasing would depend on the step."),
        ("np.sqrt(dephasing * dt)", "dephasing * dt",
         "Γ dt is the variance of the angles. `rng.normal` is scaled by the standard deviation, its root."),
        ("np.sqrt(dephasing * dt)", "np.sqrt(2 * dephasing * dt)",
         "The variance 2Γ dt is that of the difference of two angles. Each site has Γ dt of its own."),
        ("rng.normal(size=len(psi))", "rng.normal()",
         "All sites get the same angle. That is a phase of the whole state, which nobody can see: draw one angle "
         "for every site."),
        ("np.exp(-1j * angles) * psi", "np.exp(1j * angles) * psi",
         "On average this kick is as good, for an angle is as often positive as negative. But the energy ξ turns "
         "the phase by exp(−iθ), and the check compares your numbers one by one: put the minus."),
    ),
    hints=(
        r"How many angles are needed? One for each element of `psi`: `rng.normal(size=len(psi))` draws standard normal numbers.",
        r"Their variance has to be $\Gamma\,\mathrm dt$. A standard normal number times $s$ has the variance $s^2$.",
    ),
)  # fmt: skip


def equation_cases(rng):
    cases = []
    for n_sites, gamma in ((3, 0.4), (4, 1.0), (6, 2.5)):
        states = rng.normal(size=(3, n_sites)) + 1j * rng.normal(size=(3, n_sites))
        rho = np.einsum("kn,km->nm", states, states.conj())
        H = frenkel.hamiltonian(frenkel.chain(n_sites), rng.normal(size=n_sites))
        cases.append((rho / np.trace(rho), H, gamma))
    return cases


def rate_of_change(rho, H, dephasing):
    # The slope at the start of the library's solution, from a polynomial through its first times.
    times = np.array([0.0, 1e-3, 2e-3, 3e-3, 4e-3])
    states = frenkel.evolve_density(H, rho, times, dephasing=dephasing)
    weights = np.array([-25, 48, -36, 16, -3]) / 12e-3
    return np.einsum("t,tnm->nm", weights, states)


master_equation = Task(
    title="the equation of the average",
    starter="""
    import numpy as np


    def master_equation(rho, H, dephasing):
        \"\"\"Return dρ/dt.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def master_equation(rho, H, dephasing):
        coherences = rho - np.diag(np.diag(rho))
        return -1j * (H @ rho - rho @ H) - dephasing * coherences
    """,
    cases=equation_cases,
    library=rate_of_change,
    mistakes=(
        ("- dephasing * coherences", "- dephasing / 2 * coherences",
         "Your coherences decay at Γ/2. One site's phase alone would fade at Γ/2 against a phase that is not "
         "kicked; a coherence stands between two sites, and both are kicked."),
        ("- dephasing * coherences", "- 2 * dephasing * coherences",
         "Your coherences decay at 2Γ. The difference of two angles has the variance 2Γ dt, but the average of "
         "exp(−iφ) falls by half the variance of φ."),
        ("- dephasing * coherences", "- dephasing * rho",
         "Your populations decay as well, and the exciton is lost. A kick changes phases only: leave the "
         "diagonal out of the damping."),
        ("-1j * (H @ rho - rho @ H)", "1j * (H @ rho - rho @ H)",
         "The sign of the commutator is that of an operator in the Heisenberg picture. The density matrix turns "
         "the other way: −i[H, ρ]."),
        ("(H @ rho - rho @ H)", "(H * rho - rho * H)",
         "`*` multiplies element by element, so your commutator vanishes. The product of matrices is `@`."),
    ),
    hints=(
        r"There are two terms: the commutator, which moves the exciton, and the damping, which needs $\rho$ without its diagonal.",
        r"`np.diag(rho)` takes the diagonal out of a matrix; `np.diag` of an array makes a matrix of it.",
    ),
)  # fmt: skip
