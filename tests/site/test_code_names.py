"""Long names in code get places to break, short ones stay whole."""

import pytest
from code_names import breakable


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("lib/frenkel/explore/figures/NAME.py", "lib/|frenkel/|explore/|figures/|NAME.|py"),
        ("test_band_edges_of_chains", "test_|band_|edges_|of_|chains"),
        ("site_energies", "site_energies"),
        ("make page CHAPTER=enaqt", "make page CHAPTER=enaqt"),
        ("__module_that_is_private__", "__module_|that_|is_|private__"),
    ],
)
def test_names_break_between_their_words(name, shown):
    parts = breakable(name)
    assert "".join(part.astext() for part in parts) == name
    assert "".join(part.astext() or "|" for part in parts) == shown
