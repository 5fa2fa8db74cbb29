"""Term frequency and inverse document frequency."""

from __future__ import annotations

from typing import Any

from ..exceptions import H2OValueError
from ..frame.accepting import frame_of
from ..frame.h2oframe import H2OFrame

__all__ = ["tf_idf"]


def tf_idf(
    frame: Any,
    document_id_col: str | int,
    text_col: str | int,
    preprocess: bool = True,
    case_sensitive: bool = True,
) -> H2OFrame:
    """Weigh the words of documents.

    Parameters
    ----------
    frame : H2OFrame
        A row for each document, or for each word.
    document_id_col, text_col : str or int
        Columns, by name or position from 0, with the names of the documents and with the texts.
    preprocess : bool
        Cut texts into words at blanks; False: each cell is a word.
    case_sensitive : bool
        Whether upper and lower case make different words.

    Returns
    -------
    H2OFrame
        Columns ``DocID, Word, TF, IDF, TF-IDF``, sorted by word, then by document.

    Raises
    ------
    H2OTypeError
        `frame` is no H2OFrame.
    H2OValueError
        There is no such column.

    Examples
    --------
    >>> texts = h2o.H2OFrame({"id": [1, 2], "text": ["a b", "b b"]}, column_types={"text": "string"})
    >>> tf_idf(texts, "id", "text").dim
    [3, 5]
    """
    frame = frame_of("frame", frame)
    places = {"document_id_col": document_id_col, "text_col": text_col}
    document, text = (_position(frame, name, column) for name, column in places.items())
    weighed: H2OFrame = frame._expr("tf-idf", frame, document, text, preprocess, case_sensitive)
    return weighed


def _position(frame: H2OFrame, argument: str, column: str | int) -> int:
    names = frame.names
    if isinstance(column, str) and column in names:
        return names.index(column)
    if isinstance(column, int) and not isinstance(column, bool) and 0 <= column < len(names):
        return column
    raise H2OValueError(
        f"tf_idf: {argument}={column!r} must be the name or the position (from 0) of a column; there are "
        f"{', '.join(names[:8])}"
    )
