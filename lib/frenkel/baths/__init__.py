"""Phonons that are quantum: what a bath is, and four theories of an exciton that moves in it.

Every site has its own bath, linear in its phonons (`spectral_densities`). A weak coupling between sites gives
hops by the golden rule (`polaron_rates`, and how they spread: `polaron_diffusion`); slow phonons left
behind, a master equation has coherent motion and hops (`polaron_frame`, `polaron_master`,
`polaron_master_diffusion`); the hierarchy of equations of motion is exact where it can be paid for
(`hierarchy`).
"""
