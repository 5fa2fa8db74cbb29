"""No name of an object makes anything write outside the folder that was given, or over what is not meant."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import h2o
import pytest
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.errors import HeavywaterError, InvalidArgument, ParseError
from heavywater.export.grid_file import write_grid
from heavywater.export.model_file import write_model
from heavywater.files import check_key, file_name, path_for
from heavywater.grids.grid import Grid
from heavywater.session import LocalSession
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ..sessions import behind, finished
from .writers import World, frame_of

AWKWARD = [
    "../../x", "/etc/x", "..", ".", "...", "a/b", "a/../../b", "/", "//", "~", "~root", "~/x", "a\\b", "..\\x", "C:x", "con",
    "x" * 300, "ü" * 200, "a/" * 200, "😀" * 64, "\0", "a\0b", "\x1b[2J", "a\nb", "\ud800", "\u202e", ".ssh/authorized_keys",
    "a b", "$HOME", "%2e%2e%2f", "-rf", "*", "?", "|x", "model.", "lock", "new", "http://x/y",
]  # fmt: skip
ANY_TEXT = st.one_of(
    st.sampled_from(AWKWARD),
    st.lists(st.sampled_from(["..", ".", "/", "~", "\\", "\0", "a", "x" * 100, "ü" * 99]), min_size=1).map(
        "".join
    ),
    st.text(st.characters(exclude_categories=[])),
)


@given(ANY_TEXT, st.sampled_from(["", ".zip", ".json", ".arrow"]))
def test_a_file_name_is_one_name(key: str, ending: str) -> None:
    name = file_name(key, ending)
    assert (
        name not in ("", ".", "..")
        and not set(name) & {"/", "\\", "\0"}
        and name.isprintable() >= key.isprintable()
    )
    assert name.endswith(ending) and len(os.fsencode(name)) <= 255
    assert file_name(name) == name  # what is a name of a file stays as it is
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for folder in ("/some/folder", ".", "", "~"):
            path = path_for(folder, key, ending)
            assert os.path.dirname(path) == os.path.abspath(os.path.expanduser(folder))


@pytest.mark.parametrize(
    "key", ["a", "my_model.1-2", "ümlaut", "日本", "Grid_1_model_2", "a:b", "a~", "x" * 255]
)
def test_usual_names_stay_and_do_not_warn(key: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert path_for("/folder", key) == f"/folder/{key}"


def test_a_slash_becomes_an_underscore_with_a_warning() -> None:
    with pytest.warns(RuntimeWarning, match=r"'a/b' is called 'a_b.zip'"):
        assert path_for("/folder", "a/b", ".zip") == "/folder/a_b.zip"


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("con", "_con"),
        ("NUL.x", "_NUL.x"),
        ("com1", "_com1"),
        ("a:b", "a_b"),
        ("x.", "x_"),
        ("console", "console"),
        ("a?*", "a__"),
    ],
)
def test_what_windows_reserves(key: str, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "nt")
        assert file_name(key) == name


def test_long_names_stay_apart() -> None:
    assert file_name("x" * 300 + "1") != file_name("x" * 300 + "2")
    assert len(file_name("x" * 300)) == len(os.fsencode(file_name("ü" * 300 + "a", ".zip"))) == 255


@pytest.mark.parametrize(
    "key", ["", " ", "a b", "a(b", "a\0b", "a\x1bb", "\x7f", "\ud800", "a\\b", 3, None, b"x"]
)
def test_names_that_no_object_can_have(key: Any) -> None:
    with pytest.raises(InvalidArgument, match="cannot name an object"):
        check_key(key)
    with pytest.raises(InvalidArgument, match="cannot name an object"):
        LocalSession(nthreads=1).store.put_frame(frame_of(0), key or " ")


# --- the writers


@pytest.fixture(scope="module")
def world() -> World:
    h2o.init(verbose=False)
    h2o.no_progress()
    return World(behind())


def _model(world: World, key: str) -> Any:
    world.session.store.put(replace(world.session.store.get("model_0", DeepLearningModel), key=key), key)
    return h2o.get_model(key)


def _grid(world: World, key: str) -> str:
    _model(world, f"{key}_model_1")
    grid = world.session.store.get("grid_0", Grid)
    members = [replace(member, model_key=f"{key}_model_1") for member in grid.members]
    return world.session.store.put(replace(grid, key=key, members=members), key)


def _train(world: World, key: str, folder: str) -> None:
    started = world.session.training.train(
        "deeplearning", {"hidden": [2], "epochs": 0.01, "model_id": key, "export_checkpoints_dir": folder},
        x=["x", "y"], y="z", training_frame_key="frame_0",
    )  # fmt: skip
    finished(world.session, started)


def _search(world: World, key: str, folder: str, **where: Any) -> None:
    parameters = {"hidden": [2], "epochs": 0.01, **({"export_checkpoints_dir": folder} if not where else {})}
    started = world.session.grids.train(
        "deeplearning", parameters, {"l1": [0.0]}, x=["x", "y"], y="z", training_frame_key="frame_0", grid_id=key,
        **where,
    )  # fmt: skip
    finished(world.session, started)


# how each writes an object of a key into a folder, and how many files that makes
BY_KEY: dict[str, tuple[Callable[[World, str, str], Any], int]] = {
    "save_model": (lambda world, key, folder: h2o.save_model(_model(world, key), folder), 1),
    "download_model": (lambda world, key, folder: h2o.download_model(_model(world, key), folder), 1),
    "model.download_model": (lambda world, key, folder: _model(world, key).download_model(folder), 1),
    "save_model_details": (lambda world, key, folder: _model(world, key).save_model_details(folder), 1),
    "save_mojo": (lambda world, key, folder: _model(world, key).save_mojo(folder), 1),
    "download_mojo": (lambda world, key, folder: _model(world, key).download_mojo(folder), 1),
    "download_pojo": (lambda world, key, folder: h2o.download_pojo(_model(world, key), folder), 1),
    "save_onnx": (lambda world, key, folder: _model(world, key).save_onnx(folder), 1),
    "save_c": (lambda world, key, folder: h2o.save_c(_model(world, key), folder), 2),
    "to_c": (lambda world, key, folder: _model(world, key).to_c(folder), 2),
    "frame.save": (lambda world, key, folder: h2o.get_frame(world.session.store.put_frame(frame_of(1), key)).save(folder), 1),
    "save_grid": (lambda world, key, folder: h2o.save_grid(folder, _grid(world, key)), 2),
    "export_checkpoints_dir": (_train, 1),
    "recovery_dir": (lambda world, key, folder: _search(world, key, folder, recovery_dir=folder), 2),
    "grid with export_checkpoints_dir": (_search, 2),
}  # fmt: skip


@pytest.mark.parametrize("writer", BY_KEY)
@settings(max_examples=12)
@given(key=st.one_of(st.sampled_from(AWKWARD), ANY_TEXT))
@example(key="../../x")
@example(key="/etc/x")
@example(key="~root")
@example(key="x" * 300)
def test_no_name_leads_out_of_the_folder(world: World, writer: str, key: str) -> None:
    write, files = BY_KEY[writer]
    with tempfile.TemporaryDirectory() as top, contextlib.chdir(top), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = Path(top, "above", "folder")
        folder.mkdir(parents=True)
        try:
            write(world, key, "above/folder")
        except HeavywaterError as error:
            assert re.search("cannot name an object|it is empty", str(error)), error
            files = 0
        finally:
            world.session.objects.remove(key)
        everywhere = [path for path in Path(top).rglob("*") if path.is_file()]
        assert len(everywhere) == files and {path.parent for path in everywhere} <= {folder}


@pytest.mark.parametrize("key", ["a/b", "../up", "x" * 300])
def test_what_was_saved_under_an_awkward_name_is_found_again(world: World, key: str, tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _model(world, key)
        path = h2o.save_model(h2o.get_model(key), str(tmp_path))
        assert h2o.load_model(path).model_id == key
        h2o.remove(key)
        world.session.store.put_frame(frame_of(1), key)
        h2o.get_frame(key).save(str(tmp_path))
        assert h2o.load_frame(key, str(tmp_path)).nrow == 400
        h2o.remove(key)
        grid = h2o.save_grid(str(tmp_path / "grids"), _grid(world, key))
        assert h2o.load_grid(grid).grid_id == key
        h2o.remove(key)


# --- names in files of others


@pytest.mark.parametrize("key", ["", "a b", "a\0b", "\x1b[2J"])
def test_a_model_file_with_an_impossible_name_is_refused(world: World, key: str, tmp_path: Path) -> None:
    path = write_model(
        replace(world.session.store.get("model_0", DeepLearningModel), key=key), tmp_path / "model"
    )
    with pytest.raises(ParseError, match=r"model: the name of the model in it is not allowed"):
        h2o.load_model(path)


@pytest.mark.parametrize("key", ["", "a b", "a\0b", "\x1b[2J"])
def test_a_grid_file_with_an_impossible_name_is_refused(world: World, key: str, tmp_path: Path) -> None:
    grid = world.session.store.get("grid_0", Grid)
    members = [replace(grid.members[0], model_key=key)]
    for number, wrong in enumerate((replace(grid, key=key), replace(grid, members=members))):
        path = write_grid(wrong, tmp_path / str(number))
        with pytest.raises(ParseError, match="damaged"):
            h2o.load_grid(path)


def test_a_grid_file_reads_only_beside_itself(world: World, tmp_path: Path) -> None:
    path = h2o.save_grid(str(tmp_path / "grids"), "grid_0")
    (tmp_path / "grids" / "grid_0_model_1").rename(tmp_path / "secret")
    grid = world.session.store.get("grid_0", Grid)
    write_grid(replace(grid, members=[replace(grid.members[0], model_key="../secret")]), tmp_path / "grids")
    with pytest.raises(ParseError, match=r"\.\._secret: there is no such file"):
        h2o.load_grid(path)


OTHERS: dict[str, Callable[[World, str], Any]] = {
    "frame": lambda world, key: world.session.store.put_frame(frame_of(1), key),
    "model": _model,
    "grid": lambda world, key: world.session.store.put(Grid(key), key),
    "metric": lambda world, key: world.session.training.put_metric(lambda actual, predicted: 0.0, key),
}


@pytest.mark.parametrize("kind", ["frame", "grid", "metric"])
@pytest.mark.parametrize("load", [h2o.load_model, h2o.upload_model])
def test_loading_a_model_replaces_only_a_model(world: World, kind: str, load: Any, tmp_path: Path) -> None:
    _model(world, "taken")
    path = h2o.save_model(h2o.get_model("taken"), str(tmp_path))
    assert load(path).model_id == "taken"  # of the same name a model is replaced, as in H2O
    h2o.remove("taken")
    OTHERS[kind](world, "taken")
    before = world.session.store.get("taken", object)
    with pytest.warns(RuntimeWarning, match=f"'taken' names a {kind} here: the model is called 'taken_1'"):
        loaded = load(path)
    assert loaded.model_id == "taken_1" and world.session.store.get("taken", object) is before
    assert loaded.predict(h2o.get_frame("frame_0")).nrow == 400
    h2o.remove(["taken", "taken_1"])


@pytest.mark.parametrize("kind", ["frame", "model", "metric"])
def test_loading_a_grid_replaces_only_a_grid(world: World, kind: str, tmp_path: Path) -> None:
    path = h2o.save_grid(str(tmp_path), _grid(world, "taken"))
    h2o.remove("taken")
    OTHERS[kind](world, "taken")
    OTHERS["frame"](world, "taken_model_1")
    before = world.session.store.get("taken", object)
    with pytest.warns(RuntimeWarning, match="the grid is called 'taken_1'"):
        grid = h2o.load_grid(path)
    assert grid.grid_id == "taken_1" and grid.model_ids == ["taken_model_1_1"]
    assert world.session.store.get("taken", object) is before
    assert world.session.store.frame("taken_model_1").nrow == 400
    h2o.remove(["taken", "taken_1", "taken_model_1", "taken_model_1_1"])


@pytest.mark.parametrize("kind", ["model", "grid", "metric"])
@pytest.mark.parametrize("how", ["load_frame", "import_file", "H2OFrame", "assign", "frame_id"])
def test_a_frame_replaces_only_a_frame(world: World, kind: str, how: str, tmp_path: Path) -> None:
    frame = h2o.H2OFrame({"a": [1, 2]})
    saved = h2o.assign(h2o.H2OFrame({"a": [1]}), "taken")
    saved.save(str(tmp_path))
    h2o.remove("taken")
    (tmp_path / "rows.csv").write_text("a\n1\n")
    OTHERS[kind](world, "taken")
    before = world.session.store.get("taken", object)
    make: dict[str, Callable[[], Any]] = {
        "load_frame": lambda: h2o.load_frame("taken", str(tmp_path)),
        "import_file": lambda: h2o.import_file(str(tmp_path / "rows.csv"), destination_frame="taken"),
        "H2OFrame": lambda: h2o.H2OFrame({"a": [1]}, destination_frame="taken"),
        "assign": lambda: h2o.assign(frame, "taken"),
        "frame_id": lambda: setattr(frame, "frame_id", "taken"),
    }
    with pytest.raises(InvalidArgument, match=f"'taken' names a {kind}"):
        make[how]()
    assert world.session.store.get("taken", object) is before and frame.nrow == 2
    h2o.remove("taken")


@pytest.mark.parametrize("kind", ["frame", "grid", "metric"])
def test_a_name_of_something_else_is_refused_before_a_model_is_made(
    world: World, kind: str, tmp_path: Path
) -> None:
    mojo = _model(world, "taken").save_mojo(str(tmp_path))
    h2o.remove("taken")
    OTHERS[kind](world, "taken")
    before = world.session.store.get("taken", object)
    with pytest.raises(InvalidArgument, match=f"'taken' names a {kind}, which a model does not replace"):
        h2o.import_mojo(mojo, "taken")
    with pytest.raises(InvalidArgument, match=f"'taken' names a {kind}, which a model does not replace"):
        _train(world, "taken", str(tmp_path))
    if kind != "grid":
        with pytest.raises(InvalidArgument, match=f"'taken' names a {kind}, which a grid does not replace"):
            _search(world, "taken", str(tmp_path))
    assert world.session.store.get("taken", object) is before
    h2o.remove("taken")


def test_a_model_file_replaces_no_frame_and_claims_none(world: World, tmp_path: Path) -> None:
    """Frames in it must be its own; what it says belongs to it, and goes with it, too."""
    model = replace(world.session.store.get("model_0", DeepLearningModel), key="claiming")
    holdout = "cross_validation_holdout_predictions_frame_id"
    with pytest.raises(ParseError, match="do not belong to the model"):
        h2o.load_model(write_model(model, tmp_path / "one", frames={"frame_0": frame_of(5, 3)}))
    claims = {holdout: "frame_0", "cross_validation_models": ["model_1"]}
    model = replace(model, cross_validation={**model.cross_validation, **claims})
    loaded = h2o.load_model(write_model(model, tmp_path / "two", frames={"frame_0": frame_of(5, 3)}))
    assert world.session.store.frame("frame_0").nrow == 400
    assert loaded.cross_validation_holdout_predictions().nrow == 3
    h2o.remove("claiming")
    assert {"frame_0", "model_1"} <= set(h2o.ls()["key"])
