"""Captions and sentences say where a panel is: beside the other on a wide page, below it on a narrow one."""

CHAPTER = "book/chapters/10-reproduction.html"


def words(place):
    return place.inner_text().replace("\N{NO-BREAK SPACE}", " ")


def test_panels_are_below_each_other_on_a_narrow_page(narrow, site_url):
    narrow.goto(site_url + CHAPTER)
    caption = narrow.locator("#fig-reproduction-curves figcaption")
    sentence = narrow.locator("p", has_text="interpolates the points behind")
    assert "Third (Fig. 3f)" in words(caption) and "left" not in words(caption)
    assert "the third panel of Fig. 10.3" in words(sentence)
    narrow.set_viewport_size({"width": 1280, "height": 800})
    assert "Bottom left (Fig. 3f)" in words(caption) and "Third" not in words(caption)
    assert "the bottom left panel of Fig. 10.3" in words(sentence)
    narrow.set_viewport_size({"width": 390, "height": 844})
    narrow.emulate_media(media="print")  # paper has the wide figures
    assert "Bottom left (Fig. 3f)" in words(caption)


def test_a_sentence_after_a_figure_is_named_says_so_too(narrow, site_url):
    narrow.goto(site_url + "book/chapters/12-dimensions.html")
    paragraph = narrow.locator("p", has_text="only one of them has a transition")
    assert "In the upper panel it is one. In the lower panel the localization" in words(paragraph)
