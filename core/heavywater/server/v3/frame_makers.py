"""Frames that are made: random ones, interactions of factors, ones with missing cells."""

from __future__ import annotations

from ...errors import InvalidArgument, NotFound
from ...frame.language.expressions import Ref
from ...frame.language.rapids import write
from .calls import Call, takes
from .frame_requests import facts_of
from .job_requests import started
from .replies import Json, Refused

# kinds of columns, but for real ones, which are the rest -> their share where the client says none
_SHARES = (("categorical", 0.2), ("integer", 0.2), ("binary", 0.1), ("time", 0.0), ("string", 0.0))
_OF_RANDOM_FRAMES = (
    "dest rows cols randomize value real_range categorical_fraction factors integer_fraction integer_range "
    "binary_fraction binary_ones_fraction "
    "time_fraction string_fraction missing_fraction has_response response_factors positive_response seed seed_for_column_types"
)
_ARGUMENT = "java.lang.IllegalArgumentException"


@takes(_OF_RANDOM_FRAMES)
def create(call: Call) -> Json:
    """A frame of random data."""
    shares = [call.number(f"{kind}_fraction", share) for kind, share in _SHARES]
    if sum(shares) > 1 + 1e-9:
        raise InvalidArgument(f"the fractions of column types add up to {sum(shares):g}, above 1")
    randomize = call.flag("randomize", True)
    expression = (
        "h2o.createFrame", call.whole("rows", 10_000), call.whole("cols", 10), randomize,
        *(shares if randomize else [0.0] * len(shares)),
        call.number("value", 0), call.number("real_range", 100), call.whole("factors", 100),
        call.whole("integer_range", 100), call.number("binary_ones_fraction", 0.02),
        call.number("missing_fraction", 0.01), call.flag("has_response"), call.whole("response_factors", 2),
        call.flag("positive_response"), call.whole("seed", -1), call.whole("seed_for_column_types", -1),
    )  # fmt: skip
    key = call.text("dest") or call.session.objects.fresh_key("Key_Frame__random.hex")
    return started(call, call.session.frames.begin(write(expression), key, "CreateFrame"))


@takes("dataset fraction seed")
def insert_missing(call: Call) -> Json:
    """A part of the cells of a frame becomes missing."""
    name, fraction = call.needed("dataset"), call.number("fraction", 0.0)
    if not 0 <= fraction <= 1:
        raise InvalidArgument(f"fraction={fraction:g} must be from 0 to 1")
    _need_frame(call, name)
    expression = ("h2o.insertMissing", Ref(name), fraction, call.whole("seed", -1))
    return started(call, call.session.frames.begin(write(expression), name, "MissingValueInserter"))


@takes("dest source_frame factor_columns factors pairwise max_factors min_occurrence")
def interact(call: Call) -> Json:
    """Factors of the combinations of levels of some columns."""
    name = call.needed("source_frame")
    facts = facts_of(call, name)
    factors = call.texts("factor_columns") or call.texts("factors")
    kinds = dict(zip(facts["names"], facts["types"], strict=True))
    for each in factors:
        if kinds.get(each) != "enum":
            what = "not categorical" if each in kinds else f"not in the frame {name}"
            raise Refused(400, f"Column {each} is {what}.", _ARGUMENT)
    expression = (
        "interaction", Ref(name), factors, call.flag("pairwise"),
        call.whole("max_factors", 100), call.whole("min_occurrence", 1),
    )  # fmt: skip
    key = call.text("dest") or call.session.objects.fresh_key(f"{name}_interaction")
    return started(call, call.session.frames.begin(write(expression), key, "Interactions"))


def _need_frame(call: Call, name: str) -> None:
    try:
        call.session.frames.facts(name)
    except NotFound:
        raise Refused(400, f"Invalid Frame key {name} (Frame doesn't exist).", _ARGUMENT) from None


ROUTES = {
    "POST /3/CreateFrame": create,
    "POST /3/MissingInserter": insert_missing,
    "POST /3/Interaction": interact,
}
