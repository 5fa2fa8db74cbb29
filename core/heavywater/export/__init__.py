"""Models as files: our own format, H2O's MOJO in both directions, and Java classes.

``model_file``    our own format, ``model_file_values`` its contents, ``model_forms`` the names in them
``mojo_ini``      the text of a MOJO: ``model.ini`` and the levels of categorical columns
``mojo_inputs``   input units in that text; ``mojo_network`` layers and response
``mojo_details``  the description beside it: parameters, metrics, tables
``mojo_reader``   a MOJO as model; ``mojo_writer`` a model as MOJO
``pojo_writer``   a model as Java class: ``pojo.java`` filled in; ``java_text`` constants and large tables
``plain``         the network of a model with one input unit per level, as others can run it
``archive``       zip files from anywhere, read with limits
"""
