"""Dates in all the forms that H2O reads, what we read beside them, and dates that do not exist."""

import datetime
import warnings

import numpy as np
import pytest
from heavywater.errors import InvalidArgument
from heavywater.frame.columns.makers import strings
from heavywater.frame.columns.times import looks_like_time, parse_times
from heavywater.frame.exchange.incoming import frame_from
from heavywater.frame.frame import Frame
from heavywater.frame.importing.importer import import_sources, read_setup
from heavywater.frame.importing.options import Options
from heavywater.frame.importing.sources import expand
from heavywater.frame.primitives import operation
from hypothesis import given
from hypothesis import strategies as st

NAMES = ["%d%b%Y", "%d%b%y", "%d-%b-%Y", "%d-%b-%y", "%d%B%Y", "%d-%B-%Y", "%d-%B-%y"]
NUMBERS = ["%m/%d/%Y", "%m/%d/%y", "%m-%d-%Y", "%m-%d-%y"]
DAYS = ["%Y-%m-%d", *NAMES, *NUMBERS]
MONTHS = ["%Y-%m", "%b-%Y", "%b-%y", "%b%Y", "%b%y", "%B-%Y", "%B%Y", "%y-%b"]
CLOCKS = [
    f"%{hour}{cut}%M{cut}%S{fraction}{half}"
    for cut in ":."
    for hour, half in (("H", ""), ("I", " %p"), ("I", "%p"))
    for fraction in ("", ".%f")
]
# Between a date and a time of day; the year comes first in one form only.
WHOLE = [
    f"{day}{' ' if day == '%Y-%m-%d' else cut}{clock}" for day in DAYS for cut in " :" for clock in CLOCKS
]
FORMS = [*DAYS, *WHOLE, *(f"%Y%m%d-{clock}" for clock in CLOCKS)]
ALONE = [clock for clock in CLOCKS if ":" in clock or "%p" in clock]
# H2O leaves these as texts; %k is an hour without minutes.
OURS = [
    "%Y-%m-%d %H:%M", "%d %b %Y", "%d %b %y", "%d-%b-%y %H:%M", "%m/%d/%Y %H:%M", "%d %b %Y %H:%M:%S", "%Y-%m-%d %I:%M %p",
]  # fmt: skip

moments = st.datetimes(
    datetime.datetime(1969, 1, 1), datetime.datetime(2068, 12, 31, 23, 59, 59, 999000)
)  # what two digits of a year can tell


def milliseconds(moment):
    return (moment - datetime.datetime(1970, 1, 1)) // datetime.timedelta(milliseconds=1)


def told(moment, form):
    """The moment, as far as the form tells it."""
    if not any(sign in form for sign in ("%H", "%I")):
        moment = moment.replace(hour=0, minute=0, second=0, microsecond=0)
    elif "%S" not in form:
        moment = moment.replace(second=0, microsecond=0)
    elif "%f" not in form:
        moment = moment.replace(microsecond=0)
    return moment if "%d" in form else moment.replace(day=1)


def read(tmp_path, text, **options):
    path = tmp_path / "dates.csv"
    path.write_text(text)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_sources(expand(path), Options(**options), 1)


@given(moments, st.sampled_from([*FORMS, *MONTHS, *OURS]), st.sampled_from([str, str.upper, str.lower]))
def test_what_is_written_is_read(moment, form, spelling):
    text = spelling(moment.strftime(form))
    values, misfit = parse_times([text])
    assert not misfit[0], text
    assert values[0] == milliseconds(told(moment, form)), text
    assert looks_like_time([text])[0], text


@given(st.times(), st.sampled_from(ALONE))
def test_times_of_day_are_of_the_first_day(time, form):
    text = time.strftime(form)
    moment = told(datetime.datetime.combine(datetime.date(1970, 1, 1), time), form + "%d")
    values, misfit = parse_times([text])
    assert not misfit[0] and values[0] == milliseconds(moment), text
    assert looks_like_time([text])[0], text


@given(st.integers(1, 31), st.integers(1, 12), st.integers(1969, 2068))
def test_days_without_leading_zeros(day, month, year):
    try:
        wanted = milliseconds(datetime.datetime(year, month, day))
    except ValueError:
        wanted = None
    name = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
    texts = [
        f"{day}{name}{year}",
        f"{month}-{day}-{year}",
        f"{month}/{day}/{year % 100:02}",
        f"{year}-{month}-{day}",
    ]
    values, misfit = parse_times(texts)
    assert misfit.tolist() == [wanted is None] * len(texts)
    assert looks_like_time(texts).tolist() == [wanted is not None] * len(texts)
    assert wanted is None or values.tolist() == [wanted] * len(texts)


@pytest.mark.parametrize(
    "text",
    ["2015-13-01", "30FEB2015", "12-31-15 24:00:00", "Mai-2015", "Sept-2015", "12MARS2015", "2015-00", "mon-15", "13/13/2015",
     "20151301-10:00:00", "12:60:00", "0-Mar-15", "1.2.3.4", "15-15", "2015/03/12", "12.13.15 am pm"],
)  # fmt: skip
def test_what_is_no_date(text):
    assert parse_times([text])[1].all()
    assert not looks_like_time([text]).any()


@pytest.mark.parametrize(
    "text",
    ["11.22.33", "1.02.03", "2015 03 12", "2015-03-12T10:11:12", "2015-03-12T10:11:12Z", "10:11", "20150312"],
)
def test_forms_that_are_read_but_not_guessed(text):
    assert not parse_times([text])[1].any()
    assert not looks_like_time([text]).any()


SERIES = {
    form: [(datetime.datetime(2015, 3, day, 10, 11, 12)).strftime(form) for day in range(1, 21)]
    for form in FORMS
}
IMPOSSIBLE = {
    "%Y-%m-%d": ["2015-02-30", "2015-13-01", "0000-00-00"],
    "%d%b%Y": ["30FEB2015", "31APR2015"],
    "%m/%d/%Y": ["02/30/2015", "24/12/2015"],
    "%m-%d-%Y": ["02-30-2015", "24-12-2015"],
    "%d-%b-%y": ["29-FEB-15"],
    "%Y-%m-%d %H:%M:%S": ["2015-03-01 24:00:00", "2015-03-01 23:59:60"],
}


@pytest.mark.parametrize(
    ("form", "bad"), [(form, bad) for form, texts in IMPOSSIBLE.items() for bad in texts]
)
@pytest.mark.parametrize("types", [None, ["time", None]])
@pytest.mark.parametrize("place", [0, 7, 20])
def test_an_impossible_date_among_good_ones_is_missing(tmp_path, form, bad, types, place):
    texts = [*SERIES[form][:place], bad, *SERIES[form][place:]]
    good = [i for i in range(21) if i != place]
    in_file = read(tmp_path, "d,n\n" + "".join(f"{text},{i}\n" for i, text in enumerate(texts)), types=types)
    with pytest.warns(UserWarning, match="1 text is no date or time"):
        from_object = frame_from({"d": texts, "n": list(range(21))}, column_types=types)
    for frame in (in_file, from_object):
        column = frame.column("d")
        assert column.kind == "time"
        assert np.flatnonzero(column.is_missing()).tolist() == [place]
        assert column.values[good].tolist() == parse_times(SERIES[form])[0].tolist()


def test_the_loss_of_a_date_is_told(tmp_path):
    (tmp_path / "d.csv").write_text("d\n2015-01-01\n2015-02-30\n2015-03-01\n")
    with pytest.warns(UserWarning, match=r"1 text in it became missing \(the first: '2015-02-30'\)"):
        import_sources(expand(tmp_path / "d.csv"), Options(), 1)


def test_words_among_dates_of_objects_stay_texts():
    assert frame_from({"d": ["2015-01-01", "2015-02-01", "soon"]}).types["d"] in ("enum", "string")
    assert frame_from({"d": ["2015-01-01", "2015-02-01", "NA", "", None]}).types["d"] == "time"


def test_words_for_missing_do_not_outvote_dates(tmp_path):
    frame = read(tmp_path, "d,n\n" + "NA,1\n" * 3 + "2015-01-01,2\n")
    assert frame.types == {"d": "time", "n": "int"}
    assert frame.column("d").missing_count == 3


def test_as_date_with_a_date_that_does_not_exist():
    frame = Frame(["d"], [strings(["2015-03-12", "2015-02-30", None, "soon", "2015-03-12"])])
    with pytest.warns(UserWarning, match=r"'d' 2 texts are no date in the format '%Y-%m-%d'.*'2015-02-30'"):
        column = operation("as.Date")(frame, "%Y-%m-%d").columns[0]
    assert column.is_missing().tolist() == [False, True, True, True, False]
    assert column.values[[0, 4]].tolist() == [1426118400000] * 2
    with pytest.raises(
        InvalidArgument, match="'2015-03-12' is no date in the format '%m/%d/%Y', like all texts"
    ):
        operation("as.Date")(frame, "%m/%d/%Y")
    with pytest.raises(InvalidArgument, match="'%Q' is no format"):
        operation("as.Date")(frame, "%Q")
    nothing = operation("as.Date")(Frame(["d"], [strings([None, None])]), "%Y")
    assert nothing.columns[0].missing_count == 2


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin"])
@pytest.mark.parametrize("skipped", [None, [0]])
@pytest.mark.parametrize(
    "moments", [[1609459200000, 0, 12, -5], [2020, 2021], [10**12 + 1], [1635638400000, 1635642000000]]
)
def test_numbers_are_milliseconds_where_times_are_wanted(tmp_path, moments, skipped, zone):
    path = tmp_path / "file.csv"
    path.write_text("x,t,u\n" + "".join(f"1,{moment},2\n" for moment in moments) + "1,NA,2\n1,,2\n")
    options = Options(types={"t": "time"}, skipped=skipped, time_zone=zone)
    column = import_sources(expand(path), options, 1).column("t")
    assert column.kind == "time"
    assert column.values[: len(moments)].tolist() == moments
    assert column.is_missing().tolist() == [False] * len(moments) + [True, True]
    assert read_setup(expand(path), options).types[1] == "time"
