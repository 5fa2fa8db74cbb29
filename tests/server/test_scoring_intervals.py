"""Intervals from the scoring service: asked for in the address, those of the model, and what is said of them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.server.scoring.row_bodies import ARROW, CSV, JSON
from heavywater.server.scoring.scoring_app import ScoringApp
from heavywater.server.scoring.served_models import ServedModel

from ..export import model_cases
from .asgi_requests import Answer, ask

INPUTS = ["a", "b", "c", "d", "offset"]
ASKED = {"two": 0.9, "offset": 0.8, "together": 0.7}


@pytest.fixture(scope="module")
def models() -> dict[str, ServedModel]:
    session = model_cases.new_session()
    whole = model_cases.train(session, "cross-validation", model_id="of_folds")
    session.models.fold_ensemble(whole.key, "mean")
    found = {
        "two": model_cases.train(session, "two classes"),
        "offset": model_cases.train(
            session, "regression with weights and offset", validation_frame_key="data"
        ),
        "together": session.store.get("mean", DeepLearningModel),
        "plain": model_cases.train(session, "regression"),
        "coder": model_cases.train(session, "autoencoder"),
    }
    return {name: ServedModel(name, model, "model") for name, model in found.items()}


@pytest.fixture
def app(models: dict[str, ServedModel]) -> Any:
    return ScoringApp(models).starlette()


def rows() -> list[dict[str, Any]]:
    frame = model_cases.data().take(np.arange(12))
    columns = [
        [None if each != each else each for each in column.numbers().tolist()]
        if column.levels is None
        else [None if code < 0 else column.levels[code] for code in column.values.tolist()]
        for column in (frame.column(name) for name in INPUTS)
    ]
    return [dict(zip(INPUTS, cells, strict=True)) for cells in zip(*columns, strict=True)]


def score(app: Any, address: str, **headers: str) -> Answer:
    given = {"content_type": JSON, **headers}
    return ask(app, "POST", f"/score/{address}", json.dumps(rows()).encode(), **given)


@pytest.mark.parametrize("name", ASKED)
def test_they_are_those_of_the_model(app, models, name):
    found = score(app, f"{name}?interval={ASKED[name]}").json()["predictions"]
    frame, _ = models[name].model.predict(model_cases.data().take(np.arange(12)), ASKED[name])
    assert list(found[0]) == frame.names
    for column in frame.names[1:] if models[name].model.spec.response.domain else frame.names:
        cells = [np.nan if row[column] is None else row[column] for row in found]
        np.testing.assert_allclose(cells, frame.column(column).numbers(), rtol=1e-12)
    plain = score(app, name).json()["predictions"]
    assert [{each: row[each] for each in plain[0]} for row in found] == plain
    assert len(found[0]) == len(plain[0]) + 2


def test_every_form_has_them(app):
    address = "offset?interval=0.8"
    wanted = score(app, address).json()["predictions"]
    lines = score(app, address, accept=CSV).text.splitlines()
    assert lines[0] == "predict,lower,upper"
    assert [float(cell) for cell in lines[1].split(",")] == list(wanted[0].values())
    with pa.ipc.open_stream(score(app, address, accept=ARROW).body) as reader:
        assert reader.read_all().to_pylist() == wanted


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("two?interval=1", "interval=1.0 must be between 0 and 1"),
        ("two?interval=nan", "interval=nan must be between 0 and 1"),
        ("two?interval=many", "interval='many' must be a number"),
        ("two?interval=", "interval='' must be a number"),
        ("two?interval=0.9&interval=0.8", "interval is there 2 times"),
        ("two?intervall=0.9", "there is no parameter 'intervall' of an address here; there is interval"),
        ("two?interval=0.999", "interval=0.999 needs the errors of"),
        ("plain?interval=0.9", "knows nothing of its errors on rows that were held out"),
        ("coder?interval=0.9", "whose errors h2o.anomaly gives"),
    ],
)
def test_what_there_is_not_is_refused(app, address, says):
    answer = score(app, address)
    assert answer.status == 422
    assert says in answer.json()["error"]


def test_the_service_tells_which_models_have_them(app):
    found = {each["name"]: each["interval"] for each in ask(app, "GET", "/models").json()}
    assert found["offset"]["outputs"] == ["lower", "upper"] and found["offset"]["rows"] > 10
    assert found["together"]["outputs"] == ["in_no", "in_yes"]
    assert found["plain"] is found["coder"] is None
    paths = ask(app, "GET", "/openapi.json").json()["paths"]
    for name, known in found.items():
        operation = paths[f"/score/{name}"]["post"]
        assert [each["name"] for each in operation["parameters"]] == (["interval"] if known else [])
        answer = operation["responses"]["200"]["content"][JSON]["schema"]["properties"]["predictions"][
            "items"
        ]
        more = list(answer["properties"])[len(answer["required"]) :]
        assert more == (known["outputs"] if known else [])
    text = ask(app, "GET", "/docs").text
    assert text.count("?interval=0.9") == len(ASKED)
    assert "also <code>lower</code>, <code>upper</code>" in text
