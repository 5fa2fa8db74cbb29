"""Keys of the session: which there are, and removing what they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heavywater.errors import InvalidType

from ..backend.connection import session as current_session
from ..frame.h2oframe import H2OFrame

if TYPE_CHECKING:
    import pandas


def ls() -> pandas.DataFrame:
    """Keys of everything in the session, sorted, as a data frame with the column ``key``.

    Returns
    -------
    pandas.DataFrame
        The column ``key``.

    Examples
    --------
    >>> frame.frame_id in h2o.ls()["key"].tolist()
    True
    """
    import pandas as pd

    keys = current_session().objects.keys()
    return pd.DataFrame({"key": sorted(keys)})


def remove(x: Any, cascade: bool = True) -> None:
    """Remove frames or models, given as objects, keys, or a list of these.

    With `cascade` the models and frames of a model's cross-validation go with it.

    Parameters
    ----------
    x : H2OFrame, ModelBase, str, or list of these
        What is to go.
    cascade : bool
        Whether the models and frames of a model's cross-validation go with it.

    Examples
    --------
    >>> one = h2o.H2OFrame({"a": [1]}, destination_frame="unwanted")
    >>> h2o.remove("unwanted")
    >>> "unwanted" in h2o.ls()["key"].tolist()
    False
    """
    for item in x if isinstance(x, (list, tuple, set)) else [x]:
        key = item if isinstance(item, str) else getattr(item, "key", None) or getattr(item, "model_id", None)
        if not isinstance(key, str):
            raise InvalidType(f"h2o.remove: {item!r} is no frame, model or key")
        current_session().objects.remove(key, cascade)
        if isinstance(item, H2OFrame):
            item._forget()


def remove_all(retained: Any = None) -> None:
    """Remove everything but the retained frames and models (objects or keys).

    Parameters
    ----------
    retained : list of H2OFrame, ModelBase or str, optional
        What stays.

    Examples
    --------
    >>> h2o.remove_all(retained=[frame])
    >>> h2o.ls()["key"].tolist() == [frame.frame_id]
    True
    """
    keys = {
        item if isinstance(item, str) else getattr(item, "key", None) or item.model_id
        for item in retained or ()
    }
    current_session().objects.remove_all(sorted(keys))


def get_frame(frame_id: str) -> H2OFrame:
    """Handle on the frame of this key.

    Parameters
    ----------
    frame_id : str
        The key.

    Returns
    -------
    H2OFrame

    Raises
    ------
    NotFound
        There is no such frame; the message names similar ones.

    Examples
    --------
    >>> h2o.get_frame(frame.frame_id).nrow
    4
    """
    return H2OFrame.get_frame(frame_id)
