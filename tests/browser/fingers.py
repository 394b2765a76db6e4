"""Fingers on a page in Chromium: touches as the browser gets them from its screen."""

PHONE = {"viewport": {"width": 390, "height": 664}, "device_scale_factor": 2, "has_touch": True}
STEPS = 12  # of a gesture, one a frame


def fingers(page, kind, *points):
    """Tell the browser where fingers are now: `kind` is touchStart, touchMove or touchEnd."""
    places = [{"x": x, "y": y, "id": number} for number, (x, y) in enumerate(points)]
    page.tools = getattr(page, "tools", None) or page.context.new_cdp_session(page)
    page.tools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": places})


def glide(page, *ways):
    """Move fingers, each by its own way (x, y, dx, dy), and lift them."""
    fingers(page, "touchStart", *((x, y) for x, y, _, _ in ways))
    for step in range(1, STEPS + 1):
        part = step / STEPS
        fingers(page, "touchMove", *((x + dx * part, y + dy * part) for x, y, dx, dy in ways))
        page.wait_for_timeout(16)
    fingers(page, "touchEnd")
    page.wait_for_timeout(200)


def swipe(page, x, y, dx, dy):
    glide(page, (x, y, dx, dy))


def middle(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def thumb(slider):
    box = slider.bounding_box()
    part = slider.evaluate("({value, min, max}) => (value - min) / (max - min)")
    return box["x"] + 8 + part * (box["width"] - 16), middle(box)[1]


def bring(part, block="end"):
    """Scroll a part of a page into view, at once."""
    part.evaluate("(it, block) => it.scrollIntoView({block, behavior: 'instant'})", block)
    part.page.wait_for_timeout(100)
