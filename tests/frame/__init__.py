"""Columns and frames: import, objects of other packages, operations."""
