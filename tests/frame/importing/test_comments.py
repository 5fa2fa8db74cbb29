"""Lines that begin with the sign of a comment, and whether they are one."""

import warnings

import pytest
from heavywater.errors import ParseError
from heavywater.frame.importing.importer import import_sources
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
from hypothesis import given
from hypothesis import strategies as st


def load(path, text, **options):
    path.write_text(text)
    return import_sources(expand(path), Options(**options), 1)


ROW = {1: "7", 2: "7,Bern", 4: "7,Bern,2020-01-01,0.5"}


@pytest.mark.parametrize("width", ROW)
@pytest.mark.parametrize("cell", ["#N/A", "#DIV/0!", "#ff0000", "#1"])
@pytest.mark.parametrize("before", [0, 3, 1500])
@pytest.mark.parametrize("quoted", [False, True])
def test_lines_that_look_like_data_are_told_of(tmp_path, width, cell, before, quoted):
    if quoted and width == 1:
        return
    rest = [f'"{text}"' if quoted else text for text in ROW[width].split(",")[1:]]
    odd = ",".join([cell, *rest])
    names = ",".join("abcd"[:width])
    text = "\n".join([names, *[ROW[width]] * before, odd, *[ROW[width]] * 5, odd, ""])
    with pytest.warns(
        UserWarning, match=f"2 lines that begin with #.*the first being line {before + 2}"
    ) as told:
        assert load(tmp_path / "a.csv", text).nrow == before + 5
    assert sum("begin with #" in str(warning.message) for warning in told) == 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert load(tmp_path / "a.csv", text, markers="").nrow == before + 7
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load(tmp_path / "a.csv", text, markers="#").nrow == before + 5


@given(st.text(st.sampled_from("ab,;: #"), max_size=12), st.sampled_from(["# ", "##", "#\t"]))
def test_remarks_in_words_are_left_out_in_silence(tmp_path_factory, words, sign):
    path = tmp_path_factory.mktemp("remarks") / "a.csv"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert load(path, f"a,b\n1,2\n{sign}{words}\n3,4\n").nrow == 2


def test_blank_lines_are_no_comments(tmp_path):
    with pytest.raises(ParseError, match=r"line 6: 1 fields.*skip_footer="):
        load(tmp_path / "a.csv", "a,b\n1,2\n3,4\n\n\nNotes\n")


def test_a_record_that_is_cut_by_a_comment_says_so(tmp_path):
    with pytest.raises(ParseError, match=r"line 4: 1 fields.*custom_non_data_line_markers=''"):
        load(tmp_path / "a.csv", 'a,b\nx,2\n#h,"d\ne"\n')
    assert load(tmp_path / "a.csv", 'a,b\nx,2\n#h,"d\ne"\n', markers="").nrow == 2
