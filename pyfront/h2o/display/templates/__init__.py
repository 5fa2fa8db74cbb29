"""HTML of what a notebook shows, as Jinja templates; their style fits light and dark pages, whoever made those."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markupsafe import Markup


__all__ = ["markup", "rendered"]


@functools.cache
def _environment() -> Any:
    import jinja2  # takes as long to import as the rest of the package, and only notebooks need it

    made = jinja2.Environment(
        loader=jinja2.PackageLoader(__name__, ""), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    made.globals["zip"] = zip
    return made


def rendered(template: str, **values: Any) -> str:
    """A template with values in it, which are escaped unless they are `markupsafe.Markup`."""
    return str(_environment().get_template(template).render(**values))


def markup(html: str) -> Markup:
    """HTML that a template takes as it is."""
    import markupsafe

    return markupsafe.Markup(html)
