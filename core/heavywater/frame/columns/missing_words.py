"""Words that mean missing."""

from __future__ import annotations

# In a numeric column these are expected to become missing; in a text column they stay texts, as in H2O.
MISSING_WORDS = frozenset(
    ("", "NA", "N/A", "na", "n/a", "nan", "NaN", "NAN", "null", "NULL", "None", "?", "-", ".")
)
# Those of them that can mean nothing else: a column of nothing but these and numbers is one of numbers.
NOTHING_WORDS = MISSING_WORDS - {"None", "?", "-", "."}
