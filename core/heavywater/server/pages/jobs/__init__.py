"""Jobs: what runs, and what has run."""
