"""Coursework: student copies from master notebooks, and marks from what comes back.

`master` reads a master, `build` writes the copies; `collect`, `rebuild`, `jail`, `marking`, `grade` and
`export` are the stations of `make grade`. `inside` is the one file that runs beside students' code.
"""
