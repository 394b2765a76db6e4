"""What a variable of a function is called does not count; whatever else its name does, counts."""

import ast

import pytest
from notebooks.normalized import bare, text_of


def meaning(source):
    return text_of(bare(ast.parse(source)))


SAME = [
    ("def f(a):\n x = a\n return x", "def f(a):\n y = a\n return y"),
    ("def f():\n x, y = g()\n return x", "def f():\n y, x = g()\n return y"),
    ("def f(a):\n for x in a:\n  h(x)", "def f(a):\n for item in a:\n  h(item)"),
    ("def f(a):\n with a as x:\n  x += 1", "def f(a):\n with a as y:\n  y += 1"),
    ("a = [x + c for x in b]", "a = [y + c for y in b]"),
    ("a = [x for row in b for x in row]", "a = [row for x in b for row in x]"),
    ("def f():\n x = 1\n return lambda a: a + x", "def f():\n y = 1\n return lambda a: a + y"),
    (
        "def f():\n x = 1\n def g():\n  x = 2\n  return x\n return g, x",
        "def f():\n x = 1\n def g():\n  y = 2\n  return y\n return g, x",
    ),
    ("class A:\n def f(self):\n  x = 1\n  return x", "class A:\n def f(self):\n  y = 1\n  return y"),
]
DIFFERENT = [
    ("def f(a): return a", "def f(b): return b"),  # callers may name it
    ("def f(): return x", "def f(): return y"),  # a name from around
    ("x = 1", "y = 1"),  # a name for others
    ("def f():\n x = 1\n return x", "def f():\n x = 1\n return y"),
    ("def f():\n x = 1\n y = 2\n return x", "def f():\n x = 1\n y = 2\n return y"),
    ("def f():\n global x\n x = 1", "def f():\n global y\n y = 1"),
    ("def f():\n import x\n return x", "def f():\n import y\n return y"),
    ("def f():\n from m import x\n return x", "def f():\n from m import y as x\n return x"),
    ("def f(a=x):\n x = 1\n return a", "def f(a=y):\n y = 1\n return a"),  # a default is from around
    ("def f():\n a = [x for x in x]\n x = 1", "def f():\n a = [x for x in y]\n x = 1"),
    ("a = [x for x in x]", "a = [y for y in x]"),  # the range is from around: kept as it stands
    ("def f():\n x = 1\n return locals()", "def f():\n y = 1\n return locals()"),
    ("def f():\n x = 1\n class A:\n  x = x", "def f():\n y = 1\n class A:\n  y = y"),
    ("def f():\n x = 1\n return f'{x=}'", "def f():\n y = 1\n return f'{y=}'"),
    ("def f():\n x = 1\n return dict(x=x)", "def f():\n y = 1\n return dict(y=y)"),
    (
        "def f():\n e = 1\n try: g()\n except E as e: h(e)",
        "def f():\n d = 1\n try: g()\n except E as e: h(d)",
    ),
    (
        "def f():\n x = 1\n def g():\n  nonlocal x\n  x = 2\n return g, x",
        "def f():\n x = 1\n def g():\n  y = 2\n return g, x",
    ),
    ("def f(a):\n [x := b for b in a]\n return x", "def f(a):\n [y := b for b in a]\n return x"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_names_of_variables_do_not_count(one, other):
    compile(one, "one", "exec"), compile(other, "other", "exec")
    assert meaning(one) == meaning(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_else_a_name_does_counts(one, other):
    compile(one, "one", "exec"), compile(other, "other", "exec")
    assert meaning(one) != meaning(other)
