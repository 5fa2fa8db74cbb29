"""Messages about arguments, as R has them."""

import pytest
from heavywater.bridge.r_words import in_r_words


@pytest.mark.parametrize(
    ("message", "in_r"),
    [
        (
            "Give col_types={'x': 'string'} (or 'enum') to keep such cells, or na_strings= if they mean missing",
            "Give col.types=list(by.col.name = 'x', types = 'string') (or 'enum') to keep such cells, or na.strings= if "
            "they mean missing",
        ),
        ('col_types={"it\'s": \'time\'}', "col.types=list(by.col.name = \"it's\", types = 'time')"),
        ("give col_names= with all of them, fill=True, or header=-1", "give col.names= with all of them, fill=TRUE, or header=-1"),
        ("column 'col_types' holds True and my_col_names=7", "column 'col_types' holds True and my_col_names=7"),
    ],
)  # fmt: skip
def test_arguments_are_named_as_in_r(message, in_r):
    assert in_r_words(message) == in_r
