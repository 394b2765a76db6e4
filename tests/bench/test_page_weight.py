"""What a reader on a phone pays and waits for before the first words, and before the first swipe."""

import page_weight
import pytest

HOME_LIMIT, CHAPTER_LIMIT = 300e3, 500e3  # bytes, compressed
WORDS_LIMIT = 3.0  # s


@pytest.fixture(scope="module")
def host(site):
    with page_weight.hosted(site) as host:
        yield host


@pytest.mark.parametrize("name", page_weight.PAGES.values())
def test_first_words_on_a_phone(benchmark, browser, site, host, name):
    seconds, path = [], page_weight.path_of(site, name)

    def visit():
        seconds.append(page_weight.first_words(browser, "phone on fast 3G", host, path)[0])

    benchmark.pedantic(visit, rounds=3)
    benchmark.extra_info["first words (s)"] = median = sorted(seconds)[1]
    assert median < WORDS_LIMIT


def test_bytes_before_the_reader_scrolls(benchmark, browser, host, paths):
    """Of the first page and of every chapter, on both screens."""
    limits = {"book/index.html": HOME_LIMIT}
    limits |= {path: CHAPTER_LIMIT for path in paths if path.startswith("book/chapters/")}
    found = benchmark.extra_info["bytes"] = {}

    def visit():
        for machine in ("laptop", "phone on fast 3G"):
            for path in limits:
                found[machine, path] = page_weight.first_words(browser, machine, host, path)[1]

    benchmark.pedantic(visit, rounds=1)
    assert {place: size for place, size in found.items() if size > limits[place[1]]} == {}
