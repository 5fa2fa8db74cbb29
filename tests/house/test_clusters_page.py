"""What docs/clusters.md and the manifest tell to run could be run."""

from __future__ import annotations

import ast
import re
import shlex
import subprocess
from typing import Any

import pytest
from h2o_command.main import understood

from .tree import ROOT

PAGE = (ROOT / "docs" / "clusters.md").read_text(encoding="utf-8")
MANIFEST = (ROOT / "docs" / "h2o-nodes.yaml").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


def node_commands() -> list[list[str]]:
    text = PAGE.replace("\\\n", " ") + MANIFEST
    found = re.findall(r"^(?:.* )?(h2o node --.*?)(?: &)?$", text, re.MULTILINE)
    return [shlex.split(each) for each in found]


def test_commands_of_nodes_are_understood():
    found = node_commands()
    assert len(found) == 5
    for command in found:
        options = understood(command[1:])
        assert options.join and options.secret_file


@pytest.mark.parametrize("block", blocks("sh"))
def test_shell_commands_can_be_read(block):
    subprocess.run(["bash", "-n"], input=block, text=True, check=True)


@pytest.mark.parametrize("block", blocks("python"))
def test_scripts_can_be_read(block):
    ast.parse(block)


def manifests() -> dict[str, dict[str, Any]]:
    yaml = pytest.importorskip("yaml")
    return {each["metadata"]["name"]: each for each in yaml.safe_load_all(MANIFEST)}


def test_the_parts_of_the_manifest_know_each_other():
    found = manifests()
    nodes, session = found["h2o-node"]["spec"], found["h2o-session"]["spec"]
    pod = nodes["template"]["spec"]
    (container,) = pod["containers"]
    labels = nodes["template"]["metadata"]["labels"]
    assert nodes["selector"]["matchLabels"] == labels == found[nodes["serviceName"]]["spec"]["selector"]
    assert session["clusterIP"] == "None" == found["h2o-nodes"]["spec"]["clusterIP"]
    at = f"--join h2o-session:{session['ports'][0]['port']} "
    assert at in container["command"][2]
    subprocess.run(["sh", "-n"], input=container["command"][2], text=True, check=True)
    mounts = {each["name"]: each["mountPath"] for each in container["volumeMounts"]}
    assert set(mounts) == {each["name"] for each in pod["volumes"]}
    assert f"cp {mounts['secret']}/secret {mounts['work']}/secret" in container["command"][2]


def test_kubernetes_takes_the_manifest():
    schema = pytest.importorskip("kubernetes_validate", reason="make test-launchers")
    for each in manifests().values():
        schema.validate(each, schema.latest_version(), strict=True)
        broken = {**each, "spec": {**each["spec"], "selektor": {}}}
        with pytest.raises(schema.ValidationError):
            schema.validate(broken, schema.latest_version(), strict=True)
