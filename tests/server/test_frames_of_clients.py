"""Frames in and out, as genuine clients ask for them."""

from __future__ import annotations

from pathlib import Path

IRIS = Path(__file__).parents[2] / "pyfront" / "h2o" / "demos" / "iris.csv"


def test_a_file_becomes_a_frame(asker):
    assert asker.imported(IRIS) == "iris.hex"
    frame = asker.get("/3/Frames/iris.hex", row_count=10)["frames"][0]
    assert (frame["rows"], frame["num_columns"], frame["row_count"]) == (150, 5, 10)
    assert [each["type"] for each in frame["columns"]] == ["real"] * 4 + ["enum"]
    assert all(len(each["data"]) == 10 and each["string_data"] is None for each in frame["columns"])


def test_a_file_that_is_sent_becomes_a_frame_and_goes(asker, node):
    source = asker.sent(b'"a","b"\n1,"x"\n,"y"\n')
    assert source.startswith("upload_")
    key = asker.parsed(source)
    assert key == f"Key_Frame__{source}.hex"
    text = asker.ask("GET", "/3/DownloadDataset", {"frame_id": key}).body.decode()
    assert text == '"a","b"\n1,"x"\n,"y"\n'
