"""R values that go to Python and come back: run in a process of its own, in which Python starts R.

It prints each expression of R whose value comes back as another one.
"""

from collections.abc import Iterator

from heavywater.bridge import entrance, r_memory
from heavywater.bridge.from_r import from_r
from heavywater.bridge.to_r import to_r
from heavywater.session.wire import decode, encode

SAME = """
3; 3L; -2^40; 1e300; Inf; -Inf; NaN; "a"; "\\u00e4\\u4e2d"; ""; TRUE; FALSE; NULL
c(1.5, NA); c(1.5, NaN, NA, Inf); c(1L, NA); c(TRUE, NA); c("a", NA, ""); as.raw(0:255)
list(); list(1, "a"); list(a = 1, b = list("x", 2)); list(a = NULL, b = list()); list(x = c(a = 1)[["a"]])
2^31; -2^31; 2^31 - 1; c(0.1, 2^31)
"""

# As columns of a table, which also goes through bytes.
SAME_COLUMNS = """
c(0.5, NA); c(1L, NA, -7L); c(TRUE)[0] + 0.5; rep(NA_real_, 3); c("x", NA, "", "\u00e4"); character()
factor(c("b", NA, "a"), levels = c("a", "b", "c")); factor(character(), levels = c("u", "v")); factor(NA, levels = "only")
structure(c(0.25, NA, 1e9), class = c("POSIXct", "POSIXt"), tzone = "UTC")
c(2^40, 1); ((1:1e5) %% 7) / 2; (1:1e5) * 0; c(2147483647, -2147483648, NA)
"""
TABLE = 'structure(list(names = "c", columns = list(h2o:::column_parts(%s, "c")), nrow = length(%s)), class = "h2o_table")'


def parsed(text: str) -> int:
    with r_memory.Protection() as keep:
        language = keep(r_memory.call("str2lang", keep(r_memory.from_texts([text]))))
        return r_memory.evaluate(language)


def returns(text: str) -> bool:
    """Whether the value of an expression comes back as the same value."""
    with r_memory.Protection() as keep:
        there = keep(parsed(text))
        back = keep(to_r(from_r(there)))
        return bool(r_memory.numbers(keep(r_memory.call("identical", there, back)))[0])


def returns_as_column(text: str) -> bool:
    """Whether a vector comes back from a table as the same vector, whole numbers as such."""
    with r_memory.Protection() as keep:
        table = decode(encode(from_r(keep(parsed(TABLE % (text, text))))))
        back = r_memory.elements(keep(to_r(table)))[0]
        same = parsed(
            "function(a, b) identical(a, b) || (is.numeric(a) && identical(as.numeric(a), as.numeric(b)))"
        )
        return bool(r_memory.numbers(keep(r_memory.call(keep(same), keep(parsed(text)), back)))[0])


def expressions(lines: str) -> Iterator[str]:
    yield from (each.strip() for line in lines.split("\n") for each in line.split(";") if each)


def main() -> None:
    entrance.attach()
    found = [text for text in expressions(SAME) if not returns(text)]
    found += [f"{text} as a column" for text in expressions(SAME_COLUMNS) if not returns_as_column(text)]
    print(*found, "done", sep="\n")


if __name__ == "__main__":
    main()
