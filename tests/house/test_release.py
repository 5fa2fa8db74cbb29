"""A release is made as a whole or refused, and a rehearsal changes nothing."""

from __future__ import annotations

import datetime
import re
import shutil
import subprocess

import pytest

from release import __main__ as command
from release import changelog, places, steps

from .tree import ROOT

ENTRY = "### Added\n\n- Something that users wish for.\n"


def git(root, *arguments):
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A repository with the files that a release changes, as they are here, and a section for 7.8.9."""
    root = tmp_path / "checkout"
    for name in places.PLACES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, root / name)
    (root / "Makefile").write_text("".join(f"{target}:\n\techo building\n" for target in steps.BUILDS))
    places.write(root, "7.8.8.dev0")
    (root / "CHANGELOG.md").write_text(
        f"# Changelog\n\n## Unreleased\n\n## 7.8.9\n\n{ENTRY}\n## 7.8.7 - 2026-01-02\n\n- Old.\n"
    )
    for variable in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(variable, raising=False)
    git(root, "init", "--quiet", "--initial-branch", "main")
    git(root, "config", "user.name", "Somebody")
    git(root, "config", "user.email", "somebody@example.org")
    commit(root)
    return root


def commit(root):
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "State")


def state(root):
    files = {
        path: path.read_bytes() for path in root.rglob("*") if path.is_file() and ".git" not in path.parts
    }
    return files, git(root, "for-each-ref"), git(root, "status", "--porcelain")


def test_a_rehearsal_shows_all_and_changes_nothing(checkout, capsys):
    before = state(checkout)
    assert command.main(["7.8.9", "--dry-run"], checkout) == 0
    assert state(checkout) == before
    shown = capsys.readouterr().out
    for place in places.PLACES:
        assert f"+++ b/{place}" in shown
    assert "Release 7.8.9" in shown and "Begin 7.8.10.dev0" in shown
    assert re.search(r"^\+## 7\.8\.9 - \d{4}-\d\d-\d\d$", shown, re.MULTILINE)
    assert shown.count(ENTRY.strip()) == 1  # in the tag


def test_a_release_is_commit_tag_and_a_new_beginning(checkout, monkeypatch):
    built: list[str] = []
    monkeypatch.setattr(steps, "_run", keeping(built, steps._run))
    steps.make(checkout, "7.8.9", datetime.date(2026, 3, 4))
    assert built == list(steps.BUILDS)
    assert git(checkout, "log", "--format=%s").splitlines() == ["Begin 7.8.10.dev0", "Release 7.8.9", "State"]
    assert git(checkout, "rev-parse", "v7.8.9^{commit}") == git(checkout, "rev-parse", "HEAD~1")
    message = git(checkout, "for-each-ref", "--format=%(contents)", "refs/tags/v7.8.9")
    assert message.strip() == f"heavywater 7.8.9\n\n{ENTRY}".strip()
    assert state(checkout)[2] == ""
    assert places.current(checkout) == "7.8.10.dev0"
    assert "Version: 7.8.10.9000" in (checkout / "rfront" / "DESCRIPTION").read_text().splitlines()
    text = (checkout / "CHANGELOG.md").read_text()
    assert text.startswith(f"# Changelog\n\n## Unreleased\n\n## 7.8.9 - 2026-03-04\n\n{ENTRY}")
    git(checkout, "checkout", "--quiet", "v7.8.9")
    assert places.current(checkout) == "7.8.9"


def keeping(built, run):
    """What runs commands, but for those of make, which are kept in a list."""

    def instead(root, *words, quiet=False):
        if words[0] == "make":
            built.append(words[1])
            return ""
        return run(root, *words, quiet=quiet)

    return instead


def test_what_cannot_be_built_leaves_nothing(checkout, capsys):
    makefile = checkout / "Makefile"
    makefile.write_text("wheel:\n\t@test -f absent 2>/dev/null\n")
    commit(checkout)
    before = state(checkout)
    assert command.main(["7.8.9"], checkout) == 1
    assert "make wheel failed" in capsys.readouterr().err
    assert state(checkout) == before


@pytest.mark.parametrize(
    "version", ["7.8.8.dev1", "7.8.9rc1", "v7.8.9", "7.8", "07.8.9", "", "7.8.9\n", "--all"]
)
def test_versions_have_three_numbers(checkout, version):
    with pytest.raises(steps.Refused, match=r"1\.2\.3"):
        steps.look(checkout, version)


@pytest.mark.parametrize("version", ["7.8.7", "7.7.99", "0.9.0"])
def test_versions_rise(checkout, version):
    with pytest.raises(steps.Refused, match=r"not newer than 7\.8\.8\.dev0"):
        steps.look(checkout, version)


@pytest.mark.parametrize(
    ("version", "than", "newer"),
    [
        ("1.2.3", "1.2.3.dev0", True),
        ("1.2.3", "1.2.3rc1", True),
        ("1.2.3", "1.2.3", False),
        ("1.10.0", "1.9.0", True),
        ("2.0.0", "1.9.9", True),
        ("1.2.2", "1.2.3.dev0", False),
    ],
)
def test_order_of_versions(version, than, newer):
    assert places.is_newer(version, than) is newer


def test_each_kind_of_next_version_follows_what_is_begun():
    begun = places.following("1.2.3")
    assert all(places.is_newer(version, begun) for version in ("1.2.4", "1.3.0", "2.0.0"))
    assert not places.is_newer("1.2.3", begun)


@pytest.mark.parametrize("name", ["CHANGELOG.md", "new.txt"])
def test_a_dirty_tree_is_refused(checkout, name, capsys):
    with (checkout / name).open("a") as file:
        file.write("more\n")
    for option in ([], ["--dry-run"]):
        assert command.main(["7.8.9", *option], checkout) == 1
        assert name in capsys.readouterr().err
    assert git(checkout, "tag") == ""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("## 7.8.9\n", "## 7.8.10\n", "no section"),
        ("## 7.8.9\n", "## 7x8.9\n", "no section"),
        (ENTRY, "", "with entries"),
        ("## Unreleased\n", "## Unreleased\n\n- Forgotten.\n", "Unreleased"),
    ],
)
def test_the_changelog_has_to_have_it(checkout, old, new, message):
    path = checkout / "CHANGELOG.md"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))
    commit(checkout)
    with pytest.raises(steps.Refused, match=message):
        steps.look(checkout, "7.8.9")


def test_other_branches_and_taken_tags_are_refused(checkout):
    git(checkout, "tag", "v7.8.9")
    with pytest.raises(steps.Refused, match=r"tag v7\.8\.9"):
        steps.look(checkout, "7.8.9")
    git(checkout, "checkout", "--quiet", "-b", "other")
    with pytest.raises(steps.Refused, match="other"):
        steps.look(checkout, "7.9.0")


def test_files_that_disagree_are_refused(checkout):
    path = checkout / "rfront" / "DESCRIPTION"
    path.write_text(path.read_text().replace("7.8.8.9000", "7.8.7"))
    with pytest.raises(steps.Refused, match=r"rfront/DESCRIPTION has version 7\.8\.7"):
        steps.look(checkout, "7.8.9")


def test_this_checkout_names_one_version():
    import heavywater

    assert places.current(ROOT) == heavywater.__version__


def test_the_changelog_here_has_sections():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    names = re.findall(r"^## (\S+)", text, re.MULTILINE)
    assert names and all(changelog.section(text, name) is not None for name in names)
    assert all(name == "Unreleased" or places.FINAL.fullmatch(name) for name in names)
