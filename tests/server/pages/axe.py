"""axe-core, which looks for what shuts people out of a page; it comes from npm when first needed."""

from __future__ import annotations

import subprocess
import tarfile
from functools import cache
from pathlib import Path
from typing import Any

from ..programs import program

VERSION = "4.14.1"
FOLDER = Path(__file__).parents[3] / ".bench" / "axe"
# What axe runs: the rules of WCAG 2 up to level AA, and its own best practices.
RUN = "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"


@cache
def axe_source() -> str:
    """Its script."""
    script = FOLDER / f"axe-{VERSION}.js"
    if not script.exists():
        FOLDER.mkdir(parents=True, exist_ok=True)
        command = [program("npm", "npm", "FOR AXE-CORE"), "pack", "--silent", f"axe-core@{VERSION}"]
        packed = subprocess.run(
            command, cwd=FOLDER, capture_output=True, text=True, check=True
        ).stdout.split()[-1]
        with tarfile.open(FOLDER / packed) as archive:
            found = archive.extractfile("package/axe.min.js")
            assert found is not None
            script.write_bytes(found.read())
    return script.read_text(encoding="utf-8")


def violations(page: Any) -> list[str]:
    """What is wrong on a page of a browser: rule, what it wants, and where; nothing, as it should be."""
    page.evaluate(axe_source())  # the policy of the page lets no script of others in, but the debugger's
    return [
        f"{found['id']}: {found['help']}: {node['html'][:200]} {node['failureSummary']}"
        for found in page.evaluate(RUN)
        for node in found["nodes"]
    ]
