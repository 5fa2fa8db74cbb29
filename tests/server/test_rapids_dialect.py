"""Forms of expressions that H2O's R client sends: they mean what the plain ones do."""

from __future__ import annotations

import pytest
from heavywater.errors import InvalidExpression
from heavywater.frame.language.rapids import parse
from heavywater.server.v3.rapids_dialect import plain_form
from heavywater.session import LocalSession


@pytest.mark.parametrize(
    ("sent", "plain"),
    [
        ("(cut v [1 2 4] NULL FALSE TRUE 3)", "(cut v [1 2 4] [] FALSE TRUE 3)"),
        ("(dropdup fr 'e' last)", "(dropdup fr 'e' 'last')"),
        ("(relevel.by.freq e NA -1)", "(relevel.by.freq e [] -1)"),
        ("(table e b TRUE)", "(table (cbind e b) TRUE)"),
        ("(table e FALSE)", "(table e FALSE)"),
        ("(rank_within_groupby fr 1 0 1 place 0)", "(rank_within_groupby fr 1 0 1 'place' 0)"),
        ("(apply (cols fr [0]) 2 { COL . (mean COL FALSE 0 FALSE )})", "(mean (cols fr [0]) FALSE 0)"),
        ("(tmp= t (apply v 2 { c . (cut c [1 2 4] NULL) }))", "(apply v 2 { c . (cut c [1 2 4] []) })"),
    ],
)
def test_what_r_sends_is_understood(sent, plain):
    session = LocalSession()
    session.frames.rapids("(assign v (rbind (cbind 1 1) (cbind 3 1)))")
    session.frames.rapids("(assign v (cols v 0))")
    session.frames.rapids("(assign e (as.factor (ifelse (> v 2) 'a' 'b')))")
    session.frames.rapids("(assign b (> v 2))")
    session.frames.rapids("(assign fr (colnames= (cbind v e) [0 1] ['v' 'e']))")
    answers = [session.frames.evaluate(plain_form(parse(text))) for text in (sent, plain)]
    tables = [session.frames.fetch(each.key) for each in answers]
    assert tables[0].equals(tables[1])
    assert tables[0].num_rows > 0


def test_lists_as_r_writes_them():
    sent = """(makeLeaderboard ["one", "two"] "frame" "AUTO" [""] "AUTO")"""
    assert plain_form(parse(sent)) == ("makeLeaderboard", ["one", "two"], "frame", "AUTO", [], "AUTO")
    for wrong in ("[, 'a']", "[1, 2]"):
        with pytest.raises(InvalidExpression):
            parse(wrong)


def test_a_frame_may_have_the_name_of_a_word():
    session = LocalSession()
    session.frames.rapids("(assign NULL (cbind 1 2))")
    assert session.frames.evaluate(plain_form(parse("(ncol NULL)"))) == 2


@pytest.mark.parametrize(
    ("sent", "changed"),
    [
        ("(setDomain (cols fr [1]) TRUE ['x' 'y'])", ["fr"]),
        ("(tmp= t (setDomain (cols_py fr 'e') TRUE ['x' 'y']))", ["fr", "t"]),
        ("(setDomain (tmp= t (cols fr [1])) TRUE ['x' 'y'])", ["fr", "t"]),
        ("(setDomain e TRUE ['x' 'y'])", ["e"]),
        ("(setDomain (cols fr [1]) FALSE ['x' 'y'])", []),
        ("(setDomain (as.factor e) TRUE ['x' 'y'])", []),
    ],
)
def test_levels_that_are_set_in_place_are_those_of_the_frame(sent, changed):
    session = LocalSession()
    session.frames.rapids("(assign v (rbind (cbind 1) (cbind 3)))")
    session.frames.rapids("(assign e (as.factor (ifelse (> v 2) 'a' 'b')))")
    session.frames.rapids("(assign fr (colnames= (cbind v e) [0 1] ['v' 'e']))")
    value = session.frames.evaluate(plain_form(parse(sent)))
    assert session.frames.levels(value.key)[-1] == ["x", "y"]
    for key in {"fr", "e", *changed}:
        assert session.frames.levels(key)[-1] == (["x", "y"] if key in changed else ["a", "b"]), key
