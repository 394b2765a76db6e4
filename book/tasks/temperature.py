"""Tasks of the chapter on temperature: a rate from two widths, and a hop that knows how warm it is."""

import numpy as np
from notebooks.tasks import Task


def width_cases(rng):
    return [
        (26.0, 98.4, 298.0, 100.0, 16.0),
        (16.0, 87.8, 298.0, 40.0, 16.0),
        (30.0, 70.0, 250.0, 300.0, 22.0),
    ]


def library_dephasing(cold, warm, room, temperature, phonon):
    from frenkel.states.linewidths import bose_einstein, dephasing_rate

    coupling = (warm - cold) / bose_einstein(phonon, room)
    return dephasing_rate(temperature, coupling, phonon_energy=phonon)


width_dephasing = Task(
    title="a rate from two widths",
    starter="""
    import numpy as np

    KB = 0.08617333262  # meV/K


    def width_dephasing(cold, warm, room, temperature, phonon):
        \"\"\"Return ħΓ at a temperature, from the widths FWHM_0 and FWHM(room); meV and K.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np

    KB = 0.08617333262  # meV/K


    def width_dephasing(cold, warm, room, temperature, phonon):
        number = 1 / (np.exp(phonon / (KB * temperature)) - 1)
        at_room = 1 / (np.exp(phonon / (KB * room)) - 1)
        return (warm - cold) * number / at_room
    """,
    cases=width_cases,
    library=library_dephasing,
    mistakes=(
        ("- 1)", ")",
         "You have counted phonons by e^(−E/k_BT). That is right in the cold; at 298 K a mode of 16 meV holds more than "
         "one, and the −1 of Bose and Einstein is what makes their number grow as T."),
        ("(warm - cold) *", "warm *",
         "The whole width has become dephasing. What the sample has in the cold is static disorder, which does not make a "
         "phase forget anything: subtract it."),
        ("(warm - cold) * number / at_room", "(warm - cold) * number / at_room / 2",
         "There is a half too many. In this book a coherence between two sites decays at Γ, and the line of one site is "
         "ħΓ wide: its coherence with the ground state decays at Γ/2, and a Lorentzian is twice as wide as that."),
        ("(warm - cold) * number / at_room", "cold + (warm - cold) * number / at_room",
         "This is the width at this temperature. The rate is its growth alone, without the static part."),
    ),
    hints=(
        r"Two temperatures, two numbers of phonons. The width at room temperature fixes $A_\mathrm{ph}$.",
        r"$A_\mathrm{ph} = (\mathrm{FWHM}_\mathrm{room} - \mathrm{FWHM}_0)/n_\mathrm{room}$, and $\hbar\Gamma = A_\mathrm{ph}\,n$.",
    ),
)  # fmt: skip


def step_cases(rng):
    return [
        (np.array([-3.0, -0.2, 0.5, 4.0]), 0.7, 1.0),
        (rng.normal(size=5), 3.0, 0.4),
        (rng.normal(size=2), 1.0, 5.0),
    ]


def library_rate(step, dephasing, thermal_energy):
    from frenkel.motion.thermal_rates import thermal_hopping_rate

    return thermal_hopping_rate(step, dephasing, thermal_energy)


thermal_hop = Task(
    title="uphill and downhill",
    starter="""
    import numpy as np


    def thermal_hop(step, dephasing, thermal_energy):
        \"\"\"Return the rates of hops with these steps (final energy minus initial), none of them 0.\"\"\"
        return ...
    """,
    solution="""
    import numpy as np


    def thermal_hop(step, dephasing, thermal_energy):
        white = 2 * dephasing / (dephasing**2 + step**2)
        x = step / thermal_energy
        return white * x / np.expm1(x)
    """,
    cases=step_cases,
    library=library_rate,
    mistakes=(
        ("x / np.expm1(x)", "-x / np.expm1(-x)",
         "Uphill and downhill are exchanged. The step is the final energy minus the initial one, and a step up has to be "
         "the rarer, by e^(−δε/k_BT)."),
        ("white * x / np.expm1(x)", "white * np.minimum(1, np.exp(-x))",
         "This obeys detailed balance too, but your factor is that of Miller and Abrahams, 1 for every step down. The ohmic "
         "bath has x/(eˣ − 1)."),
        ("x / np.expm1(x)", "x / (np.exp(x) + 1)",
         "This is the factor of fermions. With the plus a step of zero would never be taken; the bath is made of phonons."),
        ("white * x / np.expm1(x)", "white / np.expm1(x)",
         "This counts phonons and forgets that an ohmic bath has few of low energy: multiply by δε/k_BT. Yours is "
         "negative for steps down."),
    ),
    hints=(
        r"The rate of white noise times one factor, in which only $x = \delta\varepsilon/k_\mathrm BT$ occurs.",
        r"Check it in your head: at $x \to 0$ the factor has to be 1, and the factors of $x$ and $-x$ differ by $\mathrm e^{-x}$.",
    ),
)  # fmt: skip
