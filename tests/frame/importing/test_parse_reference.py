"""The awkward files of the reference, against what the real H2O makes of them."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from heavywater.errors import ParseError
from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
from heavywater.frame.summary import summarize

CASES = Path(__file__).parents[2] / "data" / "parse"
EXPECTED = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))  # a line for each file

# Everything that is deliberately not as in H2O, with the reason.
DIFFERENT = {
    "p09_na_strings.csv": "H2O's client makes the word None missing in such files only; here it stays text",
    "p20_bom_unicode.csv": "the byte-order mark is no part of the first name: fr['größe'] must work",
    "p21_big_numbers.csv": "whole numbers beyond 64 bits are real here, and -2**63 keeps its value",
    "p23_ragged.csv": "fields are never dropped or made up silently: an error names the line",
    "p31_single_quotes.csv": "a line with more fields than columns is an error; no field is dropped silently",
    "p35_money_percent.csv": "money and percentages count as numbers when the header is guessed, too",
}


def _number(value):
    return float(value) if isinstance(value, str) else value


def _close(ours, theirs):
    theirs = _number(theirs)
    if theirs is None:
        return True
    if math.isnan(theirs) or math.isnan(ours):
        return math.isnan(theirs) and math.isnan(ours)
    return ours == pytest.approx(theirs, rel=1e-9, abs=1e-300) or ours == theirs


def _read(path):
    return import_sources(expand(path), Options(), threads=2)


@pytest.mark.parametrize("name", sorted(EXPECTED), ids=lambda name: name.split("_")[0])
def test_case_as_in_h2o(name):
    expected = EXPECTED[name]
    if expected["file"] in DIFFERENT:
        pytest.skip(DIFFERENT[expected["file"]])
    frame = _read(CASES / expected["file"])
    assert frame.names == expected["names"]
    assert list(frame.types.values()) == expected["types"]
    assert frame.shape == (expected["nrow"], expected["ncol"])
    for column, wanted in zip(frame.columns, expected["columns"], strict=True):
        _assert_facts(column, wanted, expected["nrow"])
        if wanted["levels"] is not None:
            assert list(column.levels) == wanted["levels"]
        if wanted["data"] is not None:
            ours = column.numbers().tolist()[: len(wanted["data"])]
            assert all(_close(a, b) for a, b in zip(ours, wanted["data"], strict=True)), wanted["name"]
        if wanted["string_data"] is not None:
            for text, theirs in zip(column.texts().tolist(), wanted["string_data"], strict=False):
                _assert_text(text, theirs)


def _assert_facts(column, wanted, nrow):
    facts = summarize(column)
    for field in ("missing", "zeros", "positive_inf", "negative_inf"):
        assert facts[field] == wanted[field], (wanted["name"], field)
    # H2O gives a mean of 0 where there are no values; it is NaN here.
    if column.kind != "enum" and wanted["missing"] < nrow:
        for field in ("min", "max", "mean", "sigma"):
            assert _close(facts[field], wanted[field]), (wanted["name"], field, facts[field], wanted[field])


def _assert_text(text, theirs):
    if theirs is not None and theirs.endswith(" chars)"):  # the record shortens long texts
        assert len(text) == int(theirs.split("(")[-1].split()[0])
    else:
        assert text == theirs


def test_byte_order_mark_is_dropped():
    frame = _read(CASES / "p20_bom_unicode.csv")
    assert frame.names[0] == "größe"


def test_none_stays_text():
    column = _read(CASES / "p09_na_strings.csv").column("num")
    assert column.kind == "string"
    assert "None" in column.texts().tolist()


def test_big_numbers_keep_their_values():
    frame = _read(CASES / "p21_big_numbers.csv")
    assert frame.column("big").numbers().tolist() == [math.inf, 1e308, -math.inf, 1.0]
    assert frame.column("int63").numbers()[2] == -(2.0**63)
    assert frame.types["inf"] == "string"


@pytest.mark.parametrize(("file", "line"), [("p23_ragged.csv", 3), ("p31_single_quotes.csv", 2)])
def test_ragged_lines_are_named(file, line):
    with pytest.raises(ParseError, match=rf"{file}, line {line}: \d fields"):
        _read(CASES / file)


def test_header_above_money_and_percentages():
    frame = _read(CASES / "p35_money_percent.csv")
    assert frame.names == ["money", "pct", "thou"]
    assert frame.column("money").numbers().tolist() == [1.5, 2.25, 3.0]
    assert frame.column("pct").numbers().tolist() == pytest.approx([0.1, 0.205, 0.3])
