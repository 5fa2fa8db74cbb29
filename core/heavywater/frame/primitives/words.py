"""Weights of words in documents."""

from __future__ import annotations

import numpy as np

from ...errors import InvalidType
from ..columns.conversions import distinct
from ..columns.keys import grouped
from ..columns.makers import enum, numeric, strings
from ..frame import Frame
from .arguments import column_positions
from .registry import primitive


@primitive("tf-idf")
def tf_idf(
    frame: Frame, document_id: int, text: int, preprocess: bool = True, case_sensitive: bool = True
) -> Frame:
    """Term frequency and inverse document frequency of words.

    The inverse document frequency of a word is the logarithm of (documents + 1) / (documents with the word + 1).

    Parameters
    ----------
    frame : Frame
    document_id : int
        Number of the column that names the documents.
    text : int
        Number of the column with the texts; rows in which it is missing are left out.
    preprocess : bool
        Whether texts are cut into words at blanks; otherwise each cell is a word.
    case_sensitive : bool
        Whether upper and lower case make different words.

    Returns
    -------
    Frame
        ``DocID, Word, TF, IDF, TF-IDF``, sorted by word, then by document.
    """
    (place,), (number,) = column_positions(frame, document_id), column_positions(frame, text)
    column = frame.columns[number]
    if not (column.is_text or column.kind == "enum"):
        raise InvalidType(
            f"tf-idf: column {frame.names[number]!r} is of type {column.kind}; texts are needed"
        )
    texts, codes = distinct(column)
    words: list[str] = []
    rows: list[int] = []
    pieces = [(t if case_sensitive else t.lower()) for t in texts]
    cut = [t.split() if preprocess else [t] for t in pieces]
    for row, code in enumerate(codes.tolist()):
        if code >= 0:
            words.extend(cut[code])
            rows.extend([row] * len(cut[code]))
    levels = sorted(set(words), key=lambda word: word.encode())
    position = {word: i for i, word in enumerate(levels)}
    word = enum(np.array([position[w] for w in words], np.int64), levels)
    document = frame.columns[place].take(np.array(rows, np.int64))
    pairs = grouped([word, document])
    frequency = np.bincount(pairs.codes, minlength=pairs.size)
    found = word.take(pairs.first)
    with_word = np.bincount(found.values, minlength=len(levels))
    documents = grouped([frame.columns[place]]).size
    inverse = np.log((documents + 1) / (with_word[found.values] + 1))
    columns = [document.take(pairs.first), strings(found.texts()), numeric(frequency), numeric(inverse)]
    return Frame(["DocID", "Word", "TF", "IDF", "TF-IDF"], [*columns, numeric(frequency * inverse)])
