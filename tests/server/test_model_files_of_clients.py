"""Models as files: on the disk of the node, sent and fetched, MOJO, Java."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from heavywater.exchange import table_of
from heavywater.server.node.open_node import NodeOptions, OpenNode
from heavywater.server.node_server import RunningNode
from heavywater.session import LocalSession

from ..cases.answers import differences, recorded
from ..cases.scoring import Case
from .asking import GenuineAsker

MOJO = Case("s01_binomial_rectifier")


@pytest.fixture(scope="module")
def inside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The only folder whose files clients may name."""
    return tmp_path_factory.mktemp("inside")


@pytest.fixture(scope="module")
def client(inside: Path) -> Iterator[GenuineAsker]:
    """A client of a node with a root, and a model."""
    with RunningNode(OpenNode(LocalSession(nthreads=1), NodeOptions(roots=(str(inside),)))) as running:
        rng = np.random.default_rng(1)
        x, y = rng.normal(size=(2, 60))
        running.node.session.frames.upload(table_of({"x": x, "y": y, "z": x + y}), "rows")
        asking = GenuineAsker(running)
        started = asking.post(
            "/3/ModelBuilders/deeplearning", training_frame="rows", response_column="z", hidden="[3]", epochs="1",
            model_id="m", nfolds="2", keep_cross_validation_predictions="True",
        )  # fmt: skip
        assert asking.finished(started)["status"] == "DONE"
        yield asking
        asking.connection.close()


def loss(found: Any) -> float:
    return float(found["models"][0]["output"]["training_metrics"]["MSE"])


def test_a_model_is_saved_and_loaded_on_the_node(client, inside):
    path = str(inside / "m")
    saved = client.get("/99/Models.bin/m", dir=path, force="True", export_cross_validation_predictions="True")
    assert list(differences(recorded("models", "Models_bin_save"), saved)) == []
    assert saved["dir"] == path and Path(path).is_file()
    answer = client.ask("GET", "/99/Models.bin/m", {"dir": path, "force": "False"})
    assert answer.status == 412 and "exists already" in answer.json["msg"]
    before = loss(client.get("/3/Models/m"))
    client.delete("/3/Models/m")
    loaded = client.post("/99/Models.bin/", dir=path)
    assert loss(loaded) == before and loaded["models"][0]["model_id"]["name"] == "m"
    holdout = loaded["models"][0]["output"]["cross_validation_holdout_predictions_frame_id"]
    assert client.get(f"/3/Frames/{holdout['name']}")["frames"][0]["rows"] == 60


def test_a_model_is_fetched_and_sent(client):
    answer = client.ask("GET", "/3/Models.fetch.bin/m")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == 'attachment; filename="m"'
    before = loss(client.get("/3/Models/m"))
    client.delete("/3/Models/m")
    key = client.ask("POST", "/3/PostFile.bin", body=answer.body).json["destination_frame"]
    assert loss(client.post("/99/Models.upload.bin/", dir=key)) == before
    key = client.ask("POST", "/3/PostFile.bin", body=b"no model").json["destination_frame"]
    assert client.ask("POST", "/99/Models.upload.bin/", {"dir": key}).status == 412


@pytest.mark.parametrize(
    ("method", "path", "values"),
    [
        ("GET", "/99/Models.bin/m", {"dir": "{out}/m"}),
        ("POST", "/99/Models.bin/", {"dir": "{out}/m"}),
        ("GET", "/99/Models.mojo/m", {"dir": "{out}/m.zip"}),
        ("GET", "/99/Models/m/json", {"dir": "{out}/m.json"}),
        ("POST", "/3/ModelBuilders/generic", {"path": "{out}/m.zip"}),
        ("POST", "/3/Grid.bin/import", {"grid_path": "{out}/g"}),
        ("POST", "/99/Grid/deeplearning", {"training_frame": "rows", "response_column": "z", "recovery_dir": "{out}",
                                           "hyper_parameters": '{"l1": [0]}'}),
        ("POST", "/3/ModelBuilders/deeplearning", {"training_frame": "rows", "response_column": "z",
                                                   "export_checkpoints_dir": "{out}"}),
    ],
)  # fmt: skip
def test_files_elsewhere_cannot_be_named(client, tmp_path, method, path, values):
    answer = client.ask(
        method, path, {name: each.replace("{out}", str(tmp_path)) for name, each in values.items()}
    )
    told = answer.json
    if answer.status == 200:  # what a job was started for
        job = client.finished(told)
        assert job["status"] == "FAILED"
        told = {"msg": job["exception"]}
    assert str(tmp_path) in told["msg"] and not list(tmp_path.iterdir())


def test_mojos_leave_and_come_back(client, inside):
    content = client.ask("GET", "/3/Models/m/mojo").body
    assert "model.ini" in zipfile.ZipFile(io.BytesIO(content)).namelist()
    path = client.get("/99/Models.mojo/m", dir=str(inside / "m.zip"), force="True")["dir"]
    started = client.ask("POST", "/3/ModelBuilders/generic", {"path": path}).json
    assert list(differences(recorded("models", "ModelBuilders_generic_POST"), started)) == []
    name = client.finished(started)["dest"]["name"]
    assert name.startswith("Generic_model_python_")
    generic = client.get(f"/3/Models/{name}")["models"][0]
    assert (generic["algo"], generic["__meta"]["schema_name"]) == ("generic", "GenericModelV3")
    key = client.ask("POST", "/3/PostFile", body=content).json["destination_frame"]
    assert client.get(f"/3/Frames/{key}", row_count=2)["frames"][0]["columns"][0]["data"] == [80, 75]
    started = client.post("/3/ModelBuilders/generic", model_key=key, model_id="sent")
    assert client.finished(started)["dest"]["name"] == "sent"
    one, other = (client.post(f"/3/ModelMetrics/models/{each}/frames/rows") for each in ("m", "sent"))
    assert other["model_metrics"][0]["MSE"] == pytest.approx(one["model_metrics"][0]["MSE"], rel=1e-6)


def test_a_mojo_of_h2o_scores_as_there(client):
    key = client.ask("POST", "/3/PostFile", body=MOJO.path.read_bytes()).json["destination_frame"]
    client.finished(client.post("/3/ModelBuilders/generic", model_key=key, model_id="theirs"))
    metrics = client.get("/3/Models/theirs")["models"][0]["output"]["training_metrics"]
    assert metrics["AUC"] == pytest.approx(MOJO.summary["training_metrics"]["AUC"])


def test_names_of_files_lead_nowhere(client):
    values = {
        "training_frame": "rows",
        "response_column": "z",
        "hidden": "[2]",
        "epochs": "0",
        "model_id": "../日本/m",
    }
    assert client.finished(client.post("/3/ModelBuilders/deeplearning", **values))["status"] == "DONE"
    answer = client.ask("GET", f"/3/Models.fetch.bin/{quote('../日本/m', safe='')}")
    assert answer.headers["content-disposition"] == 'attachment; filename="..____m"'


@pytest.mark.parametrize("values", [{}, {"path": "a", "model_key": "b"}])
def test_one_mojo_has_to_be_named(client, values):
    assert client.ask("POST", "/3/ModelBuilders/generic", values).status == 412


def test_java_and_details(client, inside):
    answer = client.ask("GET", "/3/Models.java/m")
    assert answer.headers["content-disposition"] == 'attachment; filename="m.java"'
    assert b"class m" in answer.body and b"class m" in client.ask("GET", "/3/Models.java/m/preview").body
    found = client.get("/99/Models/m/json", dir=str(inside / "m.json"), force="True")
    assert Path(found["dir"]).read_text(encoding="utf-8").startswith("{")


def test_the_scorer_of_h2o_is_elsewhere(client):
    answer = client.ask("GET", "/3/h2o-genmodel.jar")
    assert answer.status == 404 and "Maven Central" in answer.json["msg"]


def test_a_model_that_is_not_there_has_no_files(client, inside):
    for path in ("/3/Models.fetch.bin/no", "/3/Models/no/mojo", "/3/Models.java/no", "/99/Models.bin/no"):
        assert client.ask("GET", path, {"dir": str(inside / "no")}).status == 404
