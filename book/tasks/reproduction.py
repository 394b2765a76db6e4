"""Tasks of the chapter on the reproduction: the strength of a noise, and a step of the published scheme."""

import numpy as np
from notebooks.tasks import Task


def angle_cases(rng):
    cases = []
    for gamma, dt in ((0.5, 0.1), (2.0, 0.02), (10.0, 0.3)):
        cases.append((rng.normal(size=(50, 8)) * np.sqrt(gamma * dt), dt))
    return cases


def strength(angles, dt):
    steps, sites = angles.shape
    # The variance gathered in a time: the sum over its steps, by the time.
    gathered = sum(angles[step] @ angles[step] for step in range(steps)) / sites
    return gathered / (steps * dt)


kicks_dephasing = Task(
    title="which Γ has this noise?",
    starter="""
    import numpy as np


    def kicks_dephasing(angles, dt):
        \"\"\"Return the Γ of the paper's Eq. 6 that angles[step, site] of mean 0 stand for.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def kicks_dephasing(angles, dt):
        return np.mean(angles**2) / dt
    """,
    cases=angle_cases,
    library=strength,
    mistakes=(
        ("/ dt", "/ dt**2",
         "You have read the axis of the scripts, Γₛ = variance/dt². White noise of strength Γ gives each step the variance "
         "Γ dt, so Γ = variance/dt, which is Γₛ dt."),
        ("np.mean(angles**2) / dt", "np.sqrt(np.mean(angles**2)) / dt",
         "You have divided the standard deviation by the step. It is variances that add from step to step."),
        ("np.mean(angles**2)", "np.var(angles)",
         "Almost. You have measured the scatter from the mean of the sample; but the mean is known to be 0, and what "
         "has been drawn by chance about it belongs to the noise."),
        ("np.mean(angles**2) / dt", "np.mean(angles**2)",
         "This is the variance of one step. A strength does not depend on the step: divide by its length."),
        ("np.mean(angles**2)", "2 * np.mean(angles**2)",
         "The 2 belongs to the difference between two sites. Γ is defined by the noise of one."),
    ),
    hints=(
        r"How large is $\langle\theta^2\rangle$ in one step, by Eq. 6? {eq}`eq-kick` says it.",
        r"Estimate $\langle\theta^2\rangle$ from all angles. Their mean is known to be 0.",
    ),
)  # fmt: skip


def scheme_cases(rng):
    cases = []
    for n, noise in ((3, 1.0), (4, 10.0), (6, 40.0)):
        U = np.linalg.qr(rng.normal(size=(n, n)) + 1j * rng.normal(size=(n, n)))[0]
        psi = rng.normal(size=(2, n)) + 1j * rng.normal(size=(2, n))
        cases.append((np.einsum("kn,km->nm", psi, psi.conj()) / n, U, noise, 0.1))
    return cases


def averaged_step(rho, U, noise, dt):
    # Element by element: pairs of different elements of U get q, an element with itself does not.
    n = len(U)
    q = np.exp(-noise * dt**2)
    after = np.zeros((n, n), complex)
    for a, b, c, d in np.ndindex(n, n, n, n):
        after[a, c] += (1.0 if (a, b) == (c, d) else q) * U[a, b] * rho[b, d] * U[c, d].conj()
    return after


scheme_step = Task(
    title="one step of the published scheme",
    starter="""
    import numpy as np


    def scheme_step(rho, U, noise, dt):
        \"\"\"Return ρ after a step, averaged over the noise Γ_s.\"\"\"
        q = ...
        return ...
    """,
    solution="""
    import numpy as np


    def scheme_step(rho, U, noise, dt):
        q = np.exp(-noise * dt**2)
        hops = abs(U) ** 2 @ np.diag(rho)
        return q * U @ rho @ U.conj().T + (1 - q) * np.diag(hops)
    """,
    cases=scheme_cases,
    library=averaged_step,
    mistakes=(
        ("noise * dt**2", "noise * dt",
         "With Γₛ dt in the exponent the noise would be that of Eq. 6. The scripts multiply √Γₛ by dt, so a phase has the "
         "variance Γₛ dt²."),
        ("abs(U) ** 2 @ np.diag(rho)", "np.diag(U @ rho @ U.conj().T)",
         "This would be noise on the sites, which leaves populations alone. Here each element of U has its own phase, so "
         "only the populations before the step survive, spread by |U|²."),
        ("noise * dt**2)", "noise * dt**2 / 2)",
         "A half too many: it belongs to one phase, ⟨e^(−iφ)⟩ = e^(−Γₛdt²/2). A pair of different elements has two of them."),
        ("(1 - q) * np.diag(hops)", "np.diag(hops)",
         "The factor 1 − q is missing, and the norm grows: the diagonal elements are already there once with the weight q."),
        ("U.conj().T", "U.T",
         "The adjoint is needed, with the conjugate: U belongs to ψ and its conjugate to ψ*."),
    ),
    hints=(
        r"The first term is the step without noise, times $q = \mathrm e^{-\Gamma_s\mathrm dt^2}$.",
        r"$\sum_m |U_{nm}|^2\rho_{mm}$ is a matrix of probabilities, `abs(U) ** 2`, times a vector of populations.",
    ),
)  # fmt: skip
