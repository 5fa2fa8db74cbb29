"""Files that cannot be written throw neither trainings nor searches away."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h2o
import pytest
from h2o.backend.connection import session
from h2o.estimators import H2OAutoEncoderEstimator, H2ODeepLearningEstimator
from h2o.exceptions import H2OValueError, NotSaved, UnstableModel
from h2o.grid import H2OGridSearch
from heavywater import files
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.files import writing
from heavywater.session import model_files

from ..files.writers import frame_of
from ..sessions import behind

SMALL: dict[str, Any] = {"hidden": [3], "seed": 1, "reproducible": True, "stopping_rounds": 0, "score_interval": 0.0,
         "score_duty_cycle": 1.0, "train_samples_per_iteration": 0}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def rows() -> Any:
    h2o.init(verbose=False)
    h2o.no_progress()
    return h2o.get_frame(behind().store.put_frame(frame_of(0), "rows"))


def train(folder: Path | None, rows: Any, **parameters: Any) -> H2ODeepLearningEstimator:
    model = H2ODeepLearningEstimator(
        **{**SMALL, "epochs": 6, **parameters}, export_checkpoints_dir=None if folder is None else str(folder)
    )
    model.train(x=["x", "y"], y="z", training_frame=rows)
    return model


# --- the ways in which a folder cannot be written; each gives the folder, and what else it takes


def _read_only(top: Path, patch: pytest.MonkeyPatch) -> Path:
    (top / "out").mkdir(mode=0o500)
    if os.geteuid() == 0:  # whom no rights bind
        _refusing(patch, PermissionError(errno.EACCES, "Permission denied"))
    return top / "out"


def _full(top: Path, patch: pytest.MonkeyPatch) -> Path:
    _refusing(patch, OSError(errno.ENOSPC, "No space left on device"))
    return top / "out"


def _read_only_volume(top: Path, patch: pytest.MonkeyPatch) -> Path:
    _refusing(patch, OSError(errno.EROFS, "Read-only file system"))
    return top / "out"


def _file_in_its_place(top: Path, patch: pytest.MonkeyPatch) -> Path:
    (top / "out").write_text("mine")
    return top / "out"


def _below_a_file(top: Path, patch: pytest.MonkeyPatch) -> Path:
    (top / "out").write_text("mine")
    return top / "out" / "sub"


def _no_name_at_all(top: Path, patch: pytest.MonkeyPatch) -> Path:
    return top / "a\0b"


def _link_to_itself(top: Path, patch: pytest.MonkeyPatch) -> Path:
    (top / "out").symlink_to(top / "out")
    return top / "out"


def _folder_in_the_place_of_the_file(top: Path, patch: pytest.MonkeyPatch) -> Path:
    for name in ("kept", "kept_cv_1", "kept_cv_2", "search", "search_model_1", "search_model_2"):
        (top / "out" / name / "inside").mkdir(parents=True)
    return top / "out"


def _no_memory(top: Path, patch: pytest.MonkeyPatch) -> Path:
    _refusing(patch, MemoryError())
    return top / "out"


def _refusing(patch: pytest.MonkeyPatch, error: Exception) -> None:
    def workplace(folder: str, name: str) -> Any:
        raise error

    patch.setattr(writing, "workplace", workplace)


WAYS: list[Callable[[Path, pytest.MonkeyPatch], Path]] = [
    _read_only, _full, _read_only_volume, _file_in_its_place, _below_a_file, _no_name_at_all, _no_memory, _link_to_itself,
    _folder_in_the_place_of_the_file,
]  # fmt: skip


@pytest.fixture(params=WAYS, ids=lambda way: way.__name__.strip("_").replace("_", " "))
def folder(request: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    found: Path = request.param(tmp_path, monkeypatch)
    return found


@pytest.mark.parametrize(
    "more", [{}, {"nfolds": 2}, {"max_runtime_secs": 100}, {"overwrite_with_best_model": False}], ids=str
)
def test_the_training_ends_and_its_model_is_there(folder: Path, rows: Any, more: dict[str, Any]) -> None:
    want = train(None, rows, **more).mse()
    model = H2ODeepLearningEstimator(
        **{**SMALL, "epochs": 6, **more}, model_id="kept", export_checkpoints_dir=str(folder)
    )
    with (
        pytest.warns(RuntimeWarning) as told,
        pytest.raises(NotSaved, match="model 'kept' is trained and stored") as raised,
    ):
        model.train(x=["x", "y"], y="z", training_frame=rows)
    about = [str(each.message) for each in told if "export_checkpoints_dir" in str(each.message)]
    assert len(about) == 1 and repr(str(folder)) in about[0] and "tried again" in about[0]
    assert repr(str(folder)) in str(raised.value) and isinstance(raised.value, H2OValueError | OSError)
    assert model.model_id == "kept" and model.mse() == want  # the object, too, is the model
    assert h2o.get_model("kept").predict(rows).nrow == rows.nrow
    if "nfolds" in more:
        assert len(model.cross_validation_models()) == 2 and "kept_cv_2" in str(raised.value)


def test_an_autoencoder_is_kept_likewise(folder: Path, rows: Any) -> None:
    model = H2OAutoEncoderEstimator(hidden=[2], epochs=1, model_id="kept", export_checkpoints_dir=str(folder))
    with pytest.warns(RuntimeWarning, match="tried again"), pytest.raises(NotSaved):
        model.train(x=["x", "y"], training_frame=rows)
    assert model.anomaly(rows).nrow == rows.nrow


@pytest.fixture
def failing_saves(monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], set[int]]:
    """The files that were to be written, and which of them (by number) cannot."""
    asked: list[str] = []
    failing: set[int] = set()
    workplace = writing.workplace

    def refusing(folder: str, name: str) -> Any:
        asked.append(name)
        if len(asked) - 1 in failing:
            raise OSError(errno.ENOSPC, "No space left on device")
        return workplace(folder, name)

    monkeypatch.setattr(writing, "workplace", refusing)
    return asked, failing


@pytest.mark.parametrize("failing", [{0}, {0, 1, 2}, {1, 3}, {2}], ids=str)
def test_a_fault_that_goes_away_is_a_warning(
    tmp_path: Path,
    rows: Any,
    failing_saves: tuple[list[str], set[int]],
    failing: set[int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("heavywater.export.saving.EXPORT_SHARE", 1e9)  # after every scoring
    asked, refused = failing_saves
    refused |= failing
    with pytest.warns(RuntimeWarning, match="No space left") as told:
        model = train(tmp_path, rows, epochs=60, model_id="recovers")
    assert len([each for each in told if "tried again" in str(each.message)]) == 1
    assert len(asked) > max(failing) + 1
    assert os.listdir(tmp_path) == ["recovers"]
    assert h2o.load_model(str(tmp_path / "recovers")).mse() == model.mse()


def test_every_scoring_tries_again(
    tmp_path: Path, rows: Any, failing_saves: tuple[list[str], set[int]]
) -> None:
    asked, refused = failing_saves
    refused |= set(range(10_000))
    with pytest.warns(RuntimeWarning, match="No space left"), pytest.raises(NotSaved):
        train(tmp_path, rows, epochs=10, model_id="tries")
    scorings = len(h2o.get_model("tries").scoring_history())
    assert scorings > 5 and len(asked) >= scorings - 1


def test_the_last_save_is_tried_twice_and_folds_again_at_the_end(
    tmp_path: Path, rows: Any, failing_saves: tuple[list[str], set[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heavywater.export.saving.ModelExports.while_training", lambda self, key: None)
    _, refused = failing_saves
    refused |= {0, 1, 2}
    with pytest.warns(RuntimeWarning, match="No space left"):
        train(tmp_path, rows, model_id="folded", nfolds=2)
    assert sorted(os.listdir(tmp_path)) == ["folded", "folded_cv_1", "folded_cv_2"]


def test_a_folder_that_is_removed_is_made_again(
    tmp_path: Path, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a" / "b"
    new_file = files.new_file

    def after_a_removal(path: str, force: bool) -> Any:
        shutil.rmtree(tmp_path / "a")
        return new_file(path, force)

    monkeypatch.setattr("heavywater.export.model_file.new_file", after_a_removal)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        train(folder, rows, model_id="again")
    assert os.listdir(folder) == ["again"]


def test_an_unstable_training_tells_both(folder: Path, rows: Any) -> None:
    model = H2ODeepLearningEstimator(
        hidden=[20], activation="Rectifier", adaptive_rate=False, rate=1e6, epochs=20, seed=1, model_id="kept",
        standardize=False, export_checkpoints_dir=str(folder),
    )  # fmt: skip
    with (
        pytest.warns(RuntimeWarning, match="tried again"),
        pytest.raises(UnstableModel, match="lacks the file of kept"),
    ):
        model.train(x=["x", "y"], y="z", training_frame=rows)
    assert h2o.get_model("kept").predict(rows).nrow == rows.nrow


# --- searches


@pytest.mark.parametrize("parameter", ["recovery_dir", "export_checkpoints_dir"])
@pytest.mark.parametrize("parallelism", [1, 2])
def test_the_search_ends_and_its_models_are_there(
    folder: Path, rows: Any, parameter: str, parallelism: int
) -> None:
    h2o.remove_all(["rows"])
    where: dict[str, Any] = {parameter: str(folder)}
    search = H2OGridSearch(
        H2ODeepLearningEstimator(**SMALL, epochs=1), {"l1": [0, 1e-3, 1e-2]}, grid_id="search",
        parallelism=parallelism, **where,
    )  # fmt: skip
    with (
        pytest.warns(RuntimeWarning) as told,
        pytest.raises(NotSaved, match="grid 'search' is complete and stored"),
    ):
        search.train(x=["x", "y"], y="z", training_frame=rows)
    about = [str(each.message) for each in told if parameter in str(each.message)]
    assert len(about) == 1 and repr(str(folder)) in about[0]
    assert len(search) == len(h2o.get_grid("search")) == 3  # in the object, and in the session
    assert not session().grids.describe("search")["failure_details"]
    assert all(model.predict(rows).nrow == rows.nrow for model in search.models)


def test_a_search_saves_later_what_it_could_not_save_before(
    tmp_path: Path, rows: Any, failing_saves: tuple[list[str], set[int]]
) -> None:
    _, refused = failing_saves
    refused |= {0, 1, 2}
    h2o.remove_all(["rows"])

    def search() -> H2OGridSearch:
        return H2OGridSearch(H2ODeepLearningEstimator(**SMALL, epochs=1), {"l1": [0, 1e-3, 1e-2]}, grid_id="search",
                             recovery_dir=str(tmp_path)).train(x=["x", "y"], y="z", training_frame=rows)  # fmt: skip

    with pytest.warns(RuntimeWarning, match=r"recovery_dir=.*No space left"):
        first = search()
    assert sorted(os.listdir(tmp_path)) == ["search", "search_model_1", "search_model_2", "search_model_3"]
    before = first.model_ids
    h2o.remove_all(["rows"])
    files_before = {each.name: each.stat().st_mtime_ns for each in tmp_path.glob("search_*")}
    assert search().model_ids == before  # nothing is trained again
    assert {each.name: each.stat().st_mtime_ns for each in tmp_path.glob("search_*")} == files_before


def test_a_grid_file_names_only_models_that_lie_beside_it(
    tmp_path: Path, rows: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = model_files.write_model

    def second_fails(model: DeepLearningModel, *them: Any, **named: Any) -> str:
        if model.key.endswith("_2"):
            raise OSError(errno.EIO, "Input/output error")
        return save(model, *them, **named)

    h2o.remove_all(["rows"])
    monkeypatch.setattr(model_files, "write_model", second_fails)
    grid = H2OGridSearch(
        H2ODeepLearningEstimator(**SMALL, epochs=1),
        {"l1": [0, 1e-3, 1e-2]},
        grid_id="search",
        recovery_dir=str(tmp_path),
    )
    with pytest.warns(RuntimeWarning, match="Input/output error"), pytest.raises(NotSaved):
        grid.train(x=["x", "y"], y="z", training_frame=rows)
    monkeypatch.undo()
    h2o.remove_all(["rows"])
    found = h2o.load_grid(str(tmp_path / "search"))
    assert set(found.model_ids) == {"search_model_1", "search_model_3"}


# --- the command


@pytest.mark.parametrize("way", [_file_in_its_place, _below_a_file])
def test_the_command_saves_the_model_all_the_same(
    way: Callable[[Path, pytest.MonkeyPatch], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = way(tmp_path, monkeypatch)
    (tmp_path / "rows.csv").write_text("a,b\n" + "".join(f"{i},{i * i}\n" for i in range(20)))
    done = subprocess.run(
        [sys.executable, "-c", "from h2o.command_line import main; raise SystemExit(main())", "train",
         str(tmp_path / "rows.csv"), "--response", "b", "--model", str(tmp_path / "model"), "--set", "hidden=[2]", "--set",
         f"export_checkpoints_dir={folder}", "--set", "epochs=1"], check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1 and "tried again" in done.stderr and "lacks the file" in done.stderr
    assert h2o.load_model(str(tmp_path / "model")).epochs == 1


def test_the_command_saves_the_last_good_weights(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a,b\n" + "".join(f"{i},{i * i}\n" for i in range(200)))
    wild = {
        "hidden": "[20]",
        "activation": "Rectifier",
        "adaptive_rate": "false",
        "rate": "1e6",
        "standardize": "false",
    }
    done = subprocess.run(
        [sys.executable, "-c", "from h2o.command_line import main; raise SystemExit(main())", "train",
         str(tmp_path / "rows.csv"), "--response", "b", "--model", str(tmp_path / "model"),
         *(word for name, value in wild.items() for word in ("--set", f"{name}={value}"))],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1 and f"it is saved as {tmp_path / 'model'}" in done.stderr, done.stderr
    assert h2o.load_model(str(tmp_path / "model")).hidden == [20]


def test_the_command_keeps_a_model_that_cannot_be_saved_where_it_should_be(tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a,b\n" + "".join(f"{i},{i * i}\n" for i in range(20)))
    (tmp_path / "file").write_text("mine")
    done = subprocess.run(
        [sys.executable, "-c", "from h2o.command_line import main; raise SystemExit(main())", "train",
         str(tmp_path / "rows.csv"), "--response", "b", "--model", str(tmp_path / "file" / "model"), "--set", "hidden=[2]"],
        check=False, capture_output=True, text=True, env=os.environ | {"TMPDIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode == 1 and "the model is kept as" in done.stderr
    assert h2o.load_model(str(next(tmp_path.glob("h2o_*/model")))).hidden == [2]
