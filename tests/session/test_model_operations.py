"""Operations of the expression language that ask models."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from heavywater.errors import HeavywaterError, InvalidArgument, InvalidType, UnknownName
from heavywater.exchange import table_of, to_pandas
from heavywater.session import JobHandle, LocalSession
from heavywater.session.remote import LoopbackSession

_SMALL = {"hidden": [6], "epochs": 10, "seed": 1, "reproducible": True}


def data_of(count: int = 300) -> pd.DataFrame:
    """Two numbers, of which one matters, a factor, two classes."""
    rng = np.random.default_rng(3)
    matters, not_so = rng.normal(size=(2, count))
    return pd.DataFrame(
        {
            "matters": matters,
            "not_so": not_so,
            "three": np.array(["a", "b", "c"])[np.arange(count) % 3],
            "two": np.where(matters > 0, "yes", "no"),
        }
    )


@pytest.fixture(scope="module")
def session() -> Any:
    found = LoopbackSession(LocalSession(nthreads=1))
    found.frames.upload(table_of(data_of(), column_types={"two": "enum", "three": "enum"}), "rows")
    kinds: dict[str, tuple[str | None, list[str], dict[str, Any]]] = {
        "classes": ("two", ["matters", "not_so"], {}),
        "untrained": ("two", ["matters", "not_so"], {"epochs": 0.001}),
        "crossed": ("two", ["matters", "not_so"], {"nfolds": 2}),
        "numbers": ("matters", ["not_so", "two"], {}),
        "several": ("three", ["matters", "not_so"], {}),
        "own": (None, ["matters", "not_so"], {"autoencoder": True}),
    }
    for key, (y, x, more) in kinds.items():
        parameters = {**_SMALL, **more, "model_id": key}
        started = found.training.train("deeplearning", parameters, x=x, y=y, training_frame_key="rows")
        JobHandle(found, started).wait()
    return found


def asked(session: Any, text: str) -> pd.DataFrame:
    """The frame that is the value of an expression."""
    return to_pandas(session.frames.fetch(session.frames.rapids(text).key))


def test_the_column_that_matters_is_the_most_important(session):
    found = asked(session, "(PermutationVarImp classes rows 'AUTO' -1 1 [] 7)")
    assert list(found) == ["Variable", "Relative Importance", "Scaled Importance", "Percentage"]
    assert found["Variable"].tolist() == ["matters", "not_so"]
    assert found["Scaled Importance"][0] == 1.0
    assert found["Percentage"].sum() == pytest.approx(1.0)
    assert (found["Relative Importance"] / found["Relative Importance"].max()).tolist() == pytest.approx(
        found["Scaled Importance"].tolist()
    )
    again = asked(session, "(PermutationVarImp classes rows 'auc' -1 1 [] 7)")
    pd.testing.assert_frame_equal(found, again)  # AUTO is AUC, and the seed decides


@pytest.mark.parametrize(("model", "metric"), [("several", "logloss"), ("numbers", "rmse")])
def test_the_usual_metric_follows_the_kind_of_model(session, model, metric):
    usual, named = (
        asked(session, f"(PermutationVarImp {model} rows '{each}' -1 1 [] 7)") for each in ("AUTO", metric)
    )
    pd.testing.assert_frame_equal(usual, named)


def test_runs_on_some_of_the_rows(session):
    found = asked(session, "(PermutationVarImp classes rows 'MSE' 50 3 ['not_so' 'matters'] 7)")
    assert list(found) == ["Variable", "Run 1", "Run 2", "Run 3"]
    assert found["Variable"].tolist() == ["matters", "not_so"]
    assert len(set(found.iloc[0, 1:])) == 3


def test_a_model_of_nothing_has_no_importance(session):
    table = table_of(data_of(), column_types={"two": "enum", "three": "enum"})
    session.frames.upload(table, "others")
    session.frames.rapids("(assign others (:= others 0 [0 1] []))")
    found = asked(session, "(PermutationVarImp classes others 'AUTO' -1 1 [] 7)")
    assert found["Relative Importance"].tolist() == [0.0, 0.0]  # shuffled constants


def test_leaderboards_are_in_order(session):
    found = asked(session, "(makeLeaderboard ['untrained' 'classes'] 'rows' 'AUTO' [] 'AUTO')")
    assert list(found) == ["model_id", "auc", "logloss", "aucpr", "mean_per_class_error", "rmse", "mse"]
    assert found["model_id"].tolist() == ["classes", "untrained"]
    assert found["auc"].tolist() == [
        pytest.approx(session.models.metrics(key, "rows")["AUC"]) for key in found["model_id"]
    ]
    by = asked(session, "(makeLeaderboard ['untrained' 'classes'] rows 'mse' 'ALL' 'train')")
    assert list(by)[1:3] == ["mse", "auc"]
    assert list(by)[-3:] == ["training_time_ms", "predict_time_per_row_ms", "algo"]
    assert by["model_id"].tolist() == ["classes", "untrained"]


def test_leaderboards_of_what_was_scored_in_training(session):
    described = session.models.describe("crossed")
    for data, scored in (
        ("AUTO", "cross_validation"),
        ("xval", "cross_validation"),
        ("valid", "cross_validation"),
        ("train", "training"),
    ):
        found = asked(session, f"(makeLeaderboard ['crossed'] '' 'AUTO' [] '{data}')")
        assert found["logloss"][0] == pytest.approx(described[f"{scored}_metrics"]["logloss"])


def test_predicted_beside_actual_values(session):
    session.frames.rapids("(assign predictions (cols rows 0))")
    found = asked(session, "(predicted.vs.actual.by.var numbers rows 'three' predictions)")
    wanted = data_of().groupby("three")["matters"].mean()
    assert found["three"].tolist() == list(wanted.index)
    assert found["predict"].tolist() == pytest.approx(wanted.tolist())
    assert found["actual"].tolist() == pytest.approx(wanted.tolist())
    session.frames.assign(session.models.predict("classes", "rows"), "labels")
    found = asked(session, "(predicted.vs.actual.by.var classes rows 'two' labels)")
    assert found["actual"].tolist() == [0.0, 1.0]


def test_segment_models_as_a_frame(session):
    started = session.training.train_segments(
        "deeplearning", _SMALL, ["three"], x=["matters"], y="two", training_frame_key="rows", key="parts"
    )
    JobHandle(session, started).wait()
    assert asked(session, "(segment_models_as_frame parts)")["status"].tolist() == ["SUCCEEDED"] * 3


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("(PermutationVarImp nothing rows 'AUTO' -1 1 [] 1)", UnknownName, "nothing"),
        ("(PermutationVarImp rows rows 'AUTO' -1 1 [] 1)", HeavywaterError, "model"),
        ("(PermutationVarImp classes nothing 'AUTO' -1 1 [] 1)", InvalidType, "frame=.*nothing"),
        ("(PermutationVarImp classes rows 'mae' -1 1 [] 1)", InvalidArgument, "metric='mae' must be one of AUTO, AUC"),
        ("(PermutationVarImp classes rows 'AUTO' 1 1 [] 1)", InvalidArgument, "n_samples=1"),
        ("(PermutationVarImp classes rows 'AUTO' -1 0 [] 1)", InvalidArgument, "n_repeats=0"),
        ("(PermutationVarImp classes rows 'AUTO' -1 1 ['three'] 1)", InvalidArgument, "features='three'"),
        ("(PermutationVarImp own rows 'AUTO' -1 1 [] 1)", InvalidArgument, "no response"),
        ("(PermutationVarImp classes rows)", InvalidType, "wrong number of arguments"),
        ("(makeLeaderboard ['classes' 'numbers'] '' 'AUTO' [] 'AUTO')", InvalidArgument, "one kind"),
        ("(makeLeaderboard ['own'] '' 'AUTO' [] 'AUTO')", InvalidArgument, "AutoEncoder"),
        ("(makeLeaderboard ['nothing'] '' 'AUTO' [] 'AUTO')", UnknownName, "nothing"),
        ("(makeLeaderboard ['classes'] '' 'mae' [] 'AUTO')", InvalidArgument, "sort_metric='mae'"),
        ("(makeLeaderboard ['classes'] '' 'AUTO' ['size'] 'AUTO')", InvalidArgument, "extra_columns='size'"),
        ("(makeLeaderboard ['classes'] '' 'AUTO' ['ALL'] 'AUTO')", InvalidArgument, "predict_time_per_row_ms"),
        ("(makeLeaderboard ['classes'] '' 'AUTO' [] 'test')", InvalidArgument, "scoring_data='test'"),
        ("(predicted.vs.actual.by.var several rows 'two' rows)", InvalidArgument, "Multinomial"),
        ("(predicted.vs.actual.by.var classes rows 'matters' rows)", InvalidType, "asfactor"),
        ("(predicted.vs.actual.by.var classes rows 'two' (rows rows 0))", InvalidArgument, "1 rows"),
        ("(segment_models_as_frame classes)", UnknownName, "classes"),
        ("(fairnessMetrics several rows ['three'] [] 'a')", InvalidArgument, "Multinomial"),
        ("(fairnessMetrics classes rows ['three'] [] 'maybe')", InvalidArgument, "favorable_class='maybe' must be one of no, yes"),
        ("(fairnessMetrics classes rows ['matters'] [] 'yes')", InvalidType, "asfactor"),
        ("(fairnessMetrics classes rows ['three'] ['d'] 'yes')", InvalidArgument, "reference='d'"),
        ("(fairnessMetrics classes rows ['three'] ['a' 'b'] 'yes')", InvalidArgument, "2 levels for 1"),
    ],
)  # fmt: skip
def test_what_is_refused(session, text, kind, message):
    with pytest.raises(kind, match=message):
        session.frames.rapids(text)


def test_groups_beside_that_of_reference(session):
    value = session.frames.rapids("(fairnessMetrics classes rows ['three'] ['a'] 'yes')")
    assert list(value) == ["overview", *(f"thresholds_and_metrics_{level}" for level in "abc")]
    found = to_pandas(session.frames.fetch(value["overview"].key))
    data = data_of()
    data["predicted"] = to_pandas(session.frames.fetch(session.models.predict("classes", "rows")))[
        "predict"
    ].astype(str)
    for row, (level, group) in zip(found.to_dict("records"), data.groupby("three"), strict=True):
        chosen, true = group["predicted"] == "yes", group["two"] == "yes"
        assert row["three"] == level
        assert (row["tp"], row["fp"]) == ((chosen & true).sum(), (chosen & ~true).sum())
        assert row["total"] == len(group)
        assert row["accuracy"] == pytest.approx((chosen == true).mean())
        assert row["selectedRatio"] == pytest.approx(chosen.mean())
        assert row["AIR_selectedRatio"] == pytest.approx(chosen.mean() / found["selectedRatio"][0])
    assert found["AIR_auc"][0] == found["p.value"][0] == 1.0
    table = to_pandas(session.frames.fetch(value["thresholds_and_metrics_a"].key))
    assert list(table)[:2] == ["Threshold", "f1"]
    # the other class is to be hoped for
    other = session.frames.rapids("(fairnessMetrics classes rows ['three'] [] 'no')")["overview"]
    turned = to_pandas(session.frames.fetch(other.key))
    assert turned["tp"].tolist() == found["tn"].tolist()
    assert turned["auc"].tolist() == pytest.approx(found["auc"].tolist())


def test_groups_of_several_columns(session):
    session.frames.rapids("(assign more (append rows (ifelse (> (cols rows 1) 0) 'up' 'down') 'side'))")
    value = session.frames.rapids("(fairnessMetrics classes more ['three' 'side'] ['b' 'up'] 'yes')")
    found = to_pandas(session.frames.fetch(value["overview"].key))
    assert found["three"].tolist() == ["a", "b", "c", "a", "b", "c"]
    assert found["side"].tolist() == ["down"] * 3 + ["up"] * 3
    assert found["AIR_accuracy"][4] == 1.0
    assert "thresholds_and_metrics_b,up" in value
