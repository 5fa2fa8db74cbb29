"""Make the site; the exit status says whether it could be made without a warning."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
from pathlib import Path

from . import r_pages, tree

ROOT = Path(__file__).resolve().parents[1]


def main(arguments: list[str] | None = None) -> int:
    """Assemble the sources and have Sphinx make the site of them; the exit status of Sphinx."""
    parser = argparse.ArgumentParser(description="Make the manual as a site.")
    parser.add_argument("--output", type=Path, default=ROOT / "build" / "docs", help="folder of the site")
    parser.add_argument("--without-r", action="store_true", help="leave the help pages of the R package out")
    asked = parser.parse_args(arguments)
    sources = asked.output.parent / f"{asked.output.name}-sources"
    if not asked.without_r and not r_pages.available():
        print(
            "The help pages of R need R, and there is no Rscript: install r-base-core, or make docs WITHOUT_R=1",
            file=sys.stderr,
        )
        return 2
    tree.assemble(ROOT, sources, with_r=not asked.without_r)
    shutil.rmtree(asked.output, ignore_errors=True)
    command = [sys.executable, "-m", "sphinx", "--builder", "html", "--fail-on-warning", "--keep-going", "--nitpicky", "--quiet",
               "--conf-dir", str(ROOT / "manual"), "--doctree-dir", str(sources.with_name(f"{sources.name}-read")),
               str(sources), str(asked.output)]  # fmt: skip
    status = subprocess.run(command, check=False).returncode
    if status == 0:
        print(f"The manual: {asked.output / 'index.html'}")
    return status


if __name__ == "__main__":
    sys.exit(main())
