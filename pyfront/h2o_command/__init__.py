"""The command ``h2o``: what a shell can ask of the package without a script.

``main``      the entry: which command, its errors, exit codes    ``options``   what an option is, and those that commands share
``parsing``   the command line, made from options                 ``configuration``  options from a file, TOML or JSON
``values``    parameters as texts and in files                    ``output``    results as text and as JSON
``sessions``  the session of this process, or of a node           ``data``      data files and models in, results out
``wording``   messages in the words of the command line
``commands``  the list of all; one module for each command

Nothing of `h2o` and no other heavy package is imported before a command runs: ``h2o --help`` is there at once.
"""
