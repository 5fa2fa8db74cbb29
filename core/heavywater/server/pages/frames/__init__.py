"""Frames: their list, columns, rows, changes, and files made of them."""
