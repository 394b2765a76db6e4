"""Closed forms: the oracle of the tests and the overlay of the figures. Units of J, ħ/J and a."""

from ._motion import (
    bessel_populations,
    clean_packet_msd,
    short_time_diffusivity,
    strong_disorder_peak,
)
from ._noisy import (
    clean_diffusivity,
    clean_msd,
    diffusion_constant_bounds,
    dimer_population,
    dimer_transfer_efficiency,
    hopping_rate,
    strong_dephasing_constant,
)
from ._states import (
    band_center_localization_length,
    band_edge_integrated_density,
    band_edge_localization_length,
    chain_energy,
    chain_oscillator_strength,
    exchange_narrowed_disorder,
    weak_disorder_localization_length,
)

__all__ = [
    "band_center_localization_length",
    "band_edge_integrated_density",
    "band_edge_localization_length",
    "bessel_populations",
    "chain_energy",
    "chain_oscillator_strength",
    "clean_diffusivity",
    "clean_msd",
    "clean_packet_msd",
    "diffusion_constant_bounds",
    "dimer_population",
    "dimer_transfer_efficiency",
    "exchange_narrowed_disorder",
    "hopping_rate",
    "short_time_diffusivity",
    "strong_dephasing_constant",
    "strong_disorder_peak",
    "weak_disorder_localization_length",
]
