"""The README's example does what it says."""

from __future__ import annotations

import re
import subprocess
import sys

from .tree import ROOT


def test_example_runs(tmp_path):
    (example,) = re.findall(
        r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL
    )
    assert len(example.splitlines()) <= 20
    script = tmp_path / "example.py"
    script.write_text(f"import sys; sys.path[:0] = {sys.path!r}\n{example}")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert "Confusion Matrix" in done.stdout and "Iris-virginica" in done.stdout
