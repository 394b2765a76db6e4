"""Runs inside a jail of its own: the hidden tests meet the values that a student's notebook left behind.

No student's code runs here, but values do what they can: an array of another shape, a number too many. It
reads one job from standard input, as JSON, and writes one line of JSON when it is ready and one for every
test, so that a test that takes all memory or time costs its own points. It stands alone, as `inside` does.
"""

import ast
import base64
import json
import os
import sys

import numpy as np

MAX_WORDS = 2000  # characters of what is said to one test
MAX_DEPTH = 12  # `inside.portable` needs two levels for each of its six


def unpack(value, depth=0):
    """Return what `inside.portable` packed."""
    if depth > MAX_DEPTH:
        raise ValueError("too deeply nested")
    if not isinstance(value, dict):
        return value
    (kind,) = value.keys() & {"complex", "array", "list", "dict"}
    if kind == "complex":
        return complex(*value["complex"])
    if kind == "array":
        dtype = {"float": float, "complex": complex}[value["kind"]]
        return np.frombuffer(base64.b64decode(value["array"]), dtype=dtype).reshape(value["shape"])
    if kind == "list":
        return [unpack(item, depth + 1) for item in value["list"]]
    return {key: unpack(item, depth + 1) for key, item in value["dict"].items()}


def near(value, target, tolerance=0.01):
    """Return whether `value` is a number, or an array of them, within a relative `tolerance` of `target`."""
    try:
        value, target = np.asarray(value, dtype=complex), np.asarray(target, dtype=complex)
    except (TypeError, ValueError):
        return False
    scale = np.abs(target).max(initial=0.0)
    return value.shape == target.shape and bool((np.abs(value - target) <= tolerance * scale).all())


class Misshapen(ValueError):
    """A value has not the shape that was asked for."""


def shaped(value, *shape):
    """Return `value` as an array of `shape`, where None stands for any length; raise Misshapen.

    A test that computes with an array calls it first: `np.diag(H, 1)` of a list makes a table of its square.
    """
    try:
        array = np.asarray(value)
    except ValueError:
        raise Misshapen("its rows have different lengths") from None
    if array.dtype.kind not in "buifc":
        raise Misshapen(f"an array of numbers was asked for, this is of type {type(value).__name__}")
    if array.ndim != len(shape) or any(
        want not in (None, have) for want, have in zip(shape, array.shape, strict=True)
    ):
        wanted = ", ".join("any" if want is None else str(want) for want in shape)
        raise Misshapen(f"the shape ({wanted}) was asked for, this has the shape {array.shape}")
    return array


OWN = 0.25  # what the right results for one's own numbers count; the others count the rest


def checks_of(case, questions):
    """Return what says the words of the student's copy, from answers that are known: without a search."""
    from frenkel import _locks, coursework

    class Key(coursework.Checks):
        def find(self, question, value):
            tolerance = questions[question]["tolerance"]
            wrong = list(case["mistakes"].get(question, {}).values())
            phase, found = _locks.bins(case["answers"][question], wrong, tolerance)
            return found.get(_locks.bin_of(value, tolerance, phase))

    return Key(questions)


class Score:
    """Counts what the hidden tests of one cell find; every finding is an equal share of the cell's points."""

    def __init__(self, case, questions):
        self.numbers, self.answers = case["numbers"], case["answers"]
        self.questions, self.checks = questions, checks_of(case, questions)
        self.findings, self.words, self.right = [], [], set()

    def expect(self, question, value):
        """Count whether `value` is the answer to `question`; if not, say what it looks like."""
        words = "right." if self._equal(question, value) else self.checks.diagnose(question, value)
        self.findings.append(words == "right.")
        self.right |= {question} if words == "right." else set()
        self.words.append(f"{question}: {words}")

    def _equal(self, question, value):
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        right = self.answers[question]
        return abs(value - right) <= self.questions[question]["tolerance"] * abs(right)

    def require(self, condition, words):
        """Count whether `condition` holds; if not, say `words`."""
        self.findings.append(bool(condition))
        if not condition:
            self.words.append(words)

    def share(self, code, asked, found):
        """Run the hidden tests `code` on the values `found`; return the share of the points, 0 to 1."""
        values, lost = {}, []
        for name in asked:
            try:
                values[name] = unpack(found[name])
            except Exception:  # missing, or not what the jail sends: either way there is no answer
                values[name] = None
                lost.append(name)
        if lost:
            self.words.append(f"Not found when this test ran, or of no kind to mark: {', '.join(lost)}.")
        if all(value is None for value in values.values()):
            self.words.append("There is no answer to mark.")
            return 0.0
        space = {"np": np, "near": near, "shaped": shaped, "expect": self.expect, "require": self.require}
        space |= {"numbers": self.numbers, "answers": self.answers, **values}
        for statement in ast.parse(code).body:
            try:
                exec(compile(ast.Module([statement], []), "hidden test", "exec"), space)
            except Misshapen as problem:
                self.findings.append(False)
                self.words.append(f"An answer could not be read: {problem}.")
            except MemoryError:
                self.findings.append(False)
                self.words.append("An answer is so large that the test ran out of memory.")
            except Exception as error:  # an answer of another kind than the test can read
                self.findings.append(False)
                self.words.append(f"An answer could not be read ({type(error).__name__}): {error}")
        return sum(self.findings) / len(self.findings)


def judge(test, cases, questions):
    """Return (share, words) of one test on the student's own numbers, and on others if there are values."""
    scores, shares = [], []
    for case, values in zip(cases, test["values"], strict=False):
        try:
            found = json.loads(values)
        except (ValueError, RecursionError, MemoryError):
            found = {}
        scores.append(Score(case, questions))
        shares.append(scores[-1].share(test["code"], test["asked"], found if isinstance(found, dict) else {}))
    words = scores[0].words
    if len(scores) == 1:
        return shares[0], words
    for question in sorted(scores[0].right - scores[1].right):
        other = f"{question}: right for your numbers, wrong when they are others. Compute it from `numbers`."
        words = [other if line == f"{question}: right." else line for line in words]
    if shares[1] < shares[0] and scores[0].right <= scores[1].right:
        words += [f"With other numbers than yours: {line}" for line in scores[1].words if line not in words]
    return OWN * shares[0] + (1 - OWN) * shares[1], words


def main():
    sys.path.append("/opt/library")  # where `frenkel` is if it is not among the packages
    job = json.load(sys.stdin)
    print(json.dumps({"ready": True}), flush=True)
    for test in job["tests"]:
        share, words = judge(test, job["cases"], job["questions"])
        words = [line[:MAX_WORDS] for line in words]
        print(json.dumps({"id": test["id"], "share": share, "words": words}), flush=True)
    print(json.dumps({"done": True}), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main()
