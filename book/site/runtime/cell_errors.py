"""An error of a cell's code in the lines that a student can use: those of the page, and what is wrong."""

import importlib.util
import traceback

CODE, WORDS = 200, 2_000  # characters of a line of code, and of the message
FRAMES = 3  # of the first and of the last calls that led to it


def missing(error):
    """Return the name of the package that an import has not found, or '' if that is not what happened."""
    named = type(error) is ModuleNotFoundError and isinstance(error.name, str)
    return error.name.partition(".")[0] if named else ""


def explain(error, cell, source, cells):
    """Return (words, line): what happened, and at which line of `cell`; `cells` are the names of all."""
    if isinstance(error, SyntaxError) and error.filename == cell:
        return "\n".join(_syntax(error, source)), error.lineno
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in cells]
    lines = [frame.lineno for frame in frames if frame.filename == cell]
    if len(frames) > 2 * FRAMES:  # as of a function that calls itself
        frames = frames[:FRAMES] + frames[-FRAMES:]
    words = [_call(frame, cell) for frame in frames]
    return "\n".join([*words, _message(error)]), lines[-1] if lines else None


def _call(frame, cell):
    place = f"line {frame.lineno}" if frame.filename == cell else f"{frame.filename}, line {frame.lineno}"
    inside = "" if frame.name == "<module>" else f", in {frame.name}"
    return f"{place[0].upper()}{place[1:]}{inside}:\n    {(frame.line or '')[:CODE]}"


def _syntax(error, source):
    line = "".join(source.split("\n")[error.lineno - 1 : error.lineno])
    yield f"Line {error.lineno}:\n    {line.strip()[:CODE]}"
    if line.lstrip().startswith(("%", "!")):
        yield "SyntaxError: lines that begin with % or ! are for Jupyter; here runs Python alone"
        return
    if error.offset:
        yield " " * (3 + error.offset - len(line) + len(line.lstrip())) + "^"
    yield f"{type(error).__name__}: {error.msg}"


def _message(error):
    package = missing(error)
    if package and importlib.util.find_spec(package) is None:
        return f"ModuleNotFoundError: there is no {package} in this page; NumPy, SciPy and Matplotlib are"
    if isinstance(error, SystemExit):
        return "SystemExit: a page has nothing to leave; the cell ended here"
    words = "".join(traceback.format_exception_only(error)).rstrip("\n")
    return words[:WORDS] + "…" * (len(words) > WORDS)
