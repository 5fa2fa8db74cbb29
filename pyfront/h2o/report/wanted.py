"""Which sections of a page are asked for, about which columns, and with which options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..exceptions import H2OTypeError, H2OValueError

if TYPE_CHECKING:
    from ..frame.h2oframe import H2OFrame


def wanted_of(include: Any, exclude: Any, known: Sequence[str]) -> list[str]:
    """The explanations that are asked for, in the order of the page.

    Parameters
    ----------
    include : str or list of str
        Names, or "ALL".
    exclude : str or list of str
        Names that are left out; only one of both can be given.
    known : list of str
    """
    included, excluded = (
        _names("include_explanations", include, known),
        _names("exclude_explanations", exclude, known),
    )
    if included is not None and excluded:
        raise H2OValueError(
            "include_explanations and exclude_explanations exclude each other: give one of them"
        )
    chosen = list(known) if included is None else included
    return [name for name in known if name in chosen and name not in (excluded or ())]


def _names(argument: str, given: Any, known: Sequence[str]) -> list[str] | None:
    names = [given] if isinstance(given, str) else list(given or ())
    if any(str(name).upper() == "ALL" for name in names):
        return None if argument.startswith("include") else list(known)
    for name in names:
        if name not in known:
            raise H2OValueError(f"{argument}: {name!r} must be one of ALL, {', '.join(known)}")
    return names


class Overrides:
    """Options of single plots, by the name of the explanation or of its plot (``pdp``, ``shap_summary_plot`` ...)."""

    def __init__(self, given: Mapping[str, Any] | None, known: Sequence[str]) -> None:
        self._given: dict[str, dict[str, Any]] = {}
        for name, options in (given or {}).items():
            key = str(name).removesuffix("_plot")
            if key not in known:
                raise H2OValueError(f"plot_overrides: {name!r} must be one of {', '.join(known)}")
            if not isinstance(options, Mapping):
                raise H2OTypeError(f"plot_overrides[{name!r}]={options!r} must be a dict of options")
            self._given[key] = dict(options)

    def of(self, key: str, allowed: Sequence[str], **usual: Any) -> dict[str, Any]:
        """The options of a plot: the usual ones, with those of the user in their place."""
        given = self._given.get(key, {})
        for name in given:
            if name not in allowed and name not in usual:
                raise H2OValueError(
                    f"plot_overrides[{key!r}]: {name!r} is no option; these are: {', '.join(sorted({*allowed, *usual}))}"
                )
        return {**usual, **given}


def asked_columns(frame: H2OFrame, columns: Any, top: Any) -> list[str] | None:
    """Columns that are named; None where the most important ones are asked for."""
    if isinstance(top, bool) or not isinstance(top, int | float):
        raise H2OTypeError(f"top_n_features={top!r} must be a whole number; a negative one stands for all")
    if columns is None:
        return None
    if isinstance(columns, str | int):
        columns = [columns]
    return [frame.names[frame._position(each)] for each in columns]
