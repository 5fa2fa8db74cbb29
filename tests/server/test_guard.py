"""Who is let in: methods, hosts, origins, sites and tokens, in all combinations; and what all answers say."""

from __future__ import annotations

import asyncio
import base64
import itertools
import logging
import time
from typing import Any

import pytest
from heavywater.errors import InvalidArgument
from heavywater.server import v3
from heavywater.server.gate.guard import Guard
from heavywater.server.gate.hosts import HostList, HostName, host_of
from heavywater.server.gate.node_options import NodeOptions
from heavywater.server.scoring.scoring_app import REFUSALS
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from .asgi import Answered, ask, asked

TOKEN = "0123456789abcdef" * 2
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE")
GOOD_HOSTS = (
    "127.0.0.1:54321",
    "localhost:54321",
    "LOCALHOST.",
    "[::1]:54321",
    "127.0.0.1",
    "node.example.org",
)
BAD_HOSTS = (
    "evil.example", "localhost.evil.example", "127.0.0.1.nip.io:54321", "0.0.0.0:54321", "10.0.0.1:54321", "2130706433", "127.1", "",
    "localhost:99999", "a@localhost", "localhost/", "[::2]", "[localhost]", "::1", "other.node.example.org", "[::ffff:10.0.0.1]",
)  # fmt: skip
GOOD_ORIGINS = (None, "http://{host}")
BAD_ORIGINS = (
    "null", "http://evil.example", "http://localhost:8888", "https://127.0.0.1:54321", "http://127.0.0.1:54321.evil.example",
    "http://127.0.0.1:54321/", "file://", "chrome-extension://abc", "",
)  # fmt: skip
GOOD_SITES, BAD_SITES = (
    (None, "same-origin", "none"),
    ("same-site", "cross-site", "", "None", "same-origin, none"),
)


class Behind:
    """What a request reaches that is let in."""

    def __init__(self) -> None:
        self.reached = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.reached += 1
        body = await Request(scope, receive).body()
        await PlainTextResponse(f"{scope['path']} {len(body)}")(scope, receive, send)


def guarded(**options: Any) -> tuple[Guard, Behind]:
    behind = Behind()
    return Guard(
        behind,
        NodeOptions(**{"allow_hosts": ("node.example.org",), **options}),
        refusals={**v3.REFUSALS, **REFUSALS},
    ), behind


def headers_of(**values: str | None) -> list[tuple[str, str]]:
    return [(name.replace("_", "-"), value) for name, value in values.items() if value is not None]


def many(app: Any, requests: list[tuple[str, list[tuple[str, str]]]], **named: Any) -> list[Answered]:
    async def all_of_them() -> list[Answered]:
        return [await asked(app, method, "/3/Shutdown", headers, **named) for method, headers in requests]

    return asyncio.run(all_of_them())


def cells(hosts: Any, origins: Any, sites: Any) -> list[tuple[str, list[tuple[str, str]]]]:
    return [
        (method, headers_of(host=host, origin=origin and origin.format(host=host), sec_fetch_site=site))
        for method, host, origin, site in itertools.product(METHODS, hosts, origins, sites)
    ]


def test_who_may_ask_is_let_in():
    app, behind = guarded()
    requests = cells([host for host in GOOD_HOSTS if host[-1] != "."], GOOD_ORIGINS, GOOD_SITES)
    assert len(requests) > 200
    assert {answer.status for answer in many(app, requests)} == {200}
    assert behind.reached == len(requests)


@pytest.mark.parametrize("token", [None, TOKEN])
@pytest.mark.parametrize(
    ("hosts", "origins", "sites"),
    [(BAD_HOSTS, GOOD_ORIGINS, GOOD_SITES), (GOOD_HOSTS, BAD_ORIGINS, GOOD_SITES), (GOOD_HOSTS, GOOD_ORIGINS, BAD_SITES)],
    ids=["host", "origin", "site"],
)  # fmt: skip
def test_one_wrong_header_is_enough(hosts: Any, origins: Any, sites: Any, token: str | None):
    """Whoever shows the token all the same: a browser would show it to every page."""
    app, behind = guarded(token=token)
    requests = [
        (method, [*headers, *([("authorization", f"Bearer {token}")] if token else [])])
        for method, headers in cells(hosts, origins, sites)
    ]
    wrong = [each for each in requests if not _is_exception(each[1])]
    assert len(wrong) > 200
    answers = many(app, wrong)
    assert {answer.status for answer in answers} <= {400, 403}
    assert behind.reached == 0
    assert not any(name.startswith("access-control") for answer in answers for name in answer.headers)


def _is_exception(headers: list[tuple[str, str]]) -> bool:
    """What is allowed by name is allowed with TLS, too, since a proxy may speak it."""
    return dict(headers).get("origin") == "https://node.example.org"


def test_a_host_is_named_once():
    app, behind = guarded()
    assert ask(app, headers=[("host", "localhost"), ("host", "evil.example")]).status == 400
    assert ask(app).status == 400
    assert behind.reached == 0


def test_the_address_by_which_a_request_came_is_a_name():
    app, _ = guarded()
    for address, host in (
        ("192.168.7.1", "192.168.7.1:54321"),
        ("fe80::1%eth0", "[fe80::1]"),
        ("2001:db8::7", "[2001:DB8:0:0::7]:1"),
    ):
        assert ask(app, headers=[("host", host)], server=(address, 54321)).status == 200
        assert ask(app, headers=[("host", host)], server=("192.168.7.2", 54321)).status == 403


@pytest.mark.parametrize(
    ("allowed", "origin", "status"),
    [
        ("front.example.org", "https://front.example.org", 200),
        ("front.example.org", "http://front.example.org", 200),
        ("front.example.org", "https://front.example.org:8443", 403),
        ("front.example.org:8443", "https://front.example.org:8443", 200),
        ("front.example.org:8443", "https://front.example.org", 403),
        ("Front.Example.Org.", "https://front.example.org", 200),
        ("[::1]:8443", "https://[::1]:8443", 200),
    ],
)
def test_pages_behind_a_proxy(allowed: str, origin: str, status: int):
    """The proxy may name the node by its address."""
    app, _ = guarded(allow_hosts=(allowed,))
    headers = headers_of(host="127.0.0.1:54321", origin=origin, sec_fetch_site="same-origin")
    assert ask(app, "POST", headers=headers).status == status


@pytest.mark.parametrize("name", ["*", "", "a b", "http://x", "x/y", "[::g]", "x:123456"])
def test_names_that_are_none_are_refused_at_the_start(name: str):
    with pytest.raises(InvalidArgument, match="--allow-host"):
        HostList([name])


def test_hosts_have_one_spelling():
    assert host_of("A.b.:80") == HostName("a.b", 80)
    assert host_of("[0:0:0:0:0:0:0:1]") == HostName("::1", None)
    assert host_of("[::ffff:127.0.0.1]") == HostName("127.0.0.1", None)


def test_old_browsers_must_come_from_a_page_of_the_node():
    """Over plain http to another machine no browser says from which site it asks."""
    app, _ = guarded()
    browser = {"host": "localhost:1", "user_agent": "Mozilla/5.0"}
    own, other = "http://localhost:1/page", "http://evil.example/localhost:1/"
    assert ask(app, "GET", "/99/Models.bin/m?dir=x", headers_of(**browser)).status == 403
    assert ask(app, "GET", "/3/Cloud", headers_of(**browser, referer=other)).status == 403
    assert ask(app, "POST", "/", headers_of(**browser)).status == 403
    assert ask(app, "GET", "/3/Cloud", headers_of(**browser, referer=own)).status == 200
    assert ask(app, "GET", "/", headers_of(**browser)).status == 200


def test_a_websocket_is_closed():
    app, behind = guarded()
    sent: list[Any] = []

    async def run() -> None:
        async def send(message: Any) -> None:
            sent.append(message["type"])

        await app({"type": "websocket", "path": "/", "headers": []}, None, send)

    asyncio.run(run())
    assert sent == ["websocket.close"]
    assert behind.reached == 0


# ---- tokens


def basic(user: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


LOCAL = ("host", "localhost")


@pytest.mark.parametrize(
    "value", [f"Bearer {TOKEN}", f"bearer  {TOKEN}", basic("anybody", TOKEN), basic("", TOKEN)]
)
def test_the_token_lets_in(value: str):
    app, _ = guarded(token=TOKEN)
    assert ask(app, "POST", "/3/Cloud", [LOCAL, ("authorization", value)]).status == 200


@pytest.mark.parametrize(
    "value",
    [
        None, "", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN.upper()}", TOKEN, f"Token {TOKEN}",
        f"Digest {TOKEN}", basic(TOKEN, ""), basic("a", TOKEN + " "), "Basic ***", f"Basic {TOKEN}", f"Bearer {TOKEN}\xe9",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/", "/3/Cloud", "/rpc/1/jobs.known", "/nowhere", "/login"])
def test_nothing_else_does(value: str | None, path: str):
    app, behind = guarded(token=TOKEN)
    answer = ask(app, "GET", path, [LOCAL, *([("authorization", value)] if value is not None else [])])
    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith(
        "Bearer"
    )  # a browser that asked for a password would send it everywhere
    assert TOKEN.encode() not in answer.body
    assert behind.reached == 0


def test_only_the_first_of_several_tokens_is_looked_at():
    app, _ = guarded(token=TOKEN)
    wrong = ("authorization", "Bearer wrong")
    assert ask(app, headers=[LOCAL, wrong, ("authorization", f"Bearer {TOKEN}")]).status == 401


def test_a_link_is_good_once_and_gives_a_cookie():
    app, _ = guarded(token=TOKEN, root_path="/h2o")
    link = f"/h2o/{app.new_link()}"
    answer = ask(app, "GET", link, [LOCAL])
    assert (answer.status, answer.headers["location"]) == (303, "../")
    name, _, rest = answer.headers["set-cookie"].partition("=")
    value, *flags = rest.split("; ")
    assert name == "heavywater_54321"
    assert {flag.lower() for flag in flags} == {"httponly", "samesite=strict", "path=/h2o/"}
    cookie = ("cookie", f"theme=dark; {name}={value}")
    assert ask(app, "GET", "/h2o/3/Cloud", [LOCAL, cookie]).status == 200
    assert (
        ask(app, "GET", "/h2o/3/Cloud", [LOCAL, cookie], server=("127.0.0.1", 54322)).status == 401
    )  # another node's
    assert ask(app, "GET", "/h2o/3/Cloud", [LOCAL, ("cookie", f"{name}={TOKEN}")]).status == 401
    assert ask(app, "GET", link, [LOCAL]).status == 403
    assert ask(app, "POST", f"/h2o/{app.new_link()}", [LOCAL]).status == 401
    assert ask(app, "GET", f"/h2o/{app.new_link()}", [LOCAL, ("sec-fetch-site", "cross-site")]).status == 403


def test_a_cookie_is_for_tls_alone_where_there_is_tls():
    app, _ = guarded(token=TOKEN)
    assert "Secure" in ask(app, "GET", f"/{app.new_link()}", [LOCAL], scheme="https").headers["set-cookie"]
    proxied = [LOCAL, ("x-forwarded-proto", "https")]
    assert "Secure" in ask(app, "GET", f"/{app.new_link()}", proxied).headers["set-cookie"]


def test_guessing_is_slow_and_the_right_token_still_comes_through():
    app, behind = guarded(token=TOKEN)

    async def guess(number: int) -> int:
        return (
            await asked(
                app, "GET", "/", [LOCAL, ("authorization", f"Bearer {number:032}")], client="10.0.0.7"
            )
        ).status

    async def run() -> tuple[list[int], float, list[float]]:
        await asyncio.gather(*(guess(number) for number in range(25)))
        start, waits = time.perf_counter(), []
        guesses = [asyncio.create_task(guess(number)) for number in range(300)]
        await asyncio.sleep(0)
        for client in ("10.0.0.7", "10.0.0.8"):
            before = time.perf_counter()
            answer = await asked(
                app, "GET", "/", [LOCAL, ("authorization", f"Bearer {TOKEN}")], client=client
            )
            if client == "10.0.0.8":
                assert answer.status == 200
            waits.append(time.perf_counter() - before)
        found = [await each for each in guesses]
        right = await asked(app, "GET", "/", [LOCAL, ("authorization", f"Bearer {TOKEN}")], client="10.0.0.7")
        assert right.status == 200
        return found, time.perf_counter() - start, waits

    found, seconds, waits = asyncio.run(run())
    assert set(found) == {401, 429}
    assert found.count(401) == 200  # compared within a second; all others are not even looked at
    assert seconds >= 1
    assert waits[1] < 0.5  # another address does not wait, nor does the loop
    assert behind.reached == 2


def test_wrong_tokens_of_many_addresses_are_forgotten(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("heavywater.server.gate.tokens._ADDRESSES", 100)
    app, _ = guarded(token=TOKEN)

    async def run() -> None:
        for number in range(300):
            address = f"10.{number >> 8 & 255}.{number & 255}.1" if number % 2 else f"2001:db8:{number:x}::1"
            await asked(app, "GET", "/", [LOCAL, ("authorization", "Bearer wrong")], client=address)

    asyncio.run(run())
    assert len(app._tokens._guesses) <= 100


def test_addresses_of_one_network_of_ipv6_share_their_guesses():
    app, _ = guarded(token=TOKEN)

    async def run() -> None:
        for number in range(8):
            await asked(
                app, "GET", "/", [LOCAL, ("authorization", "Bearer wrong")], client=f"2001:db8::{number}"
            )

    asyncio.run(run())
    assert len(app._tokens._guesses) == 1


# ---- limits


def test_every_answer_has_the_headers_of_safety():
    app, _ = guarded(token=TOKEN)
    for headers in ([LOCAL], [LOCAL, ("authorization", f"Bearer {TOKEN}")], [("host", "evil.example")]):
        found = ask(app, headers=headers).headers
        assert found["content-security-policy"].startswith("default-src 'self';")
        assert "frame-ancestors 'none'" in found["content-security-policy"]
        assert found["x-content-type-options"] == "nosniff"
        assert found["x-frame-options"] == "DENY"
        assert found["cache-control"] == "no-store"
        assert "server" not in found


@pytest.mark.parametrize("told", [True, False])
@pytest.mark.parametrize(("size", "status"), [(1000, 200), (1001, 413), (50_000, 413)])
def test_bodies_are_limited(size: int, status: int, told: bool):
    app, _ = guarded(max_upload=1000)
    headers = [LOCAL, *([("content-length", str(size))] if told else [("transfer-encoding", "chunked")])]
    pieces = [b"x" * 100] * (size // 100) + [b"x" * (size % 100)]
    answer = ask(app, "POST", "/rpc/1/files.put", headers, pieces)
    assert answer.status == status
    assert status == 200 or b"--max-upload" in answer.body


@pytest.mark.parametrize(
    "kind", ["application/json", "application/x-www-form-urlencoded; charset=utf-8", "application/geo+json"]
)
def test_texts_are_limited_further(kind: str):
    app, _ = guarded(max_text=1000)
    assert (
        ask(app, "POST", "/3/Parse", [LOCAL, ("content-type", kind)], [b"x" * 600, b"x" * 600]).status == 413
    )
    assert (
        ask(app, "POST", "/3/Parse", [LOCAL, ("content-type", "text/csv")], [b"x" * 600, b"x" * 600]).status
        == 200
    )


@pytest.mark.parametrize(
    ("headers", "path", "status"),
    [
        ([("content-encoding", "gzip")], "/", 415),
        ([("content-length", "-1")], "/", 400),
        ([("content-length", "1e3")], "/", 400),
        ([], "/" + "x" * 9000, 414),
        ([], "/?" + "x" * 40000, 414),
        ([("x-a", "1")] * 200, "/", 431),
    ],
)
def test_what_is_too_much_is_named(headers: list[tuple[str, str]], path: str, status: int):
    app, behind = guarded()
    assert ask(app, "POST", path, [LOCAL, *headers]).status == status
    assert behind.reached == 0


def test_so_many_requests_at_a_time():
    waiting = asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        await waiting.wait()
        await PlainTextResponse("done")(scope, receive, send)

    app = Guard(slow, NodeOptions(max_requests=3))

    async def run() -> None:
        tasks = [asyncio.create_task(asked(app, headers=[LOCAL])) for _ in range(3)]
        await asyncio.sleep(0)
        refused = await asked(app, headers=[LOCAL])
        assert (refused.status, refused.headers["retry-after"]) == (503, "1")
        waiting.set()
        assert [(await each).status for each in tasks] == [200] * 3
        assert (await asked(app, headers=[LOCAL])).status == 200

    asyncio.run(run())


def test_errors_have_the_form_of_the_door():
    app, _ = guarded(token=TOKEN)
    assert ask(app, "GET", "/3/Cloud", [LOCAL]).body.startswith(b'{"__meta"')
    assert ask(app, "GET", "/", [LOCAL]).headers["content-type"].startswith("text/plain")


def test_a_prefix_may_be_there_or_be_taken_away_by_a_proxy():
    app, _ = guarded(root_path="/a/h2o")
    for path, seen in (
        ("/a/h2o/3/Cloud", "/3/Cloud"),
        ("/3/Cloud", "/3/Cloud"),
        ("/a/h2o", "/"),
        ("/a/h2ox", "/a/h2ox"),
    ):
        assert ask(app, "GET", path, [LOCAL]).body.decode() == f"{seen} 0"


def test_the_log_of_requests_has_no_secrets(caplog: pytest.LogCaptureFixture):
    app, _ = guarded(token=TOKEN, access_log=True)
    link = app.new_link()
    with caplog.at_level(logging.INFO, logger="h2o.node"):
        ask(app, "GET", f"/{link}", [LOCAL])
        ask(app, "GET", f"/3/Cloud?token={TOKEN}", [LOCAL, ("authorization", f"Bearer {TOKEN}")])
        ask(app, "GET", "/a\nINFO h2o.node: forged", [LOCAL])
    assert len(caplog.messages) == 3
    assert "127.0.0.1 GET /3/Cloud 200" in caplog.messages[1]
    assert TOKEN not in caplog.text
    assert link.rpartition("/")[2] not in caplog.text
    assert "\n" not in caplog.messages[2]
    assert TOKEN not in repr(NodeOptions(token=TOKEN))
