"""Every entry of the registry: inputs stay unchanged; values against numpy and pandas."""

import inspect
import math
import re

import numpy as np
import pandas as pd
import pytest
from heavywater.errors import HeavywaterError, InvalidArgument, InvalidType
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric
from heavywater.frame.frame import Frame
from heavywater.frame.language.expressions import Ref, Span, evaluate
from heavywater.frame.primitives import operation, operation_names
from heavywater.session import LocalSession
from heavywater.session.settings import Memory

from .primitive_arguments import ARGUMENTS, FULL, LEVELS, MIXED, NUMBERS, ONE, ROW


def snapshot(frame):
    return list(frame.names), [
        (c.kind, c.values.tolist(), None if c.missing is None else c.missing.tolist(), c.levels)
        for c in frame.columns
    ]


@pytest.mark.parametrize("name", operation_names())
def test_inputs_stay_unchanged(name):
    assert name in ARGUMENTS, "every operation needs arguments in this table"
    arguments = ARGUMENTS[name]
    before = [repr(snapshot(a)) for a in arguments if isinstance(a, Frame)]
    operation(name)(*arguments)
    assert [repr(snapshot(a)) for a in arguments if isinstance(a, Frame)] == before


@pytest.mark.parametrize("name", operation_names())
def test_documentation_is_complete(name):
    """A front end in another language is made from the signatures and docstrings."""
    function = operation(name)
    text = inspect.getdoc(function) or ""
    assert "Returns\n-------" in text
    for parameter in inspect.signature(function).parameters.values():
        assert re.search(rf"^(\*?\w+, )*\*?{parameter.name}(, \*?\w+)* : ", text, re.MULTILINE), (
            parameter.name
        )
        assert parameter.annotation is not parameter.empty


def cut_down(arguments, rows):
    return [
        Frame(a.names, [c.take(rows) for c in a.columns], nrow=len(range(a.nrow)[rows]))
        if isinstance(a, Frame)
        else a
        for a in arguments
    ]


def blanked(arguments):
    hole = operation(":=")
    return [
        hole(a, None, list(range(a.ncol)), [Span(0, a.nrow)]) if isinstance(a, Frame) else a
        for a in arguments
    ]


@pytest.mark.parametrize("change", ["no rows", "one row", "all missing", "no columns"])
@pytest.mark.parametrize("name", operation_names())
def test_small_and_empty_frames_are_no_special_case(name, change):
    """They give a result or an error of ours, never an accident."""
    arguments = list(ARGUMENTS[name])
    if change == "no columns":
        arguments = [Frame([], [], nrow=a.nrow) if isinstance(a, Frame) else a for a in arguments]
    elif change == "all missing":
        arguments = blanked(arguments)
    else:
        arguments = cut_down(arguments, slice(0, int(change == "one row")))
    try:
        result = operation(name)(*arguments)
    except HeavywaterError as error:
        assert str(error)
    else:
        if isinstance(result, Frame):
            assert all(isinstance(c, Column) and len(c) == result.nrow for c in result.columns)


@pytest.mark.parametrize("name", operation_names())
@pytest.mark.parametrize(
    "wrong", [[], ["text"], [3], [None], [[]], [MIXED], [MIXED, MIXED], [MIXED, [], []], [MIXED] * 9]
)
def test_wrong_arguments_are_errors_of_ours(name, wrong):
    try:
        operation(name)(*wrong)
    except HeavywaterError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        (("cols",), r"cols: takes 2 arguments \(frame, selector\), got 0"),
        (("round", 1, 2, 3), r"round: takes 1 to 2 arguments \(frame, digits\), got 3"),
        (("sort", 3, [0]), r"sort: frame must be a frame, got 3"),
        (("toupper", "text"), r"toupper: frame must be a frame, got 'text'"),
        (("kfold_column", ONE, 2.5), r"kfold_column: folds: a whole number is needed, got 2.5"),
        (("grep", ONE, 4), r"grep: pattern must be a text, got 4"),
        (("mean", ONE, 7), r"mean: skip_missing must be true or false"),
        (("apply", ONE, 2, 3), r"apply: function must be a function such as"),
        (("nothing", ONE), r"no operation 'nothing' on frames"),
        (("tolowe", ONE), r"similar names: tolower"),
        (("rbind",), "at least one frame"),
        (("rm",), "rm: wrong number of arguments; it takes key"),
    ],
)
def test_errors_say_what_is_wrong(expression, message):
    with pytest.raises(HeavywaterError, match=message):
        evaluate(expression, LocalSession().frames.place())


def values(frame):
    return frame.columns[0].numbers()


def same(ours, wanted):
    return np.array_equal(ours, np.asarray(wanted, float), equal_nan=True)


def test_logic_with_missing_values():
    a = Frame(["a"], [numeric([1, 1, 1, 0, 0, 0, np.nan, np.nan, np.nan])])
    b = Frame(["b"], [numeric([1, 0, np.nan] * 3)])
    n = np.nan
    assert same(values(operation("&")(a, b)), [1, 0, n, 0, 0, 0, n, 0, n])
    assert same(values(operation("|")(a, b)), [1, 1, 1, 1, 0, n, 1, n, n])
    assert same(values(operation("!!")(a)), [0, 0, 0, 1, 1, 1, n, n, n])
    assert same(values(operation("==")(a, b)), [1, 0, 0, 0, 1, 0, 0, 0, 1])
    assert same(values(operation("!=")(a, b)), [0, 1, 1, 1, 0, 1, 1, 1, 0])
    assert same(values(operation("<=")(a, b)), [1, 0, 0, 1, 1, 0, 0, 0, 0])


def test_equality_of_texts_and_levels():
    equal = operation("==")
    assert same(values(equal(LEVELS, "y")), [1, 0, 0, 1, 0])
    assert same(values(equal(LEVELS, "unknown")), [0, 0, 0, 0, 0])
    assert same(values(equal(LEVELS, None)), [0, 0, 1, 0, 0])
    assert same(values(equal(MIXED.select([2]), "u")), [1, 0, 0, 0, 1])
    other = Frame(["o"], [enum(np.array([0, 0, -1, 1, -1]), ["y", "z"])])
    assert same(values(equal(LEVELS, other)), [1, 0, 1, 0, 0])
    with pytest.raises(InvalidType, match="column 'a' of type int and the text '3' do not go together"):
        equal(ONE, "3")


def test_division_and_remainder_follow_c():
    left = Frame(["l"], [numeric([7, -7, 7, 7])])
    right = Frame(["r"], [numeric([2, 2, -2, 0])])
    assert same(values(operation("intDiv")(left, right)), [3, -3, -3, np.nan])
    assert same(values(operation("%")(left, right)), [1, -1, 1, np.nan])
    assert values(operation("/")(left, right))[3] == math.inf


def test_assignment_shares_other_columns_and_widens():
    result = operation(":=")(MIXED, 1000.5, [0], [Span(0, 1)])
    assert result.columns[1] is MIXED.columns[1]
    assert result.columns[0].numbers()[0] == 1000.5
    assert MIXED.columns[0].numbers()[0] == 3
    result = operation(":=")(MIXED, None, ["e", "s", "d"], [Span(0, 2)])
    assert [c.missing_count for c in result.columns] == [1, 3, 2, 2]
    assert operation(":=")(MIXED, "w", [2], [Span(0, 1)]).columns[2].texts()[0] == "w"
    assert operation(":=")(MIXED, 5000, [3], [Span(0, 1)]).columns[3].values[0] == 5000
    with pytest.raises(InvalidArgument, match="no level number"):
        operation(":=")(MIXED, 17, [1], [Span(0, 1)])
    with pytest.raises(InvalidType, match="column 'd' of type time"):
        operation(":=")(MIXED, "x", [3], [Span(0, 1)])


def test_selectors_refuse_nonsense():
    for selector, message in [
        ([5], "row number 5: the frame has 5 rows"),
        ([Span(5, 2)], "row number 5: the frame has 5 rows"),
        ([-1, 1], "cannot be mixed"),
        ([1.5], "whole number"),
        (LEVELS, "0/1 column is needed"),
        (ROW, "one column"),
    ]:
        with pytest.raises((InvalidArgument, InvalidType), match=message):
            operation("rows")(NUMBERS, selector)
    with pytest.raises(InvalidArgument, match="cannot be mixed"):
        operation("cols")(NUMBERS, [-1, 0])


def test_moments_against_pandas():
    df = pd.DataFrame({"p": [1, 2, 3, 5], "q": [0.5, 0.1, 0.9, 0.7]})
    assert operation("sd")(FULL, False) == pytest.approx(df.std().tolist())
    m = df - df.mean()
    spread = df.std(ddof=0)
    assert operation("skewness")(FULL, False) == pytest.approx(((m**3).mean() / spread**3).tolist())
    assert operation("kurtosis")(FULL, False) == pytest.approx(((m**4).mean() / spread**4).tolist())
    assert math.isnan(operation("sd")(NUMBERS, False)[0])
    assert operation("sd")(NUMBERS, True)[0] == pytest.approx(np.std([3, 1, 2, 3], ddof=1))
    for method, wanted in [("interpolate", 2.5), ("average", 2.5), ("low", 2), ("high", 3)]:
        assert operation("quantile")(FULL.select([0]), [0.5], method).columns[1].numbers()[0] == wanted


def test_running_totals_along_rows():
    result = operation("cumsum")(FULL, 1)
    assert np.allclose(result.columns[1].numbers(), [1.5, 2.1, 3.9, 5.7])


def test_runif_is_a_function_of_rows_and_seed():
    runif = operation("h2o.runif")
    first, again, other = runif(MIXED, 5), runif(NUMBERS, 5), runif(MIXED, 6)
    assert values(first).tolist() == values(again).tolist() != values(other).tolist()
    long = Frame(["x"], [numeric(np.zeros(20_000))])
    numbers = values(runif(long, 1))
    assert numbers[:5].tolist() == values(runif(MIXED, 1)).tolist()
    assert numbers.min() >= 0
    assert numbers.max() < 1
    assert abs(numbers.mean() - 0.5) < 0.01
    assert values(runif(long, -1)).tolist() != values(runif(long, -1)).tolist()


def test_expressions_nest_and_store():
    session = LocalSession()
    session.store.put_frame(NUMBERS, "n")
    expression = ("tmp=", "t", ("rows", ("cols_py", Ref("n"), "a"), (">", ("cols", Ref("n"), [1]), 0)))
    assert session.frames.evaluate(expression) == Ref("t")
    assert same(values(session.store.frame("t")), [3, np.nan, 3])
    assert session.frames.evaluate(("sumNA", Ref("t"))) == 6
    with pytest.raises(InvalidArgument, match="'t' exists already"):
        session.frames.evaluate(expression)
    assert session.frames.evaluate(("rm", "n")) == 1
    assert session.frames.evaluate(("rm", "n")) == 0
    assert session.store.frame("t").nrow == 3
    session.frames.evaluate(("rename", "t", "u"))
    assert session.store.keys() == ["u"]
    with pytest.raises(InvalidType, match="starts with the name of an operation"):
        session.frames.evaluate((1, 2))


def test_memory_of_shared_columns_counts_once():
    session = LocalSession()
    session.store.put_frame(FULL, "one")
    memory = Memory(session.store, session.settings)
    used = memory.used()
    session.store.put_frame(FULL, "two")
    assert memory.used() == used == FULL.nbytes
