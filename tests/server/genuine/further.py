"""Further expressions: as R and the web interface spell them, rarer operations, and errors; sent as they stand."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from .library import h2o
from .outcome import plain
from .recorded import Frames
from .requests import kind_of

# Each line is one case; what stands in it is asked for in turn, and the answer to the last one counts.
EXPRESSIONS = [
    ["(+ 1 2)"],
    ["TRUE"],
    ["(/ 1 0)"],
    ["(- 0 (/ 1 0))"],
    ["(log -1)"],
    ["'it\\'s \\x41'"],
    ['"a\\tb"'],
    ["[1 2.5 NaN]"],
    ["[1:3 7:2:2]"],
    ["['a' \"b\"]"],
    ["[]"],
    ["(, 1 2 3)"],
    ["sum"],
    ["({x . (+ x 1)} 4)"],
    ["(tmp= RTMP_sid_aaaa_1 (cols fr [-2:2]))"],
    ['(tmp= RTMP_sid_aaaa_2 (cols fr ["sepal_len" "class"]))'],
    ["(tmp= RTMP_sid_aaaa_3 (cols fr 'class'))", "(flatten (rows RTMP_sid_aaaa_3 149))"],
    ["(tmp= RTMP_sid_aaaa_4 (rows fr [-10:10]))"],
    ["(tmp= RTMP_sid_aaaa_5 (apply n 1 sum))"],
    ["(tmp= RTMP_sid_aaaa_6 (apply n 2 { x . (sum x) }))"],
    ["(tmp= RTMP_sid_aaaa_7 (mean n TRUE 0))", "(getrow RTMP_sid_aaaa_7)"],
    ["(sd n TRUE)"],
    ["(median n TRUE)"],
    ["(sumNA n TRUE 0)"],
    ["(sum n)"],
    ["(max v)"],
    ["(tmp= RTMP_sid_aaaa_8 (GB fr [4] nrow 0 \"all\" mean 0 \"all\"))"],
    ["(tmp= RTMP_sid_aaaa_9 (quantile n [0.25 0.75] \"interpolate\" _))"],
    ["(tmp= RTMP_sid_aaaa_10 (quantile n [0.25 0.75] \"low\" 'petal_len'))"],
    ["(tmp= RTMP_sid_aaaa_11 (ifelse (> v 5) \"big\" \"small\"))", "(is.factor RTMP_sid_aaaa_11)"],
    ["(assign flow_1 (:= fr (as.factor (cols fr [5])) [5] []))"],
    ["(assign flow_2 (, (tmp= flow_2a (h2o.runif fr 7)) (rows fr (<= flow_2a 0.5))))"],
    ["(assign flow_4 (cols fr 0))", '(rename "flow_4" "flow_3")', "(nrow flow_3)"],
    ["(tmp= outer (cbind (tmp= inner (cols fr 0)) (+ inner 1)))", "(sum inner)"],
    ["(tmp= shared (cols fr 1))", "(tmp= sharing (cbind shared shared))", "(rm shared)", "(sum sharing)"],
    ["(rm nothing_of_this_name)"],
    ["(tmp= once (seq_len 3))", "(tmp= once (seq_len 3))"],
    ["(assign twice (seq_len 3))", "(assign twice (seq_len 5))"],
    ["(tmp= counted (seq 1 10 3))"],
    ["(tmp= repeated (rep_len v 4))"],
    ["(tmp= crossed (x (t n) n))"],
    ["(tmp= kept (na.omit n))"],
    ["(tmp= moments (mktime (seq_len 2) 0 1 0 0 0 0))"],
    ["(mktime 2020 0 1 0 0 0 0)"],
    ["(tmp= zoned (hour d))"],
    ["(setTimeZone 'UTC')"],
    ["(getTimeZone)"],
    ["(setproperty 'sys.ai.h2o.test' 'a')"],
    ["(nlevels e)"],
    ["(any.factor fr)"],
    ["(naCnt fr)"],
    ["(tmp= largest (which.max n TRUE 0))"],
    ["(tmp= found (which (> v 7)))"],
    ["(tmp= areas (perfectAUC (/ v 10) b))"],
    ["(tmp= ones (== fr fr))"],
    ["(tmp= lagged (difflag1 v))"],
    ["(tmp= weighted (relevel.by.freq e [] 1))"],
    ["(skewness v TRUE)"],
    ["(tmp= dup (dropdup fr ['class'] 'last'))"],
    ["(+ nope 1)"],
    ["(nope 1)"],
    ["(+ 1"],
    ["(+ 1 2))"],
    ["'abc"],
    ["(sum 'a')"],
    ["(cols_py fr 99)"],
    ["(cols_py fr 'nope')"],
    ["(toupper v)"],
    ["(cbind v (seq_len 2))", ],
    ["(apply fr 3 { x . x })"],
    ["(setTimeZone 'No/Where')"],
    ["(PermutationVarImp nope fr 'AUTO' -1 1 [] -1)"],
]  # fmt: skip


def all_made(wanted: list[str] | None) -> Iterator[dict[str, Any]]:
    """What is answered, case by case; a session of its own each, since an error may leave one of no use."""
    frames = Frames()
    for expressions in EXPRESSIONS:
        name = " ".join(expressions)
        if wanted is None or name in wanted:
            yield {"name": name, **_answered(expressions)}
    del frames


def _answered(expressions: list[str]) -> dict[str, Any]:
    session, begun = h2o.api("POST /4/sessions")["session_key"], time.perf_counter()
    answer: Any = None
    try:
        for text in expressions:
            answer = h2o.api("POST /99/Rapids", data={"ast": text, "session_id": session})
        found = {"kinds": [kind_of(answer)], "value": _value(answer)}
    except (h2o.exceptions.H2OResponseError, h2o.exceptions.H2OServerError) as error:
        told = error.args[0]
        found = {"kinds": ["error"], "status": getattr(told, "http_status", 500)}
        found |= {"type": told.exception_type} if hasattr(told, "exception_type") else {}
    h2o.api(f"DELETE /4/sessions/{session}")
    return {**found, "seconds": round(time.perf_counter() - begun, 3)}


def _value(answer: Any) -> Any:
    if "key" in answer:
        frame = h2o.get_frame(answer["key"]["name"])
        return plain(frame)
    return plain(next(answer[name] for name in ("scalar", "string", "funstr") if name in answer))
