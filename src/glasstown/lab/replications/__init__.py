"""Published figures, and what comes of them here: one table each."""
