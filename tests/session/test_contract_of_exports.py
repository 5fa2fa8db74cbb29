"""The contract of sessions, of models as files for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from heavywater.errors import InvalidArgument

from .contract import finished, train


def test_models_for_other_programs(session: Any, rows: str, tmp_path: Path) -> None:
    key = finished(session, train(session, model_id="main"))
    files = session.model_files
    limits = files.limits(key)
    assert list(limits) == ["MOJO", "POJO", "ONNX", "C"]
    assert all(
        (each["told"], each["refused"]) == ([], None) and each["size"] > 1000 for each in limits.values()
    )
    generic = files.import_mojo(files.save_mojo(key, tmp_path / "model.zip"), "from_mojo")
    assert session.models.describe(generic)["model_id"] == "from_mojo"
    assert Path(files.save_onnx(key, tmp_path / "model.onnx")).is_file()
    assert Path(files.save_c(key, tmp_path / "model.c", name="m")).is_file()
    with pytest.raises(InvalidArgument, match="ending"):
        files.save_c(key, tmp_path / "model.cpp")
    assert "class" in files.pojo(key)
    assert Path(files.save_pojo(key, tmp_path)).is_file()
    assert Path(files.save_details(key, tmp_path / "details.json")).is_file()
