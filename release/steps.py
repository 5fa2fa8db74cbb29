"""The steps of a release, and what stands against one."""

from __future__ import annotations

import datetime
import subprocess
import tempfile
from pathlib import Path

from . import changelog, places

BUILDS = (
    "wheel",
    "vignettes",
    "docs",
)  # targets of make; what they make is in dist, build/vignettes and build/docs
BRANCH = "main"
CHANGELOG = "CHANGELOG.md"


class Refused(Exception):
    """There is something that has to be done first."""


def make(root: Path, version: str, today: datetime.date) -> None:
    """Make a release: version and changelog, wheel, vignettes and manual, commit, tag, and the commit that opens the next version.

    Nothing leaves the machine: what is to be pushed is said at the end. If something cannot be built, all files are as
    they were.

    Raises
    ------
    Refused
        See `look`; or something could not be built.
    """
    look(root, version)
    try:
        _write(root, version, today)
        for target in BUILDS:
            _run(root, "make", target)
    except BaseException:
        _git(root, "checkout", "--quiet", "--", *_changed())
        raise
    _commit(root, version)
    print(f"Tagged v{version}. To publish it: git push --atomic origin {BRANCH} v{version}")


def rehearse(root: Path, version: str, today: datetime.date) -> None:
    """Do in a copy what `make` does, with no more than a look at what it would build, and show it.

    Raises
    ------
    Refused
        See `look`.
    """
    look(root, version)
    who = [(key, _git(root, "config", key)) for key in ("user.name", "user.email")]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        _git(root, "clone", "--quiet", "--branch", BRANCH, str(root), str(copy))
        for key, value in who:
            _git(copy, "config", key, value)
        _write(copy, version, today)
        for target in BUILDS:
            _run(copy, "make", "--dry-run", target, quiet=True)
        _commit(copy, version)
        print(_git(copy, "log", "--reverse", "--patch", "--unified=0", "--format=%n%h %s", f"v{version}~1.."))
        print(_git(copy, "cat-file", "tag", f"v{version}"))
        print(f"\nNothing was changed here. Without --dry-run: make {' '.join(BUILDS)}, before the commit.")


def look(root: Path, version: str) -> None:
    """Look whether a release can be made.

    Raises
    ------
    Refused
        The version is not of the form 1.2.3, not newer than the current one or tagged already; the checkout is on another
        branch, has changes that are not committed or files that git does not know; the changelog has no entries for the
        version, or some in the section that is not released.
    """
    if not places.FINAL.fullmatch(version):
        raise Refused(f"{version!r} is no version of the form 1.2.3")
    try:
        current = places.current(root)
    except ValueError as error:
        raise Refused(str(error)) from None
    if not places.is_newer(version, than=current):
        raise Refused(f"{version} is not newer than {current}, the version of the checkout")
    if _git(root, "tag", "--list", f"v{version}"):
        raise Refused(f"there is a tag v{version} already")
    branch = _git(root, "branch", "--show-current")
    if branch != BRANCH:
        raise Refused(f"releases are made on the branch {BRANCH}; this is {branch or 'none'}")
    if dirty := _git(root, "status", "--porcelain"):
        raise Refused(f"commit or remove first:\n{dirty}")
    _look_at_changelog((root / CHANGELOG).read_text(encoding="utf-8"), version)


def _look_at_changelog(text: str, version: str) -> None:
    if not changelog.has_entries(changelog.section(text, version)):
        raise Refused(
            f'{CHANGELOG} has no section "## {version}" with entries; '
            f'give "## {changelog.UNRELEASED}" that heading, and tell users in their words what is new'
        )
    if changelog.has_entries(changelog.section(text, changelog.UNRELEASED)):
        raise Refused(
            f'the section "{changelog.UNRELEASED}" of {CHANGELOG} has entries; move them to {version}'
        )


def _write(root: Path, version: str, today: datetime.date) -> None:
    places.write(root, version)
    _rewrite_changelog(root, changelog.dated((root / CHANGELOG).read_text(encoding="utf-8"), version, today))


def _commit(root: Path, version: str) -> None:
    """Commit and tag the version, then open the next one."""
    _git(root, "commit", "--quiet", "--message", f"Release {version}", "--", *_changed())
    text = (root / CHANGELOG).read_text(encoding="utf-8")
    # headings begin as comments of git do, so that they have to be kept by name
    _git(root, "tag", "--annotate", "--cleanup=verbatim", f"v{version}",
         "--message", f"heavywater {version}\n\n{changelog.section(text, version)}\n")  # fmt: skip
    following = places.following(version)
    places.write(root, following)
    _rewrite_changelog(root, changelog.reopened(text, version))
    _git(root, "commit", "--quiet", "--message", f"Begin {following}", "--", *_changed())


def _rewrite_changelog(root: Path, text: str) -> None:
    (root / CHANGELOG).write_text(text, encoding="utf-8")


def _changed() -> list[str]:
    return [CHANGELOG, *places.PLACES]


def _git(root: Path, *arguments: str) -> str:
    return _run(root, "git", *arguments, quiet=True)


def _run(root: Path, *command: str, quiet: bool = False) -> str:
    """What a command prints, or nothing where it may print itself."""
    pipe = subprocess.PIPE if quiet else None
    done = subprocess.run(command, cwd=root, text=True, stdout=pipe, stderr=pipe, check=False)
    if done.returncode != 0:
        raise Refused(f"{' '.join(command[:3])} failed{': ' + done.stderr.strip() if quiet else ''}")
    return done.stdout.strip() if quiet else ""
