"""Who may take part: a secret in a file that only its owner can read, and the proof of it by both sides.

The leader sends a nonce and the number of its run; the node a nonce of its own and a keyed sum (HMAC-SHA256) over its role,
the run and both nonces; the leader answers with the sum of its role. So the secret itself never travels, a recorded
conversation is of no use another time, and neither side's sum can be sent back as the other's.
"""

from __future__ import annotations

import hmac
import os
import secrets
import socket
import stat
import time

from ..errors import InvalidArgument
from .framing import Kind, LinkLost, NotGreeted, receive, send

SIZE = 32  # bytes of the secret, of nonces and of proofs
SECONDS = 2.0  # for the whole handshake
_LIMIT = 128  # bytes of each frame before the other side is known
RUN_SIZE = 16  # bytes of the number of a run
HOW_TO_MAKE = (
    f"Make one with 'umask 077; openssl rand -hex {SIZE} > FILE', and bring the same file to every machine"
)


def new_secret() -> bytes:
    """A secret that nobody knows yet."""
    return secrets.token_bytes(SIZE)


def new_secret_file(path: str) -> bytes:
    """Make a secret and write it to a new file that only this user can read."""
    secret = new_secret()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(secret)
    return secret


def private_content(
    path: str | os.PathLike[str], about: str, how_to_make: str, most: int = 4 * SIZE
) -> bytes:
    """The first bytes of a file that only its owner may read.

    Parameters
    ----------
    path : str or path
    about : str
        Name of the parameter that names it, for errors.
    how_to_make : str
        A sentence, for errors.
    most : int
        So many bytes.

    Raises
    ------
    InvalidArgument
        No such file, or others may read or change it.
    """
    path = os.path.expanduser(os.fspath(path))
    try:
        with open(path, "rb") as file:
            mode, content = os.fstat(file.fileno()).st_mode, file.read(most)
    except OSError as error:
        raise InvalidArgument(f"{about}={path!r} cannot be read ({error.strerror}). {how_to_make}") from error
    if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
        raise InvalidArgument(
            f"{about}={path!r} is open to others (mode {stat.S_IMODE(mode):o}); "
            "make it yours alone (chmod 600), and make a new secret if others may have read it"
        )
    return content


def read_secret(path: str | os.PathLike[str]) -> bytes:
    """The secret in a file: 32 bytes, or 64 hexadecimal digits.

    Raises
    ------
    InvalidArgument
        No such file, others may read or change it, or it holds no secret.
    """
    content = private_content(path, "secret_file", HOW_TO_MAKE)
    path = os.path.expanduser(os.fspath(path))
    if len(content) == SIZE:
        return content
    try:
        found = bytes.fromhex(content.decode("ascii"))
    except ValueError:
        found = b""
    if len(found) != SIZE:
        raise InvalidArgument(
            f"secret_file={path!r} must hold {SIZE} bytes, or {2 * SIZE} hexadecimal digits. {HOW_TO_MAKE}"
        )
    return found


def admit(connection: socket.socket, secret: bytes, run: bytes, deadline: float | None = None) -> None:
    """Let a node in that knows the secret, and prove to it that this side does, too; by a moment of `time.monotonic`.

    Raises
    ------
    LinkLost
        It does not, is silent, or no node of this version.
    """
    deadline = time.monotonic() + SECONDS if deadline is None else deadline
    connection.settimeout(max(0.001, deadline - time.monotonic()))
    nonce = secrets.token_bytes(SIZE)
    send(connection, Kind.CHALLENGE, run + nonce)
    theirs, proof = _two(connection, Kind.PROOF, deadline)
    if not hmac.compare_digest(proof, _proof(secret, b"node", run, nonce, theirs)):
        raise LinkLost("the other side does not know the secret")
    send(connection, Kind.ANSWERED_PROOF, _proof(secret, b"leader", run, nonce, theirs))
    connection.settimeout(None)


def present(connection: socket.socket, secret: bytes, expected: bytes | None = None) -> None:
    """The node's side of `admit`; `expected`: the number of the run, where it is known."""
    deadline = time.monotonic() + SECONDS
    connection.settimeout(SECONDS)
    try:
        content = _expected(connection, Kind.CHALLENGE, RUN_SIZE + SIZE, deadline)
    except LinkLost as error:
        raise NotGreeted(f"{error}. Does the session want TLS?") from error
    run, theirs = content[:RUN_SIZE], content[RUN_SIZE:]
    if expected is not None and run != expected:
        raise LinkLost("the other side is in another run")
    nonce = secrets.token_bytes(SIZE)
    send(connection, Kind.PROOF, nonce + _proof(secret, b"node", run, theirs, nonce))
    try:
        proof = _expected(connection, Kind.ANSWERED_PROOF, SIZE, deadline)
    except LinkLost as error:
        raise LinkLost(f"the leader has not let this node in: is it the same secret? ({error})") from error
    if not hmac.compare_digest(proof, _proof(secret, b"leader", run, theirs, nonce)):
        raise LinkLost("the leader does not know the secret")
    connection.settimeout(None)


def new_run() -> bytes:
    """The number of a run of a leader."""
    return secrets.token_bytes(RUN_SIZE)


def _two(connection: socket.socket, kind: Kind, deadline: float) -> tuple[bytes, bytes]:
    content = _expected(connection, kind, 2 * SIZE, deadline)
    return content[:SIZE], content[SIZE:]


def _expected(connection: socket.socket, kind: Kind, size: int, deadline: float) -> bytes:
    found, content = receive(connection, _LIMIT, deadline)
    if found != kind or len(content) != size:
        raise LinkLost("the other side does not keep to the protocol")
    return bytes(content)


def _proof(secret: bytes, role: bytes, run: bytes, leader: bytes, node: bytes) -> bytes:
    return hmac.digest(secret, b"heavywater %s\0" % role + run + leader + node, "sha256")
