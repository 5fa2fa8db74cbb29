"""Expressions as text, against the answers of the real H2O."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest
from heavywater.errors import HeavywaterError
from heavywater.frame.columns.column import Column
from heavywater.frame.frame import Frame
from heavywater.frame.language.expressions import FunctionText, Ref
from heavywater.frame.language.rapids import parse

from .rapids_frames import DATA, rapids_session, recorded

# Where we answer otherwise, with the reason. Each entry is a pattern of whole expressions, all of which must differ.
EXCEPTIONS = {
    # H2O is at fault
    r"\((intDiv|%/%) (ix|y) 2\)": "a missing cell stays missing, and large numbers are not cut to 32 bits",
    r"\(\| ix nan\)": "every number but 0 is true, not only 1",
    r"\(ifelse \(> ix 1\) g h\)": "levels are chosen, not their numbers",
    r"\((round|signif) .*-1\)": "negative digits round to tens",
    r"\(round y (1|2|10)\)": "halves go to the even digit (IEEE 754), and 0.1 stays 0.1",
    r"\((l?gamma) ix\)": "infinite at 0, and at negative whole numbers the logarithm is, too",
    r"\(digamma ix\)": "exact to rounding; undefined at negative whole numbers",
    r"\(cor .* 'Spearman'\)": "equal values share the mean of their ranks",
    r"\((skewness|kurtosis) (nums|mix) True\)": "rows with a missing cell do not count",
    r"\(quantile n .* 'petal_(len|wid)'\)": "weights that are no whole numbers count as they are",
    r"\(which.min nums True 1\)": "the number of the column, not always 0",
    r"\(h2o.mad .*\)": "the median absolute deviation",
    r"\(hist .*\)": "every class has its own count (H2O loses the first one), and mids_true lies in the class",
    r"\(ddply .*mean \(cols x (0|1)\).*\)": "the mean of nothing is NaN, not 0",
    r"\(cut (v 4|v 3|v 5|v \[5\]|ix 2).*\)": "as many classes as asked for",
    r"\(cut ix \[0 1 2 3\] \[\] False False 3\)": "a class [a,b) holds a",
    r"\(unique (ix|y|tm) .*\)": "in order, and missing only if asked for",
    r"\(GB mix \[2\] 'nrow' 0 '(rm|ignore)' .*\)": "the smallest of nothing is missing; with ignore the median is of zeros",
    r"\(GB mix \[(0|2) 3\] .*\)": "all groups are in order, those with missing keys too; the mode of nothing is missing",
    r"\(GB mix \[3\] 'median' 0 'all'\)": "missing cells make the median missing, as the other aggregates",
    r"\(h2o.impute .*\['g' 'h'\].*\)": "all groups are in order, those with missing keys too",
    r"\(merge left right (True False|False True) .*\)": "missing keys come first",
    r"\(merge left right False False \[0\] \[0\] 'hash'\)": "the method does not change the result",
    r"\(sort left \['k' 'v'\] \[-1 1\]\)": "enums are sorted downwards, too",
    r"\(dropdup mix \['g' 'h'\] 'first'\)": "missing equals missing only",
    r"\(topn .*\)": "equal numbers stay in the order of rows",
    r"\(rank_within_groupby mix \['g'\] \['y'\] \[1\] 'rk' 1\)": "equal rows stay in order",
    r"\(substring s (2 2|3 1|0 -1)\)": "the part of a missing text is missing",
    r"\(strDistance \(substring s 2 2\) \(substring.*\)": "a missing text cannot be compared",
    r"\(replace(all|first) s '(A|ALPHA)' .* True\)": "case is ignored in the pattern; the text keeps its case",
    r"\(strDistance s \(toupper s\) 'soundex' True\)": "sounds have no case",
    r"\(isax series 4 8 True\)": "symbols are the same with and without optimize_card",
    r"\((moment|mktime) 2020 (1 2|0 1) 0 0 0 0\) in New York": "a time is on the clock that hour() reads",
    r"\(scale .* \[1 2 (3|4)\]\)": "numbers given for scale divide, they do not multiply",
    r"\(== (g|tm) nan\)": "missing is found in columns of all types",
    r"\(getrow .*\)": "levels and texts come as such",
    r"\(\+ \(rows nums \[0:1\]\) nums\)": "a single row goes with all rows on either side",
    r"\(\+ [eg] 1\)|\([*&] g h\)|\(> g 'a'\)": "no arithmetic with levels: an error, not silence",
    r"\(ifelse g .*\)|\(rows mix g\)": "the number of a level is no truth value",
    r"\(topn left 0 50 1\)": "levels have no size",
    r"\(GB mix \[3\] 'mean' 4 'all'\)": "texts have no mean: an error, not a result without it",
    r"\(rows left 7\)": "a row that does not exist is an error",
    r"\(unique \(cols_py fr .*\)": "of several columns not only the first one is looked at: an error",
    r"\[1:2:0\]": "a stride of 0 is an error",
    # a better type or name
    r"\(as.Date .*\)": "times, not milliseconds",
    r"\(GB mix \[2\] 'mean' 5 'rm'\)": "the mean of times is a time",
    r"\(h2o.fillna .*(mix|long).*\)": "enums stay enums",
    r"\(sumaxis mix .*\)": "the sum of times is no time",
    r"\(cor nums nums .*\)": "columns keep their names",
    r"\(cbind (left 3|1 2)\)": "a number becomes a column C<n>",
    r"\(merge left left .*\)": "names of columns differ",
    r"\(merge \(rows long .*\)": "keys have the names of the left frame",
    r"\(table (g|h|f|x|ix|mix|v|\(cols\w* (mix|nums) .*\)) .*\)": "missing cells are counted, of all types",
    r"\(table (y|tm) True\)": "the column of counts is called Count for all types, and times stay times",
    r"\(table \(cols_py fr \['class' 'b'\]\) False\)": "whole numbers are named without a point",
    r"\(strsplit e '.*'\)": "levels are in byte order",
    r"\((strsplit s '\.'|cols fr \[\])\)": "a frame without columns keeps its number of rows",
    # random numbers of our own
    r"\((h2o.runif|kfold_column|stratified_kfold_column|h2o.random_stratified_split) .*\)": "our own generator",
    # not about frames
    r"\((none|mode|perfectAUC) .*\)": "not provided",
}  # fmt: skip

CASES = recorded()
RECORDED_ROWS = 100  # of longer frames only the first rows are there


def close(ours: Any, theirs: Any) -> bool:
    a, b = (math.nan if x is None else float(str(x).replace("Infinity", "inf")) for x in (ours, theirs))
    return (a != a and b != b) or a == b or abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1e-6)


def column_differs(column: Column, kind: str, levels: list[str] | None, data: list[Any]) -> str:
    ours = {"bad": "int"}.get(column.kind, column.kind)
    if ours != kind and not {ours, kind} <= {"int", "real"}:
        return f"is of type {ours}, not {kind}"
    if kind == "enum":
        if list(column.levels or ()) != levels:
            return f"has the levels {column.levels}, not {levels}"
        data = [None if code == "NaN" else levels[int(code)] for code in data]
    if kind in ("enum", "string"):
        found = column.texts().tolist()[:RECORDED_ROWS]
        return "" if found == data else f"holds {found}, not {data}"
    numbers = column.numbers().tolist()[:RECORDED_ROWS]
    same = all(close(a, b) for a, b in zip(numbers, data, strict=True))
    return "" if same else f"holds {numbers}, not {data}"


def frame_differs(frame: Frame, wanted: dict[str, Any]) -> str:
    if frame.shape != (wanted["rows"], len(wanted["columns"])):
        return f"shape {frame.shape}, not {(wanted['rows'], len(wanted['columns']))}"
    for name, column, (label, kind, levels, data) in zip(
        frame.names, frame.columns, wanted["columns"], strict=True
    ):
        # Where H2O has lost the name it makes up C1, C2 ...: ours is better.
        if name != label and not re.fullmatch(r"C\d+", label):
            return f"column {name} is not called {label}"
        if problem := column_differs(column, kind, levels, data or []):
            return f"column {name} {problem}"
    return ""


def differs(value: Any, case: dict[str, Any]) -> str:
    """How a value differs from the recorded answer, "" if it does not."""
    if "frame" in case:
        return frame_differs(value, case["frame"]) if isinstance(value, Frame) else f"no frame: {value!r}"
    if "function" in case:
        function = FunctionText(case["expression"])  # H2O tells it with other blanks
        return "" if value == function else f"{value!r}, not {function!r}"
    if "string" in case:
        return "" if value == case["string"] else f"{value!r}, not {case['string']!r}"
    wanted = case["scalar"]
    if isinstance(value, (Frame, str)) or isinstance(value, list) != isinstance(wanted, list):
        return f"{value!r}, not {wanted!r}"
    pairs = [(value, wanted)] if not isinstance(value, list) else list(zip(value, wanted, strict=True))
    try:
        return "" if all(close(*pair) for pair in pairs) else f"{value!r}, not {wanted!r}"
    except ValueError:
        return f"{value!r}, not {wanted!r}"


@pytest.fixture(scope="module")
def answers() -> list[tuple[str, dict[str, Any], str]]:
    """Expression, recorded answer, and how ours differs from it ("" where it does not)."""
    session = rapids_session()
    found = []
    for case in CASES:
        expression = case["expression"]
        label = expression + (" in New York" if session.settings.time_zone != "UTC" else "")
        try:
            value = session.frames.rapids(expression.replace("'WORDS'", f"'{DATA / 'words.txt'}'"))
            if isinstance(value, Ref):
                value = session.store.frame(value.key)
        except HeavywaterError as error:
            problem = "" if "error" in case else f"{type(error).__name__}: {error}"
        else:
            problem = "" if "error" in case else differs(value, case)
        found.append((label, case, problem))
    return found


def reason(expression: str) -> str | None:
    return next((why for pattern, why in EXCEPTIONS.items() if re.fullmatch(pattern, expression)), None)


def test_answers_are_those_of_h2o(answers):
    assert len(answers) > 850
    wrong = [
        f"{expression}: {problem}" for expression, _, problem in answers if problem and not reason(expression)
    ]
    assert wrong == []


def test_exceptions_are_needed(answers):
    for pattern in EXCEPTIONS:
        hits = [problem for expression, _, problem in answers if re.fullmatch(pattern, expression)]
        assert hits and any(hits), f"nothing differs any more: {pattern}"


def test_most_expressions_agree(answers):
    agreeing = sum(not problem and "error" not in case for _, case, problem in answers)
    assert agreeing > 630


def test_inputs_are_not_touched(answers):
    """After all of these expressions the frames hold what the files hold."""
    session, fresh = rapids_session(), rapids_session()
    for case in CASES:
        if not case["expression"].startswith(("(rm", "(setTimeZone")):
            try:
                session.frames.rapids(case["expression"])
            except HeavywaterError:
                continue
    for wanted in fresh.store.frames():
        ours = session.store.frame(wanted.key)
        assert ours.names == wanted.names
        for a, b in zip(ours.columns, wanted.columns, strict=True):
            assert a.texts().tolist() == b.texts().tolist()
            assert np.array_equal(a.numbers(), b.numbers(), equal_nan=True)


@pytest.mark.parametrize("case", CASES[:40], ids=lambda case: case["expression"])
def test_written_expressions_read_the_same(case):
    from heavywater.frame.language.rapids import write

    try:
        expression = parse(case["expression"])
    except HeavywaterError:
        return
    assert repr(parse(write(expression))) == repr(expression)
