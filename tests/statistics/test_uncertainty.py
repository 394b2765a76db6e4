"""How values are written, with their standard errors or without."""

import pytest
from frenkel.statistics.uncertainty import with_digits, with_error
from hostile import JUNK, ONE, POSITIVE, WHOLE, assert_refused


@pytest.mark.parametrize(
    ("value", "error", "written"),
    [
        (0.827, 0.119, "0.83 ± 0.12"),  # the three examples of the Particle Data Group
        (0.827, 0.367, "0.8 ± 0.4"),
        (14.674, 0.964, "14.7 ± 1.0"),  # a rounded error has another power of ten
        (0.0193042, 0.0000412, "0.01930 ± 0.00004"),
        (27.406, 0.0354, "27.406 ± 0.035"),
        (27.406, 0.0355, "27.41 ± 0.04"),
        (61688, 1147, "61700 ± 1100"),
        (99.96, 94.94, "100 ± 90"),
        (99.96, 99.4, "100 ± 100"),
        (-0.0001, 0.02, "0.000 ± 0.020"),
        (-12.3456, 0.5, "-12.3 ± 0.5"),
        (2.98544, 0.00023, "2.9854 ± 0.0002"),
        (1.0469062, 0.0000074, "1.0469 ± <0.0001"),
        (123456.0, 3.0, "123460 ± <10"),
        (123456.0, 9.9, "123460 ± <10"),
        (6.02e23, 1e20, "602000000000000000000000 ± 100000000000000000000"),
        (-1e-9, 0.02, "0.000 ± 0.020"),
        (99999.7, 0.01, "100000 ± <10"),
        (0.0, 1e-9, "0.0000000000 ± 0.0000000010"),
    ],
)
def test_as_many_digits_as_the_error_bears(value, error, written):
    assert with_error(value, error) == written


def number(value, digits):
    return float(with_digits(value, digits))


def first_of(value, error):
    return float(with_error(value, error).partition(" ± ")[0])


@pytest.mark.parametrize(("argument", "values"), [("value", [*JUNK, *ONE]), ("error", [*POSITIVE, *ONE])])
def test_what_is_no_number_with_an_error_is_refused(argument, values):
    assert_refused(first_of, {"value": 1.0, "error": 0.1}, argument, values)


def test_numbers_of_every_size_are_written():
    for value, error in ((1e49, 1e40), (1e-320, 1e-40), (1e40, 1e-40)):
        assert first_of(value, error) == pytest.approx(value, rel=1e-4, abs=error)


@pytest.mark.parametrize(
    ("value", "digits", "written"),
    [
        (0.404, 2, "0.40"),
        (25.04, 3, "25.0"),
        (8.04, 2, "8.0"),
        (9.97, 2, "10"),
        (0.00997, 2, "0.010"),
        (99.97, 3, "100"),
        (1384.0, 2, "1400"),
        (-0.0000123, 1, "-0.00001"),
        (0.0, 2, "0.0"),
        (-0.0, 2, "0.0"),
        (1.0, 1, "1"),
    ],
)
def test_as_many_digits_as_are_asked_for(value, digits, written):
    assert with_digits(value, digits) == written


@pytest.mark.parametrize(("argument", "values"), [("value", [*JUNK, *ONE]), ("digits", [*WHOLE, 0])])
def test_what_is_no_number_or_no_count_is_refused(argument, values):
    assert_refused(number, {"value": 1.0, "digits": 2}, argument, values)
