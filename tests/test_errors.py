"""What stands in messages: short values, no passwords, nothing that moves the cursor."""

from __future__ import annotations

import pickle

import h2o
import pytest
from heavywater import errors
from heavywater.errors import HeavywaterError, bounded, shortened, warn, without_secrets
from hypothesis import given
from hypothesis import strategies as st

ERRORS = [
    each for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, HeavywaterError) and (each is HeavywaterError or "__init__" not in vars(each))
]  # fmt: skip


@pytest.mark.parametrize("kind", ERRORS)
def test_messages_of_every_error_are_bounded_and_hide_secrets(kind):
    error = kind(f"column {'x' * 10**6!r} of https://me:hush42@h/x?token=hush42 must be short; rename it")
    assert len(str(error)) < 400
    assert "hush42" not in repr(error)
    assert str(error).startswith("column 'xxx") and str(error).endswith("rename it")
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_warnings_are_bounded_hide_secrets_and_name_the_caller():
    with pytest.warns(RuntimeWarning) as caught:
        warn(f"{'x' * 10**6!r} of https://me:hush42@h/x?token=hush42 \x1b[0m", RuntimeWarning)
    (found,) = caught
    assert len(str(found.message)) < 400 and "hush42" not in str(found.message)
    assert "\x1b" not in str(found.message) and found.filename == __file__


@given(st.text(), st.text(max_size=20))
def test_short_messages_stay_as_they_are(text, end):
    text = "".join(c for c in text if c.isprintable() and c not in "@=")[:150] + "".join(
        filter(str.isalpha, end)
    )
    assert bounded(text) == text


@given(st.text(min_size=1), st.integers(1, 20_000), st.sampled_from(["'", '"', "", " "]))
def test_no_message_is_long(text, times, quote):
    message = bounded(f"before {quote}{text * times}{quote} after")
    assert len(message) <= 5 * errors.LONGEST_MESSAGE  # what moves the cursor takes up to four characters
    assert message.endswith("after")


def test_values_keep_their_beginning_their_end_and_their_length():
    shown = shortened("a" * 300 + "z")
    assert shown.startswith("aaa") and "z (301 characters)" in shown and len(shown) < 200
    assert shortened("a\nb\x1b[0m") == "a b\\x1b[0m"
    assert shortened(["x"] * 1000).count("x") < 100


ADDRESSES = {
    "https://user:pa@ss@h.org/x?a=1&X-Amz-Signature=abc&b=2": "https://***@h.org/x?a=1&X-Amz-Signature=***&b=2",
    "https://token@h/x": "https://***@h/x",
    "https://h/@x/y": "https://h/@x/y",
    "https://h:80/a@b": "https://h:80/a@b",
    "http://me:pa/ss@h/x": "http://***@h/x",
    "abfss://container@account.dfs/x": "abfss://container@account.dfs/x",
    "s3://key:secret@bucket/k": "s3://***@bucket/k",
    "s3://bucket/k?access_key=a&secret_key=b&region=c": "s3://bucket/k?access_key=***&secret_key=***&region=c",
    "no connection to http://h/x?token=abc#z": "no connection to http://h/x?token=***#z",
    "http://h/x?token=abc: refused": "http://h/x?token=***: refused",
    "mail me@h.org": "mail me@h.org",
}


@pytest.mark.parametrize("address", ADDRESSES)
def test_secrets_in_addresses_are_hidden_and_nothing_else(address):
    assert without_secrets(address) == ADDRESSES[address]
    assert without_secrets(ADDRESSES[address]) == ADDRESSES[address]


def test_warnings_point_to_the_line_that_led_to_them():
    h2o.init(verbose=False)
    with pytest.warns(UserWarning, match="no property has an effect") as deep:
        h2o.rapids('(setproperty "a" "b")')
    with pytest.warns(h2o.exceptions.H2ODeprecationWarning) as shallow:
        h2o.H2OFrame([1, 2]).sum(na_rm=True)
    assert [found[0].filename for found in (deep, shallow)] == [__file__, __file__]


def test_notebooks_begin_with_the_message_and_end_with_the_lines_of_the_user():
    with pytest.raises(h2o.exceptions.H2OValueError) as caught:
        h2o.H2ODeepLearningEstimator(activation="Tahn")  # type: ignore[arg-type]
    shown = caught.value._render_traceback_()
    assert shown[0].startswith("InvalidArgument: activation='Tahn'")
    assert any('h2o.H2ODeepLearningEstimator(activation="Tahn")' in line for line in shown)
    assert len(shown) < 10
    assert not any("deeplearning_signature" in line for line in shown)
