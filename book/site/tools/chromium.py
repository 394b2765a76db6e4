"""Chromium, in which the built book is printed and tested."""

import shutil

# The shell first: it is the same engine without windows, and opens a page in a quarter of the time.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# A mouse, as Playwright has it. Pictures are asked for at 1250 pixels from the screen, as readers'
# browsers do; the shell would at 3000.
SETTINGS = {
    "primaryHoverType": 2,
    "availableHoverTypes": 2,
    "primaryPointerType": 4,
    "availablePointerTypes": 4,
    "lazyLoadingImageMarginPxUnknown": 1250,
}
OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--blink-settings=" + ",".join(f"{name}={value}" for name, value in SETTINGS.items()),
]
MISSING = "No Chromium found: on Debian, `apt-get install chromium-headless-shell` brings it."


def path():
    """Return the path of the program, or None."""
    return next(filter(None, map(shutil.which, NAMES)), None)


def launch(playwright):
    """Return Chromium without a window, started."""
    return playwright.chromium.launch(executable_path=path(), args=OPTIONS)
