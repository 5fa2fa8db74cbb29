"""Every entry of the registry: inputs stay unchanged; values against numpy and pandas."""

import math

import numpy as np
import pandas as pd
import pytest
from heavywater.errors import InvalidArgument, InvalidType
from heavywater.frame import Column, Frame
from heavywater.frame.columns import enum, numeric, strings, times
from heavywater.frame.expressions import Ref, Span, evaluate
from heavywater.frame.primitives import operation, operation_names
from heavywater.session import LocalSession

NUMBERS = Frame(["a", "b"], [numeric([3, 1, np.nan, 2, 3]), numeric([0.5, -1.25, 2.0, np.nan, 4.0])])
ONE = NUMBERS.select([0])
FULL = Frame(["p", "q"], [numeric([1, 2, 3, 5]), numeric([0.5, 0.1, 0.9, 0.7])])
FLAGS = Frame(["t"], [numeric([1, 0, np.nan, 1, 0])])
LEVELS = Frame(["e"], [enum(np.array([1, 0, -1, 1, 2]), ["x", "y", "z"])])
MIXED = Frame(
    ["n", "e", "s", "d"],
    [ONE.columns[0], LEVELS.columns[0], strings(["u", None, "", "v", "u"]), times(np.arange(5) * 1000)],
)
ROW = Frame(["a", "s"], [numeric([7]), strings(["t"])])

UNARY = [
    "abs",
    "acos",
    "asin",
    "atan",
    "acosh",
    "asinh",
    "atanh",
    "cos",
    "cosh",
    "sin",
    "sinh",
    "tan",
    "tanh",
    "ceiling",
    "floor",
    "trunc",
    "sign",
    "sqrt",
    "exp",
    "expm1",
    "log",
    "log10",
    "log2",
    "log1p",
    "cospi",
    "sinpi",
    "tanpi",
    "gamma",
    "lgamma",
    "digamma",
    "trigamma",
    "round",
    "signif",
]
BINARY = [
    "+",
    "-",
    "*",
    "/",
    "^",
    "intDiv",
    "%/%",
    "%",
    "%%",
    "<",
    "<=",
    ">",
    ">=",
    "==",
    "!=",
    "&",
    "&&",
    "|",
    "||",
]
ARGUMENTS = {
    **{name: (NUMBERS,) for name in UNARY},
    **{name: (NUMBERS, ONE) for name in BINARY},
    **{name: (FLAGS,) for name in ("!!", "!", "not", "all", "any", "any.na")},
    **{f"{name}{suffix}": (NUMBERS,) for name in ("sum", "prod", "min", "max") for suffix in ("", "NA")},
    **{name: (NUMBERS, 0) for name in ("cumsum", "cumprod", "cummin", "cummax")},
    **{name: (NUMBERS, True, 0) for name in ("mean", "sumaxis", "which.max", "which.min")},
    **{name: (NUMBERS, True) for name in ("median", "sd", "skewness", "kurtosis")},
    **{
        name: (MIXED,)
        for name in (
            "as.factor",
            "as.numeric",
            "as.character",
            "is.factor",
            "is.numeric",
            "is.character",
            "any.factor",
            "levels",
            "is.na",
            "na.omit",
            "naCnt",
            "nrow",
            "ncol",
        )
    },
    "as.factor": (MIXED.select([0, 1, 2]),),
    "cols": (MIXED, [-1, -3]),
    "cols_py": (MIXED, [-1, "e"]),
    "rows": (MIXED, FLAGS),
    ":=": (MIXED, 9, 0, [Span(1, 2)]),
    "append": (MIXED, ONE, "new", 3, "e"),
    "colnames=": (MIXED, [0], ["z"]),
    "cbind": (MIXED, ONE),
    "rbind": (MIXED, MIXED),
    "columnsByType": (MIXED, "string"),
    "filterNACols": (MIXED, 0.1),
    "flatten": (ROW.select([0]),),
    "getrow": (ROW,),
    "ifelse": (FLAGS, ONE, 0),
    "match": (LEVELS, ["z", "x"], None, 1),
    "setDomain": (LEVELS, False, ["k", "l", "m"]),
    "setLevel": (LEVELS, "y"),
    "relevel": (LEVELS, "z"),
    "relevel.by.freq": (LEVELS, [], -1),
    "h2o.impute": (MIXED, -1, "mode", "interpolate", []),
    "quantile": (NUMBERS, [0.1, 0.5], "average", "_"),
    "var": (NUMBERS, NUMBERS, "complete.obs", True),
    "cor": (NUMBERS, NUMBERS, "complete.obs", "Spearman"),
    "unique": (LEVELS, True),
    "table": (MIXED.select([0, 1]), True),
    "cut": (ONE, [0, 2, 4]),
    "scale": (NUMBERS, True, True),
    "h2o.runif": (MIXED, 5),
}


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
    assert operation(name).__doc__


@pytest.mark.parametrize("name", operation_names())
def test_empty_frames_are_no_special_case(name):
    """Zero rows give a result or an error of ours, never an accident."""
    arguments = [
        Frame(a.names, [c.take(slice(0, 0)) for c in a.columns]) if isinstance(a, Frame) else a
        for a in ARGUMENTS[name]
    ]
    try:
        operation(name)(*arguments)
    except (InvalidArgument, InvalidType) as error:
        assert str(error)


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
    assert same(values(operation("==")(a, b)), [1, 0, n, 0, 1, n, n, n, n])


def test_equality_of_texts_and_levels():
    equal = operation("==")
    assert same(values(equal(LEVELS, "y")), [1, 0, np.nan, 1, 0])
    assert same(values(equal(LEVELS, "unknown")), [0, 0, np.nan, 0, 0])
    assert same(values(equal(MIXED.select([2]), "u")), [1, np.nan, 0, 0, 1])
    other = Frame(["o"], [enum(np.array([0, 0, 0, 1, -1]), ["y", "z"])])
    assert same(values(equal(LEVELS, other)), [1, 0, np.nan, 0, np.nan])
    assert same(values(equal(ONE, "3")), [0, 0, np.nan, 0, 0])


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
    with pytest.raises(InvalidType, match="column 'd' is of type time"):
        operation(":=")(MIXED, "x", [3], [Span(0, 1)])


def test_selectors_refuse_nonsense():
    for selector, message in [
        ([5], "row number 5: the frame has 5 rows"),
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
    assert operation("skewness")(FULL, False) == pytest.approx(((m**3).mean() / df.std() ** 3).tolist())
    assert operation("kurtosis")(FULL, False) == pytest.approx(((m**4).mean() / df.std() ** 4).tolist())
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
    session.put_frame(NUMBERS, "n")
    expression = ("tmp=", "t", ("rows", ("cols_py", Ref("n"), "a"), (">", ("cols", Ref("n"), [1]), 0)))
    assert session.evaluate(expression) == Ref("t")
    assert same(values(session.frame("t")), [3, np.nan, 3])
    assert session.evaluate(("sumNA", Ref("t"))) == 6
    with pytest.raises(InvalidArgument, match="'t' exists already"):
        session.evaluate(expression)
    assert session.evaluate(("rm", "n")) == 1
    assert session.evaluate(("rm", "n")) == 0
    assert session.frame("t").nrow == 3
    session.evaluate(("rename", "t", "u"))
    assert session.keys() == ["u"]
    with pytest.raises(InvalidType, match="arguments do not fit"):
        evaluate(("cols",), session)
    with pytest.raises(InvalidType, match="starts with the name of an operation"):
        evaluate((1, 2), session)


def test_memory_of_shared_columns_counts_once():
    session = LocalSession()
    session.put_frame(FULL, "one")
    used = session.memory_used()
    session.put_frame(FULL, "two")
    assert session.memory_used() == used == FULL.nbytes


def test_columns_of_results_are_columns():
    for name, arguments in ARGUMENTS.items():
        result = operation(name)(*arguments)
        if isinstance(result, Frame):
            assert all(isinstance(c, Column) and len(c) == result.nrow for c in result.columns), name
