"""Files that are damaged, foreign or of a kind that cannot be imported: one kind of error, which names the file."""

from __future__ import annotations

import json
import re
import zipfile
from pathlib import Path

import pytest
from heavywater.errors import HeavywaterError, InvalidType, ParseError
from heavywater.export import archive
from heavywater.export.mojo_reader import read_mojo
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ..cases.scoring import changed, entries, packed

BASE = "s12_laplace_weights"  # regression, one categorical column, weights
BARE = packed({entry: text for entry, text in entries(BASE).items() if not entry.startswith("experimental/")})
INI = entries(BASE)["model.ini"].decode()
within_a_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def refused(folder: Path, data: bytes) -> str:
    path = folder / "some_model.zip"
    path.write_bytes(data)
    with pytest.raises(ParseError) as found:
        read_mojo(path, "model")
    assert "some_model.zip: " in str(found.value)
    return str(found.value)


def set_key(key: str, value: str | None, name: str = BASE) -> bytes:
    """A copy of a model with another value of a key of model.ini, or without it."""
    line = "" if value is None else f"{key} = {value}\n"
    return changed(name, lambda text: re.sub(rf"^{key} = .*\n", lambda _: line, text, flags=re.MULTILINE))


def test_unchanged_it_can_be_read(tmp_path):
    path = tmp_path / "model.zip"
    path.write_bytes(BARE)
    assert read_mojo(path, "model").parameters.category == "Regression"


def test_no_file(tmp_path):
    with pytest.raises(ParseError, match="no such file"):
        read_mojo(tmp_path / "absent.zip", "model")
    with pytest.raises(ParseError, match="this is a folder"):
        read_mojo(tmp_path, "model")
    with pytest.raises(ParseError, match="download it first"):
        read_mojo("https://example.org/model.zip", "model")
    for path in (None, 3, b"model.zip"):
        with pytest.raises(InvalidType, match="path"):
            read_mojo(path, "model")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "data", [b"", b"a,b\n1,2\n", BARE[:-30], BARE[:200]], ids=["empty", "csv", "cut", "head"]
)
def test_no_zip_file(tmp_path, data):
    assert "no zip file, or it is damaged" in refused(tmp_path, data)


def test_damaged_in_the_middle(tmp_path):
    """The checksum of the zip entry tells."""
    middle = len(BARE) // 2
    refused(tmp_path, BARE[:middle] + bytes([BARE[middle] ^ 255]) + BARE[middle + 1 :])


def test_encrypted(tmp_path):
    data = bytearray(BARE)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(signature)
        while at >= 0:
            data[at + flags] |= 1
            at = data.find(signature, at + 4)
    assert "encrypted" in refused(tmp_path, bytes(data))


def test_foreign_zip_files(tmp_path):
    assert "it is no MOJO" in refused(tmp_path, packed({"data.csv": b"a\n1\n"}))
    assert "not UTF-8" in refused(tmp_path, packed({"model.ini": b"\xff\xfe"}))
    assert "no sections" in refused(tmp_path, packed({"model.ini": b"[info]\nalgo = deeplearning\n"}))
    assert "a model of the kind 'x'" in refused(
        tmp_path, packed({"model.ini": b"[info]\nalgo = x\n[columns]\n[domains]\n"})
    )


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("algo", "gbm", "kind 'gbm'; only deeplearning"),
        ("mojo_version", "2.00", "MOJO version 2.00"),
        ("_genmodel_encoding", "Binary", "categorical_encoding='Binary'"),
        ("category", "Clustering", "category = Clustering; it must be one of Binomial"),
        ("distribution", "cauchy", "distribution = cauchy"),
        ("activation", "Sine", "activation = Sine"),
        ("use_all_factor_levels", "maybe", "use_all_factor_levels = maybe; it must be one of true, false"),
        ("n_columns", "3.5", "n_columns = 3.5; it must be a whole number"),
        ("n_columns", "1000", "1000 column names"),
        ("n_features", "2", "does not fit together"),
        ("cats", "0", "does not fit together"),
        ("cat_offsets", "[0, 3]", "max_categorical_features"),
        ("cat_offsets", "[0, 2.5]", "a list of whole numbers"),
        ("norm_mul", "[1.0]", "1 numbers in norm_mul, the model needs 4"),
        ("norm_mul", "[1.0, 0.0, 1.0, 1.0]", "a 0 in norm_mul"),
        ("norm_sub", "null", "no norm_sub"),
        ("norm_sub", "[1.0, NaN, 1.0, 1.0]", "not finite"),
        ("norm_resp_mul", "[0.0]", "a 0 in norm_resp_mul"),
        ("norm_resp_sub", "null", "no norm_resp_sub"),
        ("neural_network_sizes", "[10, 1]", "at least one hidden layer"),
        ("neural_network_sizes", "[9, 10, 5, 1]", "need 10 inputs"),
        ("neural_network_sizes", "[10, 100000000, 5, 1]", "1000000000"),
        ("weight_layer0", "[1.0, 2.0]", "2 numbers in weight_layer0, the model needs 100"),
        ("weight_layer1", "1.0, 2.0", "a list in brackets"),
        ("weight_layer1", "[" + "1.0, " * 49 + "1.0E300]", "too large for a 32-bit number"),
        ("weight_layer2", None, "no weight_layer2"),
        ("bias_layer1", "[a, b]", "bias_layer1"),
        ("hidden_dropout_ratios", "[0.0, 1.0, 0.0]", "one number in [0, 1)"),
        ("hidden_dropout_ratios", "[0.0]", "one number in [0, 1)"),
        ("default_threshold", "NaN", "default_threshold = NaN; it must be a finite number"),
    ],
)
def test_wrong_keys(tmp_path, key, value, expected):
    assert expected in refused(tmp_path, set_key(key, value))


@pytest.mark.parametrize("key", ["algo", "mojo_version", "category", "n_features", "cats", "nums", "cat_offsets",
                                 "use_all_factor_levels", "activation", "distribution", "neural_network_sizes",
                                 "bias_layer0", "hidden_dropout_ratios", "default_threshold"])  # fmt: skip
def test_needed_keys(tmp_path, key):
    assert f"no {key}" in refused(tmp_path, set_key(key, None))


def test_classes_must_fit(tmp_path):
    name = "s09_binomial_balance"
    assert "n_classes = 3" in refused(tmp_path, set_key("n_classes", "3", name))
    assert "not positive" in refused(tmp_path, set_key("model_class_distrib", "[0.0, 1.0]", name))
    assert "no prior_class_distrib" in refused(tmp_path, set_key("prior_class_distrib", None, name))
    assert "Multinomial with" in refused(tmp_path, set_key("category", "Multinomial", name))


def test_columns_and_levels(tmp_path):
    twice = changed(BASE, lambda text: text.replace("\ndisplacement\n", "\npower\n"))
    assert "names a column twice" in refused(tmp_path, twice)
    bad = changed(BASE, lambda text: text.replace("\n0: 5 d000.txt", "\n0 5 d000.txt"))
    assert "the line '0 5 d000.txt'" in refused(tmp_path, bad)
    other = changed(BASE, lambda text: text.replace("\n0: 5 d000.txt", "\n1: 5 d000.txt"))
    assert "no levels for column 'cylinders'" in refused(tmp_path, other)
    texts = entries(BASE)
    assert "no domains/d000.txt" in refused(
        tmp_path, packed({k: v for k, v in texts.items() if "d000" not in k})
    )
    assert "has 1 levels" in refused(tmp_path, packed(texts | {"domains/d000.txt": b"3\n"}))
    assert "a level twice" in refused(tmp_path, packed(texts | {"domains/d000.txt": b"3\n3\n4\n5\n6\n"}))


@pytest.mark.parametrize("text", [b"{", b"[1]", b"[" * 100_000, b'{"output": NaN1}'])
def test_damaged_description(tmp_path, text):
    assert "modelDetails.json is damaged" in refused(
        tmp_path, packed(entries(BASE) | {"experimental/modelDetails.json": text})
    )


def test_limits(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "LARGEST_TEXT", 3000)
    assert "that much is not read" in refused(tmp_path, BARE)
    monkeypatch.setattr(archive, "MOST_ENTRIES", 1)
    assert "2 entries, at most 1" in refused(tmp_path, BARE)


def test_only_what_is_needed_is_unpacked(tmp_path):
    """An entry with another name is not even read: here it is damaged."""
    path = tmp_path / "model.zip"
    path.write_bytes(BARE)
    with zipfile.ZipFile(path, "a") as target:
        target.writestr("../../outside.txt", b"not read " * 10)
    data = path.read_bytes().replace(b"not read not", b"NOT READ NOT")
    path.write_bytes(data)
    assert b"NOT READ" in data
    assert read_mojo(path, "model").key == "model"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["model.zip"]


def reads_or_refuses(folder: Path, data: bytes) -> None:
    path = folder / "model.zip"
    path.write_bytes(data)
    try:
        model = read_mojo(path, "model")
    except HeavywaterError as error:
        assert "model.zip" in str(error)
    else:
        assert model.description()["model_id"] == "model"


@within_a_folder
@given(st.binary(max_size=300))
def test_random_bytes(tmp_path, data):
    refused(tmp_path, data)


@within_a_folder
@given(st.integers(0, len(BARE) - 1))
def test_truncated(tmp_path, length):
    refused(tmp_path, BARE[:length])


@within_a_folder
@given(st.lists(st.tuples(st.integers(0, len(BARE) - 1), st.integers(0, 255)), min_size=1, max_size=4))
def test_changed_bytes(tmp_path, places):
    data = bytearray(BARE)
    for at, value in places:
        data[at] = value
    reads_or_refuses(tmp_path, bytes(data))


VALUES = st.one_of(st.text(max_size=12), st.integers().map(str), st.floats().map(str), st.just("null"),
                   st.lists(st.floats(width=32), max_size=6).map(str), st.sampled_from(["true", "false", "[]", "[,]"]))  # fmt: skip


@within_a_folder
@given(st.sampled_from([line for line in INI.split("\n") if line]), VALUES)
def test_changed_lines(tmp_path, line, value):
    """Whatever stands in a line of model.ini: the model is read or refused, with no other error."""
    key = line.partition(" = ")[0]
    text = INI.replace(line, f"{key} = {value}" if " = " in line else value, 1)
    reads_or_refuses(tmp_path, packed(entries(BASE) | {"model.ini": text.encode("utf-8", "surrogatepass")}))


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
FIELDS = (
    "training_metrics",
    "scoring_history",
    "model_summary",
    "variable_importances",
    "start_time",
    "names",
)


@within_a_folder
@given(st.sampled_from(FIELDS), JSON, JSON)
def test_odd_descriptions(tmp_path, field, value, parameters):
    """Only syntax is checked of the description: what it does not tell is left out."""
    details = {"output": {field: value}, "parameters": parameters, "model_id": value}
    reads_or_refuses(
        tmp_path, packed(entries(BASE) | {"experimental/modelDetails.json": json.dumps(details).encode()})
    )
