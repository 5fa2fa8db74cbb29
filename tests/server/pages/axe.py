"""axe-core, which looks for what shuts people out of a page."""

from __future__ import annotations

from functools import cache
from typing import Any

from .npm import npm_package

# The rules of WCAG 2 up to level AA, and axe's own best practices.
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"


@cache
def axe_source() -> str:
    """Its script."""
    folder = npm_package("axe-core", "4.14.1")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Any) -> list[str]:
    """What is wrong on a page of a browser: rule, what it wants, and where; nothing, as it should be."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe_source())  # the policy of the page lets no script of others in, but the debugger's
    return [
        f"{found['id']}: {found['help']}: {node['html'][:200]} {node['failureSummary']}"
        for found in page.evaluate(RUN)
        for node in found["nodes"]
    ]
