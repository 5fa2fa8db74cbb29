"""A node behind HTTP."""
