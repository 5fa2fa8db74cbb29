"""Replies about the node, files, frames and jobs have the members and kinds of those of the real H2O."""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from .asking import GenuineAsker
from .recorded import differences, recorded, unequal

RECORDED = recorded("data")
FILES = Path(__file__).parents[1] / "data"
# sample -> places whose kind may differ, and why
FREE = {
    "Jobs": {"jobs[]/exception", "jobs[]/stacktrace", "jobs[]/warnings"},  # of jobs that the tests before have left
    "Jobs_id_done": set(),
    "Frames_load": {"job/progress_msg"},  # may be done already, and says so
    "Frames_save": {"job/progress_msg"},
    "Frames_export": {"job/progress_msg"},
    "CreateFrame": {"progress_msg"},
    "MissingInserter": {"progress_msg"},
    "Parse": {"job/progress_msg"},
    "Metadata_schemas_CloudV3": {"schemas[]/fields[]/value", "schemas[]/fields[]/required", "schemas[]/fields[]/is_gridable",
                                 "schemas[]/fields[]/schema_name", "schemas[]/markdown"},
    "Metadata_endpoints": {"markdown"},
    "error_404_ImportFilesMulti": {"values"},
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("data")
    for name in ("iris_wheader.csv", "prostate.csv"):
        shutil.copy(FILES / name, made)
    (made / "iris.csv").write_text("a\n1\n")
    (made / "out").mkdir()
    return made


@pytest.fixture
def ready(asker: GenuineAsker, folder: Path) -> GenuineAsker:
    """A client of a node with the frames that were there."""
    asker.imported(folder / "iris_wheader.csv", "iris_wheader.hex")
    for key in ("iris.hex", "rcopy", "df0", "py_55_sid_a175", "iris_wheader1.hex_sid_83f8_1"):
        asker.post("/99/Rapids", ast=f"(assign {quoted(key)} iris_wheader.hex)")
    asker.imported(folder / "prostate.csv", "prostate_f.hex")
    return asker


def quoted(key: str) -> str:
    return f'"{key}"' if "." in key else key


def replayed(asker: GenuineAsker, name: str, folder: Path, job: str = "") -> tuple[Any, Any]:
    """Our reply to a recorded request, and the recorded one."""
    call = RECORDED[name]
    path, form = call["path"].replace("/data/", f"{folder}/"), {**call.get("form", {})}
    if "/Jobs/$" in path:
        path = f"/3/Jobs/{quote(job, safe='')}" + ("/cancel" if path.endswith("/cancel") else "")
    form = {
        key: value.replace("/data/", f"{folder}/").replace("//tmp", "//tmp") for key, value in form.items()
    }
    answer = asker.ask(call["method"], path, form if call["method"] == "POST" else None)
    assert answer.status == call["status"], answer.body
    assert answer.headers["content-type"] == "application/json"
    return answer.json, call["response"]


PLAIN = sorted(
    name
    for name in RECORDED
    if not name.startswith(("Jobs_", "PostFile", "Frames_load", "NPS", "Shutdown", "error"))
)


@pytest.mark.parametrize("name", PLAIN)
def test_members_and_kinds(ready, folder, name):
    ours, theirs = replayed(ready, name, folder)
    assert differences(ours, theirs, frozenset(FREE.get(name, ()))) == []
    for job in [ours.get("job"), ours if "progress" in ours else None]:
        if job:
            ready.finished(job)


def test_texts_that_are_kept(asker, folder):
    for name in ("NPS_exists", "NPS_list", "NPS_put", "NPS_get", "NPS_delete", "NPS_exists"):
        ours, theirs = replayed(asker, name, folder)
        assert ours == theirs
    assert asker.ask("GET", "/3/NodePersistentStorage/notebook/zz").status == 404
    asker.post("/3/NodePersistentStorage/notebook/a%20b", value="text")
    (entry,) = asker.get("/3/NodePersistentStorage/notebook")["entries"]
    assert (entry["name"], entry["size"]) == ("a b", 4)
    assert asker.get("/3/NodePersistentStorage/categories/notebook/names/a%20b/exists")["exists"] is True


def test_files_that_are_sent(asker):
    for path in ("/3/PostFile", "/3/PostFile.bin"):
        answer = asker.ask("POST", path, body=b"a,b\n1,2\n")
        assert answer.json == {"destination_frame": answer.json["destination_frame"], "total_bytes": 8}
    name = "\\path\\iris.csv_sid_83f8_1"
    assert asker.sent(b"a\n1\n", destination_frame=name) == name
    (listed,) = [each for each in asker.get("/3/Frames")["frames"] if each["frame_id"]["name"] == name]
    assert (listed["is_text"], listed["byte_size"], listed["rows"], listed["columns"]) == (True, 4, 4, 1)
    boundary = b'--x\r\nContent-Disposition: form-data; name="fileUploadInfo"; filename="f.csv"\r\n\r\na\n1\n\r\n--x--\r\n'
    answer = asker.ask(
        "POST", "/3/PostFile", {"destination_frame": "f"}, boundary, "multipart/form-data; boundary=x"
    )
    assert answer.json == {"destination_frame": "f", "total_bytes": 4}


def test_a_frame_is_loaded_again(ready, folder):
    for name in ("Frames_save", "Frames_load"):
        ours, theirs = replayed(ready, name, folder)
        assert differences(ours, theirs, frozenset(FREE[name])) == []
        assert ready.finished(ours)["status"] == "DONE"


@pytest.mark.parametrize("name", ["Frames_id", "Frames_id_summary"])
def test_values_of_iris(ready, folder, name):
    ours, theirs = (each["frames"][0] for each in replayed(ready, name, folder))
    for mine, their in zip(ours["columns"], theirs["columns"], strict=False):
        shown = their["histogram_bins"] and their["percentiles"]
        assert unequal(mine, {**their, "percentiles": None} if shown is None else their, rel=0.02) == []
    del theirs["columns"], theirs["checksum"], theirs["byte_size"]
    del theirs["chunk_summary"], theirs["distribution_summary"]
    assert unequal(ours, theirs) == []
    assert len(ours["columns"][0]["data"]) == ours["row_count"]


def test_setup_and_parse_say_what_h2o_says(ready, folder):
    ours, theirs = replayed(ready, "ParseSetup", folder)
    theirs["source_frames"] = ours["source_frames"]  # the folder is another one
    theirs["destination_frame"] = "iris_wheader1.hex"  # the frame is there already
    assert unequal(ours, theirs) == []
    asked = f'["nfs:/{folder}/iris_wheader.csv"]'
    form = {**RECORDED["Parse"]["form"], "source_frames": asked}
    ours, theirs = ready.post("/3/Parse", **form), RECORDED["Parse"]["response"]
    assert ready.finished(ours)["status"] == "DONE"
    for reply in (ours, theirs):
        del reply["job"], reply["source_frames"]
    assert unequal(ours, theirs) == []


def test_a_job_that_has_failed(ready, folder):
    asked = ready.post("/3/Frames/load", frame_id="never", dir=str(folder / "out"))
    job = ready.finished(asked)
    ours, theirs = replayed(ready, "Jobs_id_failed", folder, job["key"]["name"])
    assert differences(ours, theirs, frozenset()) == []
    assert ours["jobs"][0]["status"] == "FAILED" and ours["jobs"][0]["progress_msg"] == "Failed."


def test_a_job_that_is_cancelled(node, asker, folder):
    def work(job: Any) -> None:
        while True:
            job.stop_if_cancelled()
            time.sleep(0.002)

    started = node.node.behind.jobs.start("deeplearning Model Build", work, "longm")
    name = started["job"]
    ours, theirs = replayed(asker, "Jobs_id_running", folder, name)
    assert differences(ours, theirs, frozenset({"jobs[]/progress_msg", "jobs[]/dest/__meta"})) == []
    ours, theirs = replayed(asker, "Jobs_cancel", folder, name)
    assert differences(ours, theirs, frozenset()) == []
    node.node.behind.jobs.wait(name, 10)
    ours, theirs = replayed(asker, "Jobs_id_cancelled", folder, name)
    assert differences(ours, theirs, frozenset()) == []
    assert (ours["jobs"][0]["status"], ours["jobs"][0]["progress"]) == ("CANCELLED", 1.0)


def test_what_is_not_there(asker, folder):
    ours, theirs = replayed(asker, "error_404_ImportFilesMulti", folder)
    assert differences(ours, theirs, frozenset()) == []
    assert ours["exception_type"] == theirs["exception_type"]
    frame = asker.ask("GET", "/3/Frames/nope")
    assert frame.status == 404
    assert "Object 'nope' not found for argument: key" in frame.json["msg"]
    assert frame.json["values"] == {"argument": "key", "name": "nope"}
    assert asker.ask("GET", "/3/Jobs/nope").status == 404
    assert asker.ask("GET", "/3/Nope").json["exception_type"] == theirs["exception_type"]
