"""Files behind addresses such as s3://, gs:// and hdfs://, through the file systems of pyarrow and fsspec."""

from __future__ import annotations

import fnmatch
import os
import re
import threading
import urllib.parse
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from ...errors import HeavywaterError, InvalidArgument, ParseError

_ALIASES = {"s3a": "s3", "s3n": "s3", "gcs": "gs"}
_WITH_ARROW = ("s3", "gs", "hdfs", "viewfs", "abfs", "abfss")
_GIVE_UP = timedelta(seconds=10)


@dataclass(frozen=True, repr=False)
class S3Credentials:
    """What the session was told to sign requests with; None leaves it to the environment."""

    access_key: str
    secret_key: str
    session_token: str | None = None


_s3_credentials: S3Credentials | None = None
_lock = threading.Lock()


def set_s3_credentials(credentials: S3Credentials | None) -> None:
    """Sign further requests to S3 with these keys, in place of those of the environment."""
    global _s3_credentials
    with _lock:
        _s3_credentials = credentials


@dataclass(frozen=True)
class Place:
    """What an address means.

    Attributes
    ----------
    filesystem : pyarrow.fs.FileSystem
    path : str
        Name in it.
    size : int or None
        Of a file; None for a folder or a pattern.
    files : list of (str, int)
        Names in the file system and sizes of the files below a folder, or of those that a pattern matches.
    by_pattern : bool
    """

    address: str
    filesystem: Any
    path: str
    size: int | None
    files: list[tuple[str, int]]
    by_pattern: bool = False

    def address_of(self, name: str) -> str:
        """Address of another file of the file system."""
        address, sign, settings = self.address.partition("?")
        address = address.rstrip("/")
        start = address[: -len(self.path)] if self.path and address.endswith(self.path) else address + "/"
        return start + name + sign + settings


def find(address: str) -> Place:
    """The file, the folder or the files that an address means.

    Raises
    ------
    ParseError
        There is nothing, or the server cannot be reached.
    """
    from pyarrow import fs

    filesystem, path = _connect(address)
    try:
        magic = re.search(r"[*?\[]", path)
        if magic:
            base = path[: magic.start()].rpartition("/")[0]
            found = filesystem.get_file_info(fs.FileSelector(base, recursive=True, allow_not_found=True))
            files = [(i.path, i.size) for i in found if i.is_file and fnmatch.fnmatchcase(i.path, path)]
            if not files:
                raise ParseError(f"{address}: no file matches this pattern")
            return Place(address, filesystem, path, None, sorted(files), by_pattern=True)
        info = filesystem.get_file_info(path)
        if info.type == fs.FileType.NotFound:
            raise ParseError(f"{address}: no such file or folder")
        if info.is_file:
            return Place(address, filesystem, path, info.size, [])
        found = filesystem.get_file_info(fs.FileSelector(path, recursive=True))
    except HeavywaterError:
        raise
    except OSError as error:
        raise ParseError(f"{address}: {_reason(error)}") from None  # the cause may name keys
    return Place(address, filesystem, path, None, sorted((i.path, i.size) for i in found if i.is_file))


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())
    text = text if len(text) <= 300 else text[:300] + "..."
    if "libjvm" in text or "libhdfs" in text:
        return (
            "reading from HDFS needs a Hadoop client on this machine, named by JAVA_HOME, HADOOP_HOME and CLASSPATH; "
            "without one, webhdfs:// addresses can be read through fsspec"
        )
    if "ACCESS_DENIED" in text or "403" in text:
        return f"access is denied; set the credentials in the environment or with h2o.persist ({text})"
    return f"cannot be reached ({text})"


def _connect(address: str) -> tuple[Any, str]:
    scheme, _, rest = address.partition("://")
    scheme = _ALIASES.get(scheme.lower(), scheme.lower())
    try:
        if scheme == "s3" and "?" not in rest:
            return _s3(), rest.rstrip("/")
        if scheme == "gs" and "?" not in rest and "@" not in rest.partition("/")[0]:
            return _gcs(), rest.rstrip("/")
        if scheme in _WITH_ARROW:
            from pyarrow import fs

            filesystem, path = fs.FileSystem.from_uri(f"{scheme}://{rest}")
            return filesystem, path.rstrip("/")
        return _with_fsspec(f"{scheme}://{rest}")
    except (OSError, ValueError, TypeError) as error:
        if isinstance(error, InvalidArgument):
            raise
        raise ParseError(f"{address}: {_reason(error)}") from None  # the cause may name keys


def _s3() -> Any:
    from pyarrow import fs

    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    settings: dict[str, Any] = {
        "region": os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION"),
        "connect_timeout": _GIVE_UP.total_seconds(),
    }
    if endpoint:
        parts = urllib.parse.urlsplit(endpoint)
        settings |= {"endpoint_override": parts.netloc, "scheme": parts.scheme or "https"}
    if _s3_credentials is not None:
        settings |= {
            "access_key": _s3_credentials.access_key,
            "secret_key": _s3_credentials.secret_key,
            "session_token": _s3_credentials.session_token,
        }
    elif not _aws_is_configured():
        settings["anonymous"] = (
            True  # public buckets; asking for the keys of a machine at AWS would take seconds
        )
    return fs.S3FileSystem(**{name: value for name, value in settings.items() if value is not None})


def _aws_is_configured() -> bool:
    named = ("AWS_ACCESS_KEY_ID", "AWS_PROFILE", "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE")
    container = (
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_EXECUTION_ENV",
    )
    files = (
        os.environ.get("AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials"),
        os.environ.get("AWS_CONFIG_FILE", "~/.aws/config"),
    )
    return any(os.environ.get(name) for name in named + container) or any(
        os.path.exists(os.path.expanduser(file)) for file in files
    )


def _gcs() -> Any:
    from pyarrow import fs

    credentials = os.environ.get("GOOGLE_APPLICATION_CREDENTIALS") or os.path.exists(
        os.path.expanduser("~/.config/gcloud/application_default_credentials.json")
    )
    settings: dict[str, Any] = {"retry_time_limit": _GIVE_UP}
    if not credentials:
        settings["anonymous"] = True
    endpoint = os.environ.get("STORAGE_EMULATOR_HOST")
    if endpoint:
        parts = urllib.parse.urlsplit(endpoint if "://" in endpoint else f"http://{endpoint}")
        settings |= {"endpoint_override": parts.netloc, "scheme": parts.scheme}
    return fs.GcsFileSystem(**settings)


def _with_fsspec(address: str) -> tuple[Any, str]:
    from pyarrow import fs

    scheme = address.partition("://")[0]
    try:
        import fsspec
    except ImportError:
        raise InvalidArgument(
            f"path {address!r}: addresses of the kind {scheme}:// need fsspec: pip install 'heavywater[cloud]'"
        ) from None
    try:
        found, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise InvalidArgument(
            f"path {address!r}: {error}. Known without further packages are file, http, https, s3, gs, hdfs and abfs"
        ) from None
    return fs.PyFileSystem(fs.FSSpecHandler(found)), path.rstrip("/")
