"""Columns: their cells and storage, statistics and figures, threads."""
