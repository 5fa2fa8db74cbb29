"""What is called as ``h2o.name()``.

``flow``       the session opened to others
``connection`` init, cluster, shutdown ...     ``keys``    ls, remove, remove_all, get_frame
``importing``  import_file, parse_setup ...    ``frames``  about whole frames    ``models``  about models
``files``      models in our own format        ``exports`` as MOJO, Java class, ONNX graph and C
``jobs``       get_job, jobs
``grids``      save_grid, load_grid, get_grid  ``mojo_scoring``  mojo_predict_pandas, mojo_predict_csv
"""
