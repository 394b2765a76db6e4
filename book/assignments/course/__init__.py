"""Coursework: student copies from master notebooks, and marks from what comes back.

`master` reads a master, `cases` draws numbers for it, `copies` and `build` write the copies. The stations of
`make grade` are `collect`, `rebuild`, `jail`, `marking`, `feedback`, `handmarks` and `handback`; `grade` goes
through them.
Two files run in a jail: `inside` beside students' code, `scoring` beside the values that it left. `worker`
keeps the grader's own processes within bounds; `plain` and `pages` are what all that leaves it goes through.
"""

import os
import sys

# Cases are many small matrices: threads would only wait for one another. Set before NumPy is imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# With nbformat comes jsonschema, and with it a grammar of web addresses that takes two seconds to compile.
# No schema here has a web address.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
