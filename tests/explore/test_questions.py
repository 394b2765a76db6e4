"""Questions in a notebook: they answer as the page's do, and no answer stands open in the cell."""

import ipywidgets
import pytest
from frenkel import questions

CHOICE = {
    "title": "Check yourself",
    "plain": "Which Γ?",
    "asks": "Which $\\Gamma$?",
    "shown": "**Which?**",
    "choices": [
        {"label": "none", "verdict": "other", "says": "Localized."},
        {"label": "$\\Gamma \\approx \\Delta$", "verdict": "right", "says": "Noise undoes it."},
    ],
}
NUMBER = {
    "title": "Check yourself",
    "plain": "What is D?",
    "asks": "What is $D_s$?",
    "shown": "**What?**",
    "unit": "$J a^2/\\hbar$",
    "targets": [
        {"value": 0.37, "within": 0.01, "verdict": "right", "says": "<p>Yes</p>"},
        {"value": 0.74, "within": 0.01, "verdict": "other", "says": "Twice"},
    ],
    "otherwise": "Look again",
}
PREDICTION = {
    "title": "Before you look",
    "plain": "What next?",
    "asks": "What next?",
    "shown": "**What next?**",
    "choices": [{"label": "It falls"}, {"label": "It <em>rises</em>"}],
    "otherwise": "<p>It rises.</p>",
}


# The entries and verdicts that tests/book/test_questions.py has for the page.
@pytest.mark.parametrize(
    ("entry", "words", "verdict"),
    [
        ("0.38", "Yes", "right"),
        ("0,37", "Yes", "right"),
        ("3.7e-1", "Yes", "right"),
        (" .37 ", "Yes", "right"),
        ("0.75", "Twice", "other"),
        ("0.39", "Look", "other"),
        ("−0.37", "Look", "other"),
        ("much", "Enter a number", "open"),
        ("nan", "Enter a number", "open"),
        ("3_7", "Enter a number", "open"),
        ("", "Enter a number", "open"),
    ],
)
def test_a_number_is_answered_as_the_page_does(entry, words, verdict):
    found = questions.ask(questions.seal(NUMBER)).answer(entry)
    assert found[0] == verdict and words in found[1]


def test_a_choice_is_answered_and_a_prediction_says_the_same_to_all():
    choice, prediction = (questions.ask(questions.seal(each)) for each in (CHOICE, PREDICTION))
    assert choice.answer(0) == ("other", "Localized.")
    assert choice.answer(1) == ("right", "Noise undoes it.")
    assert prediction.answer(1) == ("open", "<p>You said: (b) It <em>rises</em></p><p>It rises.</p>")


@pytest.mark.parametrize("question", [CHOICE, NUMBER, PREDICTION], ids=["choice", "number", "prediction"])
def test_no_answer_stands_open(question, monkeypatch):
    sealed = questions.seal(question)
    assert "Localized" not in sealed and "0.37" not in sealed and "rises" not in sealed
    bundle = questions.ask(sealed)._repr_mimebundle_()
    assert bundle == {"text/plain": question["plain"], "text/markdown": question["shown"]}
    monkeypatch.delenv("FRENKEL_STATIC")
    live = questions.ask(sealed)._repr_mimebundle_()
    assert live.keys() - bundle.keys() == {"application/vnd.jupyter.widget-view+json"}


def parts(box):
    """Return the buttons of a question, its texts and its fields."""
    found = {ipywidgets.Button: [], ipywidgets.HTMLMath: [], ipywidgets.Text: []}
    for child in box.children:
        for part in getattr(child, "children", (child,)):
            found[type(part)].append(part)
    return found.values()


def test_buttons_answer():
    buttons, texts, _ = parts(questions.Question(CHOICE).widget())
    assert buttons[0].tooltip == "Answer (a): none"
    assert "Noise" not in "".join(text.value for text in texts)
    buttons[1].click()
    assert "<b>Correct.</b> Noise undoes it." in texts[-1].value
    buttons[0].click()
    assert "<b>Not this one.</b> Localized." in texts[-1].value and "Noise" not in texts[-1].value


def test_a_field_answers_when_its_button_is_pressed_and_when_it_is_left():
    (check,), texts, (field,) = parts(questions.Question(NUMBER).widget())
    assert not field.continuous_update
    check.click()
    assert questions.NO_NUMBER in texts[-1].value and "Not this one" not in texts[-1].value
    field.value = "0.74"
    assert "Twice" in texts[-1].value
    field.value = "<script>"
    assert "script" not in texts[-1].value


@pytest.mark.parametrize("sealed", ["", "no line", "{}", None, 3])
def test_what_is_no_question_is_told(sealed):
    with pytest.raises(ValueError, match=r"Argument `sealed` must be a line that `seal` has made"):
        questions.ask(sealed)
