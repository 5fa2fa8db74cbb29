"""How alike two texts are: 1 the same, 0 nothing in common."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ...errors import InvalidArgument
from ..columns.conversions import distinct
from ..columns.keys import Keys, dense, joined
from ..columns.makers import numeric
from ..frame import Frame
from .arguments import one_of
from .registry import primitive
from .strings import text_column


def levenshtein(a: str, b: str) -> float:
    """1 minus the number of insertions, deletions and replacements over the longer length."""
    if not a or not b:
        return float(a == b)
    row = np.arange(len(b) + 1)
    codes = np.array([ord(character) for character in b])
    steps = np.arange(len(b) + 1)
    for i, character in enumerate(a, start=1):
        replaced = row[:-1] + (codes != ord(character))
        best = np.minimum(replaced, row[1:] + 1)
        # Insertions run along the row: the minimum of what stands to the left plus its distance.
        row = np.minimum.accumulate(np.concatenate([[i], best]) - steps) + steps
    return 1 - float(row[-1]) / max(len(a), len(b))


def jaro_winkler(a: str, b: str) -> float:
    """Jaro's similarity, raised for an equal beginning of up to four characters (Winkler 1990)."""
    if not a or not b:
        return float(a == b)
    reach = max(0, max(len(a), len(b)) // 2 - 1)
    taken = [False] * len(b)
    first = []
    for i, character in enumerate(a):
        for j in range(max(0, i - reach), min(len(b), i + reach + 1)):
            if not taken[j] and b[j] == character:
                taken[j] = True
                first.append(character)
                break
    common = len(first)
    if not common:
        return 0.0
    second = [character for character, used in zip(b, taken, strict=True) if used]
    swapped = sum(x != y for x, y in zip(first, second, strict=True)) / 2
    jaro = (common / len(a) + common / len(b) + (common - swapped) / common) / 3
    prefix = 0
    while prefix < min(4, len(a), len(b)) and a[prefix] == b[prefix]:
        prefix += 1
    return jaro + 0.1 * prefix * (1 - jaro)


def _longest_common(a: str, b: str) -> tuple[int, int, int]:
    """Length of the longest common part, and where it begins in both."""
    best = (0, 0, 0)
    row = [0] * (len(b) + 1)
    for i, character in enumerate(a):
        previous = row
        row = [0] * (len(b) + 1)
        for j, other in enumerate(b):
            if character == other:
                row[j + 1] = previous[j] + 1
                if row[j + 1] > best[0]:
                    best = (row[j + 1], i + 1 - row[j + 1], j + 1 - row[j + 1])
    return best


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


MEASURES: dict[str, Callable[[str, str], float]] = {
    "lv": levenshtein,
    "lcs": common_parts,
    "qgram": bigrams,
    "jaccard": words,
    "jw": jaro_winkler,
    "soundex": sounds,
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
    for number, row in enumerate(rows.tolist()) if len(keys.codes) else ():
        x, y = int(a_codes[row]), int(b_codes[row])
        if x >= 0 and y >= 0 and (compare_empty or (a[x] and b[y])):
            found[number] = compare(a[x], b[y])
    return Frame(["C1"], [numeric(found[keys.codes])])
