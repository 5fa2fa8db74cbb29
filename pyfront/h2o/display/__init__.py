"""How objects show themselves, under the names of H2O's module.

``rendering``  an object as text, in a terminal, in a notebook    ``tables``  tables as text and as HTML
``templates``  the HTML of tables, models and pages of explanations
"""

from typing import TYPE_CHECKING

from ..elsewhere.stand_ins import names_of
from .rendering import (
    DisplayMixin,
    H2ODisplay,
    H2ODisplayWrapper,
    H2OItemsDisplay,
    H2OStringDisplay,
    H2OTableDisplay,
    capture_output,
    display,
    format_to_html,
    format_to_multiline,
    format_user_tips,
    in_ipy,
    in_py_repl,
    in_zep,
    print2,
    repr_def,
    to_html,
    to_pretty_str,
    to_str,
    toggle_user_tips,
    user_tips_enabled,
)

__all__ = [
    "DisplayMixin",
    "H2ODisplay",
    "H2ODisplayWrapper",
    "H2OItemsDisplay",
    "H2OStringDisplay",
    "H2OTableDisplay",
    "capture_output",
    "display",
    "format_to_html",
    "format_to_multiline",
    "format_user_tips",
    "in_ipy",
    "in_py_repl",
    "in_zep",
    "print2",
    "repr_def",
    "to_html",
    "to_pretty_str",
    "to_str",
    "toggle_user_tips",
    "user_tips_enabled",
]

if not TYPE_CHECKING:  # a type checker is to find names that are not here
    __getattr__ = names_of(__name__)
