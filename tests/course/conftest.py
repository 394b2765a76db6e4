"""What the tests of the coursework share."""

import os

import pytest
from classroom import FIRST, PYTHON
from course import jail, master


@pytest.fixture(scope="session")
def in_jail():
    """Require a jail that works."""
    try:
        jail.check()
    except jail.JailMissing as problem:
        if os.environ.get("CI"):
            pytest.fail(str(problem), pytrace=False)
        pytest.skip(str(problem))


@pytest.fixture(scope="session")
def grader(in_jail):
    """The Python that grades."""
    if not PYTHON.is_file():
        pytest.fail("The grader is not set up. Run `make grader` first; `make test` does.", pytrace=False)
    return PYTHON


@pytest.fixture(scope="session")
def source():
    """The first assignment's master."""
    return master.read(FIRST)


@pytest.fixture(scope="session")
def copy(source):
    """The first assignment as students get it."""
    return master.copy(source, solved=False)
