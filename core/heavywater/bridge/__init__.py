"""The bridge to R: what the R package ``h2o`` asks for, whoever is the host, R or Python.

``entrance``    R's ``.Call()`` in; value, warnings and error out    ``interrupts``  Ctrl-C meanwhile
``r_requests``, ``r_files``  what R may ask                            ``r_words``     messages in R's words
``from_r``, ``to_r``  values in both directions                      ``r_columns``   vectors of R and Arrow tables
``r_memory``    R's C interface below them                           ``r_package``   functions of the R package
``r_host``      R in a process of Python's                             ``r_turns``     threads of Python while R works or waits
"""
