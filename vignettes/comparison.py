"""The tables at the end of the chapters: numbers of the booklet and of the real H2O beside ours."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

REFERENCE = Path(__file__).with_name("reference.toml")
WIDTH = 200  # characters of a table in a terminal


def compare(chapter: str, **ours: Any) -> None:
    """Show a chapter's table, in a notebook or in the terminal.

    Parameters
    ----------
    chapter : str
        A table of ``reference.toml``.
    **ours
        What was measured, under the names that it has there.
    """
    table = comparison(chapter, ours)
    ipython = sys.modules.get("IPython")
    if ipython is not None and ipython.get_ipython() is not None:
        with pd.option_context("display.max_colwidth", None):  # no text cut off
            ipython.display.display(table)
    else:
        print(table.to_string(line_width=WIDTH))


def comparison(chapter: str, ours: dict[str, Any]) -> pd.DataFrame:
    """The table itself: a line for each quantity, columns ``booklet``, ``H2O``, ``heavywater`` and ``how measured``.

    Raises
    ------
    ValueError
        If a quantity is not in ``reference.toml``, or one that is there was not measured.
    """
    quantities = reference()[chapter]
    if set(ours) != set(quantities):
        raise ValueError(f"{chapter}: measured {sorted(ours)}, but {REFERENCE.name} has {sorted(quantities)}")
    lines = {
        known["quantity"]: [
            *map(_shown, (known.get("booklet"), known.get("h2o"), ours[name])),
            known.get("how", ""),
        ]
        for name, known in quantities.items()
    }
    return pd.DataFrame.from_dict(
        lines, orient="index", columns=["booklet", "H2O", "heavywater", "how measured"]
    )


def reference() -> dict[str, dict[str, dict[str, Any]]]:
    """What the booklet and the real H2O say: chapter, name of the quantity, its description and values."""
    return tomllib.loads(REFERENCE.read_text(encoding="utf-8"))


def classification_error(model: Any, **which: bool) -> float:
    """Share of the rows that a model puts into a wrong class.

    Parameters
    ----------
    model : H2ODeepLearningEstimator
    **which
        ``valid=True`` or ``xval=True``: of the validation frame or of the folds; by default of the training frame.
    """
    table = model.model_performance(**which).confusion_matrix().as_data_frame()
    return float(table["Error"].iloc[-1])


def _shown(value: Any) -> str:
    """Four digits are more than two runs have in common; nothing known is a dash."""
    if value is None:
        return "-"
    return f"{value:.4g}" if isinstance(value, float) else str(value)
