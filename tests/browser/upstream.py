"""Faults of other programs that a test may meet."""


def is_known(error):
    """Say whether JupyterLab (4.6) met a cell in view whose heading its table of contents did not have yet.

    The table is complete a moment later, and nothing else is touched.
    """
    return "reading 'type'" in error.message and "_onCellInViewportChanged" in (error.stack or "")
