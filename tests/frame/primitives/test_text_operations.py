"""Texts and levels against Python's own text functions."""

import math
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from heavywater.errors import InvalidArgument, InvalidType
from heavywater.frame.columns.makers import factor, numeric, strings
from heavywater.frame.frame import Frame
from heavywater.frame.primitives import operation
from hypothesis import given, settings
from hypothesis import strategies as st

WORDS = ["Alpha beta", "", None, "  padded\t ", "aaa", "a-b--c-", "ÉLAN vital", "straße", "😀x", "a-b--c-"]


def texts(cells=WORDS):
    return Frame(["s"], [strings(cells)])


def levels(cells=WORDS):
    return Frame(["s"], [factor(strings(cells))])


def cells(frame):
    return frame.columns[0].texts().tolist()


def numbers(frame):
    return [None if n != n else n for n in frame.columns[0].numbers().tolist()]


CHANGES: dict[tuple[Any, ...], Callable[[str], str]] = {
    ("toupper",): str.upper,
    ("tolower",): str.lower,
    ("trim",): str.strip,
    ("lstrip", " a"): lambda s: s.lstrip(" a"),
    ("rstrip", "-x"): lambda s: s.rstrip("-x"),
    ("lstrip", ""): lambda s: s,
    ("substring", 1, 4): lambda s: s[1:4],
    ("substring", 2): lambda s: s[2:],
    ("substring", 3, 1): lambda s: "",
    ("substring", -4, 2): lambda s: s[:2],
    ("replacefirst", "a", "<$0>"): lambda s: re.sub("a", r"<\g<0>>", s, count=1),
    ("replaceall", "(a)(-|b)", "$2\\$1"): lambda s: re.sub("(a)(-|b)", r"\2$1", s),
    ("replaceall", "A", "_", True): lambda s: re.sub("a", "_", s, flags=re.IGNORECASE),
    ("replaceall", "(?P<x>[aé])", "${x}${x}"): lambda s: re.sub("([aé])", r"\1\1", s),
}
MEASURES = [
    (("strlen",), len),
    (("countmatches", ["a", "-"]), lambda s: s.count("a") + s.count("-")),
    (("countmatches", ["aa"]), lambda s: s.count("aa")),
]


@pytest.mark.parametrize("call", CHANGES)
def test_changes_of_texts_and_of_levels(call):
    name, *arguments = call
    wanted = [None if s is None else CHANGES[call](s) for s in WORDS]
    assert cells(operation(name)(texts(), *arguments)) == wanted
    changed = operation(name)(levels(), *arguments)
    assert cells(changed) == wanted
    assert changed.columns[0].kind == "enum"
    assert len(set(changed.columns[0].levels)) == len(changed.columns[0].levels)


@pytest.mark.parametrize(("call", "measure"), MEASURES)
def test_measures_of_texts(call, measure):
    name, *arguments = call
    wanted = [None if s is None else measure(s) for s in WORDS]
    for frame in (texts(), levels()):
        assert numbers(operation(name)(frame, *arguments)) == wanted


def test_entropy_is_shannons():
    for text, bits in zip(WORDS, numbers(operation("entropy")(texts())), strict=True):
        if text is None:
            assert bits is None
        else:
            shares = [n / len(text) for n in Counter(text).values()]
            assert bits == pytest.approx(-sum(p * math.log2(p) for p in shares), abs=1e-12)


@pytest.mark.parametrize(
    ("cell", "pattern", "wanted"),
    [
        ("a-b--c-", "-", ["a", "b", "", "c"]),
        ("a1b22c", "[0-9]+", ["a", "b", "c"]),
        ("abc", "", ["a", "b", "c"]),
        ("-a", "-", ["", "a"]),
        ("a b", r"\s", ["a", "b"]),
        ("abc", "x", ["abc"]),
        ("--", "-", []),
    ],
)
def test_cutting(cell, pattern, wanted):
    """As Java cuts: empty parts at the end are left out."""
    for make in (texts, levels):
        parts = operation("strsplit")(make([cell, "longer text, to fix the width:1:2"]), pattern)
        found = [column.texts()[0] for column in parts.columns]
        assert [part for part in found if part is not None] == wanted
        assert all(column.kind == ("string" if make is texts else "enum") for column in parts.columns)
    tokens = cells(operation("tokenize")(texts([cell, None]), pattern))
    assert tokens == [*wanted, None, None]


def test_searching():
    grep = operation("grep")
    assert numbers(grep(texts(), "^a")) == [4, 5, 9]
    assert numbers(grep(texts(), "^a", True)) == [0, 4, 5, 9]
    assert numbers(grep(levels(), "é", True)) == [6]
    logical = numbers(grep(texts(), "a", False, True, True))
    assert logical == [float(s is None or "a" not in s) for s in WORDS]
    for name, arguments in (("grep", ("(",)), ("replaceall", ("[", "x")), ("strsplit", ("*",))):
        with pytest.raises(InvalidArgument, match="is no regular expression"):
            operation(name)(texts(), *arguments)
    with pytest.raises(InvalidArgument, match="names a group that the pattern has not"):
        operation("replaceall")(texts(), "a", "$1")
    with pytest.raises(InvalidType, match=r"column 'n' is of type int; use ascharacter\(\) first"):
        operation("toupper")(Frame(["n"], [numeric([1, 2])]))


def test_words_in_texts(tmp_path):
    words = tmp_path / "words.txt"
    words.write_text("cat\nat\na\ncats\n", encoding="utf-8")
    found = operation("num_valid_substrings")(
        texts(["cats", "concatenate", "dog", None, "at at"]), str(words)
    )
    assert numbers(found) == [3, 3, 0, None, 2]  # each place counts, single letters do not
    with pytest.raises(InvalidArgument, match="no such file"):
        operation("num_valid_substrings")(texts(), str(tmp_path / "none.txt"))


def levenshtein(a, b):
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        previous, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (x != y))
    return row[-1]


def share(common, whole):
    return common / whole if whole else 0


@settings(max_examples=60, deadline=None)
@given(st.text("abc é", max_size=7), st.text("abc é", max_size=7))
def test_distances(a, b):
    """As in H2O, 1 is the same and 0 is nothing in common."""

    def distance(measure, x=a, y=b):
        return operation("strDistance")(texts([x]), texts([y]), measure, True).columns[0].numbers()[0]

    for measure in ("lv", "lcs", "qgram", "jaccard", "jw", "soundex"):
        assert distance(measure, a, a) == 1
        assert 0 <= distance(measure) <= 1
    for measure in ("lv", "qgram", "jaccard", "jw", "soundex"):
        assert distance(measure) == pytest.approx(distance(measure, b, a))
    if a == b:
        return
    longer, shorter = max(len(a), len(b)), min(len(a), len(b))
    assert distance("lv") == pytest.approx(1 - levenshtein(a, b) / longer if shorter else 0)
    pairs = [{text[i : i + 2] for i in range(len(text) - 1)} for text in (a, b)]
    assert distance("qgram") == pytest.approx(share(len(pairs[0] & pairs[1]), min(map(len, pairs))))
    words = [set(text.split()) for text in (a, b)]
    assert distance("jaccard") == pytest.approx(share(len(words[0] & words[1]), len(words[0] | words[1])))
    parts = [{text[i:j] for i in range(len(text)) for j in range(i + 2, len(text) + 1)} for text in (a, b)]
    least = share(max(map(len, parts[0] & parts[1]), default=0), shorter)
    most = share((Counter(a) & Counter(b)).total(), shorter)
    assert least - 1e-12 <= distance("lcs") <= most + 1e-12


def test_distances_of_known_pairs_and_of_missing_texts():
    frame = operation("strDistance")(
        texts(["Martha", "Dwayne", "Dixon"]), texts(["Marhta", "Duane", "Dicksonx"]), "jw", True
    )
    assert frame.columns[0].numbers() == pytest.approx([0.961111, 0.84, 0.813333], abs=1e-6)
    empty = operation("strDistance")(texts(["a", "", None]), texts(["", "", "a"]), "lv", False)
    assert numbers(empty) == [None, None, None]
    with pytest.raises(InvalidArgument, match="measure 'x' must be one of"):
        operation("strDistance")(texts(), texts(), "x", True)


def test_weights_of_words():
    """Term frequency times log((documents + 1) / (documents with the term + 1))."""
    documents = Frame(["id", "text"], [numeric([0, 1, 2]), strings(["a b a", "B c", "a"])])
    result = operation("tf-idf")(documents, 0, 1, True, False)
    ours = {
        (int(d), w): (tf, round(idf, 12), round(x, 12))
        for d, w, tf, idf, x in zip(
            result.columns[0].numbers(),
            result.columns[1].texts(),
            *(c.numbers() for c in result.columns[2:]),
            strict=True,
        )
    }
    words = {0: Counter(["a", "a", "b"]), 1: Counter(["b", "c"]), 2: Counter(["a"])}
    held = Counter(word for counts in words.values() for word in counts)
    wanted = {
        (d, w): (n, round(math.log(4 / (held[w] + 1)), 12), round(n * math.log(4 / (held[w] + 1)), 12))
        for d, counts in words.items()
        for w, n in counts.items()
    }
    assert ours == wanted


def test_large_columns_take_one_call_for_each_different_text():
    many = texts(["a b", "c"] * 50_000)
    result = operation("toupper")(many)
    assert cells(result)[:2] == ["A B", "C"]
    assert np.array_equal(operation("strlen")(many).columns[0].numbers()[:2], [3, 1])
