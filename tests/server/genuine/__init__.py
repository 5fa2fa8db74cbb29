"""The genuine Python client of H2O against a node, unchanged, in an interpreter of its own.

Run by the genuine client, and without this package on the path:

``worker``     the program: connects, does what it is told, writes what came of it     ``library``    the client's modules
``recorded``   the calls that were recorded, with the requests they send               ``requests``   kinds of answers
``further``    expressions in the spellings of R and of the web interface, and rarer operations
``scenarios``  what users do, one function each                                        ``outcome``    results as plain values

Run by the tests: ``session`` starts the worker and knows what the real H2O gave (``tests/data/rest``, written by ``record``);
``differences`` says where that is another thing, and why.
"""
