"""Every reading of a sample follows from the printed numbers, and so does its error."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from frenkel import plots, sample_uncertainty
from frenkel.states import spectra
from frenkel.states.sample_card import BEST, COUPLINGS, DISORDERS, sample_card
from frenkel.system.samples import SAMPLES

NAMES = ("DAB-1", "DAB-2", "OA-1")


@pytest.mark.parametrize("name", NAMES)
def test_each_reading_follows_from_the_printed_numbers(name):
    card, sample = sample_card(name), SAMPLES[name]
    direct = sample.linewidth_7k / np.sqrt(8 * np.log(2))
    for (coupling, disorder), reading in card.readings.items():
        J = sample.coupling / COUPLINGS[coupling]
        law = J * (sample.linewidth_7k / (1.25 * J)) ** 0.75
        assert reading.coupling.value == pytest.approx(J)
        assert reading.disorder.value == pytest.approx(max(direct, law) if disorder == "narrowed" else direct)
        assert reading.ratio.value == pytest.approx(reading.disorder.value / J)
    assert card.best is card.readings[BEST]
    assert card.best.coupling.value == pytest.approx(sample.coupling / (12 * np.pi))
    phonons = 1 / np.expm1(16.0 / (0.0861733 * 298.0))
    widths = sample.linewidth - sample.linewidth_7k
    assert card.phonon_coupling.value == pytest.approx(widths / phonons, rel=1e-5)
    assert card.dephasing(298.0) == pytest.approx(widths)
    error = 0.05 * np.hypot(sample.linewidth, sample.linewidth_7k) / phonons
    assert card.phonon_coupling.error == pytest.approx(error, rel=1e-5)


@pytest.mark.parametrize("coupling", COUPLINGS)
@pytest.mark.parametrize("disorder", DISORDERS)
def test_errors_are_those_of_sampled_inputs(coupling, disorder):
    reading = sample_card("DAB-2").readings[coupling, disorder]

    def logs(log_width, log_coupling, log_factor):
        law = log_coupling + 0.75 * (log_width - log_factor - log_coupling)
        narrows = disorder == "narrowed" and coupling != "4π, a third"
        value = law if narrows else log_width - np.log(np.sqrt(8 * np.log(2)))
        return np.stack([value, value - log_coupling], axis=-1)

    means = np.log([SAMPLES["DAB-2"].linewidth_7k, reading.coupling.value, spectra.J_BAND_WIDTH])
    errors = [0.05, 0.3, 0.02]
    draws = [
        sample_uncertainty(lambda *x, i=i: logs(*x)[..., i], means, errors, n_samples=40_000, rng=2)
        for i in (0, 1)
    ]
    for value, sampled in zip((reading.disorder, reading.ratio), draws, strict=True):
        assert np.log(value.value) == pytest.approx(sampled.mean(), abs=0.01)
        assert value.error / value.value == pytest.approx(sampled.std(), rel=0.02)


def test_a_sample_without_a_cold_line_has_no_card():
    with pytest.raises(ValueError, match=r"`name` must be one of .*DAB-1.*OA-2"):
        sample_card("OA-2")


def test_the_picture_shows_each_reading_once():
    cards = [sample_card(name) for name in NAMES]
    ax = plots.sample_cards(cards, ax=plt.figure().subplots())
    drawn = sorted(float(line.get_xdata()[0]) for line in ax.lines if line.get_marker() == "o")
    expected = sorted(card.readings[name, "direct"].coupling.value for card in cards for name in COUPLINGS)
    assert drawn == pytest.approx(expected)
    assert [label.get_text() for label in ax.get_yticklabels()] == list(NAMES)
    plt.close("all")
