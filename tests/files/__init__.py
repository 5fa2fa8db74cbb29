"""Names of files, and what a write leaves where it fails: over every writer that there is."""
