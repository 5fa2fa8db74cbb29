"""Contributions of columns to predictions (SHAP), as they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ..backend.connection import session
from ..exceptions import H2OTypeError, H2OValueError
from .dependence_values import numbers
from .drawing import Array
from .labels import label

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame
    from ..model.model_base import ModelBase

BIAS = "BiasTerm"
_LEAST = 2  # rows of a frame that can stand for the data


@dataclass(frozen=True)
class Contributions:
    """Contributions (rows x columns) to the prediction of one class, and what they are added to.

    Attributes
    ----------
    of : str, optional
        The class, of more than two.
    """

    columns: list[str]
    values: Array
    bias: Array
    of: str | None = None

    def strength(self) -> Array:
        """The mean size of the contributions of each column; 0 where there is none."""
        known = np.isfinite(self.values)
        counts = np.maximum(known.sum(axis=0), 1)
        return np.asarray(np.abs(np.where(known, self.values, 0)).sum(axis=0) / counts)


def contributions_of(
    model: ModelBase, rows: H2OFrame, data: H2OFrame, background: Any
) -> list[Contributions]:
    """Contributions of the columns of a model to its predictions for some rows; of more classes one for each.

    Parameters
    ----------
    model : ModelBase
    rows : H2OFrame
        Rows that are explained.
    data : H2OFrame
        Where they are from: it takes the place of a background where there is no other.
    background : H2OFrame or data frame, optional
        Rows to compare with; by default those of the training frame, where that is still here.
    """
    if background is None and not _has_training_frame(model) and data.nrow >= _LEAST:
        background = data[
            np.unique(np.linspace(0, data.nrow - 1, min(100, data.nrow)).round().astype(int)), :
        ]
    found = model.predict_contributions(rows, output_format="Compact", background_frame=background)
    names = found.names
    cells = np.column_stack([numbers(found, i) for i in range(len(names))])
    classes = list(model._output["response_domain"]) if model._category == "Multinomial" else [None]
    width = len(names) // len(classes)
    parts = []
    for k, each in enumerate(classes):
        start = 0 if each is None else len(str(each)) + 1
        shown = [name[start:] for name in names[k * width : (k + 1) * width]]
        block = cells[:, k * width : (k + 1) * width]
        parts.append(
            Contributions(shown[:-1], block[:, :-1], block[:, -1], None if each is None else str(each))
        )
    return parts


def _has_training_frame(model: ModelBase) -> bool:
    key = (model.params.get("training_frame") or {}).get("actual")
    name = key.get("name") if isinstance(key, dict) else key
    return name is not None and name in session().objects.keys("frame")


def of_target(model: ModelBase, parts: Sequence[Contributions], target: Any) -> Contributions:
    """The part of a class; of fewer classes the only one."""
    if parts[0].of is None:
        if target is not None:
            raise H2OValueError(
                f"target={target!r}: {model.model_id!r} has no more than two classes: there is nothing to choose"
            )
        return parts[0]
    for each in parts:
        if each.of == str(target):
            return each
    raise H2OValueError(
        f"target={target!r} is no class of {model.model_id!r}: {', '.join(str(each.of) for each in parts[:20])}"
    )


def chosen_columns(
    found: Contributions, frame: H2OFrame, columns: Any, top: int, strength: Array
) -> list[int]:
    """Numbers of the columns that are shown, the strongest first."""
    if columns is not None:
        if isinstance(columns, str) or not isinstance(columns, list | tuple):
            raise H2OTypeError(f"columns={columns!r} must be a list of columns, by name or position")
        names = [frame.names[frame._position(each)] for each in columns]
        for name in names:
            if name not in found.columns:
                raise H2OValueError(
                    f"columns: {name!r} has no contribution; it must be one of {', '.join(found.columns[:20])}"
                )
        numbers_of = [found.columns.index(name) for name in names]
        return sorted(numbers_of, key=lambda i: -strength[i])
    order = [int(i) for i in np.argsort(-strength, kind="stable")]
    return order if top < 0 else order[:top]


def contribution_name(model: ModelBase, of: str | None) -> str:
    """What a contribution is one to, as the name of an axis."""
    if of is not None:
        return f"contribution to the probability of {label(of, 24)}"
    if model._category == "Binomial":
        return f"contribution to the probability of {label(model._output['response_domain'][1], 24)}"
    error = model._category == "AutoEncoder"
    return f"contribution to the {'reconstruction error' if error else 'prediction'}"
