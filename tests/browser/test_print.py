"""What leaves the browser on paper."""

SEEN = """() => {
    const look = (selector) => getComputedStyle(document.querySelector(selector));
    const paper = look("html").getPropertyValue("--draw-paper");
    return [paper, look("body").color, look(".cell_output img").filter];
}"""


def test_paper_is_light(site_url, browser):
    """From a dark page, too; and the page is dark again."""
    seen = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(color_scheme=scheme, service_workers="block")
        page = context.new_page()
        page.goto(site_url + "book/chapters/06-dephasing.html")
        before = page.evaluate(SEEN)
        page.evaluate(f"addEventListener('beforeprint', () => {{ window.printed = ({SEEN})(); }})")
        assert page.pdf().startswith(b"%PDF")
        seen[scheme] = page.evaluate("window.printed")
        assert page.evaluate(SEEN) == before
        assert (seen[scheme] == before) == (scheme == "light")
        context.close()
    assert seen["dark"] == seen["light"]
