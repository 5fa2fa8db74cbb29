"""Answers of a model: for a frame, a file, or one row whose inputs one moves."""
