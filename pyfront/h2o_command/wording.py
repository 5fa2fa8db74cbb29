"""Messages in the words of the command line."""

from __future__ import annotations

import re
from collections.abc import Mapping

# arguments of Python functions, as messages name them -> the options that give them here
_WORDS = (
    (
        r"^y, the column to predict, is missing: name it, or set autoencoder=True",
        "--response COLUMN, what to predict, is missing; of an autoencoder there is none: --set autoencoder=true",
    ),
    (r"\bcol_types=\{'([^']*)': '(\w+)'\}", r"--types '\1=\2'"),
    (r"^col_types: ", "--types: "),
    (r"^skipped_columns: ", "--skip: "),
    (r"\bcol_types=", "--types "),
    (r"\bna_strings=", "--missing "),
    (r"\bskipped_columns=", "--skip "),
    (r"\bquotechar=", "--quote "),
    (r"\bescapechar=", "--escape "),
    (r"\bencoding=", "--encoding "),
    (r"\bskip_footer=", "--skip-footer "),
    (r"\bfill=True\b", "--fill"),
    (r"\bsep=", "--separator "),
    (r"\bheader=-1\b", "--header no"),
    (r"\bheader=1\b", "--header yes"),
    (r"\bforce=True\b", "--force"),
    (r"\bcustom_non_data_line_markers=", "--comments "),
    (r"\btoken= or token_file=", "--token-file"),
    (r"\bcall h2o\.init with a larger limit", "give a larger --max-mem"),
    (r"\bh2o\.init: max_mem_size=", "--max-mem "),
    (r"\bmax_mem_size\b", "--max-mem"),
)


def worded(text: str, names: Mapping[str, str]) -> str:
    """A message of the package as the command says it.

    Parameters
    ----------
    text : str
    names : mapping of str to str
        What temporary files are called.

    Examples
    --------
    >>> worded("give encoding= if it is a text", {})
    'give --encoding if it is a text'
    """
    for path, name in names.items():
        text = text.replace(path, name)
    for pattern, option in _WORDS:
        text = re.sub(pattern, option, text)
    return re.sub(r"  +", " ", text)
