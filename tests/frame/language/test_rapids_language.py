"""The language of expressions: reading, writing, errors with their place; random expressions."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from heavywater.errors import HeavywaterError, InvalidExpression, InvalidType
from heavywater.frame.columns.column import Column
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.columns.moment import Moment
from heavywater.frame.frame import Frame
from heavywater.frame.language.expressions import evaluate
from heavywater.frame.language.rapids import DEEPEST, Lambda, Ref, parse, write
from heavywater.frame.primitives import operation_names
from heavywater.frame.primitives.arguments import Span
from heavywater.session import LocalSession
from hypothesis import given, settings
from hypothesis import strategies as st


def value_of(text, **frames):
    """Value of an expression over some frames."""
    session = LocalSession()
    for name, frame in frames.items():
        session.store.put_frame(frame, name)
    return evaluate(parse(text), session.frames.place())


@pytest.mark.parametrize(
    ("text", "expression"),
    [
        ("3", 3),
        (" -2.50e1 ", -25.0),
        ("1e400", math.inf),
        (".5", 0.5),
        ("True", 1),
        ("FALSE", 0),
        ("'it\\'s'", "it's"),
        ('"a\\n\\x41\\u00e9\\U0001F600"', "a\nAé😀"),
        ("iris.hex", Ref("iris.hex")),
        ("+", Ref("+")),
        ("[]", []),
        ("[1 -2 3.5]", [1, -2, 3.5]),
        ("[0:3 7 2:4:2]", [Span(0, 3), 7, Span(2, 4, 2)]),
        ("['a' \"b c\"]", ["a", "b c"]),
        ("(+ 1 fr)", ("+", 1, Ref("fr"))),
        ("( f(g 1)[2]'x' )", ("f", ("g", 1), [2], "x")),
        ("{x y . (+ x y)}", Lambda(("x", "y"), ("+", Ref("x"), Ref("y")))),
        ("{ . 3 }", Lambda((), 3)),
        ("(moment-ms -5)", Moment(-5)),
        ("null", None),
        ("(ls null ['a' null])", ("ls", None, ["a", None])),
        ("(rows (named '1e5') (named 'NaN'))", ("rows", Ref("1e5"), Ref("NaN"))),
        ("(match d [(moment-ms 0) 'a' 1])", ("match", Ref("d"), [Moment(0), "a", 1])),
        ("({x . x} 2)", (Lambda(("x",), Ref("x")), 2)),
    ],
)
def test_texts_and_what_they_mean(text, expression):
    assert parse(text) == expression
    assert parse(write(expression)) == expression


def test_missing_numbers():
    for text in ("NaN", "NA", "nan"):
        assert math.isnan(parse(text))
    assert math.isnan(parse("[1 NaN]")[1])
    assert write([math.nan, math.inf, True, None]) == "[nan Infinity True null]"


def test_a_range_that_is_an_argument_becomes_a_list_of_it():
    assert write(("rows", Ref("fr"), Span(0, 5))) == "(rows fr [0:5])"
    assert write(("rows", Ref("fr"), Span(3, 0))) == "(rows fr [])"
    assert write([Span(3, 0), 1, Span(2, 0), Span(2, 1)]) == "[1 2:1]"


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("", 0, "an expression is missing"),
        ("(", 1, "operation"),
        ("()", 1, "operation"),
        ("(+ 1 2", 0, r"the bracket \( is not closed"),
        ("(+ 1 2))", 7, "has ended"),
        ("1 2", 2, "has ended"),
        ("[1 2", 0, r"the bracket \[ is not closed"),
        ("[1 fr]", 3, "fr is no number, range .* or text"),
        ("[1:-1]", 1, "count of a range"),
        ("[1:2:0]", 1, "stride of a range"),
        ("[1:2:3:4]", 1, "range"),
        ("(nrow (named fr))", 6, "named takes one text"),
        ("'abc", 0, "begins with ' is not closed"),
        ("'a\\q'", 2, "a backslash is followed by"),
        ("'\\x4'", 1, "a backslash is followed by"),
        ("'\\ud800'", 0, "half of a character"),
        ("{x (+ x 1)}", 3, "parameter's name or the dot"),
        ("{x x . x}", 3, "the parameter x appears twice"),
        ("{x", 0, "the function has no body"),
        ("{x . (+ x 1)", 12, "} is missing"),
        ("(cols fr ])", 9, "an expression is missing"),
    ],
)
def test_malformed_texts_say_where(text, position, problem):
    with pytest.raises(InvalidExpression, match=problem) as caught:
        parse(text)
    assert caught.value.position == position


def test_the_message_points_at_the_place():
    with pytest.raises(InvalidExpression) as caught:
        parse("(+ 1\n  (cols fr ]))")
    line, pointer = str(caught.value).splitlines()[-2:]
    assert line[pointer.index("^")] == "]"
    with pytest.raises(InvalidType, match="an expression is a text, got 5"):
        parse(5)  # type: ignore[arg-type]


def test_nesting_is_bounded():
    deep = "(abs " * DEEPEST + "1" + ")" * DEEPEST
    assert value_of(deep) == 1
    with pytest.raises(InvalidExpression, match=f"nested more than {DEEPEST} deep"):
        parse("(abs " * 100_000)
    nested: Any = 1
    for _ in range(10_000):
        nested = ("abs", nested)
    with pytest.raises(HeavywaterError, match="nested too deep"):
        evaluate(nested, LocalSession().frames.place())
    with pytest.raises(HeavywaterError, match="no operation '3'"):
        value_of("(3 4)")


CONSTANTS = ("NaN", "NA", "nan", "True", "TRUE", "False", "FALSE", "Infinity", "null")
ATOMS = st.one_of(
    st.integers(-(2**60), 2**60),
    st.floats(allow_nan=False),
    st.text(max_size=8),
    st.none(),
    st.from_regex(r"[A-Za-z0-9_$.+-][A-Za-z0-9_.$:]{0,6}", fullmatch=True).map(Ref),
    st.sampled_from(CONSTANTS).map(Ref),
)
ITEMS = st.lists(
    st.one_of(
        st.integers(-99, 99),
        st.floats(allow_nan=False),
        st.text(max_size=4),
        st.builds(Span, st.integers(0, 9), st.integers(1, 9), st.integers(1, 3)),
    ),
    max_size=4,
)
TREES = st.recursive(
    ATOMS | ITEMS,
    lambda inner: (
        st.tuples(st.sampled_from(["+", "cols_py", ":=", "x"]), inner, inner)
        | st.builds(Lambda, st.lists(st.sampled_from("xyz"), unique=True, max_size=2).map(tuple), inner)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(TREES)
def test_what_is_written_is_read_back(expression):
    text = write(expression)
    assert parse(text) == expression
    assert write(parse(text)) == text


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="()[]{}'\"\\ .:+-0159ax\nué", max_size=30))
def test_any_text_is_read_or_refused(text):
    try:
        expression = parse(text)
    except InvalidExpression as error:
        assert 0 <= error.position <= len(text)
        assert "\n" in str(error)
    else:
        assert write(parse(write(expression))) == write(expression)


# -- random expressions, evaluated -------------------------------------------------------------------

X = np.array([3.0, -1.5, 0, np.nan, 2])
Y = np.array([1.0, 2, 0, 4, np.nan])
OPERATORS: dict[str, Callable[..., Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": lambda a, b: np.divide(a, np.add(b, 0.0)),  # zero has no sign
    "<": lambda a, b: np.less(a, b).astype(float),
    ">=": lambda a, b: np.greater_equal(a, b).astype(float),
}
FUNCTIONS = {"abs": np.abs, "cos": np.cos, "floor": np.floor, "sign": np.sign, "exp": np.exp}
LEAVES = st.sampled_from([("x", X), ("y", Y)]) | st.sampled_from([-2, 0, 0.5, 3]).map(lambda n: (str(n), n))


def branches(inner):
    binary = st.tuples(st.sampled_from(sorted(OPERATORS)), inner, inner).map(
        lambda t: (f"({t[0]} {t[1][0]} {t[2][0]})", OPERATORS[t[0]](t[1][1], t[2][1]))
    )
    unary = st.tuples(st.sampled_from(sorted(FUNCTIONS)), inner).map(
        lambda t: (f"({t[0]} {t[1][0]})", FUNCTIONS[t[0]](t[1][1]))
    )
    return binary | unary


@settings(max_examples=100, deadline=None)
@given(st.recursive(LEAVES, branches, max_leaves=8).filter(lambda t: t[0].startswith("(")))
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_formulas_are_those_of_numpy(pair):
    text, wanted = pair
    result = value_of(text, x=Frame(["x"], [numeric(X)]), y=Frame(["y"], [numeric(Y)]))
    ours = result.columns[0].numbers() if isinstance(result, Frame) else result
    assert np.allclose(ours, wanted, equal_nan=True, rtol=1e-12)


@pytest.mark.parametrize("other", [[], [0.25]], ids=["whole", "real"])
def test_zero_has_no_sign_whatever_the_other_cells_are(other):
    for formula in ("(/ 1 (* x -2))", "(^ (* x -2) -1)", "(/ 1 (* -1 (* x -2)))"):
        result = value_of(formula, x=Frame(["x"], [numeric([0.0, *other])]))
        assert result.columns[0].numbers()[0] == np.inf


def tables():
    mixed = Frame(
        ["a", "b", "c", "d", "e"],
        [
            numeric([1, 0, np.nan, 3]),
            numeric([0.5, -2, 1.25, np.nan]),
            enum(np.array([0, 1, -1, 1]), ["u", "v"]),
            strings(["x y", None, "", "z"]),
            times(np.array([0, 86_400_000, 1, 2]), np.array([False, False, True, False])),
        ],
    )
    return {
        "mixed": mixed,
        "numbers": mixed.select([0, 1]),
        "one": mixed.select([0]),
        "level": mixed.select([2]),
    }


def contents(frame):
    return repr([(c.kind, c.levels, c.texts().tolist(), c.numbers().tolist()) for c in frame.columns])


ARGUMENTS = st.one_of(
    st.sampled_from([Ref(name) for name in tables()]),
    st.sampled_from([Ref(name) for name in tables()]),
    st.sampled_from([0, 1, 2, -1, 0.5, math.nan, "a", "c", "mean", "rm", "all", "x", "%Y", "inner"]),
    st.lists(st.sampled_from([0, 1, 2, -1, "a", "b", Span(0, 2)]), max_size=2),
    st.sampled_from([Lambda(("x",), ("sum", Ref("x"))), Lambda(("x",), ("+", Ref("x"), 1)), Ref("mean")]),
)
CALLS = st.recursive(
    ARGUMENTS,
    lambda inner: st.tuples(st.sampled_from(operation_names()), st.lists(inner | ARGUMENTS, max_size=5)).map(
        lambda call: (call[0], *call[1])
    ),
    max_leaves=6,
)


@settings(max_examples=200, deadline=None)
@given(CALLS)
def test_random_expressions_give_a_value_or_an_error_of_ours(expression):
    before = tables()
    try:
        value = value_of(write(expression), **before)
    except HeavywaterError as error:
        assert str(error)
    else:
        assert value is None or isinstance(value, (Frame, float, int, str, list)) or callable(value)
        if isinstance(value, Frame):
            assert len(value.names) == len(set(value.names)) == value.ncol
            assert all(isinstance(c, Column) and len(c) == value.nrow for c in value.columns)
    for name, frame in tables().items():
        assert contents(before[name]) == contents(frame)


def test_totals_take_the_arguments_that_clients_send():
    cells = Frame(["a", "b"], [numeric([1.0, math.nan]), numeric([2.0, 4.0])])
    for text, wanted in (
        ("(sum fr)", math.nan),
        ("(sum fr True)", 7.0),
        ("(sum fr TRUE 1)", 7.0),
        ("(sumNA fr False 0)", 7.0),
        ("(max fr True 1)", 4.0),
        ("(prod fr True 0)", 8.0),
    ):
        assert value_of(text, fr=cells) == pytest.approx(wanted, nan_ok=True), text
    rows = value_of("(apply fr 1 { r . (sumNA r True 0) })", fr=cells).columns[0].numbers()
    assert rows.tolist() == [3.0, 4.0]
    for text in ("(sum fr True 2)", "(sumNA fr True 0 1)"):
        with pytest.raises(HeavywaterError, match="sum"):
            value_of(text, fr=cells)


@pytest.mark.parametrize(
    ("value", "cell"), [("3.5", 3.5), ("True", 1.0), ("'text'", "text"), ("(mktime 1970 0 0)", 0.0)]
)
def test_numbers_and_texts_are_stored_as_frames_of_one_cell(value, cell):
    for form in ("tmp=", "assign"):
        found = value_of(f"({form} cell {value})")
        assert (found.nrow, found.names) == (1, ["C1"])
        assert found.columns[0].values.tolist() == [cell]
    with pytest.raises(InvalidType, match="needs a frame, a number or a text"):
        value_of("(tmp= cell [1 2])")
