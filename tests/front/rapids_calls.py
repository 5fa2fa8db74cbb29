"""The calls of H2O's Python client that were recorded with the expressions they send, each with what it must give.

The key is the call as it was recorded. The function gets the frames `F` and returns the result of our call, and
the wanted value: a data frame, cells of one column, a list, a number or text, or the shape of a frame.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h2o
import numpy as np
import pandas as pd
from h2o import H2OFrame
from scipy import special, stats

DATA = Path(__file__).parents[1] / "data"
WORDS = str(DATA / "rapids" / "words.txt")


class F:
    """The frames of the recording (iris and small ones), and the same as pandas and numpy."""

    def __init__(self) -> None:
        self.fr = h2o.import_file(str(DATA / "iris_wheader.csv"), destination_frame="fr")
        self.fr["b"] = self.fr["sepal_len"] > 5
        self.df = pd.read_csv(DATA / "iris_wheader.csv")
        self.df["b"] = (self.df["sepal_len"] > 5).astype(int)
        self.n, self.dn = self.fr[0:4], self.df.iloc[:, :4]
        self.v, self.w, self.e, self.b = (self.fr[i] for i in (0, 1, 4, 5))
        self.x, self.y, self.c, self.t = (self.df.iloc[:, i].to_numpy() for i in (0, 1, 4, 5))
        self.s = self.e.ascharacter()
        self.texts = self.df["class"]
        self.d = H2OFrame({"d": ["2020-02-29 12:30:45", "1999-12-31 00:00:01"]})
        self.stamps = pd.Series(pd.to_datetime(["2020-02-29 12:30:45", "1999-12-31 00:00:01"]))
        self.L = H2OFrame({"k": ["a", "b", "c"], "v": [3, 1, 2]}, column_types={"k": "enum"})
        self.R = H2OFrame({"k": ["b", "a"], "z": [0.5, 1.5]}, column_types={"k": "enum"})
        self.lng = H2OFrame({"i": [1, 1, 2, 2], "k": ["p", "q", "p", "q"], "z": [1, 2, 3, 4]})
        self.lng["k"] = self.lng["k"].asfactor()
        self.missing = pd.read_csv(DATA / "rapids" / "prostate_missing.csv")

    @property
    def f(self) -> H2OFrame:
        """A new handle on the first 20 rows."""
        return self.fr[0:20, :]

    @property
    def d20(self) -> pd.DataFrame:
        """The same in pandas."""
        return self.df[:20].copy()

    @property
    def ms(self) -> H2OFrame:
        """A new frame with missing cells."""
        return h2o.import_file(str(DATA / "rapids" / "prostate_missing.csv"), destination_frame="ms")


Call = Callable[[F], tuple[Any, Any]]


def after(frame: H2OFrame, change: Callable[[H2OFrame], Any]) -> H2OFrame:
    """The frame after a change of it."""
    change(frame)
    return frame


def with_cells(data: pd.DataFrame, rows: Any, column: Any, value: Any) -> pd.DataFrame:
    """A copy with some cells replaced."""
    changed = data.copy()
    if isinstance(column, str) and column not in changed:
        changed[column] = value
    else:
        positions = [changed.columns.get_loc(column)] if isinstance(column, str) else column
        changed.iloc[rows, positions] = value
    return changed


def set_cells(rows: Any, column: Any, value: Any) -> Callable[[H2OFrame], None]:
    """The assignment ``frame[rows, column] = value`` as a function of the frame."""

    def assign(frame: H2OFrame) -> None:
        cells = value(frame) if callable(value) else value
        if rows is None:
            frame[column] = cells
        else:
            frame[rows(frame) if callable(rows) else rows, column] = cells

    return assign


def imputed(f: F, **arguments: Any) -> tuple[list[float], list[float]]:
    """The number of missing ages before and after, and what was filled in."""
    frame = f.ms
    used = frame.impute("AGE", **arguments)
    assert frame["AGE"].nacnt() == [0]
    return used[2:3], [  # type: ignore[return-value]
        f.missing["AGE"].mean() if arguments["method"] == "mean" else f.missing["AGE"].median()
    ]


def splits(pieces: list[H2OFrame]) -> tuple[int, ...]:
    """Rows and columns of the pieces together, and how many there are."""
    return sum(piece.nrow for piece in pieces), pieces[0].ncol, len(pieces)


def entropy(text: str) -> float:
    shares = np.unique(list(text), return_counts=True)[1] / len(text)
    return float(-(shares * np.log2(shares)).sum())


def counted(numbers: np.ndarray, classes: int) -> list[int]:
    """Numbers in classes of equal width that hold their upper bound."""
    bounds = np.linspace(numbers.min(), numbers.max(), classes + 1)
    return pd.cut(numbers, bounds, include_lowest=True).value_counts().tolist()


SELECTION: dict[str, Call] = {
    "fr['sepal_len']": lambda f: (f.fr["sepal_len"], f.df[["sepal_len"]]),
    "fr[0]": lambda f: (f.fr[0], f.df.iloc[:, [0]]),
    "fr[-1]": lambda f: (f.fr[-1], f.df.iloc[:, [-1]]),
    "fr[['sepal_len','class']]": lambda f: (f.fr[["sepal_len", "class"]], f.df[["sepal_len", "class"]]),
    "fr[[0,2]]": lambda f: (f.fr[[0, 2]], f.df.iloc[:, [0, 2]]),
    "fr[1:3]": lambda f: (f.fr[1:3], f.df.iloc[:, 1:3]),
    "fr[:,1:3]": lambda f: (f.fr[:, 1:3], f.df.iloc[:, 1:3]),
    "fr[0:10,:]": lambda f: (f.fr[0:10, :], f.df[:10]),
    "fr[5,:]": lambda f: (f.fr[5, :], f.df[5:6]),
    "fr[[0,3,7],:]": lambda f: (f.fr[[0, 3, 7], :], f.df.iloc[[0, 3, 7]]),
    "fr[::2,:]": lambda f: (f.fr[::2, :], f.df[::2]),
    "fr[5:,:]": lambda f: (f.fr[5:, :], f.df[5:]),
    "fr[:-5,:]": lambda f: (f.fr[:-5, :], f.df[:-5]),
    "fr[2,1]": lambda f: (f.fr[2, 1], f.df.iloc[2, 1]),
    "fr[2,'class']": lambda f: (f.fr[2, "class"], "Iris-setosa"),
    "fr[v>5,:]": lambda f: (f.fr[f.v > 5, :], f.df[f.x > 5]),
    "fr[v>5,'class']": lambda f: (f.fr[f.v > 5, "class"], f.df[["class"]][f.x > 5]),
    "fr[(v>5)&(e=='Iris-setosa'),[0,1]]": lambda f: (
        f.fr[(f.v > 5) & (f.e == "Iris-setosa"), [0, 1]],
        f.df.iloc[:, :2][(f.x > 5) & (f.c == "Iris-setosa")],
    ),
    "fr.head(5)": lambda f: (f.fr.head(5), f.df.head(5)),
    "fr.tail(5)": lambda f: (f.fr.tail(5), f.df.tail(5)),
    "fr.drop('class')": lambda f: (f.fr.drop("class"), f.df.drop(columns="class")),
    "fr.drop([0,1])": lambda f: (f.fr.drop([0, 1]), f.df.iloc[:, 2:]),
    "fr.drop([0,1],axis=0)": lambda f: (f.fr.drop([0, 1], axis=0), f.df[2:]),
    "fr.columns_by_type('numeric')": lambda f: (f.fr.columns_by_type("numeric"), [0, 1, 2, 3, 5]),
    "fr.filter_na_cols(0.2)": lambda f: (f.fr.filter_na_cols(0.2), [0, 1, 2, 3, 4, 5]),
}

ASSIGNMENT: dict[str, Call] = {
    'f=h2o.deep_copy(fr,"f1")': lambda f: (h2o.deep_copy(f.fr, "f1"), f.df),
    "f['z']=1": lambda f: (after(f.f, set_cells(None, "z", 1)), with_cells(f.d20, None, "z", 1)),
    "f['z']=f[0]*2": lambda f: (
        after(f.f, set_cells(None, "z", lambda g: g[0] * 2)),
        with_cells(f.d20, None, "z", f.x[:20] * 2),
    ),
    "f[0]=f[1]": lambda f: (
        after(f.f, set_cells(None, 0, lambda g: g[1])),
        with_cells(f.d20, slice(None), "sepal_len", f.y[:20]),
    ),
    "f[0,1]=7": lambda f: (after(f.f, set_cells(0, 1, 7)), with_cells(f.d20, 0, [1], 7)),
    "f[f[0]>5,1]=None": lambda f: (
        after(f.f, set_cells(lambda g: g[0] > 5, 1, None)),
        with_cells(f.d20, f.x[:20] > 5, [1], np.nan),
    ),
    "f[f[0]>5,'class']='Iris-setosa'": lambda f: (
        after(f.f, set_cells(lambda g: g[0] > 5, "class", "Iris-setosa")),
        with_cells(f.d20, f.x[:20] > 5, "class", "Iris-setosa"),
    ),
    "f[2:5,[0,1]]=0": lambda f: (
        after(f.f, set_cells(slice(2, 5), [0, 1], 0)),
        with_cells(f.d20, slice(2, 5), [0, 1], 0),
    ),
    "f['class']=f['class'].asfactor()": lambda f: (
        after(f.f, set_cells(None, "class", lambda g: g["class"].asfactor())),
        f.d20,
    ),
    "f.set_names(list('abcdef'))": lambda f: (
        f.f.set_names(list("abcdef")),
        f.d20.set_axis(list("abcdef"), axis=1),
    ),
    "f.columns=list('abcdef')": lambda f: (
        after(f.f, lambda g: setattr(g, "columns", list("abcdef"))),
        f.d20.set_axis(list("abcdef"), axis=1),
    ),
    "f.rename({'class':'y'})": lambda f: (f.f.rename({"class": "y"}), f.d20.rename(columns={"class": "y"})),
    "f.set_name(0,'q')": lambda f: (
        after(f.f, lambda g: g.set_name(0, "q")),
        f.d20.rename(columns={"sepal_len": "q"}),
    ),
    "f[f.isna(),:]; f[0]=f[0].isna().ifelse(0,f[0])": lambda f: (
        after(f.f, set_cells(None, 0, lambda g: g[0].isna().ifelse(0, g[0]))),
        f.d20,
    ),
    "x=f.pop('class')": lambda f: (f.f.pop("class"), f.d20[["class"]]),
    "x=f.insert_missing_values(fraction=.2,seed=3)": lambda f: (
        f.f.insert_missing_values(fraction=0.2, seed=3),
        (20, 6),
    ),
    "f.frame_id='new_id'": lambda f: (
        after(f.f, lambda g: setattr(g, "frame_id", "new_id")).frame_id,
        "new_id",
    ),
}

OPERATORS: dict[str, Call] = {
    "v+1": lambda f: (f.v + 1, f.x + 1),
    "1+v": lambda f: (1 + f.v, 1 + f.x),
    "v+w": lambda f: (f.v + f.w, f.x + f.y),
    "v-1": lambda f: (f.v - 1, f.x - 1),
    "1-v": lambda f: (1 - f.v, 1 - f.x),
    "v*2": lambda f: (f.v * 2, f.x * 2),
    "v/2": lambda f: (f.v / 2, f.x / 2),
    "2/v": lambda f: (2 / f.v, 2 / f.x),
    "v//2": lambda f: (f.v // 2, f.x // 2),
    "v%2": lambda f: (f.v % 2, f.x % 2),
    "v**2": lambda f: (f.v**2, f.x**2),
    "2**v": lambda f: (2**f.v, 2**f.x),
    "abs(v)": lambda f: (abs(-f.v), f.x),
    "v==5.1": lambda f: (f.v == 5.1, f.x == 5.1),
    "v!=5.1": lambda f: (f.v != 5.1, f.x != 5.1),
    "v<5": lambda f: (f.v < 5, f.x < 5),
    "v<=5": lambda f: (f.v <= 5, f.x <= 5),
    "v>5": lambda f: (f.v > 5, f.x > 5),
    "v>=5": lambda f: (f.v >= 5, f.x >= 5),
    "e=='Iris-setosa'": lambda f: (f.e == "Iris-setosa", f.c == "Iris-setosa"),
    "e!='Iris-setosa'": lambda f: (f.e != "Iris-setosa", f.c != "Iris-setosa"),
    "(v>5)&(w>3)": lambda f: ((f.v > 5) & (f.w > 3), (f.x > 5) & (f.y > 3)),
    "(v>5)|(w>3)": lambda f: ((f.v > 5) | (f.w > 3), (f.x > 5) | (f.y > 3)),
    "~b": lambda f: (~f.b, 1 - f.t),
    "v.logical_negation()": lambda f: (f.v.logical_negation(), f.x == 0),
    "b.ifelse(1,0)": lambda f: (f.b.ifelse(1, 0), f.t),
    "b.ifelse(v,w)": lambda f: (f.b.ifelse(f.v, f.w), np.where(f.t, f.x, f.y)),
    "b.ifelse('yes','no')": lambda f: (f.b.ifelse("yes", "no"), np.where(f.t, "yes", "no")),
}

_UNARY: dict[str, Callable[[Any], Any]] = {
    "abs": np.abs, "acos": np.arccos, "asin": np.arcsin, "atan": np.arctan, "acosh": np.arccosh, "asinh": np.arcsinh,
    "atanh": np.arctanh, "cos": np.cos, "cosh": np.cosh, "cospi": lambda x: np.cos(np.pi * x), "sin": np.sin,
    "sinh": np.sinh, "sinpi": lambda x: np.sin(np.pi * x), "tan": np.tan, "tanh": np.tanh,
    "tanpi": lambda x: np.tan(np.pi * x), "ceil": np.ceil, "floor": np.floor, "trunc": np.trunc, "sign": np.sign,
    "sqrt": np.sqrt, "exp": np.exp, "expm1": np.expm1, "log": np.log, "log10": np.log10, "log2": np.log2,
    "log1p": np.log1p, "gamma": special.gamma, "lgamma": special.gammaln, "digamma": special.digamma,
    "trigamma": lambda x: special.polygamma(1, x),
}  # fmt: skip


def _unary(name: str, function: Callable[[Any], Any]) -> Call:
    def call(f: F) -> tuple[Any, Any]:
        with np.errstate(invalid="ignore"):
            return getattr(f.v, name)(), function(f.x)

    return call


MATHEMATICS: dict[str, Call] = {
    **{f"v.{name}()": _unary(name, function) for name, function in _UNARY.items()},
    "v.round(1)": lambda f: (f.v.round(1), np.round(f.x, 1)),
    "v.signif(2)": lambda f: (f.v.signif(2), np.round(f.x, 1)),
}

REDUCERS: dict[str, Call] = {
    "v.sum()": lambda f: (f.v.sum(), f.x.sum()),
    "n.sum(return_frame=True)": lambda f: (f.n.sum(return_frame=True), f.dn.sum().to_frame().T),
    "n.sum(axis=1)": lambda f: (f.n.sum(axis=1), f.dn.to_numpy().sum()),
    "v.mean()": lambda f: (f.v.mean(), [f.x.mean()]),
    "n.mean()": lambda f: (f.n.mean(), f.dn.mean().tolist()),
    "n.mean(axis=1)": lambda f: (f.n.mean(axis=1), f.dn.mean(axis=1).to_numpy()),
    "n.mean(return_frame=True)": lambda f: (f.n.mean(return_frame=True), f.dn.mean().to_frame().T),
    "v.min()": lambda f: (f.v.min(), f.x.min()),
    "v.max()": lambda f: (f.v.max(), f.x.max()),
    "v.prod()": lambda f: (f.v.prod(), f.x.prod()),
    "n.median()": lambda f: (f.n.median(), f.dn.median().tolist()),
    "v.sd()": lambda f: (f.v.sd(), [f.x.std(ddof=1)]),
    "n.sd()": lambda f: (f.n.sd(), f.dn.std().tolist()),
    "v.var()": lambda f: (f.v.var(), f.x.var(ddof=1)),
    "n.var()": lambda f: (f.n.var(), f.dn.cov()),
    "v.var(w)": lambda f: (f.v.var(f.w), np.cov(f.x, f.y)[0, 1]),
    "n.cor()": lambda f: (f.n.cor(), f.dn.corr()),
    "v.cor(w)": lambda f: (f.v.cor(f.w), np.corrcoef(f.x, f.y)[0, 1]),
    "n.cor(method='Spearman')": lambda f: (f.n.cor(method="Spearman"), f.dn.corr("spearman")),
    "n.skewness()": lambda f: (f.n.skewness(), stats.skew(f.dn).tolist()),
    "n.kurtosis()": lambda f: (f.n.kurtosis(), stats.kurtosis(f.dn, fisher=False).tolist()),
    "v.quantile()": lambda f: (
        f.v.quantile()[1],
        np.quantile(f.x, [0.01, 0.1, 0.25, 0.333, 0.5, 0.667, 0.75, 0.9, 0.99]),
    ),
    "n.quantile([.1,.5],combine_method='average')": lambda f: (
        f.n.quantile([0.1, 0.5], combine_method="average")[1],
        [np.mean([np.quantile(f.x, p, method=m) for m in ("lower", "higher")]) for p in (0.1, 0.5)],
    ),
    "b.all()": lambda f: (f.b.all(), False),
    "b.any()": lambda f: (f.b.any(), True),
    "b.any_na_rm()": lambda f: (f.b.any_na_rm(), True),
    "fr.nacnt()": lambda f: (f.fr.nacnt(), [0] * 6),
    "fr.isna()": lambda f: (f.fr.isna().sum(), 0),
    "fr.na_omit()": lambda f: (f.fr.na_omit(), f.df),
    "fr.anyfactor()": lambda f: (f.fr.anyfactor(), True),
    "fr.isfactor()": lambda f: (f.fr.isfactor(), [False] * 4 + [True, False]),
    "fr.isnumeric()": lambda f: (f.fr.isnumeric(), [True] * 4 + [False, True]),
    "fr.isstring()": lambda f: (f.fr.isstring(), [False] * 6),
    "fr.ischaracter()": lambda f: (f.s.ischaracter(), [True]),
    "v.cumsum()": lambda f: (f.v.cumsum(), f.x.cumsum()),
    "v.cumprod()": lambda f: (f.v.cumprod(), f.x.cumprod()),
    "v.cummin()": lambda f: (f.v.cummin(), np.minimum.accumulate(f.x)),
    "v.cummax()": lambda f: (f.v.cummax(), np.maximum.accumulate(f.x)),
    "n.cumsum(axis=1)": lambda f: (f.n.cumsum(axis=1), f.dn.cumsum(axis=1)),
    "v.scale()": lambda f: (f.v.scale(), stats.zscore(f.x, ddof=1)),
    "n.scale(center=False)": lambda f: (f.n.scale(center=False), f.dn / f.dn.std()),
    "n.scale(center=[1,2,3,4],scale=[1,1,1,1])": lambda f: (
        f.n.scale(center=[1, 2, 3, 4], scale=[1, 1, 1, 1]),
        f.dn - [1, 2, 3, 4],
    ),
    "n.transpose()": lambda f: (np.asarray(f.n.transpose()), f.dn.to_numpy().T),
    "n.mult(n.transpose())": lambda f: (
        np.asarray(f.n.mult(f.n.transpose())),
        f.dn.to_numpy() @ f.dn.to_numpy().T,
    ),
    "n.distance(n[0:3,:],'l2')": lambda f: (
        np.asarray(f.n.distance(f.n[0:3, :], "l2")),
        np.linalg.norm(f.dn.to_numpy()[:, None] - f.dn.to_numpy()[None, :3], axis=2),
    ),
    "v.hist(plot=False)": lambda f: (f.v.hist(plot=False)["counts"], counted(f.x, 9)),
    "v.hist(breaks=5,plot=False)": lambda f: (
        f.v.hist(breaks=5, plot=False)["counts"],
        counted(f.x, 5),
    ),
    "n.apply(lambda x: x.mean(),axis=0)": lambda f: (
        f.n.apply(lambda x: x.mean(), axis=0),
        f.dn.mean().to_frame().T,
    ),
    "n.apply(lambda r: r['sepal_len']+r['sepal_wid'],axis=1)": lambda f: (
        f.n.apply(lambda r: r["sepal_len"] + r["sepal_wid"], axis=1),
        f.x + f.y,
    ),
    "n.apply(lambda x: x.max()-x.min(),axis=0)": lambda f: (
        f.n.apply(lambda x: x.max() - x.min(), axis=0),
        (f.dn.max() - f.dn.min()).to_frame().T,
    ),
    "fr.rank_within_group_by(['class'],['sepal_len'],[True],'rk')": lambda f: (
        f.fr.rank_within_group_by(["class"], ["sepal_len"], [True], "rk"),
        f.df.sort_values(["class", "sepal_len"], kind="stable").assign(rk=[*range(1, 51)] * 3),
    ),
    "v.cut([4,5,6,8])": lambda f: (
        f.v.cut([4, 5, 6, 8]).asnumeric(),
        pd.cut(f.x, [4, 5, 6, 8], labels=False),
    ),
    "v.cut([4,5,6,8],labels=['lo','mid','hi'],include_lowest=True,right=False,dig_lab=2)": lambda f: (
        f.v.cut([4, 5, 6, 8], labels=["lo", "mid", "hi"], include_lowest=True, right=False, dig_lab=2),
        np.array(["lo", "mid", "hi"])[pd.cut(f.x, [4, 5, 6, 8], labels=False, right=False)],
    ),
    "v.difflag1()": lambda f: (f.v.difflag1(), np.append(np.nan, np.diff(f.x))),
    "ms.fillna(method='forward',axis=0,maxlen=1)": lambda f: (
        f.ms.fillna(method="forward", axis=0, maxlen=1),
        f.missing.ffill(limit=1),
    ),
    "ms.impute('AGE','mean')": lambda f: imputed(f, method="mean"),
    "ms.impute('AGE','median',combine_method='low')": lambda f: imputed(
        f, method="median", combine_method="low"
    ),
    "ms.impute('AGE','mean',by=['RACE'])": lambda f: (
        f.ms.impute("AGE", "mean", by=["RACE"])[1],
        f.missing.groupby("RACE", dropna=False)["AGE"].mean().sort_index(na_position="first").to_numpy(),
    ),
    "ms.impute(-1,'mean')": lambda f: (f.ms.impute(-1, "mean"), f.missing.mean().tolist()),
    "n.idxmax()": lambda f: (f.n.idxmax(), f.dn.idxmax().to_frame().T),
    "n.idxmin()": lambda f: (f.n.idxmin(), f.dn.idxmin().to_frame().T),
}

_SPECIES = ["Iris-setosa", "Iris-versicolor", "Iris-virginica"]

FACTORS: dict[str, Call] = {
    "v.asnumeric()": lambda f: (f.v.asnumeric(), f.x),
    "e.asnumeric()": lambda f: (f.e.asnumeric(), pd.Categorical(f.c).codes),
    "e.ascharacter()": lambda f: (f.e.ascharacter(), f.c),
    "s.asfactor()": lambda f: (f.s.asfactor(), f.c),
    "e.asfactor()": lambda f: (f.e.asfactor(), f.c),
    "v.ascharacter()": lambda f: (f.v.ascharacter(), [f"{x:g}" for x in f.x]),
    "e.levels()": lambda f: (f.e.levels()[0], _SPECIES),
    "e.nlevels()": lambda f: (f.e.nlevels(), [3]),
    "e.categories()": lambda f: (f.e.categories(), _SPECIES),
    "fr.levels()": lambda f: (f.fr.levels()[3:5] == [[], _SPECIES], True),
    "e.set_levels(['a','b','c'])": lambda f: (
        f.e.set_levels(["a", "b", "c"]),
        np.array(["a", "b", "c"])[pd.Categorical(f.c).codes],
    ),
    "e.set_level('Iris-virginica')": lambda f: (f.e.set_level("Iris-virginica"), ["Iris-virginica"] * 150),
    "e.relevel('Iris-virginica')": lambda f: (
        f.e.relevel("Iris-virginica").levels()[0],
        [_SPECIES[2], *_SPECIES[:2]],
    ),
    "e.relevel_by_frequency()": lambda f: (
        f.fr[40:150, "class"].relevel_by_frequency().categories(),
        ["Iris-versicolor", "Iris-virginica", "Iris-setosa"],
    ),
}

_AGGREGATES = {"min": ("petal_len", "min"), "max": ("petal_len", "max"), "sdev": ("sepal_len", "std")}
_AGGREGATES |= {"var": ("sepal_len", "var"), "median": ("sepal_len", "median")}


def _many_aggregates(f: F) -> tuple[Any, Any]:
    groups = f.fr.group_by(["class", "b"]).count(na="rm").sum(["sepal_len", "sepal_wid"], na="rm")
    groups.min("petal_len").max("petal_len").sd("sepal_len").var("sepal_len").ss("sepal_len").median(
        "sepal_len"
    )
    ours = groups.mode("class").get_frame()
    by = f.df.groupby(["class", "b"])
    wanted = by.size().to_frame("nrow")
    wanted["sum_sepal_len"], wanted["sum_sepal_wid"] = by["sepal_len"].sum(), by["sepal_wid"].sum()
    for name, (column, what) in _AGGREGATES.items():
        wanted[f"{name}_{column}"] = by[column].agg(what)
    wanted["sumSquares_sepal_len"] = by["sepal_len"].agg(lambda x: (x**2).sum())
    wanted = wanted.reset_index()
    wanted["mode_class"] = pd.Categorical(wanted["class"]).codes
    return ours, wanted[ours.names]


TABLES: dict[str, Call] = {
    "e.unique()": lambda f: (f.e.unique(), _SPECIES),
    "e.unique(include_nas=True)": lambda f: (f.e.unique(include_nas=True), _SPECIES),
    "e.table()": lambda f: (f.e.table(), pd.DataFrame({"class": _SPECIES, "Count": [50] * 3})),
    "e.table(dense=False)": lambda f: (
        f.e.table(dense=False),
        pd.DataFrame({"class": _SPECIES, "Count": [50] * 3}),
    ),
    "fr[['class','b']].table()": lambda f: (
        f.fr[["class", "b"]].table(),
        f.df.groupby(["class", "b"]).size().reset_index(name="Counts"),
    ),
    "fr.group_by('class').count().mean('sepal_len').get_frame()": lambda f: (
        f.fr.group_by("class").count().mean("sepal_len").get_frame(),
        f.df.groupby("class")["sepal_len"].agg(nrow="size", mean_sepal_len="mean").reset_index(),
    ),
    "fr.group_by(['class','b']).count(na='rm').sum(['sepal_len','sepal_wid'],na='rm').min('petal_len').max('petal_len').sd('sepal_len').var('sepal_len').ss('sepal_len').median('sepal_len').mode('class').get_frame()": _many_aggregates,  # noqa: E501
    "e.match(['Iris-setosa'])": lambda f: (
        f.e.match(["Iris-setosa"]),
        np.where(f.c == "Iris-setosa", 1.0, np.nan),
    ),
    "e.isin(['Iris-setosa','Iris-virginica'])": lambda f: (
        f.e.isin(["Iris-setosa", "Iris-virginica"]),
        f.c != "Iris-versicolor",
    ),
    "v.isin([5.1,4.9])": lambda f: (f.v.isin([5.1, 4.9]), np.isin(f.x, [5.1, 4.9])),
}

STRINGS: dict[str, Call] = {
    "s.toupper()": lambda f: (f.s.toupper(), f.texts.str.upper()),
    "s.tolower()": lambda f: (f.s.tolower(), f.texts.str.lower()),
    "s.trim()": lambda f: (f.s.trim(), f.texts.str.strip()),
    "s.lstrip('I')": lambda f: (f.s.lstrip("I"), f.texts.str.lstrip("I")),
    "s.rstrip('a')": lambda f: (f.s.rstrip("a"), f.texts.str.rstrip("a")),
    "s.nchar()": lambda f: (f.s.nchar(), f.texts.str.len()),
    "s.substring(0,3)": lambda f: (f.s.substring(0, 3), f.texts.str[:3]),
    "s.sub('Iris','I')": lambda f: (f.s.sub("Iris", "I"), f.texts.str.replace("Iris", "I", n=1)),
    "s.gsub('i','I')": lambda f: (f.s.gsub("i", "I"), f.texts.str.replace("i", "I")),
    "s.countmatches('i')": lambda f: (f.s.countmatches("i"), f.texts.str.count("i")),
    "s.countmatches(['i','s'])": lambda f: (f.s.countmatches(["i", "s"]), f.texts.str.count("[is]")),
    "s.strsplit('-')": lambda f: (f.s.strsplit("-")[1], f.texts.str.split("-").str[1]),
    "s.tokenize('-')": lambda f: (
        f.s.tokenize("-"),
        [part for text in f.texts for part in (*text.split("-"), None)],
    ),
    "s.grep('setosa')": lambda f: (f.s.grep("setosa"), list(range(50))),
    "s.grep('setosa',ignore_case=True,invert=True,output_logical=True)": lambda f: (
        f.s.grep("SETOSA", ignore_case=True, invert=True, output_logical=True),
        f.c != "Iris-setosa",
    ),
    "s.entropy()": lambda f: (f.s.entropy(), [entropy(text) for text in f.texts]),
    "s.num_valid_substrings('/etc/hostname')": lambda f: (f.s.num_valid_substrings(WORDS), [0] * 150),
    "s.strdistance(s,'lv')": lambda f: (f.s.strdistance(f.s, "lv"), [1] * 150),
    "s.ascharacter()": lambda f: (f.s.ascharacter(), f.texts),
}

DATES: dict[str, Call] = {
    "d.day()": lambda f: (f.d.day(), f.stamps.dt.day),
    "d.dayOfWeek()": lambda f: (f.d.dayOfWeek(), ["Sat", "Fri"]),
    "d.hour()": lambda f: (f.d.hour(), f.stamps.dt.hour),
    "d.minute()": lambda f: (f.d.minute(), f.stamps.dt.minute),
    "d.second()": lambda f: (f.d.second(), f.stamps.dt.second),
    "d.week()": lambda f: (f.d.week(), f.stamps.dt.isocalendar().week),
    "d.month()": lambda f: (f.d.month(), f.stamps.dt.month),
    "d.year()": lambda f: (f.d.year(), f.stamps.dt.year),
    "H2OFrame.moment(year=2020,month=1,day=2)": lambda f: (
        H2OFrame.moment(year=2020, month=1, day=2)[0, 0],
        1_577_923_200_000,
    ),
    "h2o.cluster().timezone": lambda f: (h2o.cluster().timezone, "UTC"),
}


def _merged(f: F, how: str) -> pd.DataFrame:
    left, right = f.L.as_data_frame(), f.R.as_data_frame()
    return left.merge(right, on="k", how=how).sort_values("k")


JOINING: dict[str, Call] = {
    "fr[0].cbind(fr[1])": lambda f: (f.fr[0].cbind(f.fr[1]), f.df.iloc[:, :2]),
    "n.cbind([v,w])": lambda f: (f.n.cbind([f.v, f.w])[4:6], np.column_stack([f.x, f.y])),
    "n.concat([v])": lambda f: (f.n.concat([f.v])[4], f.x),
    "fr[0:2,:].rbind(fr[3:5,:])": lambda f: (f.fr[0:2, :].rbind(f.fr[3:5, :]), f.df.iloc[[0, 1, 3, 4]]),
    "fr[0:2,:].rbind([fr[3:5,:],fr[7:9,:]])": lambda f: (
        f.fr[0:2, :].rbind([f.fr[3:5, :], f.fr[7:9, :]]),
        f.df.iloc[[0, 1, 3, 4, 7, 8]],
    ),
    "L.merge(R)": lambda f: (f.L.merge(f.R), _merged(f, "inner")),
    "L.merge(R,all_x=True)": lambda f: (f.L.merge(f.R, all_x=True), _merged(f, "left")),
    "L.merge(R,all_y=True)": lambda f: (f.L.merge(f.R, all_y=True), _merged(f, "right")),
    "L.merge(R,by_x=['k'],by_y=['k'],method='hash')": lambda f: (
        f.L.merge(f.R, by_x=["k"], by_y=["k"], method="hash"),
        _merged(f, "inner"),
    ),
    "L.sort('v')": lambda f: (f.L.sort("v"), f.L.as_data_frame().sort_values("v")),
    "L.sort(['k','v'],ascending=[False,True])": lambda f: (
        f.L.sort(["k", "v"], ascending=[False, True]),
        f.L.as_data_frame()[::-1],
    ),
    "lng.pivot('i','k','z')": lambda f: (
        f.lng.pivot("i", "k", "z"),
        pd.DataFrame({"i": [1, 2], "p": [1, 3], "q": [2, 4]}),
    ),
    "L.melt(id_vars=['k'])": lambda f: (
        f.L.melt(id_vars=["k"]),
        pd.DataFrame({"k": ["a", "b", "c"], "variable": ["v"] * 3, "value": [3, 1, 2]}),
    ),
    "fr.split_frame([.5],seed=1)": lambda f: (splits(f.fr.split_frame([0.5], seed=1)), (150, 6, 2)),
    "fr.split_frame([.5,.25],destination_frames=['sp1','sp2','sp3'],seed=2)": lambda f: (
        splits(f.fr.split_frame([0.5, 0.25], destination_frames=["sp1", "sp2", "sp3"], seed=2)),
        (150, 6, 3),
    ),
    "fr.runif(7)": lambda f: ((f.fr.runif(7) == f.v.runif(7)).all(), True),
    "e.stratified_split(test_frac=.2,seed=1)": lambda f: (
        f.e.cbind(f.e.stratified_split(test_frac=0.2, seed=1)).table()["Counts"],
        [40, 10] * 3,
    ),
    "v.kfold_column(n_folds=3,seed=1)": lambda f: (f.v.kfold_column(n_folds=3, seed=1).unique(), [0, 1, 2]),
    "v.modulo_kfold_column(n_folds=3)": lambda f: (f.v.modulo_kfold_column(n_folds=3), [0, 1, 2] * 50),
    "e.stratified_kfold_column(n_folds=3,seed=1)": lambda f: (
        f.e.cbind(f.e.stratified_kfold_column(n_folds=3, seed=1)).table()["Counts"].max(),
        17,
    ),
    "fr.topN('sepal_len',10)": lambda f: (f.fr.topN("sepal_len", 10)[1], np.sort(f.x)[::-1][:15]),
    "fr.bottomN('sepal_len',10)": lambda f: (f.fr.bottomN("sepal_len", 10)[1], np.sort(f.x)[:15]),
    "fr.drop_duplicates(['class'],keep='first')": lambda f: (
        f.fr.drop_duplicates(["class"], keep="first"),
        f.df.drop_duplicates("class"),
    ),
}

INSPECTION: dict[str, Call] = {
    "fr.structure()": lambda f: (f.fr.structure(), None),  # type: ignore[func-returns-value]
    "fr[0:1,0].flatten()": lambda f: (f.fr[0:1, 0].flatten(), 5.1),
    "fr[0:1,0:3].getrow()": lambda f: (f.fr[0:1, 0:3].getrow(), [5.1, 3.5, 1.4]),
    "fr.get_frame_data()": lambda f: (
        f.fr.get_frame_data().splitlines()[:2],
        ['"sepal_len","sepal_wid","petal_len","petal_wid","class","b"', '5.1,3.5,1.4,0.2,"Iris-setosa",1'],
    ),
    "fr.as_data_frame()": lambda f: (f.fr.as_data_frame().equals(f.df), True),
    "h2o.ls()": lambda f: (f.fr.frame_id in h2o.ls()["key"].tolist(), True),
    "h2o.rapids('(+ 1 2)')": lambda f: (h2o.rapids("(+ 1 2)")["scalar"], 3),
    "h2o.rapids('(nrow fr)')": lambda f: (h2o.rapids("(nrow fr)")["scalar"], 150),
    "h2o.rapids('(ncol fr)')": lambda f: (h2o.rapids(f"(ncol {f.fr.frame_id})")["scalar"], 6),
    "h2o.rapids('(is.factor fr)')": lambda f: (
        h2o.rapids("(is.factor fr)")["scalar"],
        [0, 0, 0, 0, 1],
    ),
    "h2o.rapids('(any.factor fr)')": lambda f: (h2o.rapids("(any.factor fr)")["scalar"], 1),
    "h2o.create_frame(frame_id='cf',rows=10,cols=3,seed=1)": lambda f: (
        h2o.create_frame(frame_id="cf", rows=10, cols=3, seed=1),
        (10, 3),
    ),
    "h2o.assign(fr[0:3,:],'aa')": lambda f: (h2o.assign(f.fr[0:3, :], "aa"), f.df[:3]),
    "h2o.cluster().list_timezones()": lambda f: (
        {"UTC", "Europe/Prague"} <= set(h2o.cluster().list_timezones().as_data_frame()["Timezones"]),
        True,
    ),
    "fr.refresh()": lambda f: (f.fr.refresh(), None),  # type: ignore[func-returns-value]
    "h2o.rapids('{ x . (+ x 1) }')": lambda f: (h2o.rapids("{ x . (+ x 1) }")["funstr"], "{ x . (+ x 1) }"),
}

CALLS: dict[str, Call] = {
    **SELECTION, **ASSIGNMENT, **OPERATORS, **MATHEMATICS, **REDUCERS, **FACTORS, **TABLES, **STRINGS, **DATES,
    **JOINING, **INSPECTION,
}  # fmt: skip

# Calls of the recording that are not tested, with the reason. There is none at present.
LEFT_OUT: dict[str, str] = {}
