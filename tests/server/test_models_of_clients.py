"""Models as genuine clients ask for them: the structure of H2O's recorded answers, and what is in ours."""

from __future__ import annotations

import json
import math
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pytest
from heavywater.exchange import table_of
from heavywater.server.node_server import RunningNode

from ..cases.answers import asked, differences, recorded
from .asking import GenuineAsker

ROWS = 120
SMALL = {"hidden": "[4]", "epochs": "2", "seed": "1", "reproducible": "True"}
BUILD = "/3/ModelBuilders/deeplearning"


@pytest.fixture(scope="module")
def client(node: RunningNode) -> Iterator[GenuineAsker]:
    """A client with frames and models of each kind."""
    rng = np.random.default_rng(1)
    x, y, z = rng.normal(size=(3, ROWS))
    data = {
        "x": x,
        "y": y,
        "g": np.array(["a", "b", "c"])[np.arange(ROWS) % 3],
        "two": np.where(x + y + 0.5 * z > 0, "yes", "no"),
        "three": np.array(["p", "q", "r"])[np.clip(x * 2, -1, 1).astype(int) + 1],
        "number": 10 + 3 * x - y + z,
    }
    frames = node.node.session.frames
    frames.upload(table_of(data, column_types=dict.fromkeys(("g", "two", "three"), "enum")), "rows")
    asking = GenuineAsker(node)
    for name, said in {
        "bin": {"response_column": "two", "validation_frame": "rows", "export_weights_and_biases": "True"},
        "mul": {"response_column": "three", "nfolds": "3", "keep_cross_validation_predictions": "True",
                "keep_cross_validation_fold_assignment": "True"},
        "val": {"response_column": "three", "validation_frame": "rows"},
        "reg": {"response_column": "number"},
        "ae": {"autoencoder": "True", "activation": "Tanh"},
    }.items():  # fmt: skip
        ignored = [each for each in ("two", "three", "number") if each != said.get("response_column")]
        values = {
            **SMALL,
            "training_frame": "rows",
            "ignored_columns": json.dumps(ignored),
            "model_id": name,
            **said,
        }
        job = asking.finished(asking.post(BUILD, **values))
        assert job["status"] == "DONE", job["exception"]
    yield asking
    asking.delete("/3/DKV")
    asking.connection.close()


def model(client: GenuineAsker, name: str) -> Any:
    return client.get(f"/3/Models/{name}")["models"][0]


@pytest.mark.parametrize(
    ("case", "name"),
    [
        ("Models_id_binomial", "bin"),
        ("Models_id_multinomial", "val"),
        ("Models_id_cv", "mul"),
        ("Models_id_regression", "reg"),
        ("Models_id_autoencoder", "ae"),
    ],
)
def test_a_model_has_the_structure_of_h2os(client, case, name):
    found = [
        each
        for each in differences(recorded("models", case), client.get(f"/3/Models/{name}"))
        if "reproducibility_information_table" not in each  # facts about a Java machine
    ]
    assert found == []


def test_what_a_model_tells_is_what_the_session_tells(client, node):
    told, described = model(client, "bin"), node.node.session.models.describe("bin")
    output = told["output"]
    assert (told["algo"], told["response_column_name"], told["data_frame"]["name"]) == (
        "deeplearning",
        "two",
        "rows",
    )
    assert output["training_metrics"]["AUC"] == described["training_metrics"]["AUC"]
    assert output["validation_metrics"]["frame"]["name"] == "rows"
    assert output["domains"][-1] == ["no", "yes"] and output["names"][-1] == "two"
    thresholds = output["training_metrics"]["thresholds_and_metric_scores"]
    rows = described["training_metrics"]["thresholds_and_metric_scores"]["rows"]
    assert thresholds["data"] == [list(each) for each in zip(*rows, strict=True)]
    parameters = {each["name"]: each for each in told["parameters"]}
    assert (parameters["hidden"]["default_value"], parameters["hidden"]["actual_value"]) == ([200, 200], [4])
    assert (
        parameters["seed"]["actual_value"] == 1 and parameters["distribution"]["actual_value"] == "bernoulli"
    )
    assert parameters["response_column"]["actual_value"]["column_name"] == "two"
    assert parameters["training_frame"]["input_value"]["name"] == "rows"
    history = output["scoring_history"]
    assert history["columns"][0]["name"] == "" and history["data"][0] == [""] * history["rowcount"]


def test_weights_are_frames_that_go_with_their_model(client, node):
    values = {**SMALL, "training_frame": "rows", "response_column": "number", "model_id": "gone"}
    client.finished(client.post(BUILD, **values, export_weights_and_biases="true"))
    output = model(client, "gone")["output"]
    assert [each["name"] for each in output["weights"]] == ["gone.weights.0", "gone.weights.1"]
    frame = client.get("/3/Frames/gone.weights.1")["frames"][0]
    assert (frame["rows"], frame["num_columns"]) == (1, 4)
    assert len(model(client, "gone")["output"]["biases"]) == 2
    values["hidden"] = "[3]"
    client.finished(client.post(BUILD, **values, export_weights_and_biases="true"))
    model(client, "gone")
    assert client.get("/3/Frames/gone.weights.1")["frames"][0]["num_columns"] == 3
    client.delete("/3/Models/gone")
    assert not [name for name in node.node.session.objects.keys(None) if name.startswith("gone")]


def test_the_models_are_listed(client):
    found = client.get("/3/Models")
    assert list(differences(recorded("models", "Models"), found)) == []
    assert {"bin", "mul", "mul_cv_1", "reg", "ae"} <= {each["model_id"]["name"] for each in found["models"]}
    assert client.ask("GET", "/3/Models/nosuch").status == 404


def test_the_parameters_of_models_are_those_of_h2o(client):
    found = client.get(BUILD)
    assert list(differences(recorded("models", "ModelBuilders_deeplearning_GET"), found)) == []
    assert set(client.get("/3/ModelBuilders")["model_builders"]) == {"deeplearning", "generic"}
    hidden = {each["field_name"] for each in found["model_builders"]["deeplearning"]["messages"]}
    assert {"rate", "momentum_start", "hidden_dropout_ratios", "score_validation_samples"} <= hidden
    assert "hidden" not in hidden


def test_training_answers_with_a_job_that_names_the_model(client):
    values = {**asked("models", "ModelBuilders_deeplearning_POST"), "training_frame": "rows",
              "validation_frame": "rows", "response_column": "two", "model_id": "named"}  # fmt: skip
    found = client.post(BUILD, **values)
    assert list(differences(recorded("models", "ModelBuilders_deeplearning_POST"), found)) == []
    assert found["job"]["dest"]["name"] == "named" and client.finished(found)["status"] == "DONE"
    parameters = {each["name"]: each for each in model(client, "named")["parameters"]}
    assert parameters["hidden"]["actual_value"] == [8, 8]
    told = [each for each in parameters.values() if each["actual_value"] != each["default_value"]]
    given = {"model_id", "training_frame", "validation_frame", "response_column", "hidden", "epochs", "seed"}
    settled = {
        "distribution",
        "stopping_metric",
        "reproducible",
        "loss",
        "categorical_encoding",
        "fold_assignment",
        "score_each_iteration",
        "train_samples_per_iteration",
        "auc_type",
    }
    assert {each["name"] for each in told} <= given | settled | {"shuffle_training_data"}


def test_a_form_is_told_which_fields_matter(client):
    values = {**asked("models", "ModelBuilders_parameters_POST"), "training_frame": "rows"}
    found = client.post(f"{BUILD}/parameters", **{k: v for k, v in values.items() if k != "response_column"})
    theirs = recorded("models", "ModelBuilders_parameters_POST")
    assert list(differences(theirs, found)) == [] and found["job"] is None
    errors = [each for each in found["messages"] if each["message_type"] == "ERRR"]
    assert [each["field_name"] for each in errors] == ["response_column"] and found["error_count"] == 1
    found = client.post(f"{BUILD}/parameters", training_frame="rows", response_column="two", rate="0.1")
    kinds = {(each["message_type"], each["field_name"]) for each in found["messages"]}
    assert {("WARN", "rate"), ("TRACE", "rate"), ("TRACE", "regression_stop")} <= kinds


def test_wrong_parameters_are_answered_field_by_field(client):
    values = {"training_frame": "rows", "response_column": "two", "hidden": "[0]", "rho": "7", "nfolds": "-1"}
    answer = client.ask("POST", BUILD, {**values, "epochs": "1"})
    assert answer.status == 412
    found = answer.json
    assert list(differences(_without_values(recorded("models", "error_412_ModelBuilders")), found)) == []
    fields = [each["field_name"] for each in found["messages"] if each["message_type"] == "ERRR"]
    assert fields == ["hidden", "nfolds"] and found["error_count"] == 2
    assert "ERRR on field: _hidden: hidden=[0]" in found["msg"]


def _without_values(answer: Any) -> Any:
    return {name: value for name, value in answer.items() if name not in ("values", "stacktrace")}


@pytest.mark.parametrize(
    ("values", "status", "said"),
    [
        ({"training_frame": "rows", "nosuch": "1"}, 412, "Unknown parameter: nosuch"),
        ({"training_frame": "nosuch", "response_column": "two"}, 400, "nosuch"),
        ({"training_frame": "rows", "activation": "foo"}, 400, "activation='foo'"),
        ({"training_frame": "rows", "epochs": "many"}, 412, "epochs='many'"),
        ({"training_frame": "rows", "autoencoder": "maybe"}, 412, "autoencoder='maybe'"),
        ({"training_frame": "rows"}, 412, "_response_column"),
        ({"response_column": "two"}, 412, "_training_frame"),
        ({"training_frame": "rows", "response_column": "zzz"}, 412, "_response_column: y='zzz'"),
        ({"training_frame": "rows", "response_column": "two", "checkpoint": "zzz"}, 412, "_checkpoint"),
        ({"training_frame": "rows", "response_column": "two", "model_id": "a b"}, 412, "'a b' cannot name"),
    ],
)
def test_what_no_model_can_be_asked_for_with(client, values, status, said):
    answer = client.ask("POST", BUILD, values)
    assert answer.status == status and said in answer.json["msg"]


def test_names_are_made_up_for_whoever_asks(client):
    names = {client.post("/3/ModelBuilders/deeplearning/model_id")["model_id"] for _ in range(3)}
    assert len(names) == 3 and all(name.startswith("deeplearning_model_") for name in names)


def test_other_algorithms_name_themselves(client):
    answer = client.ask("POST", "/3/ModelBuilders/gbm", {"training_frame": "rows"})
    assert answer.status == 404 and "gbm" in answer.json["msg"]


def test_a_model_in_training_can_be_looked_at_and_kept(client):
    values = {**SMALL, "training_frame": "rows", "response_column": "three", "model_id": "long", "epochs": "1e9",
              "stopping_rounds": "0", "classification_stop": "-1", "reproducible": "false",
              "train_samples_per_iteration": "120", "score_interval": "0", "score_duty_cycle": "1"}  # fmt: skip
    started = client.post(BUILD, **values)
    assert started["job"]["status"] == "RUNNING"
    until = time.monotonic() + 30
    while not (told := model(client, "long"))["output"]["scoring_history"] and time.monotonic() < until:
        time.sleep(0.02)
    assert told["output"]["scoring_history"]["rowcount"] >= 1 and told["output"]["training_metrics"] is None
    assert told["output"]["model_category"] == "Multinomial"
    client.post(f"/3/Jobs/{quote(started['job']['key']['name'], safe='')}/cancel")
    assert client.finished(started)["status"] == "CANCELLED"
    assert model(client, "long")["output"]["training_metrics"]["logloss"] > 0


def test_an_unstable_training_names_the_model_that_is_kept(client):
    values = {"training_frame": "rows", "response_column": "number", "model_id": "wild", "hidden": "[9,9]", "rate": "1e12",
              "adaptive_rate": "False", "seed": "1"}  # fmt: skip
    job = client.finished(client.post(BUILD, **values))
    assert job["status"] == "FAILED" and "kept in model 'wild'" in job["exception"]
    assert model(client, "wild")["output"]["model_summary"] is not None


def test_warnings_of_a_model_come_with_its_job(client):
    values = {**SMALL, "training_frame": "rows", "response_column": "two", "rate": "0.1"}
    job = client.finished(client.post(BUILD, **values))
    assert len(job["warnings"]) == 1 and "rate=0.1 has no effect" in job["warnings"][0]


def test_models_of_segments(client, node):
    values = {**SMALL, "training_frame": "rows", "response_column": "number", "segment_models_id": "parts"}
    started = client.post(
        "/3/SegmentModelsBuilders/deeplearning", **values, segment_columns='["g"]', parallelism="2"
    )
    assert started["dest"]["type"] == "Key<SegmentModels>"
    assert client.finished(started)["status"] == "DONE"
    table = node.node.session.training.segment_models("parts")
    assert node.node.session.frames.facts(table)["nrow"] == 3


# ---- predictions and metrics


def test_predictions_get_a_name_of_the_node(client):
    started = client.post("/4/Predictions/models/bin/frames/rows")
    assert list(differences(recorded("models", "Predictions_v4_POST"), started)) == []
    name = client.finished(started)["dest"]["name"]
    assert name.startswith("transformation_") and name.endswith("_bin_on_rows")
    frame = client.get(f"/3/Frames/{name}")["frames"][0]
    assert [each["label"] for each in frame["columns"]] == ["predict", "no", "yes"]


@pytest.mark.parametrize(
    ("values", "prefix", "labels"),
    [
        ({"reconstruction_error": "True"}, "reconstruction_error", ["Reconstruction.MSE"]),
        (
            {"reconstruction_error": "True", "reconstruction_error_per_feature": "TRUE"},
            "reconstruction_error",
            6,
        ),
        ({"deep_features_hidden_layer": "0"}, "deep_features", 4),
        ({"deep_features_hidden_layer_name": "L1"}, "deep_features", 4),
        ({}, "transformation", 6),
    ],
)
def test_what_an_autoencoder_can_be_asked_for(client, values, prefix, labels):
    found = client.post("/3/Predictions/models/ae/frames/rows", **values)
    assert list(differences(recorded("models", "Predictions_v3_POST_reconstruction"), found)) == []
    frame = found["model_metrics"][0]["predictions"]
    assert frame["frame_id"]["name"].startswith(f"{prefix}_")
    shown = [each["label"] for each in frame["columns"]]
    assert shown == labels if isinstance(labels, list) else len(shown) == labels


def test_several_quantiles(client):
    values = {**SMALL, "training_frame": "rows", "response_column": "number", "model_id": "quantiles"}
    asked_for = {"distribution": "quantile", "quantile_alpha": "[0.9, 0.1, 0.5]"}
    assert client.finished(client.post(BUILD, **values, **asked_for))["status"] == "DONE"
    told = {each["name"]: each for each in model(client, "quantiles")["parameters"]}
    assert told["quantile_alpha"]["actual_value"] == [0.1, 0.5, 0.9]
    found = client.post("/3/Predictions/models/quantiles/frames/rows")
    columns = found["model_metrics"][0]["predictions"]["columns"]
    assert [each["label"] for each in columns] == ["predict", "q10", "q50", "q90"]
    grid = {**SMALL, "training_frame": "rows", "response_column": "number", "distribution": "quantile"}
    hyper = {"hyper_parameters": json.dumps({"quantile_alpha": [[0.1, 0.9], 0.5]}), "grid_id": "of_quantiles"}
    client.finished(client.post("/99/Grid/deeplearning", **grid, **hyper))
    keys = [each["name"] for each in client.get("/99/Grids/of_quantiles")["model_ids"]]
    tried = [
        each["actual_value"]
        for key in keys
        for each in model(client, key)["parameters"]
        if each["name"] == "quantile_alpha"
    ]
    assert sorted(map(str, tried)) == ["0.5", "[0.1, 0.9]"]


def test_contributions_beside_a_background(client):
    asked = {"predict_contributions": "True", "background_frame": "rows"}
    started = client.post(
        "/4/Predictions/models/bin/frames/rows", **asked, output_per_reference="False", top_n="2"
    )
    name = client.finished(started)["dest"]["name"]
    assert name.startswith("contributions_")
    columns = client.get(f"/3/Frames/{name}")["frames"][0]["columns"]
    assert [each["label"] for each in columns][-2:] == ["top_value_2", "BiasTerm"]
    started = client.post(
        "/4/Predictions/models/bin/frames/rows", **asked, predict_contributions_output_format="Compact"
    )
    columns = client.get(f"/3/Frames/{client.finished(started)['dest']['name']}")["frames"][0]["columns"]
    assert columns[-1]["label"] == "BiasTerm" and len(columns) == 4


def test_flow_names_the_predictions(client):
    found = client.post("/3/Predictions/models/bin/frames/rows", predictions_frame="named_by_flow")
    assert list(differences(recorded("models", "Predictions_v3_POST_flow"), found)) == []
    assert found["predictions_frame"]["name"] == "named_by_flow"
    again = client.get("/3/ModelMetrics/models/bin/frames/rows")
    assert list(differences(recorded("models", "ModelMetrics_models_frames_GET"), again)) == []
    assert again["model_metrics"][0]["AUC"] == found["model_metrics"][0]["AUC"]


@pytest.mark.parametrize(
    ("path", "values", "status"),
    [
        ("models/bin/frames/nosuch", {}, 404),
        ("models/nosuch/frames/rows", {}, 404),
        ("models/bin/frames/rows", {"leaf_node_assignment": "True"}, 412),
        ("models/bin/frames/rows", {"predict_contributions": "True"}, 412),
        ("models/bin/frames/rows", {"predict_contributions": "True", "background_frame": "nosuch"}, 404),
        ("models/bin/frames/rows", {"deep_features_hidden_layer": "5"}, 400),
        ("models/bin/frames/rows", {"reconstruction_error": "True"}, 400),
    ],
)
def test_predictions_that_there_are_not(client, path, values, status):
    assert client.ask("POST", f"/3/Predictions/{path}", values).status == status


def test_a_prediction_that_fails_or_warns_says_so_in_its_job(client, node):
    node.node.session.frames.rapids('(assign part (cols rows ["x" "g"]))')
    job = client.finished(client.post("/4/Predictions/models/bin/frames/part"))
    assert job["status"] == "DONE" and "'y'" in job["warnings"][0]
    job = client.finished(
        client.post("/4/Predictions/models/bin/frames/rows", deep_features_hidden_layer="7")
    )
    assert job["status"] == "FAILED" and "layer=7" in job["exception"]


def test_metrics_on_a_frame(client, node):
    found = client.post("/3/ModelMetrics/models/mul/frames/rows", auc_type="MACRO_OVR")
    assert list(differences(recorded("models", "ModelMetrics_models_frames_POST"), found)) == []
    metrics = found["model_metrics"][0]
    assert metrics["__meta"]["schema_name"] == "ModelMetricsMultinomialV3" and 0 < metrics["AUC"] <= 1
    assert metrics["multinomial_auc_table"]["rowcount"] > 3
    session = node.node.session
    assert metrics["logloss"] == session.models.metrics("mul", "rows")["logloss"]
    assert client.ask("POST", "/3/ModelMetrics/models/mul/frames/rows", {"auc_type": "foo"}).status == 400
    known = client.get("/3/ModelMetrics")["model_metrics"]
    assert {each["__meta"]["schema_name"] for each in known} >= {
        f"ModelMetrics{kind}V3" for kind in ("Binomial", "Multinomial", "Regression", "AutoEncoder")
    }
    client.delete("/3/ModelMetrics/models/mul/frames/rows")
    assert client.get("/3/ModelMetrics/models/mul/frames/rows")["model_metrics"][0]["AUC"] == "NaN"


def test_without_the_response_metrics_are_missing_numbers(client, node):
    node.node.session.frames.rapids('(assign inputs (cols rows ["x" "y" "g"]))')
    found = client.post("/3/ModelMetrics/models/reg/frames/inputs")["model_metrics"][0]
    assert (found["MSE"], found["mae"], found["nobs"]) == ("NaN", "NaN", 0)


def test_warnings_without_a_job_are_in_the_log(client, node, caplog):
    node.node.session.frames.rapids('(assign lacking (cols rows ["x" "g" "number"]))')
    for path in ("ModelMetrics", "Predictions"):
        caplog.clear()
        client.post(f"/3/{path}/models/reg/frames/lacking")
        assert any("'y'" in each.message and each.name == "h2o.node" for each in caplog.records)


def test_metrics_of_given_predictions(client, node):
    session = node.node.session
    session.frames.assign(session.models.predict("bin", "rows"), "predicted")
    session.frames.rapids('(assign p1 (cols predicted ["yes"]))')
    session.frames.rapids('(assign truth (cols rows ["two"]))')
    path = "/3/ModelMetrics/predictions_frame/p1/actuals_frame/truth"
    found = client.post(path, domain="[no,yes]", auc_type="NONE")
    assert list(differences(recorded("models", "ModelMetrics_make_POST"), found)) == []
    assert found["model_metrics"]["AUC"] == session.models.metrics("bin", "rows")["AUC"]
    assert client.post(f"{path}/treatment_frame/", domain="[no,yes]")["model_metrics"]["nobs"] == ROWS


# ---- partial dependence


def test_partial_dependence(client, node):
    started = client.post("/3/PartialDependence/", model_id="bin", frame_id="rows", cols="[x]", nbins="4",
                          add_missing_na="False", row_index="-1")  # fmt: skip
    assert list(differences(recorded("models", "PartialDependence_POST"), started)) == []
    assert client.finished(started)["status"] == "DONE"
    found = client.get(f"/3/PartialDependence/{started['dest']['name']}")
    theirs = recorded("models", "PartialDependence_GET")
    theirs["partial_dependence_data"][0]["columns"][0]["name"] = "x"
    assert list(differences(theirs, found)) == []
    told = found["partial_dependence_data"][0]
    (ours,) = node.node.session.models.partial_dependence("bin", "rows", ["x"], options={"bins": 4})
    assert told["data"] == [list(each) for each in zip(*ours["rows"], strict=True)]


def test_partial_dependence_by_classes_pairs_and_values(client):
    started = client.post("/3/PartialDependence/", model_id="mul", frame_id="rows", cols="[x,g]", nbins="4",
                          targets='["p","r"]', user_cols="[x]", user_splits="[0.5,1]", num_user_splits="[2]",
                          col_pairs_2dpdp="[[x,g]]", add_missing_na="true", destination_key="shown")  # fmt: skip
    assert client.finished(started)["dest"]["name"] == "shown"
    found = client.get("/3/PartialDependence/shown")["partial_dependence_data"]
    assert [(each["name"], each["rowcount"]) for each in found] == [
        *[("PartialDependence", 3)] * 2,
        *[("PartialDependence", 4)] * 2,
        *[("2D-PartialDependence", 12)] * 2,
    ]
    assert found[2]["data"][0] == ["a", "b", "c", ".missing(NA)"] and found[0]["data"][0][2] == "NaN"
    assert math.isfinite(found[0]["data"][1][2])


def test_names_of_levels_and_columns_without_quotes(client, node):
    names = ["007", "1e5", "it's", "x[1]:y"]
    data = {"a=b": np.arange(40.0), "c": np.array(names)[np.arange(40) % 4]}
    node.node.session.frames.upload(table_of(data, column_types={"c": "enum"}), "odd")
    values = {**SMALL, "training_frame": "odd", "response_column": "c", "model_id": "odd_one"}
    assert client.finished(client.post(BUILD, **values))["status"] == "DONE"
    started = client.post("/3/PartialDependence/", model_id="odd_one", frame_id="odd", cols="[a=b]", nbins="4",
                          targets=f"[{','.join(names)}]", col_pairs_2dpdp="[[a=b,c]]")  # fmt: skip
    assert client.finished(started)["status"] == "DONE"
    found = client.get(f"/3/PartialDependence/{started['dest']['name']}")
    assert (found["cols"], found["targets"], found["col_pairs_2dpdp"]) == (["a=b"], names, [["a=b", "c"]])
    node.node.session.frames.assign(node.node.session.models.predict("odd_one", "odd"), "odd_predicted")
    node.node.session.frames.rapids("(assign chances (cols odd_predicted [1:4]))")
    node.node.session.frames.rapids('(assign odd_truth (cols odd ["c"]))')
    path = "/3/ModelMetrics/predictions_frame/chances/actuals_frame/odd_truth"
    assert client.post(path, domain=f"[{','.join(names)}]")["domain"] == names


def test_partial_dependence_that_there_is_not(client):
    assert client.ask("GET", "/3/PartialDependence/nosuch").status == 404
    wrong = {"model_id": "bin", "frame_id": "rows", "cols": "[x]", "user_cols": "[x]"}
    assert client.ask("POST", "/3/PartialDependence/", wrong).status == 400
    assert client.ask("POST", "/3/PartialDependence/", {**wrong, "frame_id": "nosuch"}).status == 404
    job = client.finished(
        client.post("/3/PartialDependence/", model_id="bin", frame_id="rows", cols="[x]", nbins="1")
    )
    assert job["status"] == "FAILED" and "nbins=1" in job["exception"]


def test_many_clients_train_and_predict_at_the_same_time(client, node):
    problems: list[BaseException] = []

    def one(number: int) -> None:
        try:
            own = GenuineAsker(node)
            values = {**SMALL, "training_frame": "rows", "response_column": "two", "model_id": f"m{number}"}
            assert own.finished(own.post(BUILD, **values))["status"] == "DONE"
            started = own.post(f"/4/Predictions/models/m{number}/frames/rows")
            assert own.finished(started)["status"] == "DONE"
            own.connection.close()
        except BaseException as error:  # noqa: BLE001 - told below
            problems.append(error)

    threads = [threading.Thread(target=one, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


def test_files_of_details_are_those_of_the_node(client, tmp_path: Path):
    found = client.get("/99/Models/bin/json", dir=str(tmp_path / "bin.json"), force="True")
    assert Path(found["dir"]).is_file()
