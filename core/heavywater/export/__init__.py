"""Models as files: what other programs wrote is read here, and becomes the model objects of `heavywater.deeplearning`.

``archive``       zip files from anywhere, read with limits
``mojo_ini``      the text of a MOJO: ``model.ini`` and the levels of categorical columns
``mojo_network``  weights, input units and response from that text
``mojo_details``  the description that H2O puts beside it: parameters, metrics, tables
``mojo_reader``   all of it put together
"""
