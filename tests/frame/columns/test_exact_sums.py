"""The compiled sums: exact for all numbers there are, whatever the type, the number and the order of them."""

from __future__ import annotations

import ast
import ctypes
import inspect
import math
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from heavywater.frame.columns import _exact_sums
from heavywater.frame.columns._exact_sums import PowerSums
from heavywater.frame.columns.exact_numbers import dyadic
from hypothesis import given, settings
from hypothesis import strategies as st

RUN = 1 << 16
ENDS = [5e-324, 2.2250738585072014e-308, 2.225073858507201e-308, 1.7976931348623157e308, 0.0, -0.0, 1.0]
NUMBERS = st.one_of(st.floats(), st.sampled_from([*ENDS, *(-each for each in ENDS)]))
LOADS = st.one_of(st.floats(0, allow_infinity=False), st.sampled_from(ENDS))
HEADER = Path(__file__).parents[3] / "core" / "heavywater" / "frame" / "columns" / "exact_sums.h"
PRODUCT = """
#include "exact_sums.h"
void sum_of_products(const uint64_t *a, const uint64_t *b, int n, uint64_t *result) {
    Wide sum = exact_product(0, 0);
    for (int i = 0; i < n; i++) exact_add(&sum, exact_product(a[i], b[i]));
    result[0] = exact_low(sum), result[1] = exact_high(sum);
}
"""


def totals(sums: PowerSums) -> tuple[Fraction, Fraction]:
    first, second = sums.totals()
    return dyadic(*first), dyadic(*second)


def exact(x, w=None) -> tuple[Fraction, Fraction]:
    pairs = [
        (Fraction(a), Fraction(b)) for a, b in zip(x, w or [1] * len(x), strict=True) if math.isfinite(a)
    ]
    return sum((a * b for a, b in pairs), Fraction(0)), sum((a * a * b for a, b in pairs), Fraction(0))


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(NUMBERS, LOADS), max_size=30), st.integers(0, 30))
def test_finite_numbers_are_summed_exactly(rows, cut):
    x, w = ([row[k] for row in rows] for k in (0, 1))
    plain, weighted = PowerSums(), PowerSums()
    for part in (slice(cut), slice(cut, None)):
        plain.add(np.array(x[part], np.float64))
        weighted.add_weighted(np.array(x[part], np.float64), np.array(w[part], np.float64))
    assert totals(plain) == exact(x)
    assert totals(weighted) == exact(x, w)
    many = PowerSums()  # which are sorted into bins, as few are not
    many.add(np.repeat(np.array(x, np.float64), 300))
    assert totals(many) == tuple(300 * total for total in exact(x))


@pytest.mark.parametrize("name", ["int8", "uint8", "int16", "uint16"])
@pytest.mark.parametrize("end", ["min", "max"])
def test_narrow_whole_numbers(name, end):
    size, number = 2 * RUN + 3, int(getattr(np.iinfo(name), end))
    sums = PowerSums()
    sums.add(np.full(size, number, name))
    assert totals(sums) == (size * number, size * number**2)


@pytest.mark.parametrize("number", [1.7976931348623157e308, -1.7976931348623157e308, 5e-324, 2.0**53 - 1])
def test_many_numbers_of_the_most_digits(number):
    """The sums of equal exponents are the largest there are."""
    size, sums, weighted = 2 * RUN + 3, PowerSums(), PowerSums()
    sums.add(np.full(size, number))
    assert totals(sums) == (size * Fraction(number), size * Fraction(number) ** 2)
    weighted.add_weighted(np.full(size, number), np.full(size, abs(number)))
    assert totals(weighted) == (
        size * Fraction(number) * Fraction(abs(number)),
        size * Fraction(abs(number)) ** 3,
    )


def test_weights_that_are_none_of_numbers_stay_within_their_bounds():
    """Their sums have no meaning; but they are nobody's memory."""
    sums = PowerSums()
    ends = np.array([math.nan, math.inf, -math.inf, -1.7976931348623157e308, 1.7976931348623157e308])
    sums.add_weighted(np.repeat(ends, 5), np.tile(ends, 5))
    assert len(sums.totals()) == 2


def test_arguments_that_are_refused():
    with pytest.raises(ValueError, match="2 weights of 3 numbers"):
        PowerSums().add_weighted(np.ones(3), np.ones(2))
    for wrong in (np.ones(3, np.float32), np.ones((3, 3)), np.ones(6)[::2], np.ones(3, np.int64)):
        with pytest.raises((TypeError, ValueError)):
            PowerSums().add(wrong)


def test_read_only_numbers_are_read():
    numbers = np.arange(3.0)
    numbers.flags.writeable = False
    sums = PowerSums()
    sums.add(numbers)
    sums.add_weighted(numbers, numbers)
    assert totals(sums) == (3 + 5, 5 + 9)


@pytest.mark.parametrize("option", ["-DEXACT_64_BITS", "-O2"])
def test_products_of_compilers_with_and_without_128_bits(option, tmp_path):
    compiler, library, source = shutil.which("cc") or shutil.which("gcc"), tmp_path / "p.so", tmp_path / "p.c"
    if compiler is None:
        pytest.skip("there is no C compiler")
    source.write_text(PRODUCT, encoding="utf-8")
    subprocess.run(
        [compiler, option, "-shared", "-fPIC", f"-I{HEADER.parent}", "-o", library, source], check=True
    )
    random = np.random.default_rng(5)
    a, b = (random.integers(0, 1 << 53, 1000, dtype=np.uint64) >> random.integers(0, 53, 1000, dtype=np.uint64)
            for _ in range(2))  # fmt: skip
    a[0] = b[0] = (1 << 53) - 1
    found, pointer = np.zeros(2, np.uint64), ctypes.POINTER(ctypes.c_uint64)
    ctypes.CDLL(str(library)).sum_of_products(*(each.ctypes.data_as(pointer) for each in (a, b)), len(a),
                                              found.ctypes.data_as(pointer))  # fmt: skip
    assert int(found[0]) + (int(found[1]) << 64) == sum(
        x * y for x, y in zip(a.tolist(), b.tolist(), strict=True)
    )


def test_the_stub_says_what_is_compiled():
    stub = ast.parse(Path(_exact_sums.__file__).with_name("_exact_sums.pyi").read_text(encoding="utf-8"))
    (told,) = (node for node in stub.body if isinstance(node, ast.ClassDef))
    methods = {
        node.name: [a.arg for a in node.args.args] for node in told.body if isinstance(node, ast.FunctionDef)
    }
    assert {name for name in vars(PowerSums) if not name.startswith("_")} == set(methods)
    compiled = inspect.signature(PowerSums.add_weighted).parameters
    assert list(compiled) == methods["add_weighted"]
