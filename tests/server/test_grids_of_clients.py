"""Grids as genuine clients ask for them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from heavywater.exchange import table_of
from heavywater.server.node_server import RunningNode

from ..cases.answers import asked, differences, recorded
from .asking import GenuineAsker

SMALL = {
    "epochs": "1",
    "seed": "1",
    "reproducible": "True",
    "training_frame": "cells",
    "response_column": "class",
}


@pytest.fixture(scope="module")
def client(node: RunningNode) -> Iterator[GenuineAsker]:
    """A client with a frame."""
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=(2, 90))
    data = {"x": x, "y": y, "class": np.array(["a", "b", "c"])[np.arange(90) % 3]}
    node.node.session.frames.upload(table_of(data, column_types={"class": "enum"}), "cells")
    asking = GenuineAsker(node)
    yield asking
    asking.delete("/3/DKV")
    asking.connection.close()


def search(client: GenuineAsker, **values: Any) -> Any:
    started = client.post("/99/Grid/deeplearning", **{**SMALL, **values})
    assert client.finished(started)["status"] == "DONE"
    return started


@pytest.fixture(scope="module")
def grid(client: GenuineAsker) -> Any:
    """What the request for a grid was answered, with the defaults of Python's client and a failing value."""
    values = dict(asked("models", "Grid_deeplearning_POST"))
    values |= {**SMALL, "hyper_parameters": '{"hidden": [[4],[5,5],[0]],"l1": [0,0.0001]}', "grid_id": "cart"}
    values |= {"validation_frame": "cells"}
    return search(client, **values)


def test_a_search_answers_with_its_job(grid):
    assert list(differences(recorded("models", "Grid_deeplearning_POST"), grid)) == []
    assert grid["job"]["dest"]["name"] == "cart" and grid["job"]["dest"]["type"] == "Key<Grid>"
    assert grid["parameters"]["hidden"] == [200, 200] and grid["parameters"]["epochs"] == 1.0


def test_a_grid_has_the_structure_of_h2os(client, grid):
    found = client.get("/99/Grids/cart")
    theirs = recorded("models", "Grids_id")
    assert list(differences(theirs, found)) == []
    failing = recorded("models", "Grids_id_failures")
    for other in ("summary_table", "model_ids", "scoring_history"):
        failing.pop(other)
    assert list(differences(failing, found)) == []
    assert [each["hidden"] for each in found["failed_params"]] == [[0], [0]]
    assert found["failed_params"][0]["training_frame"]["name"] == "cells"
    assert "hidden=[0]" in found["failure_details"][0] and found["failed_raw_params"][0] == ["0", "0"]
    every = client.get("/99/Grids")
    assert list(differences(recorded("models", "Grids"), every)) == []


def test_models_are_sorted_as_asked_for(client, grid):
    default = client.get("/99/Grids/cart")
    assert (default["sort_by"], default["decreasing"]) == ("logloss", False)
    scores = default["summary_table"]["data"][-1]
    assert scores == sorted(scores) and len(scores) == 4
    turned = client.get("/99/Grids/cart", sort_by="logloss", decreasing="True")
    assert turned["decreasing"] is True
    assert [each["name"] for each in turned["model_ids"]] == [
        each["name"] for each in reversed(default["model_ids"])
    ]
    assert set(default["summary_table"]["data"][1]) == {"4", "[5, 5]"}
    assert client.ask("GET", "/99/Grids/cart", {"sort_by": "foo"}).status == 400
    assert client.ask("GET", "/99/Grids/nosuch").status == 404


@pytest.mark.parametrize(
    ("hyper", "criteria", "most"),
    [
        ('{"activation": [Tanh,Maxout],"hidden": [[3],[4]]}', '{"strategy": RandomDiscrete, "max_models": 2, "seed": 3}', 2),
        ('{"activation"=["tanh","rectifier_with_dropout"]}', '{"strategy"="Cartesian"}', 2),
        ('{"hidden": [3,4]}', '{"max_models": 1}', 1),
        ('{"input_dropout_ratio": [0.1],"use_all_factor_levels": [true,false]}', "", 2),
    ],
)  # fmt: skip
def test_searches_in_the_spellings_of_clients(client, hyper, criteria, most):
    started = search(client, hidden="[3]", hyper_parameters=hyper, search_criteria=criteria) if "hidden" not in hyper \
        else search(client, hyper_parameters=hyper, search_criteria=criteria)  # fmt: skip
    found = client.get(f"/99/Grids/{started['job']['dest']['name']}")
    assert len(found["model_ids"]) == most and not found["failure_details"]


def test_a_warning_of_many_models_is_told_once(client):
    values = {"hyper_parameters": '{"hidden": [[3],[4]]}', "rate": "0.1", "grid_id": "warned"}
    search(client, **values)
    (warning,) = client.get("/99/Grids/warned")["warning_details"]
    assert "rate=0.1 has no effect" in warning


def test_what_cannot_be_searched(client):
    values = {**SMALL, "hyper_parameters": json.dumps({"nfolds": [2, 3]})}
    answer = client.ask("POST", "/99/Grid/deeplearning", values)
    assert answer.status == 412 and "nfolds" in answer.json["msg"]
    values = {
        **SMALL,
        "hyper_parameters": json.dumps({"hidden": [[3]]}),
        "search_criteria": '{"strategy": Best}',
    }
    assert "Best" in client.ask("POST", "/99/Grid/deeplearning", values).json["msg"]
    for path, several in (
        ("Grid", {"hyper_parameters": '{"l1": [0]}'}),
        ("SegmentModelsBuilders", {"segment_columns": "[class]"}),
    ):
        version = 99 if path == "Grid" else 3
        many = {**SMALL, "response_column": "x", "parallelism": "100000", **several}
        answer = client.ask("POST", f"/{version}/{path}/deeplearning", many)
        assert answer.status == 412 and "at most 1000" in answer.json["msg"]
    answer = client.ask("POST", "/99/Grid/deeplearning", {"hyper_parameters": '{"l1": [0]}'})
    assert answer.status == 412 and "training_frame" in answer.json["msg"]


def test_a_grid_on_the_disk_of_the_node(client, grid, tmp_path, node):
    folder = str(tmp_path)
    saved = client.post("/3/Grid.bin/cart/export", grid_directory=folder, save_params_references="True",
                        export_cross_validation_predictions="False")  # fmt: skip
    assert list(differences(recorded("models", "Grid_bin_export"), saved)) == []
    names = [each["name"] for each in client.get("/99/Grids/cart")["model_ids"]]
    client.delete("/3/DKV")
    loaded = client.post("/3/Grid.bin/import", grid_path=f"{folder}/cart", load_params_references="True")
    assert list(differences(recorded("models", "Grid_bin_import"), loaded)) == []
    assert [each["name"] for each in client.get("/99/Grids/cart")["model_ids"]] == names
    assert "cells" in node.node.session.objects.keys("frame")
    started = client.post("/99/Grid/deeplearning/resume", grid_id="cart")
    assert client.finished(started)["status"] == "DONE" and started["parameters"]["epochs"] == 1.0
    assert len(client.get("/99/Grids/cart")["model_ids"]) == 4


def test_a_search_goes_on_after_the_node_has_lost_it(client, tmp_path):
    values = {"hyper_parameters": '{"hidden": [[3],[4]]}', "recovery_dir": str(tmp_path), "grid_id": "kept"}
    search(client, **values, search_criteria='{"strategy": Cartesian, "max_models": 1}')
    for name in ("kept", "kept_model_1"):
        client.delete(f"/3/DKV/{name}")
    assert client.post("/3/Recovery/resume", recovery_dir=str(tmp_path))["recovery_dir"] == str(tmp_path)
    for job in client.get("/3/Jobs")["jobs"]:
        assert client.finished(job)["status"] == "DONE"
    assert len(client.get("/99/Grids/kept")["model_ids"]) == 2  # max_models is that of each search
    search(client, **values)
    assert len(client.get("/99/Grids/kept")["model_ids"]) == 2
    assert client.ask("POST", "/3/Recovery/resume", {"recovery_dir": str(tmp_path / "nosuch")}).status == 400
    (tmp_path / "empty").mkdir()
    (tmp_path / "empty" / "text").write_text("no grid")
    assert client.ask("POST", "/3/Recovery/resume", {"recovery_dir": str(tmp_path / "empty")}).status == 404
