"""Chromium, in which the built book is printed and tested."""

import shutil

# The shell first: it is the same engine without windows, and opens a page in a quarter of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
MISSING = "No Chromium found: on Debian, `apt-get install chromium-headless-shell` brings it."


def path():
    """Return the path of the program, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)
