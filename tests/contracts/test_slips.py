"""A plausible slip of units is refused, not answered with a number, where the slip can be told."""

import re

import frenkel
import numpy as np
import pytest
from frenkel.microscope import fits, imaging, profiles
from frenkel.states import linewidths

X = np.linspace(-2000.0, 2000.0, 201)  # steps of 20 nm
POINT = 1000.0 * (X == 0)  # all counts at one stop
SLIPS = {
    "spot in µm": lambda: profiles.gaussian_profiles(X, [0.0, 1.0], 0.1, spot=0.3),
    "spot in pm": lambda: profiles.gaussian_profiles(X, [0.0, 1.0], 0.1, spot=300e3),
    "positions in pm": lambda: profiles.gaussian_profiles(1e3 * X, [0.0, 1.0], 0.1, spot=300.0),
    "a spot that shrinks between the points": lambda: profiles.gaussian_profiles(
        X, [0.0, 100.0], -0.81, spot=300.0
    ),
    "spot of a lattice in µm": lambda: profiles.lattice_profiles(X, [[1.0]], [0], spacing=10.0, spot=0.3),
    "NA of 95 %": lambda: imaging.transfer_function(1e-3, frenkel.Microscope(numerical_aperture=95.0)),
    "wavelength in µm": lambda: imaging.transfer_function(1e-3, frenkel.Microscope(wavelength=0.525)),
    "wavelength in m": lambda: imaging.transfer_function(1e-3, frenkel.Microscope(wavelength=525e-9)),
    "magnification upside down": lambda: imaging.transfer_function(1e-3, frenkel.Microscope(1 / 120)),
    "a line that narrows": lambda: linewidths.fit_linewidth([7.0, 298.0], [98.0, 26.0], [1.0, 1.0]),
    "a line of phonons alone": lambda: linewidths.fit_linewidth([100.0, 298.0], [10.0, 98.0], [1.0, 1.0]),
    "Γ in the wrong unit": lambda: frenkel.absorption_spectrum([[1.0]], [1.0], dephasing=1e-30),
    "width in meV, position in eV": lambda: frenkel.transition_dipole(1.2e7, 87.8, 2.526, 1.9),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_slips_of_units_are_refused(slip):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the words are looked at below
        pytest.fail(f"answered with {SLIPS[slip]()}")
    assert re.fullmatch(r"Argument `\w+` must be .*, but is .*\.", str(caught.value))


def test_a_profile_on_one_stop_has_no_width():
    with pytest.raises(RuntimeError, match="narrower than the distance of the stops"):
        fits.fit_gaussian(POINT, X)


def test_what_the_grid_can_just_show_is_normalized():
    step = X[1] - X[0]
    narrow = profiles.gaussian_profiles(X, [0.0, 1.0], 0.0, spot=2.3549 * step / 1.49)
    assert abs(narrow.sum(axis=1) * step - 1).max() < 1e-3
