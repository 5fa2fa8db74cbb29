"""How alike two texts are: 1 the same, 0 nothing in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from ...arrays import Array
from ...errors import InvalidArgument
from ..columns.conversions import distinct
from ..columns.keys import Keys, dense, joined
from ..columns.makers import numeric
from ..frame import Frame
from .arguments import one_of
from .registry import primitive
from .strings import text_column


def _compared(scorer: str, a: Sequence[str], b: Sequence[str]) -> Array:
    """Similarities of pairs of texts that rapidfuzz finds, the extra ``texts``."""
    try:
        from rapidfuzz import distance, process
    except ImportError as error:
        raise InvalidArgument(
            "strdistance: the measures lv and jw need rapidfuzz: pip install 'heavywater[texts]'"
        ) from error
    kind, _, method = scorer.partition(".")
    found: Array = process.cpdist(a, b, scorer=getattr(getattr(distance, kind), method), dtype=np.float64)
    return found


def levenshtein(a: Sequence[str], b: Sequence[str]) -> Array:
    """1 minus the number of insertions, deletions and replacements over the longer length, of each pair."""
    return _compared("Levenshtein.normalized_similarity", a, b)


def jaro_winkler(a: Sequence[str], b: Sequence[str]) -> Array:
    """Jaro's similarity of each pair, raised for an equal beginning of up to four characters (Winkler 1990)."""
    jaro = _compared("Jaro.similarity", a, b)  # rapidfuzz's JaroWinkler raises those above 0.7 alone
    raised: Array = jaro + 0.1 * np.minimum(_compared("Prefix.similarity", a, b), 4) * (1 - jaro)
    return raised


def _longest_common(a: str, b: str) -> tuple[int, int, int]:
    """Length of the longest common part, and where it begins in both: a shorter one is part of it, so halves are tried."""
    low, high = 0, min(len(a), len(b))
    found = (0, 0, 0)
    while low < high:
        length = (low + high + 1) // 2
        parts = {b[j : j + length] for j in range(len(b) - length + 1)}
        start = next((i for i in range(len(a) - length + 1) if a[i : i + length] in parts), None)
        if start is None:
            high = length - 1
        else:
            low, found = length, (length, start, b.index(a[start : start + length]))
    return found


def common_parts(a: str, b: str) -> float:
    """Share of the shorter text covered by common parts of at least two characters, the longest taken first."""
    shorter = min(len(a), len(b))
    if a == b or not shorter:
        return float(a == b)
    covered = 0
    while True:
        length, i, j = _longest_common(a, b)
        if length < 2:
            return covered / shorter
        covered += length
        a, b = a[:i] + a[i + length :], b[:j] + b[j + length :]


def bigrams(a: str, b: str) -> float:
    """Common pairs of neighbouring characters over the smaller number of different pairs."""
    if a == b:
        return 1.0
    first, second = ({text[i : i + 2] for i in range(len(text) - 1)} for text in (a, b))
    smaller = min(len(first), len(second))
    return len(first & second) / smaller if smaller else 0.0


def words(a: str, b: str) -> float:
    """Jaccard's index of the words: common ones over all."""
    if a == b:
        return 1.0
    first, second = set(a.split()), set(b.split())
    return len(first & second) / len(first | second) if first | second else 0.0


_SOUNDS = {letter: digit for letters, digit in (
    ("BFPV", "1"), ("CGJKQSXZ", "2"), ("DT", "3"), ("L", "4"), ("MN", "5"), ("R", "6"),
) for letter in letters}  # fmt: skip


def soundex(text: str) -> str:
    """American Soundex: the first letter and three digits for the sounds after it."""
    letters = [character for character in text.upper() if "A" <= character <= "Z"]
    if not letters:
        return text
    digits = []
    last = _SOUNDS.get(letters[0], "")
    for letter in letters[1:]:
        digit = _SOUNDS.get(letter, "")
        if digit and digit != last:
            digits.append(digit)
        if letter not in "HW":  # these two do not separate equal sounds
            last = digit
    return (letters[0] + "".join(digits) + "000")[:4]


def sounds(a: str, b: str) -> float:
    """1 for equal texts, 0.9 for texts that sound alike by Soundex, else 0."""
    return 1.0 if a == b else 0.9 if soundex(a) == soundex(b) else 0.0


def _one_by_one(compare: Callable[[str, str], float]) -> Callable[[Sequence[str], Sequence[str]], Array]:
    return lambda a, b: np.array(list(map(compare, a, b)), np.float64)


MEASURES: dict[str, Callable[[Sequence[str], Sequence[str]], Array]] = {
    "lv": levenshtein,
    "lcs": _one_by_one(common_parts),
    "qgram": _one_by_one(bigrams),
    "jaccard": _one_by_one(words),
    "jw": jaro_winkler,
    "soundex": _one_by_one(sounds),
}


@primitive("strDistance")
def string_distance(left: Frame, right: Frame, measure: str, compare_empty: bool = True) -> Frame:
    """How alike the texts of two columns are, row by row: 1 the same, 0 nothing in common.

    Parameters
    ----------
    left, right : Frame
        One column of texts or levels each, as many rows.
    measure : str
        lv (Levenshtein), lcs (common parts), qgram (pairs of characters), jaccard (words), jw (Jaro and Winkler), or
        soundex (sound).
    compare_empty : bool
        Whether an empty text is compared; if not, the result is missing.

    Returns
    -------
    Frame
    """
    compare = MEASURES[one_of(measure, MEASURES, "strdistance: measure")]
    (a, a_codes), (b, b_codes) = (distinct(text_column(frame, "strdistance")) for frame in (left, right))
    if len(a_codes) != len(b_codes):
        raise InvalidArgument(f"strdistance: the columns have {len(a_codes)} and {len(b_codes)} rows")
    # Each different pair is compared once.
    pairs = joined(
        Keys(a_codes.astype(np.int64) + 1, len(a) + 1), Keys(b_codes.astype(np.int64) + 1, len(b) + 1)
    )
    keys = dense(pairs)
    found = np.full(keys.size, np.nan)
    rows = np.zeros(keys.size, np.int64)
    rows[keys.codes] = np.arange(len(keys.codes))
    if len(a_codes):
        x, y = np.array([*a, ""], object)[a_codes[rows]], np.array([*b, ""], object)[b_codes[rows]]
        counted = (a_codes[rows] >= 0) & (b_codes[rows] >= 0)
        if not compare_empty:
            counted &= (x != "") & (y != "")
        found[counted] = compare(x[counted].tolist(), y[counted].tolist())
    return Frame(["C1"], [numeric(found[keys.codes])])
