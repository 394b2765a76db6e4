"""How sentences of an explorer write numbers."""

import math
import re

_RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def typeset(words):
    """Return a sentence with its numbers as a page sets them: powers of ten, minus signs, no minus zero.

    A percent sign stays on the line of its number.
    """
    words = re.sub(r"(?<=\d)e([+-]\d+)", lambda power: "·10" + str(int(power[1])).translate(_RAISED), words)
    words = re.sub(r"(?<![\w.])-(?=0(?:\.0+)?(?![\d.]*\d))", "", words)
    words = re.sub(r"(?<=\d) %", "\N{NO-BREAK SPACE}%", words)
    return re.sub(r"(?<![\w.])-(?=\d)", "−", words)


def with_error(value, error):
    """Write a value with as many digits as its error has."""
    if error < 1e-3 * value:
        return f"{value:.3g}"
    digits = max(0, 1 - math.floor(math.log10(error)))
    return f"{value:.{digits}f} ± {error:.{digits}f}"


def digits(number, count):
    """Write a number with `count` significant digits and no exponent."""
    return f"{float(f'{number:.{count}g}'):.10g}"
