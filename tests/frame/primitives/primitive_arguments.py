"""Arguments for each operation of the registry, for tests that go through all of them."""

from typing import Any

import numpy as np
from heavywater.frame.columns.makers import enum, numeric, strings, times
from heavywater.frame.frame import Frame
from heavywater.frame.language.expressions import Lambda, Ref, Span, evaluate
from heavywater.session import LocalSession

from ..language.rapids_frames import DATA

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
TEXTS = Frame(["s"], [strings(["a b", None, "", "B-b", "é"])])
TIMES = Frame(["d"], [times(np.array([0, 1, 86_400_000, 10**12, -5]), np.array([0, 1, 0, 0, 0], bool))])
PAIR = Frame(["e", "n"], [LEVELS.columns[0], ONE.columns[0]])
KEYED = Frame(["e", "z"], [enum(np.array([0, 1, 1, -1]), ["y", "q"]), numeric([1, 2, 3, 4])])
LONG = Frame(
    ["i", "k", "v"], [numeric([1, 1, 2]), enum(np.array([0, 1, 0]), ["p", "q"]), numeric([0.5, 1, 2])]
)
MEAN = evaluate(Lambda(("x",), ("sumNA", Ref("x"))), LocalSession().frames.place())

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
OF_ANY_KIND = [
    "as.numeric", "as.character", "is.factor", "is.numeric", "is.character", "any.factor", "levels", "is.na", "na.omit", "naCnt",
    "nrow", "ncol", "droplevels",
]  # fmt: skip
ARGUMENTS: dict[str, tuple[Any, ...]] = {
    **dict.fromkeys(UNARY, (NUMBERS,)),
    **dict.fromkeys(BINARY, (NUMBERS, ONE)),
    **dict.fromkeys(("!!", "!", "not", "all", "any", "any.na", "which"), (FLAGS,)),
    **{f"{name}{suffix}": (NUMBERS,) for name in ("sum", "prod", "min", "max") for suffix in ("", "NA")},
    "prod.na": (NUMBERS,),
    **dict.fromkeys(("cumsum", "cumprod", "cummin", "cummax"), (NUMBERS, 0)),
    **dict.fromkeys(("mean", "sumaxis", "which.max", "which.min"), (NUMBERS, True, 0)),
    **dict.fromkeys(("median", "sd", "skewness", "kurtosis"), (NUMBERS, True)),
    "perfectAUC": (FLAGS, FLAGS),
    **dict.fromkeys(OF_ANY_KIND, (MIXED,)),
    **dict.fromkeys(("toupper", "tolower", "trim", "strlen", "entropy"), (TEXTS,)),
    **dict.fromkeys(
        ("year", "month", "week", "day", "hour", "minute", "second", "millis", "dayOfWeek"), (TIMES,)
    ),
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
    "nlevels": (LEVELS,),
    "setDomain": (LEVELS, False, ["k", "l", "m"]),
    "appendLevels": (LEVELS, False, ["k"]),
    "setLevel": (LEVELS, "y"),
    "relevel": (LEVELS, "z"),
    "relevel.by.freq": (LEVELS, [], -1),
    "interaction": (Frame(["e", "f"], [LEVELS.columns[0]] * 2), ["e", "f"], False, 2, 1),
    "h2o.impute": (MIXED, -1, "mode", "interpolate", []),
    "h2o.fillna": (MIXED, "forward", 0, 1),
    "h2o.insertMissing": (MIXED, 0.5, 1),
    "quantile": (NUMBERS, [0.1, 0.5], "average", "_"),
    "h2o.mad": (ONE,),
    "var": (NUMBERS, NUMBERS, "complete.obs", True),
    "cor": (NUMBERS, NUMBERS, "complete.obs", "Spearman"),
    "unique": (LEVELS, True),
    "table": (MIXED.select([0, 1]), True),
    "dropdup": (MIXED, ["e", "n"], "last"),
    "cut": (ONE, [0, 2, 4]),
    "hist": (ONE, "sturges"),
    "scale": (NUMBERS, True, True),
    "scale_inplace": (NUMBERS, True, True),
    "t": (NUMBERS,),
    "x": (FULL, Frame(["u"], [numeric([1, 2])])),
    "distance": (NUMBERS, NUMBERS, "l1"),
    "difflag1": (NUMBERS,),
    "isax": (NUMBERS, 1, 4, False),
    "GB": (PAIR, [0], "nrow", 0, "all", "median", 1, "rm", "mode", 0, "rm", "var", 1, "ignore"),
    "apply": (NUMBERS, 2, MEAN),
    "ddply": (PAIR, [0], MEAN),
    "merge": (PAIR, KEYED, True, True, [0], [0], "auto"),
    "sort": (MIXED, ["s", "n"], [1, -1]),
    "rank_within_groupby": (PAIR, ["e"], ["n"], [1], "rank", 0),
    "topn": (NUMBERS, 1, 50, -1),
    "pivot": (LONG, "i", "k", "v"),
    "melt": (NUMBERS, ["a"], [], "variable", "value", True),
    "rep_len": (ONE, 7),
    "seq": (0, 1, 0.25),
    "seq_len": (3,),
    "h2o.runif": (MIXED, 5),
    "kfold_column": (MIXED, 3, 5),
    "modulo_kfold_column": (MIXED, 3),
    "stratified_kfold_column": (LEVELS, 2, 5),
    "h2o.random_stratified_split": (LEVELS, 0.4, 5),
    "h2o.createFrame": (5, 8, True, 0.2, 0.2, 0.1, 0.1, 0.1, 0, 10, 3, 7, 0.5, 0.2, True, 3, False, 1, 2),
    "lstrip": (TEXTS, "a "),
    "rstrip": (TEXTS, "b"),
    "substring": (TEXTS, 1, 2),
    "replacefirst": (TEXTS, "[ab]", "<$0>", True),
    "replaceall": (TEXTS, "b", "", False),
    "countmatches": (TEXTS, ["b", " "]),
    "strsplit": (TEXTS, "[ -]"),
    "tokenize": (TEXTS, "-"),
    "grep": (TEXTS, "b", True, True, True),
    "num_valid_substrings": (TEXTS, str(DATA / "words.txt")),
    "strDistance": (TEXTS, TEXTS, "jw", True),
    "tf-idf": (MIXED, 1, 2, True, False),
    "moment": (2020, ONE, 2, 0, 0, 0, 0),
    "mktime": (2020, ONE, 2, 0, 0, 0, 0),
    "as.Date": (Frame(["s"], [strings(["2020-02-29", None])]), "%Y-%m-%d"),
    "asDate": (Frame(["s"], [strings(["2020-02-29", None])]), "%Y-%m-%d"),
    "getTimeZone": (),
    "listTimeZones": (),
}
