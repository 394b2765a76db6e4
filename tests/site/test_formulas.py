"""Formulas are set while the book is built, by a server that may need a second call."""

import formulas
import pytest


@pytest.fixture
def answers(monkeypatch):
    """What KaTeX does, call after call."""
    listed = []

    def render(latex, options):
        answer = listed.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(formulas.katex, "render_latex", render)
    formulas.typeset.cache_clear()
    yield listed
    formulas.typeset.cache_clear()


def test_a_server_that_does_not_listen_yet_is_asked_again(answers):
    answers[:] = [ConnectionRefusedError(), "<span>x</span>"]
    assert formulas.typeset("x", display=False) == "<span>x</span>"


def test_a_server_that_never_listens_is_an_error(answers):
    answers[:] = [ConnectionRefusedError(), ConnectionRefusedError()]
    with pytest.raises(ConnectionRefusedError):
        formulas.typeset("x", display=False)
