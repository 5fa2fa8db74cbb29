"""What the project offers to those who work on it is so: targets, hooks, workflows, forms, the recipe."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import tomllib

import pytest
import yaml

from release import recipe, steps, wheels

from .tree import FRONT, ROOT, files, modules, named

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PHONY = set(re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split())
PARTS = {"setup", "r", "programs", "rvignettes"} | {  # of other targets, or in their lines of the list
    f"lint-{part}" for part in ("c", "generated", "js", "packages", "python", "r", "types", "workflows")
}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
WORKFLOWS = sorted((ROOT / ".github" / "workflows").iterdir())
FORMS = sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml"))
LABELS = {"bug", "documentation", "enhancement", "help wanted", "question"}  # those of every repository


def test_help_lists_the_targets():
    done = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    listed = set(re.findall(r"^make ([a-z-]+) ", done.stdout, re.MULTILINE))
    assert listed == set(re.findall(r"^# make ([a-z-]+) ", MAKEFILE, re.MULTILINE))
    assert listed - PHONY == set()
    assert PHONY - listed <= PARTS
    assert "#" not in done.stdout


def test_targets_are_phony_and_there():
    there = set(re.findall(r"^([a-z-]+):(?!=)", MAKEFILE, re.MULTILINE))
    assert there == PHONY
    assert set(steps.BUILDS) <= there


def linted():
    """Targets of what `make test` lints, the parts of `lint` one by one."""
    targets = re.search(r"\$\(MAKE\) .* (lint.*)$", MAKEFILE, re.MULTILINE)[1].split()
    parts = re.search(r"^lint: (.*)$", MAKEFILE, re.MULTILINE)[1].split()
    return {*targets, *parts} - {"lint"}


def test_hooks_are_what_lint_does():
    (repository,) = HOOKS
    assert repository["repo"] == "local"
    entries = [hook["entry"] for hook in repository["hooks"]]
    assert sorted(entries) == sorted(f"make --silent {target}" for target in linted())
    assert all(hook["language"] == "system" and not hook["pass_filenames"] for hook in repository["hooks"])


def test_hooks_see_the_files_that_lint_reads():
    patterns = {hook["id"]: re.compile(hook["files"]) for hook in HOOKS[0]["hooks"]}
    kinds = {
        ".py": {"lint-python", "lint-types", "lint-generated"},
        ".pyi": {"lint-python", "lint-types"},
        ".pyx": {"lint-c"},
        ".pxi": {"lint-c"},
        ".c": {"lint-c"},
        ".h": {"lint-c"},
        ".toml": {"lint-generated"},
    }
    seen = set()
    for path in files():
        name = named(path)
        seen |= {path.suffix} & set(kinds)
        expected = set(kinds.get(path.suffix, ()))
        expected |= {"lint-r", "lint-generated"} if re.match(r"rfront/.*\.R$", name) else set()
        assert expected <= {hook for hook, pattern in patterns.items() if pattern.search(name)}, name
    assert seen == set(kinds)
    scripts = re.search(r"^scripts=(\S+)$", (ROOT / ".ci" / "lint-js").read_text(), re.MULTILINE)[1]
    assert patterns["lint-js"].search(f"{scripts}/any.js")
    deployed = (*(ROOT / "docs" / "deploy").glob("*.Dockerfile"), recipe.RECIPE)
    assert len(deployed) > 1
    assert all(patterns["lint-packages"].search(path.relative_to(ROOT).as_posix()) for path in deployed)
    assert all(patterns["lint-workflows"].search(path.relative_to(ROOT).as_posix()) for path in WORKFLOWS)


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_do_what_make_does(path, tmp_path):
    text = path.read_text(encoding="utf-8")
    assert "://" not in text and not re.search(r"(?<![\w.~})*])/\w", text.replace("refs/tags/", ""))
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["jobs"]
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 90
        check_jobs(job["steps"], tmp_path / "step")


def check_jobs(listed, script):
    for step in listed:
        run = step.get("run", "")
        script.write_text(re.sub(r"\$\{\{.*?\}\}", "x", run), encoding="utf-8")
        assert subprocess.run(["bash", "-n", script], check=False).returncode == 0, run
        assert "${{" not in run  # values reach a shell by its environment only
        assert set(re.findall(r"\bmake ([a-z-]+)", run)) <= PHONY
        for part in re.findall(r"\.ci/([a-z-]+)", run):
            assert (ROOT / ".ci" / part).is_file()


def test_some_workflow_runs_the_tests_and_one_the_wheel():
    texts = {path.name: path.read_text(encoding="utf-8") for path in WORKFLOWS}
    assert ".ci/run" in texts["ci.yml"]
    assert "make wheel" in texts["wheels.yml"] and "cibuildwheel" in texts["wheels.yml"]


def test_workflows_try_every_version_of_python():
    versions = re.findall(r"Python :: (3\.\d+)$", "\n".join(PROJECT["project"]["classifiers"]), re.MULTILINE)
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    tried = workflow["jobs"]["test"]["strategy"]["matrix"]["python"]
    assert tried == versions
    assert PROJECT["project"]["requires-python"] == f">={versions[0]}"
    built = PROJECT["tool"]["cibuildwheel"]["build"]
    assert built == [f"cp{version.replace('.', '')}-*" for version in versions]


def test_wheels_are_tried_with_a_script_that_is_there():
    (script,) = re.findall(r"\{project\}/(\S+)", PROJECT["tool"]["cibuildwheel"]["test-command"])
    assert (ROOT / script).is_file()
    assert ROOT / script == wheels.SMOKE


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_forms_name_what_exists(path):
    text = path.read_text(encoding="utf-8")
    form = yaml.safe_load(text)
    assert set(form["labels"]) <= LABELS
    assert form["name"] and form["description"]
    identifiers = [part["id"] for part in form["body"] if part["type"] != "markdown"]
    assert identifiers and len(set(identifiers)) == len(identifiers)
    check_names(text)


def check_names(text):
    """Files and targets that a text names are there."""
    for name in re.findall(r"(?<![\w/])(?:docs/|tests/|[A-Z_]+\.md)[\w./-]*", text):
        assert (ROOT / name.rstrip(".")).exists(), name
    assert set(re.findall(r"`make ([a-z-]+)", text)) <= PHONY


def test_the_request_form_names_what_exists():
    text = (ROOT / ".github" / "pull_request_template.md").read_text(encoding="utf-8")
    assert text.count("- [ ]") >= 4
    check_names(text)


def test_reports_have_one_private_way():
    conduct = (ROOT / "CODE_OF_CONDUCT.md").read_text(encoding="utf-8")
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    for text in (conduct, security):
        assert 'private report of the repository\'s page ("Security", "Report a vulnerability"' in text
        assert "@" not in text
    assert "SECURITY.md" in (ROOT / ".github/ISSUE_TEMPLATE/bug.yml").read_text(encoding="utf-8")


def test_the_container_for_development_is_set_up_by_make():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    make, *targets = container["postCreateCommand"].split()
    assert make == "make" and set(targets) <= PHONY
    version = re.fullmatch(r"python:(3\.\d+)-bookworm", container["image"])[1]
    assert f"Programming Language :: Python :: {version}" in PROJECT["project"]["classifiers"]


def test_the_conda_recipe_takes_what_the_package_takes():
    recipe = yaml.safe_load((ROOT / "release" / "conda" / "recipe.yaml").read_text(encoding="utf-8"))
    project, needed = PROJECT["project"], recipe["requirements"]
    pins = [re.sub(r"(?<=\w)(?=>=)", " ", each.lower()) for each in project["dependencies"]]
    assert needed["run"] == [f"python {project['requires-python']}", *pins]
    built = [re.sub(r"(?<=\w)(?=>=)", " ", each.lower()) for each in PROJECT["build-system"]["requires"]]
    assert needed["host"] == ["python", "pip", *built]
    assert recipe["about"]["license_file"] == project["license-files"]
    assert recipe["package"]["name"] == project["name"]


@pytest.mark.parametrize(
    ("line", "other", "said"),
    [
        ("    - heavywater\n", "", "no recipe-maintainers"),
        ('    - ${{ compiler("c") }}\n', "", "no compiler for linux-64"),
        ("    - LICENSE\n", "    - LICENCE\n", "there is no LICENCE"),
        ("${{ version }}", "${{ versoin }}", "versoin"),
        ("requirements:", "requirement:", "requirement"),
    ],
)
def test_a_recipe_that_conda_does_not_take_is_told(tmp_path, capsys, line, other, said):
    text = recipe.RECIPE.read_text(encoding="utf-8")
    assert line in text
    path = tmp_path / "recipe.yaml"
    path.write_text(text.replace(line, other))
    assert recipe.main(path) == 1
    assert said in capsys.readouterr().err


def test_what_is_old_names_its_successor():
    texts = [
        ast.unparse(node.args[0])
        for _, tree in modules(FRONT)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and any("DeprecationWarning" in ast.unparse(a) for a in node.args)
    ]
    assert texts
    assert [text for text in texts if not re.search(r"old name of|in place of|instead", text)] == []
