"""Models written as MOJO: read again they are the same, and what H2O has written is written again as it was."""

from __future__ import annotations

import json
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from heavywater.errors import InvalidArgument, ParseError
from heavywater.export.archive import write_texts
from heavywater.export.mojo_details import DETAILS
from heavywater.export.mojo_forms import COUNTS, EDGES, LAST_BIASES, LAST_WEIGHTS, MEMBERS, RANGE
from heavywater.export.mojo_ini import INI, Mojo, format_mojo, listed, parse_mojo
from heavywater.export.mojo_network import PRECISION
from heavywater.export.mojo_reader import read_mojo
from heavywater.export.mojo_writer import mojo_of, write_mojo
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from hypothesis import given, settings
from hypothesis import strategies as st

from ..cases.scoring import NAMES, entries
from ..cases.scoring import Case as RealCase
from .export_cases import (
    ALL,
    CASES,
    MIXED_AUTOENCODERS,
    OFFSETS,
    Case,
    assert_same_predictions,
    predicted,
    scoring_frame,
    trained,
    training_frame,
    with_column,
)
from .piecewise_cases import DRAWN, UNLIMITED_IN_MOJO, Drawn, made

EVERY: list[Case | Drawn] = [*ALL, *DRAWN]
# Categories as other numbers of units than one a level, and what is written of them is another model.
OTHER_UNITS = [
    "hashed",
    "Binary",
    "Eigen",
    "LabelEncoder",
    "SortByResponse",
    "EnumLimited",
    "sorted_and_hashed",
]
EXACT = [case for case in EVERY if case.name.removeprefix("drawn_") not in OTHER_UNITS]
TABLES = ("model_summary", "scoring_history", "variable_importances")


def by_name(name: str) -> Case:
    return next(case for case in ALL if case.name == name)


def test_exact_are_the_models_with_a_unit_per_level():
    """Their list stands without the models, which whoever only collects tests need not train."""
    assert [case for case in EVERY if made(case).has_unit_per_level] == EXACT


def again(case: Case | Drawn, folder: Path):
    path, _ = write_mojo(made(case), folder / "model.zip")
    return read_mojo(path, "again")


@pytest.mark.parametrize("case", EXACT, ids=str)
@pytest.mark.filterwarnings("ignore:Column")
def test_comes_back_unchanged(case, tmp_path):
    model, found, rows = made(case), again(case, tmp_path), scoring_frame()
    ours, theirs = predicted(model, rows), predicted(found, rows)
    assert ours[0] == theirs[0]
    np.testing.assert_array_equal(theirs[1], ours[1])
    assert found.topology == model.topology
    for one, other in zip(found.network.members, model.network.members, strict=True):
        for layer in range(model.topology.layers):
            np.testing.assert_array_equal(one.weights[layer], other.weights[layer])
            np.testing.assert_array_equal(one.biases[layer], other.biases[layer])
    assert found.network.keep == model.network.keep
    assert found.threshold == model.threshold
    assert found.spec.encoder.unit_names == model.spec.encoder.unit_names
    assert model.prediction_names == found.prediction_names


@pytest.mark.parametrize("case", [case for case in EVERY if case not in EXACT], ids=str)
@pytest.mark.filterwarnings("ignore:Column")
def test_other_encodings_come_back_as_units_of_levels(case, tmp_path):
    rows = scoring_frame()
    if "EnumLimited" in case.name:  # what training did not know is "other" there, and missing here
        rows = known_only(rows)
    found = again(case, tmp_path)
    assert_same_predictions(predicted(found, rows), predicted(made(case), rows))
    assert found.spec.encoder.categories == [
        name for name in made(case).spec.kinds if rows.column(name).kind == "enum"
    ]


@pytest.mark.parametrize("case", [case for case in DRAWN if case not in UNLIMITED_IN_MOJO], ids=str)
@pytest.mark.filterwarnings("ignore:Column")
def test_layers_in_place_of_ramps_and_members_give_the_same(case, tmp_path):
    """What others read of the file: a network of layers alone, in 64 bits."""
    mojo, _ = mojo_of(made(case))
    info = {key: value for key, value in mojo.info.items() if key not in (EDGES, MEMBERS, RANGE, PRECISION)}
    path = write_texts(tmp_path / "model.zip", format_mojo(replace(mojo, info=info)), False)
    found, rows = read_mojo(path, "of_layers"), scoring_frame()
    if "EnumLimited" in case.name:
        rows = known_only(rows)
    assert len(found.network.members) == 1 and not found.spec.encoder.edges
    if case.share:  # offsets come behind the layers, as in H2O
        rows = with_column(rows, "exposure", numeric(np.zeros(rows.nrow)))
    layers = len(made(case).network.kinds)
    assert len(found.network.weights) == layers + (case.bins > 0) + (case.share != 0)
    exact = replace(made(case), dtype=np.float64)
    assert_same_predictions(predicted(found, rows), predicted(exact, rows), 1e-7)


@pytest.mark.parametrize("case", DRAWN, ids=str)
def test_what_was_read_is_written_as_it_was(case, tmp_path):
    first, _ = mojo_of(made(case))
    second, _ = mojo_of(again(case, tmp_path))
    told = {"timestamp", "prior_class_distrib"}  # shares that nothing was corrected for are not read
    ours, theirs = ({k: v for k, v in each.info.items() if k not in told} for each in (first, second))
    assert {k: parsed(v) for k, v in ours.items()} == {k: parsed(v) for k, v in theirs.items()}
    assert (first.columns, first.levels) == (second.columns, second.levels)


@pytest.mark.parametrize(
    "change",
    [
        (EDGES, "[0.0", "[-1.5"),
        (EDGES, "[", "[-1e9, "),
        (COUNTS, "[9", "[8"),
        (MEMBERS, "4", "2"),
        (MEMBERS, "4", "1"),
        (LAST_BIASES, "[", "[9"),
        (LAST_WEIGHTS, "[", "[9.5, "),
        ("weight_layer2", " 0, 0, 0", " 0, 9, 0"),
        ("weight_layer0", "0, 1", "0, 2"),
    ],
)
def test_forms_that_are_not_those_of_the_layers_are_refused(change, tmp_path):
    key, old, new = change
    mojo, _ = mojo_of(made(next(case for case in DRAWN if case.members == 4)))
    value = mojo.info[key].replace(old, new, 1)
    assert value != mojo.info[key]
    path = write_texts(
        tmp_path / "model.zip", format_mojo(replace(mojo, info={**mojo.info, key: value})), False
    )
    with pytest.raises(ParseError, match=r"model\.zip: "):
        read_mojo(path, "damaged")


def known_only(rows: Frame) -> Frame:
    many = rows.column("many")
    codes = np.where(many.values >= 14, -1, many.values)
    return with_column(rows, "many", enum(codes, many.levels))


@pytest.mark.parametrize(
    "case", [by_name("Tanh"), by_name("multinomial"), *OFFSETS, *MIXED_AUTOENCODERS], ids=str
)
def test_what_is_told_comes_back(case, tmp_path):
    before, after = trained(case).description(), again(case, tmp_path).description()
    for name in TABLES:
        np.testing.assert_equal(after[name], before[name])
    np.testing.assert_equal(after["training_metrics"], before["training_metrics"])
    for name, values in before["parameters"].items():
        role = name in ("model_id", "response_column", "export_weights_and_biases")
        assert role or after["parameters"][name]["actual"] == values["actual"], name
    for name in ("names", "domains", "response_domain", "catoffsets", "default_threshold"):
        assert after[name] == before[name], name
    assert after["origin"]["model_id"] == case.name


def test_anomalies_come_back(tmp_path):
    for case in MIXED_AUTOENCODERS:
        found = again(case, tmp_path / case.name)
        for per_feature in (False, True):
            ours, theirs = (m.anomaly(scoring_frame(), per_feature)[0] for m in (trained(case), found))
            assert ours.names == theirs.names
            for a, b in zip(ours.columns, theirs.columns, strict=True):
                np.testing.assert_array_equal(a.numbers(), b.numbers())


@pytest.mark.parametrize("name", NAMES)
def test_models_of_h2o_are_written_as_h2o_has_written_them(name, tmp_path):
    case = RealCase(name)
    path, _ = write_mojo(case.model(), tmp_path / "copy.zip")
    with zipfile.ZipFile(path) as archive:
        texts = {entry: archive.read(entry).decode() for entry in archive.namelist()}
    theirs = parse_mojo("theirs", {entry: text.decode() for entry, text in entries(name).items()})
    ours = parse_mojo("ours", texts)
    # the column of weights is among them, but H2O does not say which it is
    columns = tuple(column for column in theirs.columns if (name, column) != ("s12_laplace_weights", "year"))
    assert (ours.columns, dict(ours.levels)) == (columns, dict(theirs.levels))
    # of the weights only their identity is told by the number, and a model is not told when it was written
    told = {
        "uuid",
        "timestamp",
        "h2o_version",
        "prior_class_distrib",
        "model_class_distrib",
        "_orig_projection_array",
    }
    told |= {"n_columns"} if columns != theirs.columns else set()
    for key in set(theirs.info) - told:
        assert parsed(ours.info.get(key, "null")) == parsed(theirs.info[key]), key
    rows = case.input()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found, expected = predicted(read_mojo(path, "copy"), rows), predicted(case.model(), rows)
    assert found[0] == expected[0]
    np.testing.assert_array_equal(found[1], expected[1])


def parsed(text: str):
    """A value of model.ini without the way its numbers are written."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def test_offsets_of_our_models_and_of_h2os():
    """Scorers that pass over offsets give the predictions for an offset of 0, which H2O takes as no offset at all."""
    for case in OFFSETS:
        mojo, remarks = mojo_of(trained(case))
        assert "offset_column='exposure'" in remarks[0]
        assert mojo.info["offset_column"] == "exposure"
    gaussian = trained(OFFSETS[0])
    assert gaussian.spec.response.sub != 0
    assert parsed(mojo_of(gaussian)[0].info["norm_resp_sub"]) == [0]
    theirs = RealCase("s14_gaussian_offset_mixed").model()
    assert parsed(mojo_of(theirs)[0].info["norm_resp_sub"]) == [theirs.spec.response.sub]


def test_missing_numbers_of_raw_data_are_the_mean_for_h2o_too():
    """H2O takes them as 0 behind the scaling, so the mean is subtracted and put into the biases."""
    model = trained(by_name("raw"))
    info = mojo_of(model)[0].info
    means = [model.spec.encoder.scaling[name].fill for name in model.spec.encoder.numbers]
    assert parsed(info["norm_sub"]) == means and parsed(info["norm_mul"]) == [1, 1, 1]
    assert info["bias_layer0"] != info["heavywater_bias_layer0"]
    autoencoder, remarks = mojo_of(trained(by_name("autoencoder_raw")))
    assert autoencoder.info["norm_mul"] == "null" and "standardize=False" in remarks[0]


def test_levels_that_share_an_other_one_are_told():
    assert "EnumLimited" in mojo_of(trained(by_name("EnumLimited")))[1][0]
    assert [mojo_of(trained(case))[1] for case in CASES if case.name != "EnumLimited"] == [[]] * (
        len(CASES) - 1
    )


def test_a_class_that_was_not_trained_has_no_probability(tmp_path):
    model = trained(by_name("balanced"))
    shares = np.array([0.5, 0.5, 0.0])
    spec = replace(model.spec, response=replace(model.spec.response, model_distribution=shares))
    model = replace(model, spec=spec)
    path, _ = write_mojo(model, tmp_path / "model.zip")
    found, expected = (predicted(m, training_frame())[1] for m in (read_mojo(path, "m"), model))
    np.testing.assert_array_equal(found, expected)
    assert (found[:, 2] == 0).all() and (found[:, 0] > 0).all()


def test_autoencoders_of_other_units_are_refused():
    case = Case(
        "hashed", None, given={"autoencoder": True, "activation": "Tanh", "max_categorical_features": 4}
    )
    model = trained(case)
    assert not model.description()["have_mojo"] and model.description()["have_pojo"]
    with pytest.raises(InvalidArgument, match=r"'hashed' cannot be written as MOJO.*download_pojo"):
        mojo_of(model)


@pytest.mark.parametrize("name", [" x", "x ", "#x", "a\nb", "a\rb", "", "[info]", "[domains]"])
def test_names_that_h2o_would_not_read_are_refused(name):
    with pytest.raises(InvalidArgument, match=r"cannot stand in a MOJO.*Rename"):
        format_mojo(Mojo("", {"n_columns": "1"}, (name,), {}))


def test_levels_that_h2o_would_not_read_are_refused():
    with pytest.raises(InvalidArgument, match="carriage return"):
        format_mojo(Mojo("", {"n_columns": "1"}, ("x",), {0: ("a", "b\r")}))


names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(
    lambda text: text == text.strip() and not set("\r\n") & set(text) and text[0] not in "#["
)
levels = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r")), min_size=1, unique=True
)


@given(st.dictionaries(names, st.none() | levels, min_size=1))
@settings(deadline=None)
def test_any_columns_and_levels_come_back(columns):
    domains = {k: tuple(each) for k, each in enumerate(columns.values()) if each is not None}
    info = {"n_columns": str(len(columns)), "escape_domain_values": "true", "algo": "a = b"}
    found = parse_mojo("", format_mojo(Mojo("", info, tuple(columns), domains)))
    assert (found.info, found.columns, found.levels) == (info, tuple(columns), domains)


@given(
    st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False)),
    st.sampled_from([np.float32, np.float64]),
)
@settings(deadline=None)
def test_any_numbers_come_back(numbers, dtype):
    values = np.array(numbers, dtype)
    text = listed(values)
    np.testing.assert_array_equal(np.array(json.loads(text), dtype), values)
    assert text == "[]" or set(".e") & set(text), "H2O would take it for a list of integers"


def test_description_has_no_number_that_json_does_not_know(tmp_path):
    write_mojo(trained(by_name("multinomial")), tmp_path / "model.zip")
    with zipfile.ZipFile(tmp_path / "model.zip") as archive:
        told = json.loads(archive.read(DETAILS), parse_constant=pytest.fail)
    assert told["output"]["training_metrics"]["AUC"] == "NaN"


def test_a_file_that_is_there_stays_unless_told_otherwise(tmp_path):
    path, model = tmp_path / "new" / "model.zip", trained(by_name("Tanh"))
    assert write_mojo(model, path)[0] == str(path)
    before = path.read_bytes()
    with pytest.raises(InvalidArgument, match=r"model\.zip exists already.*force=True"):
        write_mojo(trained(by_name("Maxout")), path)
    assert path.read_bytes() == before
    write_mojo(trained(by_name("Maxout")), path, force=True)
    assert read_mojo(path, "model").parameters.activation == "Maxout"
    with pytest.raises(InvalidArgument, match="is a folder"):
        write_mojo(model, tmp_path, force=True)
    with pytest.raises(InvalidArgument, match="cannot be written"):
        write_mojo(model, path / "below" / "model.zip")
    assert sorted(each.name for each in path.parent.iterdir()) == ["model.zip"]


def test_the_file_of_two_models_differs_in_its_identity():
    found = [mojo_of(trained(by_name(name)))[0].info["uuid"] for name in ("Tanh", "Maxout", "Tanh")]
    assert found[0] == found[2] != found[1]
    assert all(-(2**63) <= int(each) < 2**63 for each in found)


def test_numbers_beyond_what_training_saw(tmp_path):
    """Infinite numbers and columns that are not there count as missing, as in the model itself."""
    model, found = trained(by_name("raw")), again(by_name("raw"), tmp_path)
    rows = with_column(training_frame(), "x", numeric(np.full(400, np.inf)))
    kept = Frame(
        [n for n in rows.names if n != "y"],
        [c for n, c in zip(rows.names, rows.columns, strict=True) if n != "y"],
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        np.testing.assert_array_equal(predicted(found, kept)[1], predicted(model, kept)[1])


def test_sections_of_the_file():
    texts = format_mojo(mojo_of(trained(by_name("Tanh")))[0])
    lines = texts[INI].splitlines()
    assert [line for line in lines if line.startswith("[")] == ["[info]", "[columns]", "[domains]"]
    assert lines[-3:] == ["0: 5 d000.txt", "1: 3 d001.txt", "5: 2 d002.txt"]
    assert texts["domains/d002.txt"] == "no\nyes\n"
