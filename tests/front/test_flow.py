"""The session of this process, opened to others."""

from __future__ import annotations

import urllib.error
import urllib.request

import h2o
import pytest
from h2o.functions.flow import _has_screen
from heavywater.errors import Unreachable
from heavywater.exchange import table_of
from heavywater.session import connect

pytestmark = pytest.mark.same_process


class Opened:
    """Addresses that browsers were opened at, in place of browsers."""

    def __init__(self):
        self.links, self.works = [], True

    def open(self, link, new):
        self.links.append(link)
        return self.works


@pytest.fixture
def browsers(monkeypatch):
    found = Opened()
    monkeypatch.setattr("webbrowser.open", found.open)
    for name in ("BROWSER", "DISPLAY", "WAYLAND_DISPLAY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    return found


@pytest.fixture
def session(browsers):
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
    assert b"h2o.init(url=...)" in browser.open(opened.url).read()
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


def test_where_there_is_a_screen_a_browser_opens(session, browsers, monkeypatch, capsys):
    monkeypatch.setattr("sys.platform", "linux")
    assert h2o.flow().url in capsys.readouterr().out
    assert browsers.links == []
    monkeypatch.setenv("DISPLAY", ":0")
    opened = h2o.flow()
    (link,) = browsers.links
    assert link.startswith(f"{opened.url}/login/")
    told = capsys.readouterr().out
    assert "In a browser" not in told and "h2o.connect" in told
    jar = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    jar.addheaders = [("Accept", "text/html")]
    assert b"<nav" in jar.open(link).read()  # it lets in
    h2o.flow(open_browser=False)
    assert len(browsers.links) == 1
    monkeypatch.setattr("h2o.functions.flow.in_ipy", lambda: True)
    h2o.flow()
    assert len(browsers.links) == 1
    browsers.works = False
    capsys.readouterr()
    h2o.flow(open_browser=True)
    assert "In a browser, once and within ten minutes: http" in capsys.readouterr().out
    opened.close()


def test_browsers_of_other_systems_and_editors(browsers, monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    assert _has_screen()
    monkeypatch.setenv("SSH_CONNECTION", "1.2.3.4")
    assert not _has_screen()
    monkeypatch.setattr("sys.platform", "linux")
    assert not _has_screen()
    monkeypatch.setenv("BROWSER", "/editor/open")
    assert _has_screen()


def test_in_a_notebook_it_shows_itself(session):
    h2o.H2OFrame({"a": [1, 2]}, destination_frame="shown")
    opened = h2o.flow()
    shown = opened._repr_html_()
    assert f'href="{opened.url}/login/' in shown and "0 models, 0 running jobs" in shown
    assert f"{len(h2o.connection().session.objects.keys('frame'))} frame" in shown
    assert "<iframe" not in shown and opened.token not in shown
    opened.close()
    assert "is no more" in opened._repr_html_()
