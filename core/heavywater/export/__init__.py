"""Models, grids and frames as files: our own formats, H2O's MOJO in both directions, Java, ONNX, C, CSV and Parquet.

``model_file``    our own format, ``model_file_values`` its contents, ``model_forms`` the names in them
``grid_file``     a grid, which names the files of its models
``frame_file``    a frame in our own format; ``frame_export`` as others read it
``mojo_ini``      the text of a MOJO: ``model.ini`` and the levels of categorical columns
``mojo_inputs``   input units in that text; ``mojo_network`` layers and response
``mojo_forms``    ramps of numbers and members: layers to H2O, to us what they were; ``extra_layers`` makes the layers
``mojo_details``  the description beside it: parameters, metrics, tables
``mojo_reader``   a MOJO as model; ``mojo_writer`` a model as MOJO
``pojo_writer``   a model as Java class: ``pojo.java`` filled in; ``java_text`` constants and large tables
``onnx``          a model as ONNX graph; ``c_source`` as C
``pipeline``      the steps that score a row, of which Java, ONNX and C are written; ``limits`` what a format cannot carry,
                  ``file_sizes`` how large files will be
``plain``         the network of a model with one input unit per level, as others can run it
``saving``        what is saved while training and search go on: a fault of the disk ends neither
``archive``       zip files from anywhere, read with limits
"""
