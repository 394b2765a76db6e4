"""Tasks of the chapter on quantum phonons: what is left of a coupling, and the rate of a hop."""

import numpy as np
from notebooks.tasks import Task


def cloud_cases(rng):
    return [
        (1.0, np.array([2.0]), np.array([1.0]), 1.0),
        (3.2, rng.uniform(0.5, 3.0, 4), rng.uniform(0.05, 0.3, 4), 0.7),
        (2.0, rng.uniform(1.0, 20.0, 6), rng.uniform(0.1, 1.0, 6), 25.0),
    ]


def dressed(coupling, frequencies, reorganizations, thermal_energy):
    # Each of two sites keeps e^{-S(n + 1/2)}, with n quanta in the mean.
    quanta = 1 / np.expm1(frequencies / thermal_energy)
    one_site = np.exp(-((quanta + 0.5) * reorganizations / frequencies).sum())
    return coupling * one_site**2


kept_coupling = Task(
    title="what a cloud leaves of the coupling",
    starter="""
    import numpy as np


    def kept_coupling(coupling, frequencies, reorganizations, thermal_energy):
        \"\"\"Return J_eff; all arguments are energies in one unit.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def kept_coupling(coupling, frequencies, reorganizations, thermal_energy):
        factors = reorganizations / frequencies
        thermal = 1 / np.tanh(frequencies / (2 * thermal_energy))
        return coupling * np.exp(-np.sum(factors * thermal))
    """,
    cases=cloud_cases,
    library=dressed,
    mistakes=(
        ("-np.sum(factors * thermal)", "-np.sum(factors * thermal) / 2",
         "You have the overlap of one site. A hop changes the phonons of two, the site that is left and the new one, so "
         "the factor comes squared."),
        ("factors * thermal", "factors",
         "This is the overlap of the lowest states, which holds at T = 0. In the heat higher states, which overlap "
         "less, take part: coth(ħω/2k_BT) is missing."),
        ("frequencies / (2 * thermal_energy)", "frequencies / thermal_energy",
         "The argument of coth is ħω/2k_BT: 2n + 1 = coth(ħω/2k_BT), with n quanta in the mean."),
        ("np.exp(-np.sum(factors * thermal))", "np.mean(np.exp(-factors * thermal))",
         "Every phonon has to overlap at the same time, so the factors of all of them are multiplied."),
    ),
    hints=(
        r"The Huang–Rhys factor of a phonon is its reorganization energy, counted in quanta: $S = \lambda/\hbar\omega$.",
        r"Overlaps of different phonons multiply, so their exponents add up. `1 / np.tanh(x)` is coth.",
    ),
)  # fmt: skip


def course_cases(rng):
    times = np.linspace(0, 12, 601)
    cases = []
    for step, spread, decay, shift, coupling in (
        (1.0, 0.5, 0.3, 0.8, 1.0),
        (-2.0, 0.2, 0.6, 1.5, 0.4),
        (0.3, 1.0, 0.1, 0.2, 2.0),
    ):
        phi = spread * times**2 + decay * times + 1j * shift * times
        cases.append((step, times, phi, coupling))
    return cases


def integral(step, times, phi, coupling):
    # The mean of both ends of every interval, real part first.
    course = np.exp(-phi.real) * np.cos(step * times + phi.imag)
    return coupling**2 * ((course[1:] + course[:-1]) * np.diff(times)).sum()


golden_rule_rate = Task(
    title="the rate of a hop",
    starter="""
    import numpy as np


    def golden_rule_rate(step, times, phi, coupling):
        \"\"\"Return k for a step in energy (final minus initial).\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def golden_rule_rate(step, times, phi, coupling):
        course = np.exp(-1j * step * times - phi)
        return 2 * coupling**2 * np.trapezoid(course, times).real
    """,
    cases=course_cases,
    library=integral,
    mistakes=(
        ("2 * coupling**2", "coupling**2",
         "The 2 is missing. The golden rule has the integral from −∞ to ∞; its two halves are complex conjugates, so "
         "together they are twice the real part of one."),
        ("2 * coupling**2", "2 * coupling",
         "The rate is of second order: an amplitude has the coupling once, and a probability is its square."),
        ("-1j * step * times", "1j * step * times",
         "Uphill and downhill are exchanged: with the plus the exciton would gain the energy that the phonons have to "
         "bring."),
        ("- phi)", "- phi.real)",
         "Without the imaginary part of φ the phonons are classical noise. They do not respond, and hops up are as "
         "frequent as hops down."),
        ("np.trapezoid(course, times).real", "abs(np.trapezoid(course, times))",
         "What counts is the real part; the imaginary part shifts energies and moves nobody."),
    ),
    hints=(
        r"Write the integrand as an array, `np.exp(...)` with one element for each time.",
        r"`np.trapezoid(y, x)` is the integral of samples $y$ at the places $x$. The real part comes last.",
    ),
)  # fmt: skip
