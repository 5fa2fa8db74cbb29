"""How results of other compilers and processors are compared; `make test-foreign` compares them."""

import re

import pytest

from . import foreign

LINES = [(f"whole w{i}", ["1f", "0"]) for i in range(6)] + [
    (f"real r{i}", ["1.5", "-3", "2e-09"]) for i in range(6)
]


def changed(place, values):
    return [(name, values if i == place else old) for i, (name, old) in enumerate(LINES)]


def test_rounding_is_allowed_for_reals_alone():
    assert foreign.compared(LINES, LINES, 0) == 0
    assert foreign.compared(LINES, changed(7, ["1.5", "-3.00003", "2e-09"]), 2e-5) == pytest.approx(1e-5)
    for place, values in {0: ["1e", "0"], 7: ["1.5", "-3.1", "2e-09"], 8: ["1.5", "-3"]}.items():
        with pytest.raises(AssertionError, match=LINES[place][0]):
            foreign.compared(LINES, changed(place, values), 2e-5)
    with pytest.raises(AssertionError):
        foreign.compared(LINES, LINES[:-1], 1)


@pytest.mark.parametrize("word", ["nan", "-nan", "inf"])
def test_what_is_no_number_is_none(word):
    assert not foreign._is_value(word)
    with pytest.raises((AssertionError, ValueError)):
        foreign.compared(LINES, changed(7, ["1.5", word, "2e-09"]), 1)


def test_names_of_results_are_no_values():
    names = re.findall(r'show(?:_whole)?\("([^"]+)"', foreign.PROGRAM.read_text(encoding="utf-8"))
    assert len(set(names)) > 15
    assert not [
        word for name in names for word in name.split() if not word.isdigit() and foreign._is_value(word)
    ]


@pytest.mark.parametrize("name", foreign.TARGETS)
def test_a_target_says_what_it_takes(name):
    target = foreign.TARGETS[name]
    assert foreign.words_needed(target)[0] == target.compiler[0]
    assert ("-DPORTABLE_RING" in target.flags) == (name != "windows")


def test_a_missing_compiler_is_no_success(monkeypatch, capsys):
    monkeypatch.setattr(foreign.shutil, "which", lambda name: None)
    assert foreign.main(["musl"]) == 1
    assert "musl: NOT TRIED, for want of musl-gcc" in capsys.readouterr().out
