"""One language through the book: symbols stand in the notation table, terms are linked to the glossary."""

import re

import pytest
from notebooks import sources
from test_book import BOOK, CHAPTERS, prose

GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho sigma "
    "tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Phi Psi Omega ell hbar"
)
SCRIPTED = r"\\mathcal *\{?[A-Z]\}?"
# A letter with its subscript; upright words (functions, units, operators) are no symbols.
SYMBOL = re.compile(
    rf"({SCRIPTED}|\\(?:{GREEK.replace(' ', '|')})(?![A-Za-z])|(?<![\\A-Za-z])[A-Za-z])"
    r"(?:_(\\mathrm *\{[^}]*\}|\\mathrm *\w|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\\?\w))?"
)
UPRIGHT = r"(?<!_)\\(?:mathrm|text|operatorname|mathbf|texttt)\*? *(?:\{[^}]*\}|\w)"
COMMANDS = r"\\(?:begin|end)\{\w+\*?\}(?:\{\w+\})?|^:\w+:.*$"
INDICES = set("ijlm")  # they count and name nothing; the root of -1 and the base e are upright


def formulas(text):
    """Return every formula of a page, displayed or in the line."""
    displayed = r"^`{3,}\{math\}\n(.*?)^`{3,}|\$\$(.+?)\$\$"
    found = ["".join(groups) for groups in re.findall(displayed, text, re.MULTILINE | re.DOTALL)]
    text = re.sub(displayed, "", text, flags=re.MULTILINE | re.DOTALL)
    text = re.sub(r"(?<!`)`[^`\n]+`(?!`)", "", text)
    return found + re.findall(r"(?<!\\)\$([^$]+?)(?<!\\)\$", text)


def symbols(formula):
    """Yield the symbols of a formula; a subscript in words, or `s`, belongs to one, an index does not."""
    formula = re.sub(COMMANDS, "", formula, flags=re.MULTILINE)
    formula = re.sub(UPRIGHT, " ", formula)
    for base, subscript in SYMBOL.findall(formula):
        word = re.fullmatch(r"\{?\\mathrm *\{?([\w ,.\-]*)\}?\}?|(s)", subscript)
        name = (word[1] or word[2]) if word else ""
        yield re.sub(r"[{} ]", "", base) + (f"_{name}" if name else "")


def listed_symbols():
    """Return what the notation page lists: under "" the symbols of all chapters, then those of each."""
    section = prose(BOOK / "pages" / "notation.md").split("(symbols)=")[1].split("(conventions)=")[0]
    listed = re.sub(r"^(\|[^|]*\|).*$", r"\1", section, flags=re.MULTILINE)  # of tables the first column
    everywhere, *tables = re.split(r"^### \{doc\}`[^<]*<(\w+)>`$", listed, flags=re.MULTILINE)
    parts = {"": everywhere} | dict(zip(tables[::2], tables[1::2], strict=True))
    return {
        chapter: {symbol for formula in formulas(part) for symbol in symbols(formula)}
        for chapter, part in parts.items()
    }


def test_symbols_are_told_from_words_and_indices():
    tex = r"D_s = \frac{2\Gamma}{\Delta^2}\,\mathrm{d}t, \quad \rho_{nm} \ll k_\mathrm{B}T, \mathcal{L}"
    assert set(symbols(tex)) == {"D_s", r"\Gamma", r"\Delta", "t", r"\rho", "k_B", "T", r"\mathcalL"}


@pytest.mark.parametrize("path", CHAPTERS, ids=sources.name)
def test_every_symbol_is_in_the_notation(path):
    listed = listed_symbols()
    used = {symbol for formula in formulas(prose(path)) for symbol in symbols(formula)}
    own = listed.get(sources.name(path), set())
    unknown = used - listed[""] - own - INDICES
    assert not unknown, f"add to book/pages/notation.md, or use another letter: {sorted(unknown)}"
    assert own <= used, f"the table of this chapter has a row too many: {sorted(own - used)}"


def glossary():
    text = (BOOK / "pages" / "glossary.md").read_text("utf-8")
    return re.search(r"```\{glossary\}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)[1].strip().split("\n\n")


def terms():
    return [entry.partition("\n")[0] for entry in glossary()]


def test_glossary_is_sorted_and_every_term_is_used():
    found = terms()
    assert found == sorted(found, key=str.lower)
    linked = {term.lower() for path in CHAPTERS for term in linked_terms(prose(path))}
    assert {term.lower() for term in found} <= linked, "a term that no chapter links to"


@pytest.mark.parametrize("entry", glossary(), ids=lambda entry: entry.partition("\n")[0])
def test_every_entry_of_the_glossary_names_its_chapter(entry):
    """The search follows it."""
    assert set(re.findall(r"\{doc\}`(\w+)`", entry)) & {sources.name(path) for path in CHAPTERS}


def linked_terms(text):
    return [
        (target or label).strip() for label, target in re.findall(r"\{term\}`([^`<]+?)(?:<([^>]+)>)?`", text)
    ]


@pytest.mark.parametrize("path", CHAPTERS, ids=sources.name)
def test_every_term_is_linked(path):
    text = prose(path)
    linked = {term.lower() for term in linked_terms(text)}
    # Neither formulas, code and roles nor headings and the first lines of directives.
    apart = r"`{3,}\{math\}[\s\S]*?^`{3,}|^`{3,}.*$|(?<!`)`[^`\n]+`(?!`)|\$[^$]*\$|^#.*$"
    plain = re.sub(apart, " ", text, flags=re.MULTILINE)
    missing = []
    for term in sorted(terms(), key=len, reverse=True):  # a coherence length is no coherence
        plain, uses = re.subn(rf"\b{re.escape(term)}s?\b", " ", plain, flags=re.IGNORECASE)
        if uses and term.lower() not in linked:
            missing.append(term)
    assert not missing, f"link at first use, {{term}}`...`: {missing}"


def test_symbols_of_the_whole_book_are_used():
    used = {symbol for path in CHAPTERS for formula in formulas(prose(path)) for symbol in symbols(formula)}
    unused = listed_symbols()[""] - used - {r"\hbar"}
    assert not unused, f"used in no chapter: {sorted(unused)}"
