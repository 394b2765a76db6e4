"""Faults of other programs that a test may meet."""

# What the error says, and what its stack names.
KNOWN = (
    # JupyterLab 4.6: a cell comes into view whose heading its table of contents does not have yet. The table
    # is complete a moment later, and nothing else is touched.
    ("reading 'type'", "_onCellInViewportChanged"),
    # Notebook 7.6: other settings come before those of the shortcuts (jupyter/notebook, issue 7862).
    ("reading 'schema'", "notebook_core"),
)


def is_known(error):
    """Say whether the error is one that JupyterLab or Notebook are known to have."""
    return any(words in error.message and place in (error.stack or "") for words, place in KNOWN)


def watched_page(context):
    """A new page; `page.errors` lists what its scripts did not catch, but for the known."""
    page = context.new_page()
    page.errors = []
    page.on("pageerror", lambda error: is_known(error) or page.errors.append(str(error)))
    return page
