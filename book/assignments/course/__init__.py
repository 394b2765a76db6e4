"""Coursework: student copies from master notebooks, and marks from what comes back.

`master` reads a master, `cases` draws numbers for it, `copies` and `build` write the copies; `collect`,
`rebuild`, `jail`, `marking`, `scoring`, `grade` and `export` are the stations of `make grade`. `inside` is
the one file that runs beside students' code.
"""

import os

# Cases are many small matrices: threads would only wait for one another. Set before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
