"""The confusion matrix of a model with two classes at one threshold."""

from __future__ import annotations

from collections.abc import Sequence

from ..display.rendering import H2ODisplay
from ..elsewhere.stand_ins import AbsentMembers
from ..two_dim_table import H2OTwoDimTable


class ConfusionMatrix(H2ODisplay, AbsentMembers):
    """Counts of actual (rows) against predicted classes (columns), with the error of every class.

    Parameters
    ----------
    cm : list of lists of float
        ``cm[i][j]``: rows of class i that were predicted as class j (or the sum of their weights).
    domains : list of str, optional
        Names of the classes.
    table_header : str, optional
        Title.

    Attributes
    ----------
    table : H2OTwoDimTable
        The matrix with margins, as it is shown.

    Examples
    --------
    >>> matrix = binomial.confusion_matrix(thresholds=0.5)
    >>> sum(map(sum, matrix.to_list())) == prostate.nrow
    True
    """

    def __init__(
        self,
        cm: Sequence[Sequence[float]],
        domains: Sequence[str] | None = None,
        table_header: str | None = None,
    ) -> None:
        self._counts = [list(row) for row in cm]
        names = [str(name) for name in (domains if domains is not None else range(len(self._counts)))]
        sums = [sum(row) for row in self._counts]
        wrong = [total - row[i] for i, (row, total) in enumerate(zip(self._counts, sums, strict=True))]
        rows = [
            [name, *row, *_error(bad, total)]
            for name, row, bad, total in zip(names, self._counts, wrong, sums, strict=True)
        ]
        columns = [sum(column) for column in zip(*self._counts, strict=True)]
        rows.append(["Total", *columns, *_error(sum(wrong), sum(sums))])
        header = "Confusion Matrix (Act/Pred)" if table_header is None else table_header
        self.table = H2OTwoDimTable(header, None, ["", *names, "Error", "Rate"], cell_values=rows)

    def to_list(self) -> list[list[int]]:
        """The bare counts.

        Returns
        -------
        list[list of int]
            (2 x 2): actual classes in rows, predicted ones in columns.

        Examples
        --------
        >>> len(binomial.confusion_matrix(thresholds=0.5).to_list())
        2
        """
        return [[int(count) for count in row] for row in self._counts]

    def __repr__(self) -> str:
        return repr(self.table)

    def _repr_html_(self) -> str:
        return self.table._repr_html_()


def _error(wrong: float, total: float) -> tuple[float, str]:
    return (round(wrong / total, 4) if total else float("nan")), f" ({_count(wrong)}/{_count(total)})"


def _count(number: float) -> str:
    return str(int(number)) if number == int(number) else f"{number:.6g}"
