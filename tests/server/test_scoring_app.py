"""The scoring service: rows in every form, errors that name the cell, and what it tells about itself."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from heavywater.deeplearning.model.row_scoring import RowScorer
from heavywater.errors import InvalidArgument, ParseError
from heavywater.export.model_file import write_model
from heavywater.export.mojo_writer import write_mojo
from heavywater.server.scoring.input_watch import FEWEST_ROWS, InputWatch
from heavywater.server.scoring.prometheus_text import SecondsHistogram, family, number_text
from heavywater.server.scoring.row_bodies import ARROW, CSV, JSON, kind_of_answer, read_rows
from heavywater.server.scoring.scoring_app import ScoringApp
from heavywater.server.scoring.served_models import ServedModel, load_models
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..cases import scoring
from ..export import model_cases
from .asgi_requests import Answer, ask

ROWS: list[dict[str, Any]] = [
    {"a": 0.5, "b": 1, "c": "alpha", "d": "x"},
    {"a": None, "b": -2.5, "c": "épsilon", "d": None},
    {"a": 3, "b": 0, "c": "beta", "d": "z"},
]
SAMPLE = re.compile(r'^([a-z_]+)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\[\\"n])*",?)*)\})? (-?[\d.e+-]+|NaN|[+-]Inf)$')


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder, session = tmp_path_factory.mktemp("served"), model_cases.new_session()
    classes = model_cases.train(session, "two classes", model_id="two")
    write_model(classes, folder / "two")
    write_mojo(classes, str(folder / "mojo.zip"))
    for name in ("regression with weights and offset", "autoencoder"):
        write_model(model_cases.train(session, name), folder / name)
    return [
        str(folder / "two"),
        str(folder / "mojo.zip"),
        f"offset={folder / 'regression with weights and offset'}",
        f"a coder/1={folder / 'autoencoder'}",
        f"theirs={scoring.Case(scoring.NAMES[0]).path}",
    ]


@pytest.fixture
def models(files: list[str]) -> dict[str, ServedModel]:
    return load_models(files)


@pytest.fixture
def app(models: dict[str, ServedModel]) -> Any:
    return ScoringApp(models).starlette()


def score(app: Any, rows: Any, model: str = "two", **headers: str) -> Answer:
    return ask(app, "POST", f"/score/{model}", json.dumps(rows).encode(), content_type=JSON, **headers)


def predicted(models: dict[str, ServedModel], model: str = "two") -> list[dict[str, Any]]:
    columns = {name: [row[name] for row in ROWS] for name in ROWS[0]}
    return RowScorer(models[model].model).score(columns, len(ROWS)).rows()


def as_csv(rows: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    lines = csv.DictWriter(text, rows[0])
    lines.writeheader()
    lines.writerows(rows)
    return text.getvalue().encode()


def as_arrow(rows: list[dict[str, Any]]) -> bytes:
    table, sink = pa.Table.from_pylist(rows), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return sink.getvalue().to_pybytes()


def test_names_are_those_of_models_of_files_or_given(models):
    assert list(models) == ["two", "mojo", "offset", "a coder/1", "theirs"]
    assert [each.source for each in models.values()] == ["model", "mojo", "model", "model", "mojo"]


@pytest.mark.parametrize("model", ["two", "mojo"])
def test_every_form_of_rows_gives_the_same_predictions(app, models, model):
    expected = predicted(models, model)
    forms = [
        ROWS,
        {name: [row[name] for row in ROWS] for name in ROWS[0]},
        {"columns": list(ROWS[0]), "data": [list(row.values()) for row in ROWS]},
    ]
    for form in forms:
        answer = score(app, form, model)
        assert answer.status == 200
        assert answer.json() == {"model": model, "predictions": expected, "warnings": []}
    alone = score(app, ROWS[0], model).json()["predictions"]
    assert [row["predict"] for row in alone] == [expected[0]["predict"]]
    for kind, body in ((CSV, as_csv(ROWS)), (ARROW, as_arrow(ROWS))):
        assert ask(app, "POST", f"/score/{model}", body, content_type=kind).json()["predictions"] == expected


def test_predictions_come_as_they_are_asked_for(app, models):
    expected = predicted(models)
    answer = score(app, ROWS, accept=f"{CSV}, {JSON};q=0.5")
    assert answer.headers["content-type"].startswith(CSV)
    lines = list(csv.DictReader(io.StringIO(answer.text)))
    assert [{k: v if k == "predict" else float(v) for k, v in line.items()} for line in lines] == expected
    answer = score(app, ROWS, accept=ARROW)
    assert answer.headers["content-type"] == ARROW
    table = pa.ipc.open_stream(answer.body).read_all()
    assert table.to_pylist() == expected
    assert table.schema.types == [pa.dictionary(pa.int32(), pa.string()), pa.float64(), pa.float64()]
    answer = score(app, [{**ROWS[0], "other": 1}], accept=CSV)
    assert json.loads(answer.headers["heavywater-warnings"]) == [
        "Columns that are no inputs of the model, passed over: 'other'"
    ]


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("", JSON), ("*/*", JSON), ("application/*", JSON), ("text/*", CSV), (f"{ARROW};q=1, {JSON};q=0.2", ARROW),
        ("text/html, */*;q=0.1", JSON), ("text/html", None), (f"{JSON};q=0", None), (f"{CSV};q=x", None),
    ],
)  # fmt: skip
def test_what_clients_accept(accept, kind):
    assert kind_of_answer(accept) == kind


def test_each_kind_of_model_answers(app, models):
    value = score(
        app, [{"a": 1, "b": 2, "c": "beta", "d": "y", "offset": 0.5, "weight": 2, "number": 7}], "offset"
    )
    assert list(value.json()["predictions"][0]) == ["predict"]
    assert value.json()["warnings"] == []  # response, weight and offset are no strangers
    without = score(app, [{"a": 1, "b": 2, "c": "beta", "d": "y", "offset": None}], "offset")
    assert without.json()["predictions"] == [{"predict": None}]
    coder = score(app, ROWS, "a%20coder%2F1").json()["predictions"]
    assert all(set(row) == {"Reconstruction.MSE"} and row["Reconstruction.MSE"] > 0 for row in coder)
    theirs = score(app, [{"unknown": 1}, {}], "theirs")
    assert theirs.status == 422
    some = next(iter(models["theirs"].model.spec.kinds))
    assert len(score(app, [{some: None}], "theirs").json()["predictions"]) == 1


def test_what_is_odd_is_said_and_counted(app, models):
    answer = score(app, [{"a": 1, "c": "delta", "d": "new", "more": 1}, {"a": 1e300, "c": None}])
    assert answer.json()["warnings"] == [
        "Columns missing in the frame, taken as missing values: 'b'",
        "Column 'd' has levels that were not in the training data: 'new'; they are scored like missing values",
        "Values that are infinite, or beyond 1e+30 once scaled, in 'a' (1): they are scored like missing values",
        "Columns that are no inputs of the model, passed over: 'more'",
    ]
    assert models["two"].watch.missing() == {"a": 0, "b": 2, "c": 1, "d": 1}
    assert models["two"].watch.unseen() == {"c": 0, "d": 1}


@pytest.mark.parametrize(
    ("status", "body", "headers", "says"),
    [
        (400, b"{", {}, "no valid JSON"),
        (400, b"[" * 100_000, {}, "no valid JSON"),
        (400, b"7", {}, "holds no rows"),
        (400, b'{"a": [1], "b": [1, 2]}', {}, "'a': 1, 'b': 2"),
        (400, b'{"columns": ["a"], "data": [[1, 2]]}', {}, "row 1 must be a list of 1 values"),
        (400, b'{"columns": ["a", "a"], "data": []}', {}, "column 'a' is there twice"),
        (400, b"", {"content_type": CSV}, "the body is empty"),
        (400, b"a,b\n1\n", {"content_type": CSV}, "row 1 has 1 values"),
        (400, b'a,b\n"1', {"content_type": CSV}, "no valid CSV: line 2"),
        (400, b"a\xff", {"content_type": CSV}, "no UTF-8 text"),
        (400, b"a,b\n1,2\n", {"content_type": ARROW}, "no Arrow stream"),
        (406, b"[]", {"accept": "text/html"}, "Accept must allow one of"),
        (415, b"a=1", {"content_type": "application/x-www-form-urlencoded"}, "Content-Type must be one of"),
        (415, b"[]", {"content_encoding": "gzip"}, "without Content-Encoding"),
        (422, b'[{"a": 1}, {"a": "old"}]', {}, "row 2, column 'a': 'old' must be a number"),
        (422, b'[{"a": 1}, 7]', {}, "row 2: 7 must be an object"),
        (422, b'[{"a": 1, "c": {"x": 1}}]', {}, "row 1, column 'c'"),
        (422, b'[{"z": 1}]', {}, "none of the 4 predictors"),
        (422, b"a,c\n1,beta\nold,beta\n", {"content_type": CSV}, "row 2, column 'a': 'old' must be a number"),
    ],
)  # fmt: skip
def test_what_cannot_be_scored_is_named(app, status, body, headers, says):
    answer = ask(app, "POST", "/score/two", body, **{"content_type": JSON, **headers})
    assert answer.status == status
    assert says in answer.json()["error"]


CELLS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["alpha", "x", "NA"])
)
NAMED = st.sampled_from(["a", "b", "c", "d", "offset", "columns", "data", ""]) | st.text(max_size=4)
ANYTHING = st.recursive(
    CELLS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMED, inner, max_size=5),
    max_leaves=12,
)


@given(
    ANYTHING
    | st.lists(st.dictionaries(NAMED, CELLS), max_size=4)
    | st.dictionaries(NAMED, st.lists(CELLS, max_size=3)),
    st.sampled_from(["two", "offset", "a%20coder%2F1", "theirs"]),
)
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_json_is_scored_or_refused(app, value, model):
    answer = score(app, value, model)
    assert answer.status in (200, 400, 422), answer.text
    assert ("predictions" if answer.status == 200 else "error") in json.loads(
        answer.text, parse_constant=pytest.fail
    )


@given(
    st.binary(max_size=60) | st.text('abcd,"\n\r 019.xé', max_size=60).map(str.encode),
    st.sampled_from([JSON, CSV, ARROW]),
)
@settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_body_is_scored_or_refused(app, body, kind):
    answer = ask(app, "POST", "/score/two", body, content_type=kind)
    assert answer.status in (200, 400, 422), answer.text


def test_requests_that_there_are_not(app, models):
    assert "models are: 'two', 'mojo'" in score(app, ROWS, "three").json()["error"]
    for method, path, status in (
        ("GET", "/score/two", 405),
        ("GET", "/nothing", 404),
        ("DELETE", "/health", 405),
    ):
        answer = ask(app, method, path)
        assert answer.status == status
        assert path in answer.json()["error"]


def test_no_more_rows_than_are_allowed(models):
    small = ScoringApp(models, most_rows=2).starlette()
    assert score(small, ROWS[:2]).status == 200
    answer = score(small, ROWS)
    assert answer.status == 422
    assert "there are 3 rows; this service takes 2 at once" in answer.json()["error"]


@pytest.mark.parametrize(
    ("kind", "body", "accept"), [(ARROW, as_arrow(ROWS), JSON), (JSON, json.dumps(ROWS).encode(), ARROW)]
)
def test_a_package_that_is_not_there_is_named(app, monkeypatch, kind, body, accept):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    answer = ask(app, "POST", "/score/two", body, content_type=kind, accept=accept)
    assert answer.status == 415
    assert "the package pyarrow, which is not installed here" in answer.json()["error"]


def test_no_rows_are_no_error(app):
    assert score(app, []).json()["predictions"] == []
    assert ask(app, "POST", "/score/two", b"a,b\n", content_type=CSV, accept=CSV).text == "predict,no,yes\n"


def test_csv_and_arrow_have_their_own_ways_to_be_missing():
    assert read_rows(CSV, b'\xef\xbb\xbfa,b\r\n1,\r\n\r\n"x,\ny",2\r\n').columns == {
        "a": ["1", "x,\ny"],
        "b": [None, "2"],
    }
    rows: list[dict[str, Any]] = [{"a": 1.5, "b": None, "t": None}, {"a": None, "b": "x", "t": 5}]
    assert read_rows(ARROW, as_arrow(rows)).columns == {"a": [1.5, None], "b": [None, "x"], "t": [None, 5]}


def test_a_large_body_is_scored_in_a_thread(app, models):
    rows = ROWS * 400
    answer = score(app, rows).json()["predictions"]
    columns = {name: [row[name] for row in rows] for name in ROWS[0]}
    assert answer == RowScorer(models["two"].model).score(columns, len(rows)).rows()


# ---- health, metrics, documents


def test_health(models):
    ending = [False]
    app = ScoringApp(models, ending=lambda: ending[0]).starlette()
    assert ask(app, "GET", "/health").json() == {"status": "ready"}
    ending[0] = True
    assert ask(app, "GET", "/health/ready").status == ask(app, "GET", "/health").status == 503
    assert ask(app, "GET", "/health/live").json() == {"status": "live"}


def samples(text: str) -> dict[tuple[str, str], float]:
    """The numbers in a text of Prometheus, by name and labels; every line has to be one that it reads."""
    found, types = {}, {}
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            _, _, name, kind = line.split(" ")
            assert name not in types
            types[name] = kind
        elif not line.startswith("# HELP "):
            parts = SAMPLE.match(line)
            assert parts, line
            stem = re.sub("_(bucket|sum|count)$", "", parts[1]) if "histogram" in types.values() else parts[1]
            assert parts[1] in types or types[stem] == "histogram"
            assert (parts[1], parts[2] or "") not in found
            found[parts[1], parts[2] or ""] = float(parts[3])
    assert text.endswith("\n")
    return found


def test_metrics(app):
    score(app, ROWS)
    score(app, [{"a": "old"}])
    score(app, ROWS, "a%20coder%2F1")
    score(app, ROWS, "none")
    answer = ask(app, "GET", "/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    found = samples(answer.text)
    assert found["heavywater_score_requests_total", 'model="two",status="200"'] == 1
    assert found["heavywater_score_requests_total", 'model="two",status="422"'] == 1
    assert found["heavywater_score_requests_total", 'model="",status="404"'] == 1
    assert found["heavywater_score_rows_total", 'model="a coder/1"'] == 3
    assert found["heavywater_score_duration_seconds_count", 'model="two"'] == 2
    assert found["heavywater_score_duration_seconds_bucket", 'model="two",le="+Inf"'] == 2
    assert found["heavywater_score_missing_cells_total", 'model="two",input="d"'] == 1
    assert found["heavywater_score_window_rows", 'model="two"'] == 3
    assert found["heavywater_score_window_rows", 'model="mojo"'] == 0
    assert found["process_resident_memory_bytes", ""] > 1e6
    assert not [key for key in found if key[0] == "heavywater_score_input_psi"]


def test_labels_and_numbers_of_any_kind():
    text = family(
        "x", "gauge", "Any.", [({"input": 'a "quote", \\ and\nline'}, math.nan), ({"input": "é"}, -math.inf)]
    )
    assert len(samples(text)) == 2
    assert [number_text(v) for v in (0, 2.0, 0.25, 1e300, math.inf)] == ["0", "2", "0.25", "1e+300", "+Inf"]
    assert family("x", "gauge", "Any.", []) == ""
    seconds = SecondsHistogram([0.1, 1])
    for each in (0.05, 0.1, 0.5, 3):
        seconds.observe(each)
    lines = seconds.lines("s", {})
    assert [line.split()[-1] for line in lines.splitlines()] == ["2", "3", "4", "3.65", "4"]


def test_drift_is_seen_in_the_last_rows(app, models):
    frame = model_cases.data()
    columns = {name: frame.column(name) for name in "abcd"}
    known = [
        dict(zip(columns, cells, strict=True))
        for cells in zip(*([*column.texts()] for column in columns.values()), strict=True)
    ]
    of_training = (known * 10)[: FEWEST_ROWS + 20]
    score(app, of_training[: FEWEST_ROWS - 1])
    assert models["two"].watch.stability_indices() == {}
    score(app, of_training[FEWEST_ROWS - 1 :])
    indices = models["two"].watch.stability_indices()
    assert list(indices) == ["a", "b", "c", "d"]
    assert max(indices.values()) < 0.01
    score(app, [{"a": 4, "b": 0.1, "c": "beta", "d": "new"}] * 400)
    drifted = models["two"].watch.stability_indices()
    assert min(drifted[name] for name in "abcd") > 0.2
    text = ask(app, "GET", "/metrics").text
    assert samples(text)["heavywater_score_input_psi", 'model="two",input="a"'] == pytest.approx(drifted["a"])
    page = (Path(__file__).parents[2] / "docs" / "scoring.md").read_text(encoding="utf-8")
    told = set(re.findall("`(heavywater_[a-z_]+)`", page))
    assert told == set(re.findall("(?m)^# TYPE (heavywater_[a-z_]+) ", text))


def test_only_the_last_rows_are_kept(models):
    model = models["two"].model
    watch = InputWatch(model.spec, models["two"].scorer.reader)
    watch._room, watch._numbers, watch._codes = 5, watch._numbers[:5], watch._codes[:5]
    for start in (0, 3, 4, 30):
        n = 2 if start < 30 else 12
        rows = {"a": list(range(start, start + n)), "b": [0] * n, "c": ["beta"] * n, "d": ["x"] * n}
        watch.notice(models["two"].scorer.reader.read(rows, n))
        assert watch.watched_rows <= 5
    assert sorted(watch._numbers[:, 0].tolist()) == [37, 38, 39, 40, 41]


def test_models_are_described(app, models):
    found = {each["name"]: each for each in ask(app, "GET", "/models").json()}
    assert found["two"]["category"] == "Binomial"
    assert found["two"]["outputs"] == ["predict", "no", "yes"]
    assert {each["name"]: each["type"] for each in found["two"]["inputs"]} == {
        "a": "number", "b": "number", "c": "enum", "d": "enum"
    }  # fmt: skip
    assert {"name": "offset", "type": "number", "role": "offset"} in found["offset"]["inputs"]


def test_the_openapi_document_names_inputs_and_levels(app):
    found = ask(app, "GET", "/openapi.json").json()
    assert found["openapi"].startswith("3.1")
    assert "/score/a%20coder%2F1" in found["paths"]
    operation = found["paths"]["/score/two"]["post"]
    content = operation["requestBody"]["content"]
    assert set(content) == {JSON, CSV, ARROW}
    row = content[JSON]["schema"]["anyOf"][1]
    assert row["properties"]["d"]["anyOf"][0]["enum"] == ["x", "y", "z", None]
    assert "number" in row["properties"]["a"]["type"]
    assert score(app, content[JSON]["example"]).status == 200
    answer = operation["responses"]["200"]["content"][JSON]["schema"]
    row = answer["properties"]["predictions"]["items"]
    assert row["required"] == ["predict", "no", "yes"]
    assert set(row["properties"]) == {"predict", "no", "yes", "in_no", "in_yes"}
    references = re.findall(r'"\$ref": "#/components/schemas/(\w+)"', json.dumps(found))
    assert set(references) == set(found["components"]["schemas"])


class Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.found += [value or "" for name, value in attrs if name in ("href", "src", "action")]


def test_the_page_asks_no_other_machine(app):
    answer = ask(app, "GET", "/docs")
    assert answer.headers["content-type"].startswith("text/html")
    links = Links()
    links.feed(answer.text)
    assert sorted(set(links.found)) == ["docs.css", "health", "metrics", "models", "openapi.json"]
    assert "script" not in links.tags
    assert "url(" not in ask(app, "GET", "/docs.css").text
    for each in links.found:
        assert ask(app, "GET", f"/{each}").status == 200


def test_names_are_no_markup(models):
    odd = ServedModel("<script>alert(1)</script>", models["two"].model, "model")
    text = ask(ScoringApp({odd.name: odd}).starlette(), "GET", "/docs").text
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


# ---- loading


def test_files_that_cannot_be_served(files: list[str], tmp_path: Path):
    for chosen, says in (
        ([files[0], files[0]], "there is a model 'two' already"),
        ([], "needs one model"),
        (["x="], "FILE"),
    ):
        with pytest.raises(InvalidArgument, match=says):
            load_models(chosen)
    (tmp_path / "a=b").write_bytes(b"nothing")
    for chosen, says in (["none"], "none"), ([str(tmp_path / "a=b")], "no model file"):
        with pytest.raises(ParseError, match=says):
            load_models(chosen)


def test_arrow_times_are_milliseconds():
    table = pa.table({"t": pa.array([1000, None], pa.timestamp("ms"))})
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    found = read_rows(ARROW, sink.getvalue().to_pybytes()).columns["t"]
    assert found == [1000, None]
    assert np.isfinite(found[0])
