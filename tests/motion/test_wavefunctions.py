"""Wave packets as they start."""

import frenkel
import numpy as np
from assertions import assert_law


def test_wave_packet_has_the_moments_it_was_asked_for():
    n, psi = np.arange(400), frenkel.wave_packet(400, 180.3, width=10.0, momentum=0.7)
    weight = abs(psi) ** 2
    assert_law("norm is not 1", weight.sum(), 1)
    assert_law("mean position", weight @ n, 180.3)
    assert_law("width of the probability", np.sqrt(weight @ (n - 180.3) ** 2), 10.0)
    spectrum = abs(np.fft.fft(psi)) ** 2
    peak = spectrum.argmax() * 2 * np.pi / 400
    assert abs(peak - 0.7) < np.pi / 400, f"momentum is {peak}, not 0.7"


def test_packets_narrower_than_the_lattice_sit_on_the_nearest_sites():
    for width in (1e-3, 1e-9, 1e-300):
        assert_law("between two sites", abs(frenkel.wave_packet(3, 0.5, width=width)) ** 2, [0.5, 0.5, 0])
        assert_law("nearest site", abs(frenkel.wave_packet(3, 1.3, width=width)), [0, 1, 0])
