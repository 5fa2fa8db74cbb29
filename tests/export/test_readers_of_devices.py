"""Of a device or a pipe, which may never end, no file is read; nor is a folder one."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h2o
import pytest
from heavywater.errors import ParseError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="devices and pipes have names on POSIX systems")
READERS: dict[str, Callable[[str], Any]] = {
    "model": h2o.load_model,
    "grid": h2o.load_grid,
    "MOJO": h2o.import_mojo,
    "frame": lambda path: h2o.load_frame(os.path.basename(path)[: -len(".arrow")], os.path.dirname(path)),
}


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("kind", ["/dev/zero", "/dev/null", "pipe"])
def test_a_device_is_refused(reader: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "it.arrow"
    os.mkfifo(path) if kind == "pipe" else path.symlink_to(kind)
    with pytest.raises(ParseError, match=r"it\.arrow: this is a device or a pipe"):
        READERS[reader](str(path))


@pytest.mark.parametrize("reader", READERS)
def test_a_folder_is_refused(reader: str, tmp_path: Path) -> None:
    (tmp_path / "it.arrow").mkdir()
    with pytest.raises(ParseError, match=r"it\.arrow: this is a folder"):
        READERS[reader](str(tmp_path / "it.arrow"))
