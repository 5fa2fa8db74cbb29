"""Import over real protocols: HTTP servers of all manners, S3, and file systems of fsspec."""

import gzip
import traceback
import zipfile

import numpy as np
import pyarrow as pa
import pytest
from heavywater.errors import InvalidArgument, ParseError, RefusedRequest
from heavywater.frame.importing import filesystems, web
from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
from heavywater.session import LocalSession
from pyarrow import parquet

from .serving import Answers, serve

TEXT = b"a,b\n1,x\n2,y\n3,x\n"
LONG = b"a,b\n" + b"".join(b"%d,x%d\n" % (i, i % 7) for i in range(100_000))


def load(paths, pattern=None, threads=2, **options):
    return import_sources(expand(paths, pattern), Options(**options), threads)


def check(frame):
    assert frame.names == ["a", "b"]
    assert frame.column("a").values.tolist() == [1, 2, 3]
    assert frame.column("b").texts().tolist() == ["x", "y", "x"]


@pytest.fixture
def files(tmp_path):
    (tmp_path / "data.csv").write_bytes(TEXT)
    (tmp_path / "long.csv").write_bytes(LONG)
    (tmp_path / "data.csv.gz").write_bytes(gzip.compress(TEXT))
    with zipfile.ZipFile(tmp_path / "data.zip", "w") as archive:
        archive.writestr("one.csv", TEXT)
    parquet.write_table(pa.table({"a": [1, 2, 3], "b": ["x", "y", "x"]}), tmp_path / "data.parquet")
    return tmp_path


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    """Do not wait between attempts."""
    monkeypatch.setattr(web.time, "sleep", lambda seconds: None)


@pytest.mark.parametrize("name", ["data.csv", "data.csv.gz", "data.zip", "data.parquet"])
@pytest.mark.parametrize("way", ["plain", "ranges", "nolength", "moved/plain", "moved/moved/ranges"])
def test_http_servers_of_all_manners(files, name, way):
    with serve(files) as (address, _):
        check(load(f"{address}/{way}/{name}"))


def test_broken_transfer_goes_on_where_the_server_can_send_parts(files):
    with serve(files) as (address, requests):
        frame = load(f"{address}/breaks/300000/ranges/long.csv")
    assert frame.column("a").values.tolist() == list(range(100_000))
    ranges = [wanted for _, wanted in requests]
    assert ranges[0] is None
    assert len(ranges) == 1 + len(LONG) // 300_000
    assert int(ranges[1].removeprefix("bytes=").rstrip("-")) == 300_000


def test_broken_transfer_without_parts_names_file_and_line(files):
    with serve(files) as (address, _), pytest.raises(ParseError) as caught:
        load(f"{address}/breaks/300000/long.csv")
    line = LONG[:300_000].count(b"\n") + 1
    assert f"long.csv, line {line}: the transfer broke off after 300000 bytes" in str(caught.value)


def test_file_that_changes_meanwhile_is_refused(files):
    with serve(files) as (address, _), pytest.raises(ParseError, match="the file was changed meanwhile"):
        load(f"{address}/changes/300000/long.csv")


def test_server_that_sends_nothing_more_is_given_up(files):
    with serve(files) as (address, requests), pytest.raises(ParseError, match="broke off after 0 bytes"):
        load(f"{address}/breaks/0/ranges/long.csv")
    assert len(requests) == 1 + web.ATTEMPTS


def test_missing_page_and_no_server(files):
    with serve(files) as (address, _), pytest.raises(ParseError, match=r"none\.csv: the server answered 404"):
        load(f"{address}/plain/none.csv")
    with pytest.raises(ParseError, match=r"data\.csv: no connection"):
        load(f"{address}/plain/data.csv")


@pytest.mark.parametrize(
    "elsewhere", ["ftp://127.0.0.1/x.csv", "file:///etc/passwd", "data:,a", "gopher://h/x"]
)
def test_redirections_go_to_http_only(files, elsewhere):
    with serve(files) as (address, _), pytest.raises(ParseError):
        load(f"{address}/to/{elsewhere}")


def test_user_and_password_open_a_page_and_go_to_no_other_server(files):
    with serve(files) as (address, _), serve(files) as (other, _):
        closed = address.replace("://", "://me:p%40ss@")
        check(load(f"{closed}/closed/data.csv"))
        Answers.users.clear()
        check(load(f"{closed}/to/{other}/plain/data.csv"))
        assert [user is not None for user in Answers.users] == [True, False]


SECRET = "hush42"
SECRETS = [
    "http://me:{}@127.0.0.1:{}/plain/none.csv",
    "http://{}@127.0.0.1:{}/plain/none.csv",
    "http://127.0.0.1:{1}/plain/none.csv?X-Amz-Signature={0}&x=1",
    "http://127.0.0.1:{1}/plain/none.csv?a=1&sig={0}",
    "http://127.0.0.1:{1}/plain/none.csv?access_token={0}",
    "http://127.0.0.1:{1}/plain/none.csv#api_key={0}",
    "http://me:{0}/x@127.0.0.1:{1}/plain/none.csv",
    "http://me:{0} @127.0.0.1:{1}/plain/none.csv",
    "http://me:{0}@127.0.0.1:nine/plain/none.csv",
    "http://me:{0}@[::1/none.csv",
    "https://me:{0}@127.0.0.1:{1}/none.csv",
    "s3://key:{0}@bucket/none.csv?endpoint_override=127.0.0.1:9&scheme=http&connect_timeout=0.1&request_timeout=0.1",
    "ftp://me:{0}@127.0.0.1:9/none.csv",
    "nonesuch://me:{0}@127.0.0.1/none.csv",
]


@pytest.mark.parametrize("address", SECRETS)
def test_errors_show_no_password_and_no_token(files, address):
    with serve(files) as (server, _), pytest.raises(RefusedRequest) as caught:
        load(address.format(SECRET, server.rpartition(":")[2]))
    assert SECRET not in "".join(traceback.format_exception(caught.value))
    assert SECRET not in repr(caught.value)


def test_setups_and_names_of_files_hide_secrets_and_can_be_given_back(files):
    with serve(files) as (address, _):
        whole = f"{address}/plain/data.csv?token=hush42".replace("://", "://me:hush42@")
        (source,) = expand(whole)
        assert "hush42" not in source.location
        (again,) = expand(source.location)
        assert again == source
        setup = LocalSession().files.parse_setup(whole)
    assert "hush42" not in str(setup)
    assert setup["destination_frame"] == "data.hex"


def test_several_addresses_give_one_frame_and_progress(files):
    shares: list[float] = []
    with serve(files) as (address, _):
        sources = expand([f"{address}/plain/long.csv", f"{address}/nolength/long.csv"])
        frame = import_sources(sources, Options(), 2, shares.append)
    assert frame.nrow == 200_000
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.5 <= shares[-1] <= 1


# -- S3 ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def s3_server():
    moto = pytest.importorskip("moto.server", reason="moto's server plays S3: pip install 'moto[server]'")
    import boto3

    server = moto.ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "us-east-1"}
    client = boto3.client("s3", endpoint_url=f"http://{host}:{port}", **keys)
    client.create_bucket(Bucket="bucket")
    out = pa.BufferOutputStream()
    parquet.write_table(pa.table({"a": [1, 2, 3], "b": ["x", "y", "x"]}), out)
    for name, content in {
        "one/data.csv": TEXT,
        "one/more.csv": b"a,b\n4,y\n",
        "one/_SUCCESS": b"done",
        "one/deep/other.txt": b"a,b\n5,z\n",
        "packed/data.csv.gz": gzip.compress(TEXT),
        "tables/data.parquet": out.getvalue().to_pybytes(),
        "long.csv": LONG,
    }.items():
        client.put_object(Bucket="bucket", Key=name, Body=content)
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def s3(s3_server, monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")


@pytest.mark.parametrize("scheme", ["s3", "s3a", "s3n"])
@pytest.mark.parametrize("path", ["one/data.csv", "packed/data.csv.gz", "tables/data.parquet"])
def test_files_on_s3(s3, scheme, path):
    check(load(f"{scheme}://bucket/{path}"))


def test_folders_and_patterns_on_s3(s3):
    sources = expand("s3://bucket/one/")
    assert [s.location for s in sources] == [
        "s3://bucket/one/data.csv",
        "s3://bucket/one/deep/other.txt",
        "s3://bucket/one/more.csv",
    ]
    assert load("s3://bucket/one").nrow == 5
    assert load("s3://bucket/one", pattern=r"\.csv$").nrow == 4
    assert load("s3://bucket/one/*.csv").nrow == 4
    assert load([s.location for s in sources]).nrow == 5
    assert load("s3://bucket/long.csv").column("a").values[-1] == 99_999


@pytest.mark.parametrize(
    ("address", "message"),
    [
        ("s3://bucket/none.csv", "no such file or folder"),
        ("s3://bucket/one/*.orc", "no file matches"),
        ("s3://nobucket/data.csv", "no such file or folder"),
    ],
)
def test_missing_files_on_s3(s3, address, message):
    with pytest.raises(ParseError, match=message) as caught:
        load(address)
    assert str(caught.value).startswith(address)


def test_settings_in_the_address(s3_server, monkeypatch):
    endpoint = s3_server.removeprefix("http://")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    settings = f"?scheme=http&endpoint_override={endpoint}&region=us-east-1"
    check(load(f"s3://bucket/one/data.csv{settings}"))
    assert expand(f"s3://bucket/one{settings}")[0].location == f"s3://bucket/one/data.csv{settings}"


def test_no_server_for_s3(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(ParseError, match=r"s3://bucket/data\.csv: cannot be reached"):
        load("s3://bucket/data.csv")


def test_credentials_of_the_session(s3_server, monkeypatch):
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_ENDPOINT_URL", s3_server)
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    made = {}

    class Recorded(pa.fs.S3FileSystem):
        def __init__(self, **settings):
            made.update(settings)
            super().__init__(**settings)

    monkeypatch.setattr(pa.fs, "S3FileSystem", Recorded)
    filesystems.set_s3_credentials(filesystems.S3Credentials("my key", "my secret", "my token"))
    try:
        check(load("s3://bucket/one/data.csv"))
        assert (made["access_key"], made["secret_key"], made["session_token"]) == (
            "my key",
            "my secret",
            "my token",
        )
        assert "my secret" not in repr(filesystems.S3Credentials("my key", "my secret"))
    finally:
        filesystems.set_s3_credentials(None)


# -- other file systems -----------------------------------------------------------------------------------


def test_file_systems_of_fsspec():
    fsspec = pytest.importorskip("fsspec")
    memory = fsspec.filesystem("memory")
    memory.pipe({"/import/one.csv": TEXT, "/import/two.csv": b"a,b\n4,z\n"})
    try:
        check(load("memory://import/one.csv"))
        assert load("memory://import").nrow == 4
        assert load("memory://import/t*.csv").column("a").values.tolist() == [4]
    finally:
        memory.rm("/import", recursive=True)


def test_unknown_addresses_say_what_is_known():
    with pytest.raises(InvalidArgument, match=r"nothing://x.*Known without further packages are file, http"):
        load("nothing://x/y.csv")


def test_hdfs_without_a_client_says_what_it_takes(monkeypatch):
    monkeypatch.setenv("JAVA_HOME", "/nonexistent")
    with pytest.raises(ParseError, match=r"hdfs://.*(needs a Hadoop client|cannot be reached)"):
        load("hdfs://localhost:1/data.csv")


class FailingFile:
    """A file whose disk fails half-way."""

    def __init__(self, content, good):
        self._content, self._good, self._position = content, good, 0

    def readinto(self, buffer):
        if self._position >= self._good:
            raise OSError(5, "Input/output error")
        part = self._content[self._position : min(self._good, self._position + len(buffer))]
        buffer[: len(part)] = part
        self._position += len(part)
        return len(part)

    def read(self, size):
        buffer = bytearray(size)
        return bytes(buffer[: self.readinto(buffer)])

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_failing_disk_names_file_and_line(tmp_path, monkeypatch, pack):
    from heavywater.frame.importing import sources

    rng = np.random.default_rng(1)
    content = b"a\n" + b"".join(b"%d\n" % n for n in rng.integers(0, 10**9, 300_000))
    packed = pack(content)
    path = tmp_path / "data.csv"
    path.write_bytes(packed)
    monkeypatch.setattr(sources, "FileIO", lambda *_: FailingFile(packed, len(packed) // 2))
    with pytest.raises(ParseError, match=r"data\.csv, line \d{5,}: reading failed .*Input/output error"):
        load(path)
