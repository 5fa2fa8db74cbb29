"""Messages in the words of R."""

from __future__ import annotations

import re

_ARGUMENTS = {"col_types": "col.types", "col_names": "col.names", "na_strings": "na.strings"}
_VALUES = {"True": "TRUE", "False": "FALSE", "None": "NULL"}
_ONE_TYPE = re.compile(r"\bcol_types=\{('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"): ('\w+')\}")
_WORD = re.compile(rf"\b({'|'.join(_ARGUMENTS)})(?==)|(?<==)({'|'.join(_VALUES)})\b")


def in_r_words(message: str) -> str:
    """A message that names arguments as R has them: ``col.types = list(by.col.name = 'x', types = 'string')``.

    Examples
    --------
    >>> in_r_words("Give col_types={'x': 'enum'} or fill=True")
    "Give col.types=list(by.col.name = 'x', types = 'enum') or fill=TRUE"
    """
    message = _ONE_TYPE.sub(r"col.types=list(by.col.name = \1, types = \2)", message)
    return _WORD.sub(lambda found: _ARGUMENTS.get(found[0]) or _VALUES[found[0]], message)
