"""The contract of sessions: the same tests for one in this process and for one behind bytes.

The rest of it, and whether nothing was left out, is in test_contract_of_members.py.
"""

from __future__ import annotations

import threading
import time
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from heavywater.errors import (
    InvalidArgument,
    InvalidExpression,
    InvalidType,
    JobCancelled,
    NotFound,
    ParseError,
    UnknownName,
)
from heavywater.exchange import table_of, to_pandas, to_rows, to_scipy
from heavywater.frame.exchange.arrow_frames import frame_of_table, table_of_frame
from heavywater.frame.frame import Frame
from heavywater.session import FunctionText, JobHandle, LocalSession, Moment, Ref, Span
from scipy import sparse

from .contract import (
    ENDLESS,
    SMALL,
    WAYS,
    Asked,
    assert_same_frame,
    finished,
    frames_of_every_kind,
    put_rows,
    train,
)

# ---- frames


@pytest.mark.parametrize("name", frames_of_every_kind())
def test_a_frame_comes_back_as_it_was(session: Any, local: LocalSession, name: str) -> None:
    frame = frames_of_every_kind()[name]
    facts = session.frames.upload(table_of_frame(frame), "kept")
    assert facts == {"frame": "kept", "nrow": frame.nrow, "names": frame.names, "types": frame.kinds}
    assert session.frames.facts("kept") == facts
    assert_same_frame(local.store.frame("kept"), frame)
    assert_same_frame(frame_of_table(session.frames.fetch("kept")), frame)
    part = frame.select(range(1 if frame.ncol else 0))
    expected = part.take(np.arange(frame.nrow)[1:3])
    assert_same_frame(
        frame_of_table(session.frames.fetch("kept", range(part.ncol), 1, 2)),
        Frame(expected.names, expected.columns, nrow=min(2, max(0, frame.nrow - 1))),
    )
    again = session.frames.from_bytes(session.frames.to_bytes("kept"))
    assert session.frames.facts(again)["types"] == frame.kinds


def test_any_arrow_table_can_be_uploaded(session: Any) -> None:
    table = pa.table({"a": pa.array([1, None, 3]), "b": pa.array(["x", "y", "x"]).dictionary_encode()})
    facts = session.frames.upload(table)
    assert facts["types"] == ["int", "enum"] and facts["frame"] in session.objects.keys("frame")
    assert to_pandas(session.frames.fetch(facts["frame"]))["b"].tolist() == ["x", "y", "x"]


def test_a_table_that_says_wrong_things_is_refused(session: Any) -> None:
    table = table_of({"a": [1.5, 2]})
    forged = table.replace_schema_metadata(
        {k: v.replace(b"real", b"time") for k, v in table.schema.metadata.items()}
    )
    with pytest.raises(ParseError, match="no frame"):
        session.frames.upload(forged)


def test_facts_of_columns(session: Any, rows: str) -> None:
    assert [each["label"] for each in session.frames.columns(rows)] == ["x", "y", "two", "three"]
    assert session.frames.moments(rows)[0]["mean"] == pytest.approx(session.frames.columns(rows)[0]["mean"])
    assert session.frames.levels(rows) == [None, None, ["no", "yes"], ["a", "b", "c"]]
    assert len(session.frames.summary(rows, 2)["rows"]) == 2
    assert [line[:2] for line in session.frames.storage(rows)][2:] == [["two", "enum"], ["three", "enum"]]
    described = session.frames.describe(rows, [0, 3], "histograms")
    assert (described["rows"], described["num_columns"], described["column_count"]) == (60, 4, 2)
    assert sum(described["columns"][0]["histogram"]["bins"]) == 60
    assert described["columns"][1]["histogram"] == {"bins": [20, 20, 20], "base": 0.0, "stride": 1.0}
    assert "percentiles" not in session.frames.describe(rows, detail="extremes")["columns"][0]
    with pytest.raises(InvalidArgument, match="detail='all' must be one of extremes"):
        session.frames.describe(rows, detail="all")
    assert session.frames.described()[0]["frame_id"] == {"name": "rows"}
    assert session.frames.text(rows).splitlines()[0] == '"x","y","two","three"'


def test_what_pages_show_of_a_frame(session: Any) -> None:
    rows = put_rows(session)
    outline = session.frames.outline(rows)
    assert {**outline, "byte_size": 0} == {
        "frame": rows, "rows": 60, "columns": 4, "byte_size": 0, "rows_here": 60, "parts": [],
    }  # fmt: skip
    assert outline["byte_size"] == session.frames.described()[0]["byte_size"]
    number, factor = session.frames.profile(rows, [0, 3])
    assert (number["label"], number["type"], sum(number["bars"]["counts"])) == ("x", "real", 60)
    assert factor["bars"] == {"counts": [20, 20, 20], "levels": ["a", "b", "c"], "others": 0}
    assert [each is None for each in session.frames.profile(rows, most_cells=0)] == [
        False,
        False,
        True,
        False,
    ]
    with pytest.raises(NotFound):
        session.frames.profile(rows, [4])
    told = session.frames.distribution(rows, 0, 10, quantiles=False)
    assert (told["quantiles"], told["bars"]["counts"][0] > 0, len(told["bars"]["counts"])) == (None, True, 10)
    told = session.frames.distribution(rows, 0)
    assert told["quantiles"][8] == pytest.approx(session.frames.columns(rows)[0]["percentiles"][8])
    assert (
        session.frames.distribution(rows, 0, 10, quantiles=False)["largest"] == told["largest"]
    )  # known by now
    with pytest.raises(InvalidArgument, match="classes=0"):
        session.frames.distribution(rows, 0, 0)
    found = session.frames.level_counts(rows, 3, 1, 1, by_count=True, contains="")
    assert found == {"total": 3, "positions": [1], "levels": ["b"], "counts": [20]}
    assert session.frames.level_counts(rows, 3, contains="C")["levels"] == ["c"]
    with pytest.raises(InvalidArgument, match="first=-1"):
        session.frames.level_counts(rows, 3, -1)


def test_cells_and_text_of_some_rows(session: Any) -> None:
    data = {"n": [1, None, 3], "r": [0.1, 2, float("inf")], "e": ["b", None, "a"], "t": ["", 'x"y', None]}
    session.frames.upload(table_of(data, column_types={"e": "enum", "t": "string"}), "mixed")
    assert session.frames.cells("mixed", [0, 2, 3], 1) == [[None, 3], [None, 0], ['x"y', None]]
    assert session.frames.cells("mixed", [1], 0, 2) == [[0.1, 2.0]]
    assert session.frames.cells("mixed", [2], level_names=True) == [["b", None, "a"]]
    assert session.frames.text("mixed", False, first=1, count=1) == ',2,,"x""y"\n'
    exact = session.frames.text("mixed", layout={"hexadecimal": True})
    assert exact == '"n","r","e","t"\n1,0x1.999999999999ap-4,"b",""\n,2,,"x""y"\n3,inf,"a",\n'
    gap = session.frames.evaluate(("cols", Ref("mixed"), "n")).key
    assert session.frames.text(gap) == '"n"\n1\n""\n3\n'
    assert session.frames.text(gap, layout={"blank_lines": True}) == '"n"\n1\n\n3\n'
    with pytest.raises(InvalidArgument, match="layout: 'lines' is unknown"):
        session.frames.text(gap, layout={"lines": 1})


def test_an_expression_in_the_background(session: Any, rows: str) -> None:
    started = session.frames.begin("(cols rows 0)", "first", "Columns")
    assert (started["description"], started["destination"]) == ("Columns", "first")
    assert finished(session, started) == "first" and session.frames.facts("first")["names"] == ["x"]
    with pytest.raises(NotFound, match="nowhere"):
        finished(session, session.frames.begin("(cols nowhere 0)", "first", "Columns"))


def test_expressions(session: Any, rows: str) -> None:
    session.frames.assign(rows, "copy")
    ref = session.frames.evaluate(("cols", Ref("copy"), [0, 1]))
    assert isinstance(ref, Ref) and session.frames.facts(ref.key)["names"] == ["x", "y"]
    total = session.frames.evaluate(("sum", ("cols", Ref("copy"), "x")))
    assert total == session.frames.rapids('(sum (cols copy "x"))')
    first = session.frames.evaluate(("rows", Ref("copy"), [Span(0, 2)]))
    assert (
        to_rows(session.frames.fetch(first.key))[1:] == to_rows(session.frames.fetch("copy", None, 0, 2))[1:]
    )
    assert session.frames.rapids("sum") == FunctionText("sum")
    assert session.frames.evaluate(("==", Moment(5), Moment(5))) == 1
    assert session.frames.is_operation("sum") and not session.frames.is_operation("summ")
    session.frames.evaluate(("setTimeZone", "Europe/Prague"))
    assert session.cluster.time_zone() == "Europe/Prague" == session.cluster.status()["time_zone"]


# ---- errors and warnings


@pytest.mark.parametrize(
    ("ask", "error", "text"),
    [
        (lambda s: s.frames.facts("nothing"), NotFound, r"no frame 'nothing'; frames are: rows"),
        (lambda s: s.models.describe("rows"), NotFound, "it names a frame"),
        (lambda s: s.frames.rapids("(+ 1"), InvalidExpression, "at character 1"),
        (lambda s: s.frames.evaluate(("nope", 1)), UnknownName, "nope"),
        (lambda s: s.frames.evaluate(("+", Ref("rows"), [1, 2])), InvalidType, ""),
        (lambda s: s.files.find("/nowhere/at/all.csv"), ParseError, "/nowhere/at/all.csv"),
        (lambda s: s.training.train("gbm", {}, x=None, y="two", training_frame_key="rows"), InvalidArgument, "gbm"),
        (lambda s: train(s, hidden=[0]), InvalidArgument, "hidden"),
        (lambda s: s.frames.upload(table_of({"a": [1]}), "a\tb"), InvalidArgument, "a.tb"),
        (lambda s: s.jobs.state("job_9"), NotFound, "job_9"),
        (lambda s: s.model_files.from_bytes(b"no model"), ParseError, ""),
        (lambda s: s.frames.from_bytes(b"no frame"), ParseError, ""),
        (lambda s: s.cluster.configure(nthreads=0), InvalidArgument, "nthreads=0"),
        (lambda s: s.objects.keys("frames"), InvalidArgument, "kind='frames'.*frame, model"),
        (lambda s: s.frames.fetch("rows", None, -1), InvalidArgument, "first=-1"),
        (lambda s: s.frames.fetch("rows", None, 0, -2), InvalidArgument, "count=-2"),
        (lambda s: s.frames.fetch("rows", [9]), NotFound, "9"),
        (lambda s: s.files.parse_setup(__file__, options={"sep": ";"}), InvalidArgument, "options: 'sep'.*separator"),
        (lambda s: s.files.export_frame("rows", "x", layout={"sep": ";"}), InvalidArgument, "layout: 'sep'"),
    ],
)  # fmt: skip
def test_errors_have_their_kind_and_text(session: Any, rows: str, ask: Any, error: type, text: str) -> None:
    with pytest.raises(error, match=text) as raised:
        ask(session)
    assert type(raised.value) is error
    if isinstance(raised.value, InvalidExpression):
        assert raised.value.position == 0


def test_warnings_come_with_the_answer(session: Any, rows: str) -> None:
    key = finished(session, train(session))
    lacking = session.frames.upload(table_of({"x": [1.0, 2.0]}), "lacking")["frame"]
    with pytest.warns(RuntimeWarning, match="y") as told:
        session.models.predict(key, lacking)
    assert told[0].filename == __file__.replace("test_contract", "contract")  # whoever asked
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        session.models.predict(key, rows)


def test_warnings_of_threads_do_not_mix(session: Any, rows: str) -> None:
    """Each answer has its own, however many are asked for at a time."""
    told: list[str] = []

    def quiet() -> None:
        for _ in range(50):
            session.frames.facts("rows")

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        others = [threading.Thread(target=quiet) for _ in range(3)]
        for other in others:
            other.start()
        for number in range(20):
            session.frames.rapids(f'(setproperty "p{number}" "v")')
        for other in others:
            other.join()
        told = [str(each.message) for each in caught]
    assert sorted(told) == sorted(
        f"setproperty: no property has an effect here; 'p{n}' is only kept" for n in range(20)
    )


# ---- jobs


def test_a_job_from_its_start_to_its_end(session: Any, rows: str) -> None:
    started = train(session, model_id="known", epochs=50, score_interval=0, score_duty_cycle=1.0,
                    train_samples_per_iteration=60, stopping_rounds=0, classification_stop=-1.0)  # fmt: skip
    assert started["destination"] == "known"
    job, seen = started["job"], []
    while (state := session.jobs.wait(job, 0.001))["status"] == "RUNNING":
        seen.append(state["fraction"])
    assert seen == sorted(seen) and state["fraction"] == 1 and state["status"] == "DONE"
    assert state["start_time"] <= state["end_time"] <= time.time()
    assert session.jobs.result(job) == session.jobs.result(job) == "known"
    history = session.jobs.history(job)
    assert history["columns"][:2] == ["timestamp", "duration"] and len(history["rows"]) > 10
    curves = session.jobs.curves(job)
    numbers = dict(zip(curves["names"], curves["columns"], strict=True))
    place = history["columns"].index("training_logloss")
    assert numbers["training_logloss"] == [row[place] for row in history["rows"]]
    assert numbers["speed"][-1] > 0 and curves["metric"] == "logloss"
    assert [column[-2:] for column in curves["columns"]] == session.jobs.curves(
        job, len(history["rows"]) - 2
    )["columns"]
    assert [each["job"] for each in session.jobs.known()] == [job]


def test_the_history_grows_while_the_model_is_trained(session: Any, rows: str) -> None:
    started = train(session, **{**ENDLESS, "score_interval": 0, "train_samples_per_iteration": 60})
    lengths: list[int] = []
    deadline = time.monotonic() + 60
    while len(set(lengths)) < 3 and time.monotonic() < deadline:
        session.jobs.wait(started["job"], 0.05)
        lengths.append(len((session.jobs.history(started["job"]) or {"rows": []})["rows"]))
    with pytest.raises(InvalidArgument, match="still runs"):
        session.jobs.result(started["job"])
    session.jobs.cancel(started["job"])
    key = finished(session, started)
    assert lengths == sorted(lengths) and len(set(lengths)) >= 3
    assert JobHandle(session, started).status == "CANCELLED" and key in session.objects.keys("model")


# ---- clients


def test_temporaries_belong_to_their_client(way: str, local: LocalSession) -> None:
    one: Any = Asked(way, WAYS[way](local))
    two: Any = Asked(way, WAYS[way](local.for_client("R")))
    assert one.client != two.client
    put_rows(one)
    first, second = (put_rows(each, None) for each in (one, two))
    assert first.startswith("py_") and second.startswith("RTMP_") and one.client in first
    one.objects.release([second, "rows"])  # neither is a temporary of this client
    assert {first, second, "rows"} <= set(two.objects.keys("frame"))
    one.objects.release([first])
    assert first not in two.objects.keys("frame")
    two.frames.rapids('(tmp= mine (cols rows "x"))')
    two.frames.rapids('(assign kept (cols rows "x"))')
    one.objects.release(["mine", "kept"])
    two.frames.assign("kept", "owned")
    two.objects.own("owned")
    one.objects.release(["owned"])
    assert {"mine", "kept", "owned"} <= set(two.objects.keys("frame"))
    running = two.training.train("deeplearning", ENDLESS, x=None, y="two", training_frame_key="rows")
    two.cluster.close()
    assert one.objects.keys("frame") == ["rows", "kept"]
    JobHandle(one, running).wait()  # asked to stop
    assert one.jobs.state(running["job"])["status"] == "CANCELLED"


# ---- models, grids, files


def test_rows_are_scored_as_a_frame_is(session: Any, rows: str) -> None:
    for y, autoencoder in (("two", False), ("y", False), (None, True)):
        key = finished(session, train(session, y, autoencoder=autoencoder))
        ask = session.models.anomaly if autoencoder else session.models.predict
        expected = to_rows(session.frames.fetch(ask(key, rows)))
        plain = to_rows(session.frames.fetch(rows))
        found = session.models.score_rows(key, [dict(zip(plain[0], row, strict=True)) for row in plain[1:]])
        assert [list(found[0]), *(list(row.values()) for row in found)] == expected
    assert session.models.score_rows(key, []) == []
    with pytest.warns(RuntimeWarning, match="Columns missing in the frame.*'y'"):
        assert len(session.models.score_rows(key, [{"x": 1, "unknown": "a"}])) == 1
    with pytest.raises(InvalidArgument, match="row 2, column 'x': 'word' must be a number"):
        session.models.score_rows(key, [{"x": 1, "y": 1}, {"x": "word", "y": 1}])
    with pytest.raises(NotFound):
        session.models.score_rows("none", [])


def test_models(session: Any, rows: str, tmp_path: Path) -> None:
    key = finished(session, train(session, export_weights_and_biases=True))
    assert session.models.describe(key)["model_category"] == "Binomial"
    predicted = session.models.predict(key, rows)
    assert session.frames.facts(predicted)["names"] == ["predict", "no", "yes"]
    assert 0 <= session.models.metrics(key, rows)["AUC"] <= 1
    threshold = session.models.describe(key)["default_threshold"]
    assert session.models.reset_threshold(key, 0.4) == pytest.approx(threshold)
    assert session.frames.facts(session.models.weights(key, 0))["nrow"] == 4
    assert session.frames.facts(session.models.biases(key, 0))["nrow"] == 4
    assert len(session.frames.facts(session.models.deep_features(key, rows, 0))["names"]) == 4
    activity = session.models.unit_activity(key, rows, most_rows=20)
    assert (activity["rows"], len(activity["layers"]), len(activity["layers"][0]["active"])) == (20, 1, 4)
    shown = session.models.partial_dependence(key, rows, ["x"], [["x", "three"]], {"bins": 3})
    assert [len(each["rows"]) for each in shown] == [3, 9]
    shuffled = session.models.permutation_importance(key, rows, {"n_repeats": 2, "seed": 1})
    assert session.frames.facts(shuffled)["names"][-2:] == ["Mean", "Standard Error"]
    front = session.models.pareto_front(rows, "x", "y")
    assert front["optimum"] == "bottom left" and 0 < len(front["rows"]) < 60
    parts = session.models.contributions(key, rows, options={"output_format": "compact"})
    assert session.frames.facts(parts)["names"][-1] == "BiasTerm"
    coder = finished(session, train(session, y=None, autoencoder=True))
    assert session.frames.facts(session.models.anomaly(coder, rows))["nrow"] == 60
    classes = session.frames.evaluate(("cols", Ref(predicted), ["no", "yes"])).key
    actual = session.frames.evaluate(("cols", Ref(rows), ["two"])).key
    yes = session.frames.evaluate(("cols", Ref(classes), ["yes"])).key
    assert session.models.make_metrics(yes, actual, domain=["no", "yes"])["nobs"] == 60
    content = session.model_files.to_bytes(key)
    assert session.model_files.from_bytes(content) == key
    session.objects.remove(key)
    assert session.model_files.from_bytes(content) == key
    file = session.model_files.save(key, tmp_path / "model")
    with pytest.raises(InvalidArgument, match="model"):
        session.model_files.save(key, tmp_path / "model")
    assert session.model_files.load(file) == key


def test_a_list_of_models(session: Any, rows: str) -> None:
    assert session.models.listed() == []
    key = finished(session, train(session, nfolds=2, model_id="main"))
    finished(session, train(session, y=None, autoencoder=True, model_id="coder"))
    listed = session.models.listed()
    assert [(each["model_id"], each["fold_of"]) for each in listed if each["fold_of"] is None] == [
        ("main", None),
        ("coder", None),
    ]
    assert {each["model_id"] for each in listed if each["fold_of"] == key} == {"main_cv_1", "main_cv_2"}
    told, found = session.models.describe(key), listed[[each["model_id"] for each in listed].index(key)]
    for name in ("model_category", "response_column", "training_frame", "start_time", "end_time", "run_time"):
        assert found[name] == told[name]
    assert found["metrics"]["validation"] is None
    for part in ("training", "cross_validation"):
        metrics = found["metrics"][part]
        assert metrics["AUC"] == told[f"{part}_metrics"]["AUC"]
        assert all(isinstance(value, int | float) for value in metrics.values())


def test_parameters_are_checked_without_training(session: Any, rows: str) -> None:
    asked = {"x": None, "y": "two", "training_frame_key": rows}
    found = session.training.check("deeplearning", {**SMALL, "rho": 0.5, "adaptive_rate": False}, **asked)
    assert (found["error"], found["model_category"]) == (None, "Binomial")
    assert found["parameters"]["hidden"]["actual"] == [4] and "rho" in found["warnings"][0]
    assert "hidden" in session.training.check("deeplearning", {"hidden": [0]}, **asked)["error"]
    assert not session.objects.keys("model") and not session.jobs.known()


def test_grids_and_segments(session: Any, rows: str, tmp_path: Path) -> None:
    started = session.grids.train("deeplearning", SMALL, {"l1": [0.0, 0.01]}, x=["x", "y"], y="two",
                                  training_frame_key=rows, grid_id="search")  # fmt: skip
    assert started["destination"] == "search" == finished(session, started)
    told = session.grids.describe("search")
    assert {each["destination"] for each in session.jobs.parts(started["job"])} == set(told["model_ids"])
    assert (
        len(told["model_ids"]) == 2
        and "mse" in told["measures"]
        and "residual_deviance" not in told["measures"]
    )
    for each, logloss, seconds in zip(
        told["model_ids"], told["measures"]["logloss"], told["measures"]["training_seconds"], strict=True
    ):
        described = session.models.describe(each)
        assert logloss == described["training_metrics"]["logloss"]
        assert seconds == described["run_time"] / 1000
    assert finished(session, session.grids.resume("search")) == "search"
    contents = session.grids.contents("search")
    assert session.grids.restore(contents) == "search"
    session.objects.remove(told["model_ids"][1])
    path = session.grids.save("search", tmp_path, frames=True)
    session.objects.remove_all()
    assert session.grids.load(path, frames=True) == "search" and "rows" in session.objects.keys("frame")
    assert session.grids.describe("search")["model_ids"] == told["model_ids"][:1]
    started = session.training.train_segments(
        "deeplearning", SMALL, ["three"], x=["x", "y"], y="two", training_frame_key=rows, key="parts"
    )
    assert finished(session, started) == "parts"
    table = to_pandas(session.frames.fetch(session.training.segment_models("parts")))
    assert table["status"].tolist() == ["SUCCEEDED"] * 3
    assert session.objects.keys("segmentmodels") == ["parts"]


def test_one_fold_alone(session: Any, rows: str) -> None:
    more = {"x": ["x", "y"], "y": "two", "training_frame_key": rows, "key": "main"}
    started = session.training.train_fold("deeplearning", {**SMALL, "nfolds": 2}, **more, fold=1)
    assert started["destination"] == "main_cv_2"
    assert finished(session, started) == 3.0
    assert session.objects.keys("model") == ["main_cv_2"]
    with pytest.raises(InvalidArgument, match=r"fold=2 must be in 0 \.\. 1"):
        session.training.train_fold("deeplearning", {**SMALL, "nfolds": 2}, **more, fold=2)
    with pytest.raises(InvalidArgument, match="no cross-validation"):
        session.training.train_fold("deeplearning", SMALL, **more, fold=0)


def test_some_members_alone(session: Any, rows: str) -> None:
    more = {"x": ["x", "y"], "y": "two", "training_frame_key": rows, "key": "main"}
    given = {**SMALL, "ensemble_size": 3}
    started = session.training.train_members("deeplearning", given, **more, members=[2, 0])
    assert started["destination"] == "main_member_3"
    assert finished(session, started) > 0
    assert session.models.describe("main_member_3")["parameters"]["ensemble_size"]["actual"] == 2
    for wrong in ([3], [], [1, 1]):
        with pytest.raises(InvalidArgument, match=r"must be different numbers in 0 \.\. 2"):
            session.training.train_members("deeplearning", given, **more, members=wrong)


def test_files(session: Any, rows: str, tmp_path: Path) -> None:
    finished(session, session.files.export_frame(rows, tmp_path / "rows.csv", layout={"separator": ";"}))
    assert session.files.find(tmp_path / "*.csv") == [str(tmp_path / "rows.csv")]
    assert session.files.complete(tmp_path / "ro", 1) == [str(tmp_path / "rows.csv")]
    assert session.files.complete(str(tmp_path / "nothing")) == []
    setup = session.files.parse_setup([tmp_path / "rows.csv"], options={"types": {2: "string"}})
    assert [len(row) for row in setup["first_rows"]] == [4] * 10
    assert setup["separator"] == ord(";") and setup["column_types"][2] == "String"
    started = session.files.import_files(
        tmp_path / "rows.csv", "again", options={"types": {2: "string"}, "skipped": ["y"]}
    )
    assert finished(session, started) == "again"
    assert session.frames.facts("again")["types"] == ["real", "string", "enum"]
    assert finished(session, session.files.save_frame(rows, tmp_path)) == str(tmp_path / "rows.arrow")
    assert session.objects.remove(rows) == 1
    assert finished(session, session.files.load_frame(rows, tmp_path)) == rows
    session.files.set_s3_credentials("id", "secret")
    session.files.set_s3_credentials(None)
    assert session.objects.fresh_key("rows") == "rows_1"


def test_sparse_columns_stay_sparse(session: Any, local: LocalSession) -> None:
    matrix = sparse.random(500, 20, density=0.02, format="csc", random_state=2)
    key = session.frames.upload(table_of(matrix))["frame"]
    assert all(column.sparse is not None for column in local.store.frame(key).columns)
    assert abs(to_scipy(session.frames.fetch(key)) - matrix).max() == 0


def test_a_function_as_metric(way: str, session: Any, rows: str) -> None:
    """It exists in its own process only: where it would have to travel, it is refused by its name."""

    def mine(predicted: Any, actual: Any) -> float:
        return 0.5

    if way == "local":
        reference = session.training.put_metric(mine)
        key = finished(session, train(session, custom_metric_func=reference))
        session.training.check_metric(reference, key)
        assert session.models.metrics(key, rows, custom_metric=reference)["custom_metric_value"] == 0.5
        return
    for ask in (
        lambda: session.training.put_metric(mine),
        lambda: train(session, custom_metric_func=mine),
        lambda: session.models.metrics("model", rows, custom_metric=mine),
    ):
        with pytest.raises(InvalidArgument, match=r"function mine cannot be sent"):
            ask()
    with pytest.raises(NotFound, match="model"):
        session.training.check_metric("python:m=m", "model")


def test_settings(session: Any, rows: str) -> None:
    session.cluster.configure("renamed", 1, 2**30)
    status = session.cluster.status()
    assert (status["cloud_name"], status["allowed_cores"], status["max_mem_size"]) == ("renamed", 1, 2**30)
    assert status["memory_used"] > 0 and status["objects"] == 1
    session.cluster.configure()
    assert session.cluster.status()["cloud_name"] == "renamed"
    assert bytes(session.cluster.echo(b"\0a")) == b"\0a"
    assert session.cluster.link_times()["rows"] == []


def test_files_on_their_way(session: Any, local: LocalSession, tmp_path: Path) -> None:
    files, content = session.files, bytes(range(256)) * 40
    sent = files.fresh("folder/rows.csv")
    assert Path(sent).name == "rows.csv"
    assert [files.put(sent, content[:5000]), files.put(sent, content[5000:], 5000)] == [5000, len(content)]
    assert files.put(sent, content[:5000]) == len(content)  # a piece that comes a second time
    assert files.get(sent) == content
    assert (files.get(sent, 5000, 10), files.get(sent, len(content), 10)) == (content[5000:5010], b"")
    csv = files.fresh("table.csv")
    files.put(csv, b"a,b\n1,x\n2,y\n")
    key = finished(session, files.import_files(csv))
    assert (key, session.frames.facts(key)["nrow"]) == ("table.hex", 2)
    made = files.fresh("out.csv")
    finished(session, files.export_frame(key, made))
    assert files.get(made).splitlines()[1] == b'1,"x"'
    for wrong in (
        lambda: files.put(sent, b"behind a gap", len(content) + 1),
        lambda: files.put(tmp_path / "elsewhere", b"x"),
        lambda: files.put(str(Path(sent).parent.parent / "new"), b"x"),
        lambda: files.get(__file__),
        lambda: files.get(files.fresh("nothing written")),
        lambda: files.get(f"{Path(sent).parent}/../../etc/passwd"),
    ):
        with pytest.raises(InvalidArgument):
            wrong()
    files.discard(sent)
    files.discard(tmp_path)
    with pytest.raises(NotFound, match="no file on its way"):
        files.get(sent)
    assert tmp_path.is_dir()
    session.cluster.close()
    assert not Path(csv).exists() and list(local.transit.folder.iterdir()) == []


def test_cancelled_before_there_is_anything(local: LocalSession, way: str) -> None:
    asked: Any = Asked(way, WAYS[way](local))

    def work(job: Any) -> None:
        while True:
            job.stop_if_cancelled()
            time.sleep(0.001)

    handle = JobHandle(asked, local.jobs.start("Work", work))
    handle.cancel()
    with pytest.raises(JobCancelled, match="Work was cancelled"):
        handle.wait()
