"""The tests: one folder for each layer, and for each room where a layer has some.

`cases` reads what the real H2O gave, from `data`; `house` looks at the tree itself, `fuzz` at damaged files, `benchmarks`
at speed.
"""
