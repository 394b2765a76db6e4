"""Chapters: text with code cells (`*.nb.md`) and, beside it, what the cells put out when last executed.

sources    reads a chapter; `thread` assembles the reader's own program of it
recorded   reads and writes what its cells put out
uses       finds the library's code that a chapter uses
normalized says what of that code counts
narrow     draws figures a second time, for narrow pages
execute    executes chapters whose code has changed, and records what they put out
myst       finds directives and roles in a chapter's text
labels     knows what labels stand for: numbers, titles, addresses; `citations` the works
names      knows the library's functions and the tests that the text names
questions  reads self-checks and predictions, `claims` the ledger, for pages and notebooks alike
tasks      reads the tasks of a chapter, for both, too
plain      says what becomes of a chapter in a notebook that readers open; `roles`, `question_cells` help
written    puts both together into plain, runnable notebooks
working_copy  keeps a copy that a reader may change
exercise_labels  level and kind of an exercise, in words
skeletons  writes a new chapter, exercise, task or explorer; `task_skeleton` helps
"""

import sys

# With nbformat comes jsonschema, and with it a grammar of web addresses that takes two seconds to compile.
# No schema here has a web address.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
