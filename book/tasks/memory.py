"""Tasks of the chapter on memory: noise that remembers, and somewhere to arrive."""

import frenkel
import numpy as np
from notebooks.tasks import Task


def memory_cases(rng):
    return [
        (rng.normal(size=6) * sigma, sigma, tau, dt, rng)
        for sigma, tau, dt in ((1.0, 2.0, 0.5), (0.3, 0.5, 1.0), (2.0, 5.0, 0.1))
    ]


def exact_step(xi, sigma, tau, dt, rng):
    kept = np.exp(-dt / tau)
    return rng.normal(kept * xi, sigma * np.sqrt((1 - kept) * (1 + kept)))


memory_step = Task(
    title="noise that remembers",
    starter="""
    import numpy as np


    def memory_step(xi, sigma, tau, dt, rng):
        \"\"\"Return the noise of every site a time dt later, exactly, for steps of any length.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def memory_step(xi, sigma, tau, dt, rng):
        kept = np.exp(-dt / tau)
        fresh = sigma * np.sqrt(1 - kept**2)
        return kept * xi + fresh * rng.normal(size=len(xi))
    """,
    cases=memory_cases,
    library=exact_step,
    mistakes=(
        ("kept = np.exp(-dt / tau)", "kept = 1 - dt / tau",
         "You have taken the first terms of the exponential. That needs steps much shorter than τ; the exact law, e^(−dt/τ), "
         "costs nothing more."),
        ("np.sqrt(1 - kept**2)", "np.sqrt(1 - kept)",
         "The variance has to stay σ². What is kept has the variance kept² σ², so the fresh part must have 1 − kept², of "
         "which you take the root."),
        ("np.sqrt(1 - kept**2)", "(1 - kept)",
         "Variances add, not standard deviations. With 1 − kept the noise would become weaker, step by step, and settle below σ."),
        ("np.sqrt(1 - kept**2)", "np.sqrt(2 * dt / tau)",
         "This is the fresh part for steps much shorter than τ. For any step it is √(1 − e^(−2dt/τ)), which never exceeds 1."),
        ("rng.normal(size=len(xi))", "rng.normal()",
         "All sites get the same fresh noise, so after a time τ they would all fluctuate together. Draw one number for every site."),
    ),
    hints=(
        r"After a time $\mathrm dt$ the part $\mathrm e^{-\mathrm dt/\tau}$ of $\xi$ is still remembered. The rest is new, and independent of what was.",
        r"The variance must stay $\sigma^2$: that tells how large the new part is.",
    ),
)  # fmt: skip


def trap_cases(rng):
    cases = []
    for n, gamma, k_trap, k_loss in ((2, 0.5, 1.0, 0.1), (3, 2.0, 0.5, 0.05), (4, 0.1, 2.0, 0.3)):
        H = frenkel.hamiltonian(frenkel.chain(n), 2 * rng.normal(size=n))
        cases.append((H, gamma, k_trap, k_loss))
    return cases


def library_efficiency(H, dephasing, trap_rate, loss_rate):
    traps = np.zeros(len(H))
    traps[-1] = trap_rate
    return frenkel.transfer_efficiency(H, 0, dephasing=dephasing, traps=traps, loss_rate=loss_rate)


trap_efficiency = Task(
    title="does it arrive?",
    starter="""
    import numpy as np


    def trap_efficiency(H, dephasing, trap_rate, loss_rate):
        \"\"\"Return η of a start on the first site with the trap on the last.\"\"\"
        n = len(H)
        one = np.eye(n)
        # rho.ravel() is a vector; A @ rho @ B acts on it as np.kron(A, B.T)
        L = -1j * (np.kron(H, one) - np.kron(one, H.T))
        L = L - ...
        start = np.zeros((n, n))
        start[0, 0] = 1
        return ...
    """,
    solution="""
    import numpy as np


    def trap_efficiency(H, dephasing, trap_rate, loss_rate):
        n = len(H)
        one = np.eye(n)
        trap = np.zeros((n, n))
        trap[-1, -1] = trap_rate
        L = -1j * (np.kron(H, one) - np.kron(one, H.T))
        L = L - dephasing * np.diag((1 - one).ravel())
        L = L - 0.5 * (np.kron(trap, one) + np.kron(one, trap))
        L = L - loss_rate * np.eye(n * n)
        start = np.zeros((n, n))
        start[0, 0] = 1
        stay = np.linalg.solve(L, -start.ravel()).reshape(n, n)
        return trap_rate * stay[-1, -1].real
    """,
    cases=trap_cases,
    library=library_efficiency,
    mistakes=(
        ("0.5 * (np.kron(trap, one) + np.kron(one, trap))", "(np.kron(trap, one) + np.kron(one, trap))",
         "The half before the anticommutator is missing: the population of the trap's site stands in both terms, and "
         "would be taken away at twice k_trap."),
        ("dephasing * np.diag((1 - one).ravel())", "dephasing * np.eye(n * n)",
         "Your dephasing takes away populations too. Only elements off the diagonal of ρ decay by it."),
        ("loss_rate * np.eye(n * n)", "loss_rate * np.diag(one.ravel())",
         "Your loss acts on populations alone. An exciton that is lost takes its coherences along: the whole of ρ decays."),
        ("0.5 * (np.kron(trap, one) + np.kron(one, trap))", "np.diag((trap).ravel())",
         "Your trap takes the population of its site and leaves its coherences with the others alone. They decay at half k_trap."),
        ("trap_rate * stay[-1, -1].real", "stay[-1, -1].real",
         "This is the time that the exciton spends on the last site. Times k_trap it is the share that is trapped."),
    ),
    hints=(
        r"Dephasing is diagonal in $\rho_{nm}$: `np.diag((1 - one).ravel())` is 1 for each element off the diagonal of $\rho$, else 0.",
        r"The trap needs a matrix $K = k_\mathrm{trap}|m\rangle\langle m|$ and half of $K\rho + \rho K$; the loss multiplies all of $\rho$.",
        r"At the end one `np.linalg.solve(L, -start.ravel())`: it holds the integral of $\rho$ over all times.",
    ),
)  # fmt: skip
