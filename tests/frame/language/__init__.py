"""Expressions as text, against the answers of the real H2O."""
