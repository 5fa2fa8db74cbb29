"""Times."""

# The session answers with whatever an operation gives; each method states what that is.
# mypy: disable-error-code="no-any-return"

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heavywater.errors import InvalidArgument

from .base import Operations

if TYPE_CHECKING:
    from ..h2oframe import H2OFrame


class TimeOperations(Operations):
    """Parts of times, in the time zone of the session."""

    def year(self) -> H2OFrame:
        """Year.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame["day"].year().as_data_frame()["day"].tolist()
        [2024, 2024, 2025, 2026]
        """
        return self._expr("year", self)

    def month(self) -> H2OFrame:
        """Month, 1 to 12.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame["day"].month().as_data_frame()["day"].tolist()
        [2, 3, 12, 1]
        """
        return self._expr("month", self)

    def week(self) -> H2OFrame:
        """Week of the year by ISO 8601, 1 to 53.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame["day"].week().as_data_frame()["day"].tolist()
        [9, 9, 1, 1]
        """
        return self._expr("week", self)

    def day(self) -> H2OFrame:
        """Day of the month, 1 to 31.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame["day"].day().as_data_frame()["day"].tolist()
        [29, 1, 31, 1]
        """
        return self._expr("day", self)

    def dayOfWeek(self) -> H2OFrame:
        """Day of the week as an enum, Mon to Sun.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> frame["day"].dayOfWeek().as_data_frame()["day"].tolist()
        ['Thu', 'Fri', 'Wed', 'Thu']
        """
        return self._expr("dayOfWeek", self)

    def hour(self) -> H2OFrame:
        """Hour, 0 to 23.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> h2o.H2OFrame.moment(2024, 2, 29, 13, 5, 7).hour().flatten()
        13.0
        """
        return self._expr("hour", self)

    def minute(self) -> H2OFrame:
        """Minute, 0 to 59.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> h2o.H2OFrame.moment(2024, 2, 29, 13, 5, 7).minute().flatten()
        5.0
        """
        return self._expr("minute", self)

    def second(self) -> H2OFrame:
        """Second, 0 to 59.

        Returns
        -------
        H2OFrame

        Examples
        --------
        >>> h2o.H2OFrame.moment(2024, 2, 29, 13, 5, 7).second().flatten()
        7.0
        """
        return self._expr("second", self)

    def as_date(self, format: str) -> H2OFrame:
        """Texts as times, by a format such as ``"%Y-%m-%d"``.

        Parameters
        ----------
        format : str
            As of Python's ``strftime``.

        Returns
        -------
        H2OFrame
            Times, in the time zone of the session; missing where a text is none.

        Examples
        --------
        >>> h2o.H2OFrame({"a": ["29.02.2024"]}, column_types={"a": "string"}).as_date("%d.%m.%Y").year().flatten()
        2024.0
        """
        return self._expr("as.Date", self, format)


def moment_parts(
    year: Any, month: Any, day: Any, hour: Any, minute: Any, second: Any, msec: Any, date: Any, time: Any
) -> list[Any]:
    """Arguments of ``moment`` from parts, or from Python's (numpy's, pandas') dates and times.

    Raises
    ------
    InvalidArgument
        Parts and dates are given for the same thing.
    """
    if hasattr(date, "astype"):
        date = date.astype("M8[ms]").astype(object)
    if time is None and hasattr(date, "hour"):
        time = date.time()
    for name, given, parts in (
        ("date", date, (year, month, day)),
        ("time", time, (hour, minute, second, msec)),
    ):
        if given is not None and any(part is not None for part in parts):
            raise InvalidArgument(f"moment: give {name}, or the parts it consists of, not both")
    if date is not None:
        year, month, day = date.year, date.month, date.day
    if time is not None:
        hour, minute, second, msec = time.hour, time.minute, time.second, time.microsecond // 1000
    if year is None or month is None or day is None:
        raise InvalidArgument("moment: year, month and day are needed, or date")
    return [year, month, day, *(0 if part is None else part for part in (hour, minute, second, msec))]
