"""What the R functions ask, read from their sources: operations of the session with its arguments, or the bridge's own."""

from __future__ import annotations

import re

import pytest
from heavywater.bridge.r_requests import Requests
from heavywater.errors import NotFound
from heavywater.session.remote import OPERATIONS

from .fixtures import PACKAGE

SOURCES = {path.name: path.read_text(encoding="utf-8") for path in sorted((PACKAGE / "R").glob("*.R"))}
ASKED = re.compile(r"""request\(\s*(?=")|do\.call\(request, c\(\s*(?=")""")
OWN = {
    "bridge.init", "bridge.connect", "bridge.running", "bridge.up", "bridge.shutdown", "bridge.token", "bridge.url", "bridge.address",
    "bridge.wait", "bridge.list_parameters", "bridge.check_choices", "bridge.path_for", "bridge.send", "bridge.forget",
    "bridge.place_for", "bridge.take", "bridge.upload_model", "bridge.upload_mojo", "bridge.download_model", "bridge.download_mojo",
    "bridge.download_pojo", "bridge.download_onnx", "bridge.download_c", "bridge.leave", "bridge.let_go",
    "bridge.flow", "bridge.close_flow",
}  # fmt: skip
AT_ENDS = {"bridge.leave", "bridge.let_go"}  # asked by the function itself, when objects or R end


def arguments(text: str) -> list[str]:
    """The arguments of a call, from behind its opening bracket."""
    found, depth, start = [], 0, 0
    for part in re.finditer(r'"(?:[^"\\]|\\.)*"|[(){},]', text):
        if not depth and part[0] in ",)}":
            found.append(text[start : part.start()].strip())
            start = part.end()
        if part[0] in ")}":
            depth -= 1
        if depth < 0:
            return found
        depth += part[0] in "({"
    raise AssertionError(f"no end: {text[:80]}")


def requests() -> list[list[str]]:
    """The arguments of each request; the first is its name, in quotes."""
    return [arguments(text[each.end() :]) for text in SOURCES.values() for each in ASKED.finditer(text)]


def test_arguments_are_parted():
    assert arguments('"a", b = c(1, 2), f("),"), { x }) + 1') == ['"a"', "b = c(1, 2)", 'f("),")', "{ x }"]


def test_what_is_asked_can_be_asked():
    names = {name.strip('"') for name, *_ in requests()} | AT_ENDS
    assert len(names) > 45
    assert sorted(names - set(OPERATIONS) - OWN) == []
    assert names >= OWN


def test_arguments_are_those_of_the_operation():
    seen = 0
    for name, *given in requests():
        parameters = OPERATIONS.get(name.strip('"'))
        for argument in given if parameters else ():
            named = re.match(r"(\w+) = ", argument)
            seen += named is not None
            assert named is None or named[1] in parameters.parameters, f"{name}: {argument}"
        assert parameters is None or len(given) < len(parameters.parameters), name
    assert seen > 20


def test_the_bridge_has_few_requests_of_its_own():
    assert set(Requests()._own) == OWN


@pytest.mark.parametrize(
    "name",
    [
        "session",
        "answer",
        "_init",
        "init",
        "frames",
        "frames.",
        ".frames",
        "frames._store",
        "frames.__class__",
        "store.get",
        "jobs.start",
    ],
)
def test_nothing_else_can_be_asked(name):
    requests = Requests()
    with pytest.raises(NotFound, match="no request"):
        requests.answer(name)
    assert not requests.answer("bridge.running")


def test_no_other_way_leads_to_python():
    """Every call of the function that Python hands over is a request; only starting Python itself goes another way."""
    found = {
        name for name, text in SOURCES.items() if re.search(r"bridge\$request\(|reticulate::import", text)
    }
    assert found == {"python.R", "request.R", "temporaries.R"}
