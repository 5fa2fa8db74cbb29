"""Expressions of primitives.

``rapids``       the language as text: nested tuples of operation names and arguments, read and written
``expressions``  their evaluation
"""
