"""A page with an explorer, in a browser that has seen nothing yet."""

import pytest


@pytest.fixture
def open_page(browser, site, site_url):
    """A function that opens the page of an explorer in a fresh browser and returns the figure."""
    contexts = []

    def open_page(name):
        mark = f'data-explorer="{name}"'
        path = next(file for file in sorted(site.rglob("*.html")) if mark in file.read_text("utf-8"))
        contexts.append(browser.new_context(viewport={"width": 1280, "height": 900}))
        page = contexts[-1].new_page()
        page.goto(site_url + path.relative_to(site).as_posix())
        return page.locator(f"figure.explorer[{mark}]")

    yield open_page
    for context in contexts:
        context.close()
