"""Coursework: student copies from master notebooks, and marks from what comes back.

`master` reads a master, `build` writes the copies; `collect`, `rebuild`, `jail`, `marking`, `grade`,
`handmarks`, `feedback`, `export` and `pack` are the stations of `make grade`. `inside` is the one file that
runs beside students' code; `plain` and `pages` are what all that leaves the grader goes through.
"""
