"""Numbers as people read them: on pages, and in scripts, which write them in the same way."""

from __future__ import annotations

from typing import Any

import pytest
from heavywater.server.pages.basics.assets import static_folder
from heavywater.server.pages.basics.wording import short_number

NUMBERS = (
    0.0, 1.0, -1.0, 0.5, -0.25, 1 / 3, 2 / 3e4, 1.5e-5, -1e-4, 9.99999e-5, 1234.0, 9999.4, 9999.5, 39130.43, -39130.43,
    391304.3, 123456.0, 999999.0, 999999.4, 999999.5, 1e6, -1234567.8, 39130430.0, 1e15, 6.02e23, 1e-300,
)  # fmt: skip


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (39130.43, "39 130"),
        (391304.3, "391 300"),
        (123456, "123 456"),
        (999999.5, "1e6"),
        (39130430, "3.913e7"),
        (1234.5678, "1 235"),
        (0.123456, "0.1235"),
        (-2 / 3e3, "\u22120.0006667"),
        (-9.449e-5, "\u22129.449e-5"),
        (True, "yes"),
        (float("nan"), "\u2013"),
        (float("-inf"), "\u2212∞"),
    ],
)
def test_a_number_is_short(number: float, text: str):
    assert short_number(number).replace("\u202f", " ") == text


def test_more_digits_where_neighbours_would_read_the_same():
    assert short_number(39130.43, 6).replace("\u202f", " ") == "39 130.4"
    assert short_number(-1234567.8, 9).replace("\u202f", " ") == "\u22121 234 567.8"


def test_scripts_write_numbers_as_the_server_does(page: Any):
    page.goto("")
    script = f"""async numbers => {{
      const {{ short }} = await import("./{static_folder()}/js/numbers.js");
      return numbers.map(each => [4, 6, 9].map(digits => short(each, digits)));
    }}"""
    assert page.evaluate(script, list(NUMBERS)) == [
        [short_number(each, digits) for digits in (4, 6, 9)] for each in NUMBERS
    ]
