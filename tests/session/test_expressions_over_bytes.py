"""Expressions mean the same in this process and as text over a wire: values, errors, warnings, and what they leave."""

from __future__ import annotations

import math
import re
import warnings
from typing import Any

import numpy as np
import pandas as pd
import pytest
from heavywater.exchange import table_of, to_rows
from heavywater.frame.primitives import operation_names
from heavywater.session import Lambda, LocalSession, Moment, Ref, Session, Span
from hypothesis import given, settings
from hypothesis import strategies as st

from .contract import WAYS

REACHED = ("local", "loopback")  # behind HTTP are the same bytes

NAMES = ("mixed", "truth", "made", "\u2603 x", "1e5", "TRUE")
# What random numbers or the names of this client's temporaries decide.
UNLIKE = {"h2o.runif", "kfold_column", "modulo_kfold_column", "stratified_kfold_column", "h2o.random_stratified_split"} | {
    "ls", "CreateFrame", "OpCreateFrame", "dropdup", "model.reset.threshold",
}  # fmt: skip
TEMPORARY = re.compile(r"py_\d+_sid_[0-9a-f]+")


def sessions() -> list[Session]:
    """One of each kind with the same frames."""
    frames = {
        "mixed": pd.DataFrame(
            {
                "n": [1, 0, 2, 3],
                "r": [0.5, math.nan, -2, 1e300],
                "l": pd.Categorical(["True", "False", None, "1"]),
                "t": ["\u2603", "TRUE", "", None],
                "d": pd.to_datetime(["2020-01-01", None, "1960-02-29", "2030-12-31"]),
            }
        ),
        "truth": pd.DataFrame({"b": [True, False, True, False], "0": ["0", "1", "x", "y"]}),
    }
    found = [WAYS[name](LocalSession(nthreads=1)) for name in REACHED]
    for session in found:
        for key, frame in frames.items():
            session.frames.upload(
                table_of(frame, column_types={"t": "string"} if key == "mixed" else None), key
            )
        session.frames.assign("truth", "1e5")
    return found


def told(session: Session, expression: Any) -> Any:
    """What becomes of an expression."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            value = session.frames.evaluate(expression)
            if isinstance(value, Ref):
                value = session.frames.facts(value.key)["types"], to_rows(session.frames.fetch(value.key))
        except Exception as error:  # noqa: BLE001  # of whatever kind: the same here and there
            value = type(error), str(error)
    return TEMPORARY.sub("TEMPORARY", repr((value, sorted(str(each.message) for each in caught))))


VALUES = st.one_of(
    st.sampled_from([Ref(name) for name in NAMES]),
    st.sampled_from([("cols", Ref("mixed"), [name]) for name in "nrltd"] + [("cols", Ref("truth"), [0])]),
    st.sampled_from([True, False, None, 0, 1, 2, -1, 0.5, -0.0, math.nan, math.inf, 2**70, -(10**305), 10**400]),
    st.sampled_from(["n", "True", "1", "", "\u2603", "\ud83d\ude00", "a\0'\"\\\n", "%Y", "mean", "all"]),
    st.sampled_from([Moment(0), Moment(-5), Span(0, 2), Span(0, 0), Span(1, 2, 2)]),
    st.lists(st.sampled_from([True, 0, 1, 2, -1, 0.5, "n", "l", "True", "\ud83d\ude00", Moment(0), Span(0, 2), Span(1, 0)]), max_size=3),
    st.sampled_from([Lambda(("x",), True), Lambda(("x",), ("+", Ref("x"), True)), Ref("sum")]),
)  # fmt: skip
OPERATIONS = st.sampled_from([name for name in operation_names() if name not in UNLIKE]) | st.sampled_from(
    ["==", "+", ":=", "ifelse", "match", "rows", "cols", "colnames=", "append", "rep_len", "nothing"]
)
CALLS = st.recursive(
    VALUES,
    lambda inner: st.tuples(OPERATIONS, st.lists(inner | VALUES, max_size=5)).map(lambda c: (c[0], *c[1])),
    max_leaves=6,
)
STEPS = CALLS | st.tuples(st.sampled_from(["assign", "tmp=", "rm"]), st.sampled_from(NAMES).map(Ref), CALLS)


@settings(max_examples=120, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=5))
def test_any_expressions_mean_the_same(steps: list[Any]) -> None:
    here, far = sessions()
    for step in steps:
        assert told(here, step) == told(far, step)
    for key in ("mixed", "truth"):
        assert told(here, Ref(key)) == told(far, Ref(key))


COLUMNS = [("cols", Ref("mixed"), [name]) for name in "nrlt"] + [("cols", Ref("truth"), [c]) for c in (0, 1)]


@pytest.mark.parametrize(
    "value",
    [True, False, "\ud83d\ude00", "\ud800", 10**400, -(10**400), Span(0, 2)],
    ids=lambda value: repr(value)[:20],
)
def test_values_that_texts_say_in_another_way(value: Any) -> None:
    here, far = sessions()
    calls: list[Any] = [value, [value], ("rep_len", value, 3), ("!", value), ("seq_len", value)]
    for column in COLUMNS:
        calls += [
            (name, column, value) for name in ("==", "<", "+", "&", "match", "cbind", "setLevel", "rows")
        ]
        calls += [(name, value, column) for name in ("==", "<", "+", "&", "cbind")]
        calls += [("ifelse", ("==", COLUMNS[0], 1), value, column), (":=", column, value, [0], [1])]
        calls += [
            ("match", column, [value], 0, 1),
            ("appendLevels", column, 0, [value]),
            ("append", column, 1, value),
        ]
    calls += [(name, COLUMNS[0]) for name in ("no word", "", "a'", "rm x) (rm")]
    for call in calls:
        assert told(here, call) == told(far, call)


@pytest.mark.parametrize("way", REACHED)
def test_truth_stays_truth_beside_texts_and_is_a_number_as_answer(way: str) -> None:
    session = sessions()[REACHED.index(way)]
    made = session.frames.evaluate(("ifelse", ("==", COLUMNS[0], 1), True, COLUMNS[2]))
    assert to_rows(session.frames.fetch(made.key))[1:] == [["True"], ["False"], [""], ["1"]]
    for text, number in (("TRUE", 1), ("False", 0), ("[TRUE 2]", [1, 2])):
        found = session.frames.rapids(text)
        assert found == number and not np.any(
            [isinstance(each, bool) for each in np.atleast_1d(found).tolist()]
        )


@pytest.mark.parametrize("way", REACHED)
def test_halves_of_characters_never_come_into_a_frame(way: str) -> None:
    session = sessions()[REACHED.index(way)]
    with pytest.raises(TypeError, match="half of a character"):
        session.frames.evaluate((":=", Ref("mixed"), "\ud800", [3], [1]))
    made = session.frames.evaluate((":=", Ref("mixed"), "\ud83d\ude00", [3], [1]))
    assert to_rows(session.frames.fetch(made.key, [3]))[2] == ["\U0001f600"]
