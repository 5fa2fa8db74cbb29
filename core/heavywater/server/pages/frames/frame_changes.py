"""What changes frames: types and names of columns, a split, the end."""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from ....errors import HeavywaterError, InvalidArgument, collected
from ....files import check_key
from ....session import Ref
from ....session.values import Facts
from ..basics.addresses import address
from ..basics.asking import PageCall

CONVERSIONS = {"factor": "as.factor", "number": "as.numeric", "text": "as.character"}
_PIECES = 5  # that a form has fields for
_FAR = 2**53
_BACK = re.compile(r"(/columns/[0-9]{1,9})?(\?[^#]*)?")  # what may follow the address of a frame


def back(call: PageCall, path: str) -> str:
    """The page of a frame from which a form came, with its search and order."""
    asked = call.text("back")
    return path + asked if _BACK.fullmatch(asked) else path


def convert(call: PageCall) -> Response:
    """Turn columns into factors, numbers or texts."""
    key, kind = call.key("frame"), call.text("to")
    here = back(call, f"frames/{address(key)}")
    facts = call.session.frames.facts(key)
    positions = positions_of(call.texts("column"), facts)
    if not positions or kind not in CONVERSIONS:
        return call.see(here, "Tick the columns that are to be converted", kind="wrong")
    try:
        with collected() as remarks:
            convert_columns(call, facts, positions, kind)
    except HeavywaterError as error:
        return call.see(here, str(error), kind="wrong")
    many = f"{len(positions)} columns are" if len(positions) > 1 else f"{facts['names'][positions[0]]!r} is"
    plural = "s" * (len(positions) > 1)
    article = "" if plural else "a "
    return call.see(here, f"{many} {article}{kind}{plural} now", [each for each, _ in remarks])


def convert_columns(call: PageCall, facts: Facts, positions: list[int], kind: str) -> None:
    """Give columns of a frame another type; who holds the old frame keeps it as it is."""
    if kind == "factor":
        for i in positions:
            if facts["types"][i] == "real":
                raise InvalidArgument(
                    f"column {facts['names'][i]!r} is of type real; whole numbers and texts can become levels. Round it first, or "
                    "make texts of it"
                )
    here = Ref(facts["frame"])
    made = (CONVERSIONS[kind], ("cols", here, positions))
    call.session.frames.evaluate(("assign", facts["frame"], (":=", here, made, positions, [])))


def positions_of(texts: Sequence[str], facts: Facts) -> list[int]:
    """Positions of columns, from 0 on, that are given as texts, from 1 on; those of which there is no column are left out."""
    count = len(facts["names"])
    return sorted({int(text) - 1 for text in texts if text.isdecimal() and 1 <= int(text) <= count})


def split(call: PageCall) -> Response:
    """Split the rows at random into new frames."""
    session, key = call.session, call.key("frame")
    here = f"frames/{address(key)}"
    try:
        seed = _seed(call.text("seed"))
        pieces = _pieces(call)
        for name, _ in pieces:
            check_key(name)
        taken = {name for name, _ in pieces}.intersection(session.objects.keys())
        if taken:
            raise InvalidArgument(f"there is something called {min(taken)!r} already: choose another name")
        _split(call, key, pieces, seed)
    except HeavywaterError as error:
        return call.see(here, str(error), kind="wrong")
    told = ", ".join(f"{name} ({session.frames.facts(name)['nrow']} rows)" for name, _ in pieces)
    return call.see("frames", f"{key} was split with seed {seed}: {told}")


def _seed(text: str) -> int:
    if not text:
        return secrets.randbelow(2**31)
    try:
        seed = int(text)
    except ValueError:
        raise InvalidArgument(f"seed={text!r} must be a whole number") from None
    if not 0 <= seed < _FAR:
        raise InvalidArgument(f"seed={text} must be from 0 to 2^53")
    return seed


def _pieces(call: PageCall) -> list[tuple[str, float]]:
    """Names and shares; the last one has the rest."""
    shares: list[tuple[str, float]] = []
    rest = ""
    for number in range(1, _PIECES + 1):
        name, text = call.text(f"name_{number}"), call.text(f"share_{number}")
        if not name:
            if text:
                raise InvalidArgument(f"a frame with the share {text} needs a name")
            continue
        if not text:
            if rest:
                raise InvalidArgument(
                    f"{rest!r} and {name!r} cannot both have the rest: give one of them a share"
                )
            rest = name
            continue
        shares.append((name, _share(name, text)))
    total = math.fsum(share for _, share in shares)
    names = [name for name, _ in shares] + [rest] * bool(rest)
    if len(names) < 2 or len(set(names)) < len(names):
        raise InvalidArgument("two frames at least are needed, each with a name of its own")
    if total > 1 + 1e-9 or (rest and total >= 1) or (not rest and total < 1 - 1e-9):
        raise InvalidArgument(
            f"the shares sum up to {total:.6g}: they must sum up to 1, or to less where one frame has the rest"
        )
    return [*shares, (rest, 1 - total)] if rest else shares


def _share(name: str, text: str) -> float:
    try:
        share = float(text)
    except ValueError:
        share = math.nan
    if not 0 < share < 1:
        raise InvalidArgument(f"the share {text!r} of {name!r} must lie between 0 and 1")
    return share


def _split(call: PageCall, key: str, pieces: list[tuple[str, float]], seed: int) -> None:
    """Make the pieces as `split_frame` does: the same seed gives the same rows."""
    frames, objects = call.session.frames, call.session.objects
    made: list[str] = [frames.evaluate(("h2o.runif", Ref(key), seed)).key]
    try:
        dice, low = Ref(made[0]), 0.0
        for number, (_, share) in enumerate(pieces):
            high = low + share
            above, below = (">", dice, low), ("<=", dice, high)
            test: Any = ("&", above, below) if 0 < number < len(pieces) - 1 else above if number else below
            made.append(frames.evaluate(("rows", Ref(key), test)).key)
            low = high
        for (name, _), piece in zip(pieces, made[1:], strict=True):
            frames.assign(piece, name)
    finally:
        objects.release(made)


def remove(call: PageCall) -> Response:
    """Remove a frame."""
    key = call.key("frame")
    call.session.objects.remove(key)
    return call.see("frames", f"{key} was removed")


ROUTES = {
    "POST /frames/{key}/convert": convert,
    "POST /frames/{key}/split": split,
    "POST /frames/{key}/remove": remove,
}
