"""What a line of text may not part stands with a space that does not break, or in a span that does not."""

import pytest
import units
from docutils import nodes


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("where Δ = 2J and |J| = 0.61 meV", "where Δ~=~2J and |J|~=~0.61 meV"),
        ("the rate = what is left", "the rate = what is left"),
        ("see Fig. 3 and Exercise 2.5", "see Fig.~3 and Exercise~2.5"),
        ("exercise by exercise 2", "exercise by exercise 2"),
        ("10 meV/ħ, and Γ/Δ", "10 [meV/ħ], and [Γ/Δ]"),
        ("a J-aggregate on 2024/11/29", "a [J-aggregate] on 2024/11/29"),
    ],
)
def test_words_that_are_held(written, shown):
    parts = units.words_held(nodes.Text(written))
    words = (f"[{part.astext()}]" if isinstance(part, nodes.inline) else part.astext() for part in parts)
    assert "".join(words).replace("\N{NO-BREAK SPACE}", "~") == shown
