"""No noise, the best noise and too much: where the exciton has come in the same time."""

import frenkel
import numpy as np

from drawings.kit import THIN, Drawing, Frame

SITES, TIME, STEP, DISORDER, CHAINS = 61, 30.0, 0.1, 2.0, 8
CASES = (("no noise", 0.0), ("the best noise", 2.0), ("too much", 60.0))


def profile(dephasing):
    """Return the probabilities at the time, averaged over chains that start in the middle.

    Hops and dephasing alternate in short steps; where the noise outruns the steps, the chain is one of hops.
    """
    total = np.zeros(SITES)
    for seed in range(CHAINS):
        energies = frenkel.site_energies(SITES, DISORDER, rng=seed)
        if dephasing * STEP > 1:
            rates = frenkel.exact.hopping_rate(np.diff(energies), dephasing)
            M = np.diag(rates, 1) + np.diag(rates, -1)
            values, vectors = np.linalg.eigh(M - np.diag(M.sum(0)))
            total += (vectors * np.exp(values * TIME)) @ vectors[SITES // 2]
            continue
        levels, states = np.linalg.eigh(frenkel.hamiltonian(frenkel.chain(SITES), energies))
        U = (states * np.exp(-1j * levels * STEP)) @ states.T
        fade = np.exp(-dephasing * STEP / 2 * (1 - np.eye(SITES)))
        rho = np.zeros((SITES, SITES), complex)
        rho[SITES // 2, SITES // 2] = 1
        for _ in range(round(TIME / STEP)):
            rho = fade * (U @ (fade * rho) @ U.conj().T)
        total += rho.diagonal().real
    return total / CHAINS


def draw():
    sheet = Drawing(
        "Held, set free, held again",
        """Three computed profiles on a disordered chain, all at the same time after the start on the middle
        site. Without noise the profile is a narrow peak: interference in the disorder holds the exciton.
        With the best noise it is a wide bell: the exciton is set free. With too much noise it is narrow
        again: the exciton is watched too closely to move. At the side the long-time diffusion constant is
        a curve against the logarithm of Gamma, with a maximum. A dot at its top is the best noise, a dot
        low on its right flank is too much. No noise has no place on a logarithmic axis: an arrow leads
        there from the left end of the curve, on to the left and down to D equal to zero.""",
        270,
    )
    n = np.arange(SITES)
    for row, (name, dephasing) in enumerate(CASES):
        base = 76 + 84 * row
        frame = Frame(14, base, 190, 52, (0, SITES - 1), (0, 0.6))
        color = ("disorder", "wave", "noise")[row]
        height = np.sqrt(np.maximum(profile(dephasing), 0))
        sheet.line(14, base, 204, base, "quiet", width=THIN)
        sheet.area(frame.x(n), base, frame.y(height), color, 0.3)
        sheet.curve(frame.x(n), frame.y(height), color)
        sheet.text(14, base - 44, name, color)
    rates = np.logspace(-2.0, 2.0, 33)
    energies = frenkel.site_energies(200, DISORDER, rng=1)
    constants = frenkel.diffusion_constant(energies, rates, tolerance=0.01)
    frame = Frame(252, 200, 96, 130, (-2.0, 2.0), (0, 1.15 * constants.max()))
    sheet.axes(244, 200, 110, 146, "log *Γ*", "*D*_s")
    sheet.curve(frame.x(np.log10(rates)), frame.y(constants), "ink")
    sheet.arrow(252, float(frame.y(constants[0])), 222, 199, "disorder", width=2.6, size=9)
    sheet.text(236, 218, "*Γ* → 0", "disorder", "middle")
    for (_, rate), color in zip(CASES[1:], ("wave", "noise"), strict=True):
        x, y = frame.x(np.log10(rate)), frame.y(np.interp(np.log(rate), np.log(rates), constants))
        sheet.dot(float(x), float(y), color, 5)
    return sheet
