"""What the functions that explain return: a page, and its parts by name."""

from __future__ import annotations

import os
import sys
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, NoReturn

from heavywater.files import new_file

from ..display.rendering import H2ODisplay, display, in_ipy
from .page import as_text, part_of_page, whole_page
from .sections import Section, plots_of


class H2OExplanation(OrderedDict[str, Any], H2ODisplay):
    """Explanations of models on one page, by name in the order of the page.

    Each has ``header``, ``description``, and ``plots`` or ``data`` (tables) by the name of the model or the column;
    a plot gives its figure by ``figure()``.

    Parameters
    ----------
    title, facts : str
        What the page is about.
    sections : list of Section

    Examples
    --------
    >>> page = regression.explain(iris, include_explanations=["residual_analysis"], render=False)
    >>> list(page)
    ['residual_analysis']
    """

    def __init__(self, title: str, facts: str, sections: Sequence[Section]) -> None:
        super().__init__()
        self._title, self._facts, self._sections = title, facts, list(sections)
        self._shown_in: int | None = None  # the cell of a notebook that showed it already
        for each in sections:
            drawn = any(item.drawing is not None for item in each.items)
            parts = {
                "header": each.title,
                "description": each.description,
                "plots" if drawn else "data": plots_of(each),
            }
            self[each.key] = OrderedDict(parts | ({"note": each.note} if each.note else {}))

    def save_html(self, path: str | os.PathLike[str], force: bool = False) -> str:
        """Write the page as one HTML file that needs nothing else.

        Parameters
        ----------
        path : str or path
            The file.
        force : bool
            Replace a file that is there.

        Returns
        -------
        str
            The absolute path.

        Examples
        --------
        >>> page = regression.explain(iris, include_explanations=["residual_analysis"], render=False)
        >>> page.save_html("explained.html", force=True)[-14:]
        'explained.html'
        """
        with (
            new_file(os.fspath(path), force=force) as (name, beside),
            open(beside, "w", encoding="utf-8") as file,
        ):
            file.write(whole_page(self._title, self._facts, self._sections))
        return name

    def _shown(self, at_once: bool) -> H2OExplanation:
        """The page, shown already where it is to be."""
        if at_once:
            self.render()
        return self

    def render(self) -> None:
        """Show the page: in a notebook as such, elsewhere as text.

        Examples
        --------
        >>> regression.explain(iris, include_explanations=["residual_analysis"], render=False).render()
        Explanation of ...
        """
        if in_ipy():
            self._shown_in = None
            display(self)
            self._shown_in = _cell()
        elif not hasattr(sys, "ps1"):  # Python's own prompt shows what a function returns
            print(self._str_())

    def _ipython_display_(self) -> None:
        if self._shown_in is None or self._shown_in != _cell():  # the value of a cell that has shown it
            display(self)

    def _repr_html_(self) -> str:
        return part_of_page(self._title, self._facts, self._sections)

    def _str_html_(self, verbosity: str | None = None) -> str:
        return self._repr_html_()

    def _str_(self, verbosity: str | None = None) -> str:
        return as_text(self._title, self._facts, self._sections)

    def __repr__(self) -> str:
        return self._str_()

    def __reduce__(self) -> NoReturn:
        raise TypeError("an explanation cannot be pickled: it has figures. Write it with save_html()")


def _cell() -> int | None:
    """Number of the notebook's cell that runs."""
    shell = sys.modules["IPython"].get_ipython() if in_ipy() else None
    return getattr(shell, "execution_count", None)
