"""Where explorers are shown: a notebook, the built page, the reader's browser."""
