"""Names of H2O's client that scripts import and that are in another place here, or not here.

``names``      which they are, and what to use instead
``stand_ins``  makes them importable; using what is not here is an error that says what to use
"""
