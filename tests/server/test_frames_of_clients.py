"""Frames in and out, as genuine clients ask for them."""

from __future__ import annotations

import gzip
import io
import threading
import time
import zipfile
from pathlib import Path
from urllib.parse import quote

import pytest
from heavywater.server.node.open_node import OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import LocalSession

from .asking import GenuineAsker

IRIS = Path(__file__).parents[2] / "pyfront" / "h2o" / "demos" / "iris.csv"
NAMES = ["sepal_len", "sepal_wid", "petal_len", "petal_wid", "class"]


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


def page(asker, **asked):
    frame = asker.get("/3/Frames/iris.hex", **asked)["frames"][0]
    return frame, [
        (each["label"], None if each["data"] is None else len(each["data"])) for each in frame["columns"]
    ]


@pytest.mark.parametrize(
    ("asked", "columns", "cells", "rows"),
    [
        ({}, range(1, 6), 5, 100),
        ({"row_count": 3, "column_offset": 1, "column_count": 3}, range(2, 5), 3, 3),
        ({"row_count": 3, "full_column_count": 2}, range(1, 6), 2, 3),
        ({"row_count": 3, "full_column_count": 0}, range(1, 6), 0, 3),
        ({"row_offset": 148, "row_count": 10}, range(1, 6), 5, 2),
        ({"row_offset": 999, "row_count": 10}, range(1, 6), 5, 0),
        ({"row_count": 0}, range(1, 6), 5, 0),
        ({"row_count": 999}, range(1, 6), 5, 150),
        ({"column_offset": 4, "column_count": 9}, [5], 1, 100),
        ({"column_offset": 77}, [], 0, 100),
        ({"column_count": 0}, [], 0, 100),
    ],
)
def test_pages(asker, asked, columns, cells, rows):
    asker.imported(IRIS)
    frame, shown = page(asker, **asked)
    assert shown == [(NAMES[i - 1], rows if n < cells else None) for n, i in enumerate(columns)]
    assert (frame["row_count"], frame["column_count"], frame["full_column_count"]) == (
        rows,
        len(columns),
        cells,
    )
    assert (frame["rows"], frame["num_columns"], frame["total_column_count"]) == (150, 5, 5)


def test_what_is_wrong_with_a_page(asker):
    asker.imported(IRIS)
    for asked, status, text in (
        ({"row_count": "x"}, 412, "row_count='x' must be a number"),
        ({"row_offset": -1}, 400, "row_offset=-1 must be 0 or more"),
        ({"nosuch": 1}, 412, "Unknown parameter: nosuch"),
    ):
        answer = asker.ask("GET", "/3/Frames/iris.hex", asked)
        assert answer.status == status and text in answer.json["msg"]


def test_members_that_are_not_wanted_are_left_out(asker):
    asker.imported(IRIS)
    excluded = "frames/columns/data,frames/columns/domain,frames/columns/histogram_bins,frames/columns/percentiles,job"
    reply = asker.get("/3/Frames/iris.hex/summary", _exclude_fields=excluded)
    assert reply["_exclude_fields"] == excluded and "job" not in reply
    whole = asker.get("/3/Frames/iris.hex/summary")["frames"][0]["columns"][4]
    assert sum(whole["histogram_bins"]) == 150 and whole["domain"][0] == "Iris-setosa"
    gone = {"data", "domain", "histogram_bins", "percentiles"}
    assert {name for name in whole if name not in reply["frames"][0]["columns"][4]} == gone


@pytest.mark.parametrize("key", ["a$b", "50%", "%2F", "a/b", "äö", "a+b", "job_1?x#y"])
def test_keys_of_all_kinds(asker, key):
    asker.imported(IRIS, "iris.hex")
    facts = asker.post("/99/Rapids", ast="(tmp= kept (cols_py iris.hex [0:2]))")
    assert facts["num_cols"] == 2
    asker.post("/3/CreateFrame", dest=key, rows=2, cols=1)
    name = quote(key, safe="")
    while asker.ask("GET", f"/3/Frames/{name}").status == 404:
        time.sleep(0.01)
    found = asker.get(f"/3/Frames/{name}")["frames"][0]
    assert (found["frame_id"]["name"], found["rows"]) == (key, 2)
    assert key in [each["frame_id"]["name"] for each in asker.get("/3/Frames")["frames"]]
    assert asker.delete(f"/3/DKV/{name}")["key"]["name"] == key
    assert asker.ask("GET", f"/3/Frames/{name}").status == 404


def test_cells_of_every_kind(asker):
    source = asker.sent(
        b"n,r,t,s,u\n1,0.5,2020-01-02 03:04:05,long text of some words,6ba7b810-9dad-11d1-80b4-00c04fd430c8\n"
        b',,,,\n3,1e300,2020-01-02,"quo""te, comma",6ba7b811-9dad-11d1-80b4-00c04fd430c8\n'
    )
    key = asker.parsed(source, "kinds", column_types='["Numeric","Numeric","Time","String","UUID"]')
    number, real, moment, text, uuid = asker.get(f"/3/Frames/{key}")["frames"][0]["columns"]
    assert (number["data"], number["string_data"], number["missing_count"]) == ([1, "NaN", 3], None, 1)
    assert number["mins"] == [1, 3, "NaN", "NaN", "NaN"]
    assert real["data"] == [0.5, "NaN", 1e300]
    assert (moment["type"], moment["data"]) == ("time", [1577934245000, "NaN", 1577923200000])
    assert (text["data"], text["string_data"]) == (None, ["long text of some words", None, 'quo"te, comma'])
    assert text["mean"] == text["mins"][0] == "NaN"
    assert uuid["type"] == "uuid" and uuid["string_data"][1] is None
    lines = asker.ask("GET", "/3/DownloadDataset", {"frame_id": key}).body.decode().splitlines()
    assert lines[2] == ",,,," and lines[3].startswith('3,1e+300,1577923200000,"quo""te, comma",')
    exact = asker.ask("GET", "/3/DownloadDataset", {"frame_id": key, "hex_string": "TRUE"})
    assert exact.body.decode().splitlines()[1].startswith("1,0x1.0000000000000p-1,1577934245000,")
    assert exact.headers["content-disposition"] == "attachment; filename=kinds.csv"


def test_guessed_types_may_still_be_overruled_and_stated_ones_not(asker, tmp_path):
    path = tmp_path / "late.csv"
    path.write_text("a,b\n" + "1,2\n" * 200_000 + "x,y\n")
    asker.imported(path, "guessed")
    columns = asker.get("/3/Frames/guessed", row_offset=200_000, row_count=1)["frames"][0]["columns"]
    assert [each["type"] for each in columns] == ["enum", "enum"]
    asker.imported(path, "stated", column_types='["Numeric","String"]')
    columns = asker.get("/3/Frames/stated", row_offset=200_000, row_count=1)["frames"][0]["columns"]
    assert [each["type"] for each in columns] == ["int", "string"]
    assert columns[0]["data"] == ["NaN"] and columns[1]["string_data"] == ["y"]


def test_a_question_for_a_job_is_held_while_many_others_are_answered(node, asker):
    """So many that threads would run out, if each waited in one."""
    ended = threading.Event()
    job = node.node.behind.jobs.start("Parse", lambda job: ended.wait(20), "x")["job"]
    asker.post("/3/SessionProperties", session_key="_sid_r", key="job.fetch_timeout_ms", value="5000")
    told: list[str] = []

    def hold() -> None:
        other = GenuineAsker(node, "_sid_r")
        told.append(other.get(f"/3/Jobs/{job}")["jobs"][0]["status"])

    waiting = [threading.Thread(target=hold) for _ in range(60)]
    for each in waiting:
        each.start()
    assert asker.get(f"/3/Jobs/{job}")["jobs"][0]["status"] == "RUNNING"  # another session: at once
    assert asker.get("/3/Cloud", skip_ticks="true")["cloud_healthy"] is True
    assert told == []
    ended.set()
    for each in waiting:
        each.join(10)
    assert told == ["DONE"] * 60


def test_everything_goes_but_what_is_retained(asker):
    for key in ("one", "two", "three"):
        asker.imported(IRIS, key)
    asker.sent(b"a\n1\n", destination_frame="raw")
    train = {
        "training_frame": "two",
        "response_column": "class",
        "hidden": "[2]",
        "epochs": 0.1,
        "model_id": "kept",
    }
    assert asker.finished(asker.post("/3/ModelBuilders/deeplearning", **train))["status"] == "DONE"
    asker.delete("/3/DKV", retained_keys="[one,kept]")
    assert [each["frame_id"]["name"] for each in asker.get("/3/Frames")["frames"]] == ["one", "two"]
    assert [each["model_id"]["name"] for each in asker.get("/3/Models")["models"]] == ["kept"]


def test_the_log_has_what_clients_say(asker):
    asker.post("/3/LogAndEcho", message="a remark, ä")
    assert "a remark, ä" in asker.get("/3/Logs/nodes/0/files/info")["log"]
    assert "a remark" not in asker.get("/3/Logs/nodes/-1/files/error")["log"]
    answer = asker.ask("GET", "/3/Logs/download")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as packed:
        (name,) = [each for each in packed.namelist() if each.endswith("-info.log")]
        assert "a remark, ä" in packed.read(name).decode()
    assert answer.headers["content-disposition"].startswith("attachment; filename=h2ologs_")
    assert "a remark" in asker.ask("GET", "/3/Logs/download/LOG").body.decode()
    for path in ("/3/Logs/nodes/7/files/info", "/3/Logs/nodes/0/files/secret"):
        assert asker.ask("GET", path).status == 400


def test_sparse_rows(asker):
    source = asker.sent(b"1 1:0.5 3:2\n0 2:1\n")
    job = asker.finished(
        asker.post("/3/ParseSVMLight", source_frames=f"[{source}]", destination_frame="thin")
    )
    assert job["dest"]["name"] == "thin"
    assert asker.get("/3/Frames/thin")["frames"][0]["num_columns"] == 4
    table = asker.sent(b"a,b\n1,2\n")
    answer = asker.ask("POST", "/3/ParseSVMLight", {"source_frames": f"[{table}]"})
    assert answer.status == 400 and "holds no sparse rows but CSV" in answer.json["msg"]
    unknown = asker.ask("POST", "/3/ParseSetup", {"source_frames": "[nope]"})
    assert unknown.status == 404 and "no raw file 'nope'" in unknown.json["msg"]


def test_setups_are_paged(asker):
    setup = asker.post("/3/ParseSetup", source_frames=f'["nfs:/{IRIS}"]', column_offset=1, column_count=2)
    assert (setup["total_filtered_column_count"], len(setup["column_types"])) == (5, 2)
    setup = asker.post("/3/ParseSetup", source_frames=f'["nfs:/{IRIS}"]', column_name_filter="CLASS")
    assert (setup["total_filtered_column_count"], setup["column_types"]) == (1, ["Enum"])


def test_the_node_ends_when_it_is_asked_to():
    with RunningNode(OpenNode(LocalSession("ends", nthreads=1))) as running:
        asker = GenuineAsker(running)
        assert asker.ask("GET", "/").status < 400
        assert asker.post("/3/Shutdown")["__meta"]["schema_name"] == "ShutdownV3"
        assert running.node.ended.wait(5)


@pytest.mark.parametrize(
    ("name", "key"),
    [  # told by the real H2O
        ("a b.csv", "a_b.hex"), ("2x.csv", "X2x.hex"), ("a-b.c.txt", "a_b_c.hex"), ("data", "data.hex"), ("x.csv.gz", "x.hex"),
    ],
)  # fmt: skip
def test_names_of_frames_are_made_of_those_of_files(asker, tmp_path, name, key):
    content = b"x\n1\n2\n"
    (tmp_path / name).write_bytes(gzip.compress(content) if name.endswith("gz") else content)
    assert asker.imported(tmp_path / name) == key
    assert asker.imported(tmp_path / name) == key.replace(".hex", "1.hex")
    assert asker.parsed(asker.sent(content, destination_frame=name)) == key.replace(".hex", "2.hex")


def test_r_says_null_where_it_says_nothing(asker):
    given = {"source_frames": f'["nfs:/{IRIS}"]'}
    assert asker.post("/3/ParseSetup", **given, decrypt_tool="NULL")["number_columns"] == 5
    assert asker.post("/3/ParseSetup", **given, decrypt_tool="")["number_columns"] == 5
    assert asker.ask("POST", "/3/ParseSetup", {**given, "decrypt_tool": "tool"}).status == 412
