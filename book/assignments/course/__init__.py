"""Coursework: student copies from master notebooks, and marks from what comes back.

`master` reads a master, `build` writes the copies; `collect`, `rebuild`, `jail`, `marking`, `grade` and
`export` are the stations of `make grade`. Two files run in a jail: `inside` beside students' code, `scoring`
beside the values that it left. `worker` keeps the grader's own processes within bounds.
"""
