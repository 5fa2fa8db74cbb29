"""Models on disk: all of a model comes back, and nothing but a model does."""

from __future__ import annotations

import contextlib
import inspect
import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from heavywater.deeplearning.model.fold_ensemble import FoldEnsemble
from heavywater.deeplearning.model.model import DeepLearningModel
from heavywater.engine.scoring import JointSnapshot, Snapshot
from heavywater.errors import InvalidArgument, ParseError
from heavywater.export.model_file import (
    DOCUMENT,
    VERSION,
    checksum,
    fingerprint,
    model_bytes,
    read_model,
    write_model,
)
from heavywater.export.model_file_values import Packer, unpacked
from heavywater.export.model_forms import FORMS, Form
from heavywater.export.mojo_reader import read_mojo
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from safetensors import safe_open
from safetensors.numpy import load, save_file

from ..cases import scoring
from .model_cases import CASES, FILES, data, new_session, predictions, train

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

# --- everything comes back


@pytest.mark.parametrize("name", CASES)
def test_a_model_comes_back_and_trains_on(name: str, tmp_path: Path) -> None:
    session = new_session()
    model = train(session, name)
    path = session.model_files.save(model.key, tmp_path / "model")
    other = new_session()
    loaded = other.store.get(other.model_files.load(path), DeepLearningModel)
    assert loaded.key == model.key
    assert without_folds(loaded.description()) == without_folds(model.description())
    for found, expected in zip(predictions(loaded), predictions(model), strict=True):
        np.testing.assert_array_equal(found, expected)
    if model.spec.response is not None:
        assert repr(loaded.metrics(data())[0]) == repr(model.metrics(data())[0])
    if name != "cross-validation":
        runs = [train(one, name, checkpoint=model.key, epochs=6) for one in (session, other)]
        for found, expected in zip(predictions(runs[1]), predictions(runs[0]), strict=True):
            np.testing.assert_array_equal(found, expected)


def without_folds(description: dict[str, Any]) -> str:
    """What must be equal, as text, in which a missing number is equal to itself."""
    return repr({k: v for k, v in description.items() if not k.startswith("cross_validation_")
                 or k in ("cross_validation_metrics", "cross_validation_metrics_summary")})  # fmt: skip


def test_a_second_save_gives_the_same(tmp_path: Path) -> None:
    write_model(train(new_session(), "two classes"), tmp_path / "first")
    write_model(read_model(tmp_path / "first")[0], tmp_path / "second")
    (header, arrays), (header_2, arrays_2) = parts(tmp_path / "first"), parts(tmp_path / "second")
    assert header == header_2 and list(arrays) == list(arrays_2)
    assert all(equal(arrays[name], arrays_2[name]) for name in arrays)


def test_files_hold_no_rows_of_data(tmp_path: Path) -> None:
    """Neither in the place nor in the precision of the frame, of the training copy, or as text."""
    session = new_session()
    model = train(session, "regression with weights and offset", stopping_rounds=0)
    content = Path(session.model_files.save(model.key, tmp_path / "model")).read_bytes()
    frame = data()
    for name in ("a", "b", "number", "offset"):
        column = frame.column(name).numbers()
        scaling = model.spec.encoder.scaling.get(name)
        copies = [column] if scaling is None else [column, (column - scaling.sub) * scaling.mul]
        for values in copies:
            for rows in (values[1:4], values[50:53]):
                for dtype in (np.float64, np.float32):
                    assert rows.astype(dtype).tobytes() not in content
                assert repr(float(rows[1])).encode() not in content or len(repr(float(rows[1]))) < 8


def test_a_cross_validated_model_comes_without_its_folds(tmp_path: Path) -> None:
    session = new_session()
    model = train(session, "cross-validation")
    kept = model.cross_validation
    path = session.model_files.save(model.key, tmp_path / "model")
    with_predictions = session.model_files.save(model.key, tmp_path / "predictions", predictions=True)
    for other, file in ((new_session(), path), (new_session(), with_predictions)):
        loaded = other.store.get(other.model_files.load(file), DeepLearningModel).cross_validation
        assert repr(loaded["cross_validation_metrics"]) == repr(kept["cross_validation_metrics"])
        assert loaded["cross_validation_models"] is None and loaded["cross_validation_predictions"] is None
        frame = loaded["cross_validation_holdout_predictions_frame_id"]
        if file == path:
            assert frame is None
            continue
        found, expected = (
            other.store.frame(frame),
            session.store.frame(kept["cross_validation_holdout_predictions_frame_id"]),
        )
        assert found.names == expected.names
        for name in found.names:
            assert found.column(name).levels == expected.column(name).levels
            np.testing.assert_array_equal(found.column(name).numbers(), expected.column(name).numbers())
    assert repr(
        session.store.get(session.model_files.load(path), DeepLearningModel).cross_validation
    ) == repr(kept)  # where the folds are still there


def test_an_imported_model_can_be_saved(tmp_path: Path) -> None:
    for name in scoring.NAMES:
        model = read_mojo(scoring.Case(name).path, "imported")
        loaded = read_model(write_model(model, tmp_path / "model", force=True))[0]
        assert repr(loaded.description()) == repr(model.description())
        assert loaded.dtype is model.dtype and loaded.label_threshold == model.label_threshold
        for found, expected in zip(loaded.network.weights, model.network.weights, strict=True):
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("version", range(1, VERSION + 1))
def test_files_of_every_version_load(version: int) -> None:
    expected = json.loads((FILES / f"model_v{version}.json").read_text(encoding="utf-8"))
    session = new_session()
    model = session.store.get(session.model_files.load(FILES / f"model_v{version}"), DeepLearningModel)
    assert model.key == f"two_classes_v{version}"
    np.testing.assert_allclose(predictions(model)[2], expected["predictions"], atol=1e-6)
    on = train(session, "two classes", epochs=7, checkpoint=model.key)
    np.testing.assert_allclose(
        predictions(on)[2], expected["trained_on"], atol=1e-4
    )  # other instruction sets


def test_names_in_files_follow_neither_classes_nor_modules() -> None:
    model = read_model(FILES / f"model_v{VERSION}")[0]
    before = document_of(model_bytes(model)), fingerprint(model)
    with renamed_classes():
        assert type(model).__name__ == "other_DeepLearningModel"
        assert (document_of(model_bytes(model)), fingerprint(model)) == before


@contextlib.contextmanager
def renamed_classes() -> Iterator[None]:
    """All classes with forms are called otherwise, and come from modules that do not exist."""
    names = ("__name__", "__qualname__", "__module__")
    before = [(form.cls, name, getattr(form.cls, name)) for form in FORMS.values() for name in names]
    for cls, name, text in before:
        setattr(cls, name, f"other_{text}")
    try:
        yield
    finally:
        for cls, name, text in before:
            setattr(cls, name, text)


def document_of(content: bytes) -> str:
    """The document in the bytes of a file; the arrays beside it come in any order."""
    arrays = load(content)
    return str(arrays[DOCUMENT].tobytes())


def test_a_renamed_attribute_keeps_its_name_in_files() -> None:
    form = Form(Renamed, ("old",), renamed={"old": "new"})
    assert form.values(Renamed(3)) == {"old": 3}
    assert form.attribute("old") == "new"
    with pytest.raises(ValueError, match="'new' is not expected"):
        form.attribute("new")


@dataclass
class Renamed:
    new: int


@pytest.mark.parametrize("name", sorted(FORMS))
def test_every_attribute_is_in_files_or_left_out(name: str) -> None:
    form = FORMS[name]
    attributes = {each.name for each in dataclass_fields(form.cls)}
    if form.cls in (FoldEnsemble, JointSnapshot):  # make the others of what they are given
        attributes = set(inspect.signature(form.cls).parameters)
    assert {*map(form.attribute, form.fields), *form.left_out} == attributes


def test_names_in_a_file_of_the_first_layout_are_those_of_today() -> None:
    _, content = parts(FILES / "model_v1")
    found = dict(classes_in(json.loads(content[DOCUMENT].tobytes())))
    assert set(found) <= set(FORMS) and {"DeepLearningModel", "Encoder", "TrainingState"} <= set(found)
    for name, names in found.items():
        assert names <= set(FORMS[name].fields)


def classes_in(value: Any) -> Iterator[tuple[str, set[str]]]:
    """Names of the objects in a document, with those of their fields."""
    if isinstance(value, dict) and set(value) == {"class", "fields"}:
        yield value["class"], set(value["fields"])
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for each in inner:
        yield from classes_in(each)


# --- saving


def saved(tmp_path: Path) -> tuple[DeepLearningModel, Path]:
    model = train(new_session(), "two classes")
    return model, Path(write_model(model, tmp_path / "model"))


def test_a_file_is_only_replaced_by_force(tmp_path: Path) -> None:
    model, path = saved(tmp_path)
    with pytest.raises(InvalidArgument, match=r"model exists already: .*force=True"):
        write_model(model, path)
    assert write_model(model, path, force=True) == str(path)
    with pytest.raises(InvalidArgument, match="is a folder"):
        write_model(model, tmp_path, force=True)


def test_folders_are_made_and_paths_are_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, _ = saved(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert write_model(model, "new/deeper/model") == str(tmp_path / "new" / "deeper" / "model")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert write_model(model, "~/home") == str(tmp_path / "home")
    assert read_model("~/home")[0].key == model.key
    with pytest.raises(InvalidArgument, match="cannot be written"):
        write_model(model, tmp_path / "home" / "below_a_file")


def test_files_have_the_usual_rights(tmp_path: Path) -> None:
    _, path = saved(tmp_path)
    usual = tmp_path / "usual"
    usual.write_text("")
    assert path.stat().st_mode == usual.stat().st_mode


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failed_save_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    model, path = saved(tmp_path)
    before = path.read_bytes()

    def half(arrays: Any, file: str, header: Any) -> None:
        Path(file).write_bytes(before[: len(before) // 2])
        raise error

    monkeypatch.setattr("safetensors.numpy.save_file", half)
    with pytest.raises(KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else InvalidArgument):
        write_model(model, path, force=True)
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["model"]


def test_a_killed_save_leaves_the_old_or_the_new_file(tmp_path: Path) -> None:
    """In memory where there is such a folder: waiting for a disk is most of a save, so few kills would hit the rest."""
    folder = Path("/dev/shm") / f"heavywater_{os.getpid()}"
    try:
        folder.mkdir()
    except OSError:
        folder = tmp_path
    try:
        program = Path(__file__).with_name("killed_saves.py")
        done = subprocess.run(
            [sys.executable, program, folder, "40"], check=False, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        old, new, parts = map(int, done.stdout.split())
        assert old + new == 40 and min(old, new) > 0
        assert parts > 0  # some saves were hit in the middle
    finally:
        if folder != tmp_path:
            (folder / "model").unlink(missing_ok=True)
            folder.rmdir()


# --- loading what is no model


def test_files_that_are_no_models_are_refused_by_what_they_are(tmp_path: Path) -> None:
    cases = {
        b"": "no model file",
        b"a text": "no model file",
        b"\x1c\xed\x00\x00 more": "binary model of H2O-3.*import_mojo",
        scoring.Case(scoring.NAMES[0]).path.read_bytes(): "zip file.*import_mojo",
        bytes(200): "no model file",
    }
    for content, message in cases.items():
        (tmp_path / "file").write_bytes(content)
        with pytest.raises(ParseError, match=f"file: .*{message}"):
            read_model(tmp_path / "file")
    with pytest.raises(ParseError, match="nowhere: there is no such file"):
        read_model(tmp_path / "nowhere")
    with pytest.raises(ParseError, match="this is a folder"):
        read_model(tmp_path)


def parts(path: Path) -> tuple[dict[str, str], dict[str, np.ndarray]]:
    """Header and arrays of a file."""
    with safe_open(path, framework="numpy") as file:
        return file.metadata(), {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118


def rewritten(path: Path, header: dict[str, str] | None = None, change: Any = None) -> Path:
    """A copy with another header or document; the checksum is right."""
    old, content = parts(path)
    if change is not None:
        document = json.loads(content[DOCUMENT].tobytes())
        change(document, content)
        content[DOCUMENT] = np.frombuffer(json.dumps(document).encode(), np.uint8)
    content = {name: np.ascontiguousarray(values) for name, values in content.items()}
    copy = path.with_name("copy")
    save_file(content, copy, {**(new := {**old, **(header or {})}), "sha256": checksum(new, content)})
    return copy


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ({"format": "pictures"}, "holds no model of heavywater"),
        (
            {"version": str(VERSION + 1), "heavywater": "9.8"},
            f"layout {VERSION + 1}, written by heavywater 9.8",
        ),
        ({"version": "0"}, "damaged"),
        ({"version": "one"}, "damaged"),
    ],
)
def test_headers(tmp_path: Path, header: dict[str, str], message: str) -> None:
    _, path = saved(tmp_path)
    read_model(rewritten(path))
    with pytest.raises(ParseError, match=message):
        read_model(rewritten(path, header))


def fields(document: Any, *names: str) -> Any:
    """Fields of an object within the document, by the names that lead there."""
    found = dict(document["dict"])["model"]["fields"]
    for name in names:
        found = found[name]["fields"]
    return found


def replaced(name: str, *path: str, by: Any) -> Any:
    def change(document: Any, content: Any) -> None:
        place = fields(document, *path)
        place[name] = by(place[name]) if callable(by) else by

    return change


@pytest.mark.parametrize(
    "change",
    [
        replaced("offsets", "spec", "encoder", by=[0, 100, 200]),
        replaced("offsets", "spec", "encoder", by=lambda old: old[:-1]),
        replaced("inputs", "topology", by=3),
        replaced("units", "topology", by={"tuple": [5, 4, 3]}),
        replaced("kinds", "topology", by={"tuple": ["Tanh", "Tanh", "Softmax"]}),
        replaced("weights", "network", by=lambda old: old[::-1]),
        replaced("weights", "checkpoint", "network", by=lambda old: old[::-1]),
        replaced("optimiser", "checkpoint", by=lambda old: old[::-1]),
        replaced("optimiser", "checkpoint", by=[]),
        replaced("network", by={"class": "Popen", "fields": {"args": ["true"]}}),
        replaced("network", by={"class": "Path", "fields": {}}),
        lambda document, content: fields(document).update(unheard_of=1),
        lambda document, content: fields(document).pop("spec"),
        lambda document, content: document["dict"].pop(),
        lambda document, content: document.clear(),
        lambda document, content: content.pop("a1"),
        replaced("key", by={"array": "a1"}),
        replaced("histograms", "spec", by={"dict": [["a", {"class": "InputHistogram", "fields": {"cuts": [], "shares": []}}]]}),
        replaced("histograms", "spec", by={"dict": [["unknown", 1]]}),
        replaced("ranges", "spec", by={"dict": [["unknown", {"tuple": [0.0, 1.0]}]]}),
        replaced("ranges", "spec", by={"dict": [["a", {"tuple": [1.0, 0.0]}]]}),
        replaced("dtype", by={"dtype": "object"}),
    ],
)  # fmt: skip
def test_a_document_that_makes_no_sense_is_refused(tmp_path: Path, change: Any) -> None:
    """Even with the right checksum: somebody may have written it on purpose."""
    _, path = saved(tmp_path)
    session, other = new_session(), rewritten(path, change=change)
    with pytest.raises((ParseError, InvalidArgument)):
        session.model_files.load(other)


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    def change(document: Any, content: Any) -> None:
        fields(document)["facts"] = "DEEP"

    _, path = saved(tmp_path)
    copy = rewritten(path, change=change)
    header, content = parts(copy)
    text = content[DOCUMENT].tobytes().replace(b'"DEEP"', b"[" * 100_000 + b"]" * 100_000)
    content[DOCUMENT] = np.frombuffer(text, np.uint8)
    save_file(content, copy, {**header, "sha256": checksum(header, content)})
    with pytest.raises(ParseError, match="damaged"):
        read_model(copy)


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, Path]:
    folder = tmp_path_factory.mktemp("damage")
    return saved(folder)[1].read_bytes(), folder / "damaged"


@settings(max_examples=150, deadline=None)
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), within_header=st.booleans())
def test_a_flipped_bit_is_noticed(
    content: tuple[bytes, Path], where: float, bit: int, within_header: bool
) -> None:
    whole, path = content
    damaged = bytearray(whole)
    size = 8 + int.from_bytes(whole[:8], "little") if within_header else len(whole)
    damaged[int(where * size)] ^= 1 << bit
    path.write_bytes(damaged)
    with pytest.raises(ParseError, match=r"damaged|no model of heavywater|layout"):
        read_model(path)


@settings(max_examples=60, deadline=None)
@given(length=st.floats(0, 1, exclude_max=True))
def test_a_truncated_file_is_noticed(content: tuple[bytes, Path], length: float) -> None:
    whole, path = content
    path.write_bytes(whole[: int(length * len(whole))])
    with pytest.raises(ParseError, match="damaged: "):
        read_model(path)


# --- values


def equal(one: Any, other: Any) -> bool:
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return one == other or (math.isnan(one) and math.isnan(other))
    if isinstance(one, dict):
        return list(one) == list(other) and all(equal(one[k], other[k]) for k in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(equal, one, other))
    return bool(one == other)


plain = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
dtypes = st.sampled_from([np.float32, np.float64, np.int8, np.int64, np.uint8, np.bool_])
values = st.recursive(
    plain | dtypes.flatmap(lambda dtype: arrays(dtype, array_shapes(min_dims=0, max_dims=3, min_side=0))),
    lambda inner: (
        st.lists(inner) | st.lists(inner).map(tuple) | st.dictionaries(st.text() | st.integers(), inner)
    ),
    max_leaves=20,
)


def there_and_back(value: Any) -> Any:
    packer = Packer()
    text = json.dumps(packer.pack(value), allow_nan=False)
    return unpacked(json.loads(text), packer.arrays, {})


@settings(max_examples=80, deadline=None)
@given(values)
def test_values_come_back(value: Any) -> None:
    assert equal(there_and_back(value), value)


def test_special_values() -> None:
    assert there_and_back(np.float64) is np.float64
    assert there_and_back(np.float32(0.5)) == 0.5 and there_and_back(np.int64(3)) == 3
    snapshot = there_and_back(Snapshot([np.ones((1, 2, 3))], [np.zeros((1, 2))], ["Tanh"], [1.0]))
    assert isinstance(snapshot, Snapshot) and snapshot.weights[0].shape == (1, 2, 3)


def test_arrays_in_any_layout_are_saved_right(tmp_path: Path) -> None:
    """The library takes the bytes as they lie in memory, whatever the strides are."""
    matrix = np.arange(12, dtype=np.float32).reshape(3, 4)
    packer = Packer()
    packed = packer.pack(
        [matrix, matrix.T, matrix[:, ::2], matrix[::-1], matrix.astype(">f4"), matrix.copy()]
    )
    save_file(packer.arrays, tmp_path / "arrays")
    assert packed[0] == packed[4] == packed[5]  # equal ones are stored once
    found = unpacked(packed, parts(tmp_path / "arrays")[1], {})
    for one, other in zip(
        found, [matrix, matrix.T, matrix[:, ::2], matrix[::-1], matrix, matrix], strict=True
    ):
        np.testing.assert_array_equal(one, other)


def test_what_has_no_form_is_refused() -> None:
    @dataclass
    class Snapshot:  # of the right name only
        weights: list[Any]

    for value in (Snapshot([]), object(), {1, 2}, print, np.array(["a"]), np.array([object()])):
        with pytest.raises(TypeError, match="has no form in a model file"):
            Packer().pack(value)
    for value in ({"class": "Path", "fields": {}}, {"number": "1"}, {"unknown": 1}, {"dtype": "object"}):
        with pytest.raises((ValueError, KeyError)):
            unpacked(value, {}, {})
