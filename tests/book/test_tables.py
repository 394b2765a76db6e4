"""Printed rows are read as tables, or refused; what is aligned and no table has its reason here."""

import json
import re

import nbformat
import printed_tables
import pytest
from conftest import ROOT
from nbformat.v4 import new_code_cell
from notebooks import recorded, sources, tables

NAMED = "each line names its values and reads as a sentence"
MATRIX = "a matrix, as NumPy prints it"
UNEVEN = "rows of different kinds: their columns are not one below the other"
STILL_TEXT = {
    "44ceea98": MATRIX,
    "cell-41": NAMED,
    "cell-44": NAMED,
    "aaa5e188": NAMED,
    "ca8ac36f": NAMED,
    "d9004df7": NAMED,
    "d6b50f1f": NAMED,
    "26a06cd1": NAMED,
    "cab7b2fb": NAMED,
    "samples-in-model": NAMED,
    "60228921": NAMED,
    "e3d5b151": UNEVEN,
    "samples": UNEVEN,
    "be24994b": NAMED,
    "bd3f568b": MATRIX,
    "4eb6a8ca": UNEVEN,
    "6d0be5a7": NAMED,
}


def cell(**said):
    return new_code_cell("", id="x", metadata={"table": said})


def read(printed, **said):
    (table,) = tables.of(cell(caption="Rows", **said), printed)
    return table


def test_columns_are_what_no_row_writes_across():
    table = read("  Γ   D_max   at\n 0.1   2.0 ±  0.1  300 K\n10.0  12.5 ± 10.2   70 K\n")
    assert table.head == ["Γ", "D_max", "at"]
    assert table.rows == [["0.1", "2.0 ± 0.1", "300 K"], ["10.0", "12.5 ± 10.2", "70 K"]]


def test_heads_may_be_named_lines_chosen_and_turned():
    printed = "a sentence\n   x    one\n   x    two\nA:  1  -3\nB:  2   4\nand another\n"
    table = read(printed, lines="2-5", heads=2, columns="name | $x_1$ | $x_2$")
    assert (table.first, table.last, table.head) == (1, 5, ["name", "$x_1$", "$x_2$"])
    assert table.rows == [["A", "1", "-3"], ["B", "2", "4"]]
    turned = read(printed, lines="2-5", heads=2, columns="name | $x_1$ | $x_2$", turned=True)
    assert turned.head == ["name", "A", "B"] and turned.rows == [["$x_1$", "1", "2"], ["$x_2$", "-3", "4"]]


def test_ranges_and_percentages_are_numbers():
    assert printed_tables.look(["11.0 to 24.5", "6.8 to 7.9", "–"]) == "number"
    assert printed_tables.look(["0.8 %", "12 %"]) == "number"
    assert printed_tables.look(["7 K to 100 K", "4π, a third"]) == "words"


def test_lines_in_columns_are_no_sentences():
    assert printed_tables.sentences("a = 1\nbb = 12, c = 3") == ["sentences"]
    assert printed_tables.sentences("a    1  2\nbb  12  3\nc    1  4") == []


def test_a_hyphen_alone_is_a_dash():
    assert read("n  m\n1  -\n2  -3\n").rows == [["1", "–"], ["2", "-3"]]


def test_a_line_may_go_across():
    assert read("n  m\nfirst half of them\n1  2\n", across="2").rows == [["first half of them"], ["1", "2"]]


@pytest.mark.parametrize(
    ("printed", "said", "words"),
    [
        ("a  b  c\n1  2\n", {}, "3 columns were announced, but 2 could be parted"),
        ("a  b\n1 2 3\n4 5 6\n", {}, "2 columns were announced, but 3 could be parted"),
        ("a  b\n1  2\n12  3\n1234 5\n", {}, "2 columns were announced, but 1 could be parted"),
        ("a  b\n", {}, "it has 0 rows"),
        ("a  b\n1  2\n", {"lines": "1-3"}, "`lines` are as 1-2, but are 1-3"),
        ("a  b\n1  2\n", {"rows": "1-2"}, "it has a caption, and of across, "),
        ("a\nb\n1  2\n", {"heads": 2}, "without one printed head it needs `columns`"),
        ("a  b\n1  2\n", {"across": "1"}, r"across it the lines \[0\]"),
    ],
)
def test_what_cannot_be_read_is_refused(printed, said, words):
    with pytest.raises(sources.Trouble, match=f"the table of cell x cannot be read: .*{words}"):
        read(printed, **said)


def test_a_notebook_keeps_its_text(site):
    notebook = nbformat.read(site.parent / "notebooks" / "07-enaqt.ipynb", as_version=4)
    (shown,) = (each for each in notebook.cells if each.id == "f9876438")
    printed = recorded.printed(recorded.folder(sources.find("enaqt")))
    assert [output.text for output in shown.outputs] == [printed["f9876438"]]
    assert not any("table" in each.metadata for each in notebook.cells)


def test_every_aligned_block_is_a_table_or_has_its_reason():
    count, still = 0, set()
    for path in sources.chapters():
        printed = recorded.printed(recorded.folder(path))
        for each in sources.read(path).cells:
            lines = printed.get(each.id, "").split("\n")
            for table in tables.of(each, printed.get(each.id, "")):
                lines[table.first : table.last] = [""] * (table.last - table.first)
                count += 1
            if tables.aligned(lines):
                still.add(each.id)
    assert still == set(STILL_TEXT)
    assert count > 90


POWER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def plain(words):
    """Return words of the page or of a cell alike: without what the page does for signs, powers and zeros."""
    words = words.replace("\xa0", " ").replace("−", "-").replace(" ± ", "±")
    words = re.sub(r"(± ?)<(0\.0+)5", r"\1\2", words)
    words = re.sub(r"(?<![\w.])-(0\.0+)(?![\d.e])", r"\1", words)
    words = re.sub("×10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", lambda found: "e" + found[1].translate(POWER), words)
    return re.sub(r"e([-+])0*(\d)", r"e\1\2", words).replace("e+", "e")


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("0.040 ± 0.001", "0.040 ± 0.001"),
        ("0.00 ± 0.03", "0.00 ± 0.03"),
        ("-0.00", "0.00"),
        ("-0.001", "−0.001"),
    ],
)
def test_signs_of_numbers_are_minus_signs_and_zero_has_none(printed, shown):
    assert printed_tables.in_type(printed) == shown


def test_an_entry_has_its_subscripts():
    def shown(words):
        return [
            "".join(part.astext() for part in printed_tables.entry(words)),
            len(printed_tables.entry(words)),
        ]

    assert shown("0.1 k_b") == ["0.1 kb", 3]
    assert shown("D_max over D_s") == ["Dmax over Ds", 5]
    assert shown("rows of_it") == ["rows of_it", 1]


def test_signs_and_powers_are_set_in_type():
    assert printed_tables.in_type("-0.0127 ± 0.0116") == "−0.0127 ± 0.0116"
    assert (
        printed_tables.in_type("1.4e+03") == "1.4×10³"
        and printed_tables.in_type("2e-11, 66") == "2×10⁻¹¹, 66"
    )
    assert (
        printed_tables.in_type("DAB-1, J/4π") == "DAB-1, J/4π"
        and printed_tables.in_type("0.528±0.004") == "0.528 ± 0.004"
    )


def as_printed(entry):
    return "".join(f"_{words}" if words.parent.name == "sub" else words for words in entry.strings)


def test_the_page_shows_the_numbers_that_were_printed(parsed):
    for path in sources.chapters()[1:]:
        printed = recorded.printed(recorded.folder(path))
        page = parsed(path.relative_to(ROOT).as_posix().replace(sources.SUFFIX, ".html"))
        for each in sources.read(path).cells:
            found = tables.of(each, printed.get(each.id, ""))
            place = page.find(id=f"code-{each.id}")
            shown = place.select("table.printed") if place else []
            assert len(shown) == len(found), each.id
            for table, element in zip(found, shown, strict=True):
                rows = [
                    [plain(as_printed(it)) for it in row.select("th, td")]
                    for row in element.select("tbody tr")
                ]
                assert element.caption and element.select("thead th[scope=col]"), each.id
                assert rows == [[*map(plain, row)] for row in table.rows], each.id
                assert len(element.select("tbody tr > th[scope]")) == sum(bool(row[0]) for row in rows)
            if found:
                assert json.loads(place.select_one("[data-printed]")["data-printed"]) == printed[each.id]


NUMBER = re.compile(r"-?\d+(\.(\d+))?")
UNLIKE = {"71e9dbfd"}  # each row holds another quantity


def lost_zeros(column):
    """Return the numbers of a column that are told with fewer places than one as large, or larger."""
    found = [match for match in map(NUMBER.fullmatch, column) if match and float(match[0])]
    told = [(match[0], abs(float(match[0])), len(match[2] or "")) for match in found]
    return [
        f"{text} beside {other}"
        for text, size, places in told
        for other, larger, more in told
        if more > places and (larger >= size or f"{larger:e}"[-4:] == f"{size:e}"[-4:])
    ]


def test_a_lost_zero_is_found():
    assert lost_zeros(["57.2", "25", "0.362", "a"]) == ["25 beside 57.2"]
    assert lost_zeros(["0.40", "0.39", "11.0", "64", "0.044"]) == ["64 beside 11.0"]
    assert lost_zeros(["8", "4.5", "0"]) == ["8 beside 4.5"]
    assert lost_zeros(["64", "57", "0.40", "0.044"]) == []


def test_no_number_of_a_table_has_lost_a_zero():
    lost = [
        f"{cell.id}, {head}: {words}"
        for path in sources.chapters()
        for cell in sources.read(path).cells
        if cell.id in (printed := recorded.printed(recorded.folder(path))) and cell.id not in UNLIKE
        for table in tables.of(cell, printed[cell.id])
        for rows in [[row for row in table.rows if len(row) == len(table.head)]]
        for head, *column in zip(table.head, *rows, strict=True)
        for words in lost_zeros(column)
    ]
    assert not lost, "\n".join(lost)
