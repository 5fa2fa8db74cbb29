"""How objects show themselves: as text, in a terminal, in a notebook."""

from __future__ import annotations

import contextlib
import html
import io
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..exceptions import H2OValueError
from .tables import format_table, html_table

FORMATS = (None, "plain", "pretty", "html")
VERBOSITIES = (None, "short", "medium", "full")
_tips = True


def _checked(name: str, value: str | None, allowed: Sequence[str | None]) -> str | None:
    if value not in allowed:
        raise H2OValueError(f"{name}={value!r} must be one of {', '.join(map(repr, allowed))}")
    return value


def to_str(obj: Any, verbosity: str | None = None, fmt: str | None = None) -> str:
    """An object as text.

    Parameters
    ----------
    obj : object
    verbosity : str, optional
        "short", "medium" or "full", for objects that tell them apart; None: as the object likes.
    fmt : str, optional
        "plain" or "pretty" text, or "html".

    Returns
    -------
    str
    """
    _checked("verbosity", verbosity, VERBOSITIES)
    if _checked("fmt", fmt, FORMATS) == "html":
        as_html = getattr(obj, "_str_html_", None)
        if as_html is not None:
            return str(as_html(verbosity))
        as_html = getattr(obj, "_repr_html_", None)
        return str(as_html()) if as_html is not None else f"<pre>{html.escape(str(obj))}</pre>"
    as_text = getattr(obj, "_str_pretty_" if fmt == "pretty" else "_str_", None)
    return str(obj) if as_text is None else str(as_text(verbosity))


def to_pretty_str(obj: Any, verbosity: str | None = None) -> str:
    """An object as text for a terminal, see `to_str`."""
    return to_str(obj, verbosity, "pretty")


def to_html(obj: Any, verbosity: str | None = None) -> str:
    """An object as HTML, see `to_str`."""
    return to_str(obj, verbosity, "html")


def display(obj: Any, fmt: str | None = None, verbosity: str | None = None) -> None:
    """Show an object: in a notebook as HTML, elsewhere as text.

    Parameters
    ----------
    obj : object
    fmt, verbosity : str, optional
        As in `to_str`.
    """
    if in_notebook() and fmt in (None, "html"):
        from IPython.display import HTML
        from IPython.display import display as show

        show(HTML(to_html(obj, verbosity)))
    else:
        print2(to_str(obj, verbosity, fmt))


def print2(*parts: Any, **options: Any) -> None:
    """Print; characters that the terminal cannot show come as escapes."""
    try:
        print(*parts, **options)
    except UnicodeEncodeError as error:
        shown = (
            str(part).encode(error.encoding, "backslashreplace").decode(error.encoding) for part in parts
        )
        print(*shown, **options)


def in_ipy() -> bool:
    """Whether IPython or a notebook runs this."""
    module = sys.modules.get("IPython")
    return module is not None and module.get_ipython() is not None


def in_notebook() -> bool:
    """Whether a notebook runs this, which shows HTML; IPython in a terminal does not."""
    return in_ipy() and hasattr(sys.modules["IPython"].get_ipython(), "kernel")


def in_py_repl() -> bool:
    """Whether this is Python's own prompt."""
    return hasattr(sys, "ps1") and not in_ipy()


def in_zep() -> bool:
    """Whether a Zeppelin notebook runs this."""
    return in_ipy() and "ZEPPELIN_RUNNER" in os.environ


def toggle_user_tips(on: bool | None = None) -> None:
    """Show tips below what is displayed, or not; None: the other way round."""
    global _tips
    _tips = not _tips if on is None else on


@contextlib.contextmanager
def user_tips_enabled(on: bool = True) -> Iterator[None]:
    """Show tips within a ``with`` block, or not."""
    before = _tips
    toggle_user_tips(on)
    try:
        yield
    finally:
        toggle_user_tips(before)


def format_user_tips(tips: str, fmt: str | None = None) -> str:
    """The section with tips for the user; empty where they are switched off.

    Parameters
    ----------
    tips : str
    fmt : str, optional
        "html" or text.
    """
    if not (_tips and tips):
        return ""
    text = f"\n\n[tips]\n{tips}\n--\nh2o.display.toggle_user_tips() switches this section on and off."
    return f'<pre style="font-size: smaller">{html.escape(text)}</pre>' if fmt == "html" else text


def format_to_html(objs: Any, element_wrapper: Any = "auto") -> str:
    """Objects below each other as HTML.

    Parameters
    ----------
    objs : object or list
        Texts stand as they are.
    element_wrapper : str, (str, str) or "auto"
        Tag around each, or what comes before and after it; auto: ``pre`` for texts, ``div`` for others.
    """

    def wrapped(item: Any) -> str:
        shown = html.escape(item) if isinstance(item, str) else to_html(item)
        if isinstance(element_wrapper, tuple):
            return f"{element_wrapper[0]}{shown}{element_wrapper[1]}"
        automatic = element_wrapper in (None, "auto")
        tag = ("pre" if isinstance(item, str) else "div") if automatic else element_wrapper
        return f"<{tag}>{shown}</{tag}>"

    return "\n".join(map(wrapped, [objs] if isinstance(objs, str) else objs))


def format_to_multiline(objs: Any, end_of_line: str = "auto") -> str:
    """Objects below each other as text.

    Parameters
    ----------
    objs : object or list
    end_of_line : str
        What stands behind each; auto: a line end, and an empty line between what is no text.
    """
    items = [objs] if isinstance(objs, str) else list(objs)
    if end_of_line not in (None, "auto"):
        return "".join(f"{item}{end_of_line}" for item in items)
    text = ""
    for before, item in zip([None, *items], items, strict=False):
        both_texts = isinstance(before, str) and isinstance(item, str)
        text += ("" if before is None else "\n" if both_texts else "\n\n") + to_str(item)
    return text


@contextlib.contextmanager
def capture_output(out: Any = None, err: Any = None) -> Iterator[tuple[Any, Any]]:
    """Collect what is printed within a ``with`` block.

    Parameters
    ----------
    out, err : file, optional
        Where it goes; by default new `io.StringIO`.

    Yields
    ------
    tuple of file
        Standard output and standard error.
    """
    out, err = out or io.StringIO(), err or io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        yield out, err


def repr_def(obj: Any, attributes: str | Sequence[str] = "public") -> str:
    """The class of an object with its attributes, for ``__repr__``.

    Parameters
    ----------
    obj : object
    attributes : str or list of str
        "public", "all", or the names.
    """
    there = vars(obj)
    if attributes == "public":
        names: Sequence[str] = [name for name in there if not name.startswith("_")]
    else:
        names = list(there) if attributes == "all" else attributes
    return f"{type(obj).__name__}({ {name: there[name] for name in names if name in there} })"


class DisplayMixin:
    """Lets a class show itself everywhere by one method, ``_str_(verbosity)``."""

    def _str_(self, verbosity: str | None = None) -> str:
        return repr(self)

    def _str_pretty_(self, verbosity: str | None = None) -> str:
        return self._str_(verbosity)

    def _str_html_(self, verbosity: str | None = None) -> str:
        own = getattr(self, "_repr_html_", None)
        return str(own()) if own is not None else f"<pre>{html.escape(self._str_(verbosity))}</pre>"

    def __str__(self) -> str:
        return self._str_()


class H2ODisplay(DisplayMixin):
    """What can be shown in several formats."""

    def show(self, verbosity: str | None = None, fmt: str | None = None) -> None:
        """Show the object, see `display`.

        Parameters
        ----------
        verbosity : str, optional
            ``short``, ``medium`` or ``full``.
        fmt : str, optional
            ``plain``, ``pretty`` or ``html``; by default what fits the place.

        Examples
        --------
        >>> model.summary().show()
        Status of Neuron Layers: class, multinomial distribution, CrossEntropy loss, ...
        """
        display(self, fmt, verbosity)

    def to_str(self, verbosity: str | None = None, fmt: str | None = None) -> str:
        """The object as text, see `h2o.display.to_str`.

        Parameters
        ----------
        verbosity : str, optional
            As of `show`.
        fmt : str
            As of `show`.

        Returns
        -------
        str

        Examples
        --------
        >>> text = model.summary().to_str()
        """
        return to_str(self, verbosity, fmt)

    def to_pretty_str(self, verbosity: str | None = None) -> str:
        """The object as text for a terminal.

        Parameters
        ----------
        verbosity : str, optional
            As of `show`.

        Returns
        -------
        str

        Examples
        --------
        >>> text = model.summary().to_pretty_str()
        """
        return to_str(self, verbosity, "pretty")

    def to_html(self, verbosity: str | None = None) -> str:
        """The object as HTML.

        Parameters
        ----------
        verbosity : str, optional
            As of `show`.

        Returns
        -------
        str

        Examples
        --------
        >>> "<table" in model.summary().to_html()
        True
        """
        return to_str(self, verbosity, "html")


class H2OStringDisplay(H2ODisplay):
    """Shows a text without quotes.

    Parameters
    ----------
    s : str
    """

    def __init__(self, s: str) -> None:
        self.s = s

    def __repr__(self) -> str:
        return self.s


class H2ODisplayWrapper(H2ODisplay):
    """Shows what a function gives.

    Parameters
    ----------
    repr_fn : callable
        Takes ``verbosity`` and ``fmt`` and returns the text.
    """

    def __init__(self, repr_fn: Callable[..., str]) -> None:
        self._repr_fn = repr_fn

    def __repr__(self) -> str:
        return self._str_()

    def _str_(self, verbosity: str | None = None) -> str:
        return self._repr_fn(verbosity=verbosity, fmt="plain")

    def _str_pretty_(self, verbosity: str | None = None) -> str:
        return self._repr_fn(verbosity=verbosity, fmt="pretty")

    def _str_html_(self, verbosity: str | None = None) -> str:
        return self._repr_fn(verbosity=verbosity, fmt="html")


class H2OItemsDisplay(H2ODisplay):
    """Shows several objects below each other.

    Parameters
    ----------
    items : list of object
    """

    def __init__(self, items: Sequence[Any]) -> None:
        self._items = list(items)

    def __repr__(self) -> str:
        return format_to_multiline(self._items)

    def _repr_html_(self) -> str:
        return format_to_html(self._items)


class H2OTableDisplay(H2ODisplay):
    """Shows a table.

    Parameters
    ----------
    table : list of lists or pandas.DataFrame
        The rows.
    caption : str, optional
        A line above.
    columns_labels : list of str, optional
        Headings; those of the data frame, else C1, C2 ...
    rows, cols : int
        Longest number of rows and columns shown.

    Attributes
    ----------
    shape : tuple of int
        Rows and columns.
    """

    def __init__(
        self,
        table: Any = None,
        caption: str | None = None,
        columns_labels: Sequence[str] | None = None,
        rows: int = 20,
        cols: int = 200,
    ) -> None:
        if hasattr(table, "to_numpy"):
            columns_labels = columns_labels or [str(name) for name in table.columns]
            table = table.to_numpy().tolist()
        self._cells = [list(row) for row in table or ()]
        width = len(self._cells[0]) if self._cells else len(columns_labels or ())
        self._labels = list(columns_labels or (f"C{i + 1}" for i in range(width)))
        self._caption, self._rows, self._cols = caption, rows, cols
        self.shape = len(self._cells), width

    @property
    def truncated(self) -> bool:
        """Whether rows or columns are left out."""
        return self.shape[0] > self._rows or self.shape[1] > self._cols

    def __repr__(self) -> str:
        return format_table(
            self._labels, self._cells, self._caption or "", max_rows=self._rows, max_columns=self._cols
        )

    def _repr_html_(self) -> str:
        return html_table(
            self._labels, self._cells, self._caption or "", max_rows=self._rows, max_columns=self._cols
        )
