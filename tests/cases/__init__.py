"""Readers of what the real H2O gave, one for each kind of recorded case in tests/data."""
