"""The session of this process, opened to others."""

from __future__ import annotations

import urllib.error
import urllib.request

import h2o
import pytest
from heavywater.errors import Unreachable
from heavywater.exchange import table_of
from heavywater.session import connect

pytestmark = pytest.mark.same_process


@pytest.fixture
def session():
    h2o.init(verbose=False)
    yield h2o.connection().session
    h2o.remove_all()


def test_others_share_frames_and_models(session, capsys):
    frame = h2o.H2OFrame({"a": [1, 2]}, destination_frame="shared")
    opened = h2o.flow()
    told = capsys.readouterr().out
    assert opened.url in told and opened.token not in told and opened.token not in repr(opened)
    assert h2o.flow().url == opened.url
    with pytest.raises(Unreachable):
        connect(opened.url)
    other = connect(opened.url, token=opened.token)
    assert other.frames.fetch("shared")["a"].to_pylist() == [1, 2]
    other.frames.upload(table_of({"b": [3]}), "theirs")
    assert h2o.get_frame("theirs").as_data_frame(use_pandas=False) == [["b"], ["3"]]
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    assert browser.open(opened.link()).status == 200
    assert b"h2o.connect(url=...)" in browser.open(opened.url).read()
    assert frame.nrow == 2
    opened.close()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(opened.url)
    assert h2o.get_frame("shared").nrow == 2


def test_it_ends_with_the_session(session):
    opened = h2o.flow()
    h2o.shutdown()
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(opened.url)
    h2o.init(verbose=False)
    assert h2o.flow().token != opened.token
    h2o.shutdown()
