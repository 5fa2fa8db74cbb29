"""TensorBoard and Optuna; and that nothing is imported that is not used."""

from __future__ import annotations

import copy
import math
import pickle
import subprocess
import sys
from pathlib import Path
from typing import Any

import h2o
import pytest
from h2o.estimators import H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError
from h2o.trackers import MLflowLogger, OptunaPruning, TensorBoard, mlflow

from .conftest import need

STEPS: dict[str, Any] = {
    "hidden": [3], "seed": 1, "score_each_iteration": True, "train_samples_per_iteration": 0, "stopping_rounds": 0,
}  # fmt: skip


def events_of(folder: Path) -> tuple[dict[str, list[tuple[int, float]]], dict[str, str]]:
    """The scalars and texts of a folder, as tensorboardX itself understands them."""
    from tensorboardX.proto.event_pb2 import Event

    scalars: dict[str, list[tuple[int, float]]] = {}
    texts: dict[str, str] = {}
    for path in folder.glob("events.out.tfevents.*"):
        content, place = path.read_bytes(), 0
        while place < len(content):
            size = int.from_bytes(content[place : place + 8], "little")
            event = Event.FromString(content[place + 12 : place + 12 + size])
            place += size + 16
            for value in event.summary.value:
                if value.HasField("simple_value"):
                    scalars.setdefault(value.tag, []).append((event.step, value.simple_value))
                else:
                    texts[value.tag] = b"".join(value.tensor.string_val).decode()
    return scalars, texts


@pytest.mark.parametrize("model_id", ["boarded", "../out|of/the/Förder:*", ".."])
def test_tensorboard_gets_the_whole_history(rows: Any, tmp_path: Path, model_id: str) -> None:
    need("tensorboardX")
    board = TensorBoard(tmp_path / "runs")
    model = H2ODeepLearningEstimator(**STEPS, epochs=5, model_id=model_id)
    model.train(y="y", training_frame=rows, validation_frame=rows, callbacks=[board])
    assert [path.name for path in tmp_path.iterdir()] == ["runs"]
    (folder,) = (tmp_path / "runs").iterdir()
    scalars, texts = events_of(folder)
    history = model.scoring_history()
    for tag, column in {
        "training/rmse": "training_rmse",
        "validation/mae": "validation_mae",
        "progress/epochs": "epochs",
    }.items():
        assert [step for step, _ in scalars[tag]] == history["samples"].tolist()
        assert [value for _, value in scalars[tag]] == pytest.approx(history[column].tolist(), rel=1e-6)
    assert "| distribution | gaussian |" in texts["model/text_summary"]
    assert "all 5 epochs are done" in texts["end/text_summary"]


def test_each_model_of_a_grid_has_a_folder(rows: Any, tmp_path: Path) -> None:
    need("tensorboardX")
    grid = h2o.H2OGridSearch(H2ODeepLearningEstimator(epochs=1), {"hidden": [[2], [3]]})
    grid.train(y="y", training_frame=rows, callbacks=[TensorBoard(tmp_path)])
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(grid.model_ids)


class FakeTrial:
    """What `OptunaPruning` asks a trial."""

    def __init__(self, direction: Any, prune_at: int = 10**9) -> None:
        self.reported: dict[int, float] = {}
        self.prune_at = prune_at
        self.study = type("Study", (), {"direction": direction})()

    def report(self, value: float, step: int) -> None:
        assert step not in self.reported and math.isfinite(value)
        self.reported[step] = value

    def should_prune(self) -> bool:
        return max(self.reported) >= self.prune_at


def test_a_trial_gets_all_scores_and_may_end_the_training(rows: Any) -> None:
    need("optuna")
    from optuna import TrialPruned
    from optuna.study import StudyDirection

    trial = FakeTrial(StudyDirection.MINIMIZE)
    model = H2ODeepLearningEstimator(**STEPS, epochs=6)
    model.train(y="y", training_frame=rows, callbacks=[OptunaPruning(trial, "rmse")])
    history = model.scoring_history().drop_duplicates("iterations")
    assert trial.reported == dict(zip(history["iterations"], history["training_rmse"], strict=True))
    ended = FakeTrial(StudyDirection.MINIMIZE, prune_at=3)
    with pytest.raises(TrialPruned, match="deviance"):
        model.train(y="y", training_frame=rows, validation_frame=rows, callbacks=[OptunaPruning(ended)])
    assert list(ended.reported) == [1, 2, 3] and model.predict(rows).nrow == 60
    best = FakeTrial(StudyDirection.MAXIMIZE)
    for metric in ("rmse", None):
        with pytest.raises(H2OValueError, match="direction='minimize'"):
            model.train(y="y", training_frame=rows, callbacks=[OptunaPruning(best, metric)])
    with pytest.raises(H2OValueError, match="the scores of this model are"):
        model.train(y="y", training_frame=rows, callbacks=[OptunaPruning(trial, "logloss")])
    with pytest.raises(H2OValueError, match="step='epoch'"):
        OptunaPruning(trial, step="epoch")  # type: ignore[arg-type]


def test_a_study_prunes(rows: Any) -> None:
    need("optuna")
    import optuna

    optuna.logging.set_verbosity(optuna.logging.ERROR)

    def objective(trial: optuna.Trial) -> float:
        rate = trial.suggest_categorical("rate", [0.01, 1e-9])
        model = H2ODeepLearningEstimator(**STEPS, epochs=5, adaptive_rate=False, rate=rate)
        model.train(x=["b", "y"], y="a", training_frame=rows, callbacks=[OptunaPruning(trial, "rmse")])
        return float(model.rmse())

    study = optuna.create_study(
        direction="minimize",
        sampler=optuna.samplers.GridSampler({"rate": [0.01, 1e-9]}, seed=1),
        pruner=optuna.pruners.ThresholdPruner(upper=20),
    )
    study.optimize(objective, n_trials=2)
    states = {trial.params["rate"]: trial.state.name for trial in study.trials}
    assert states == {0.01: "COMPLETE", 1e-9: "PRUNED"}


@pytest.mark.parametrize(
    ("package", "make"),
    [
        ("tensorboardX", TensorBoard),
        ("optuna", lambda: OptunaPruning(None)),
        ("mlflow", MLflowLogger),
        ("mlflow", lambda: mlflow.load_model("nowhere")),
    ],
)
def test_a_package_that_is_missing_is_named(package: str, make: Any, monkeypatch: Any) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(
        ImportError, match=rf"needs {package}, .* pip install 'heavywater\[{package.lower()[:11]}\]'"
    ):
        make()


def test_trackers_can_be_copied(tmp_path: Path) -> None:
    need("tensorboardX")
    assert copy.deepcopy(TensorBoard(tmp_path)).log_dir == str(tmp_path)
    assert pickle.loads(pickle.dumps(TensorBoard("a"))).log_dir == "a"


def test_nothing_is_imported_before_it_is_used() -> None:
    program = (
        "import h2o, h2o.trackers, h2o.trackers.mlflow, sys;"
        "print(sorted({'mlflow', 'optuna', 'tensorboardX', 'google'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
