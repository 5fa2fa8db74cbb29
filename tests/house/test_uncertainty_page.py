"""What docs/uncertainty.md shows runs."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from .tree import ROOT


def test_the_examples_of_the_page_run(tmp_path: Path) -> None:
    text = (ROOT / "docs" / "uncertainty.md").read_text(encoding="utf-8")
    examples = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert len(examples) >= 4
    script = tmp_path / "examples.py"
    script.write_text("\n".join([f"import sys; sys.path[:0] = {sys.path!r}", *examples]), encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
