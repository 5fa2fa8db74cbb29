"""Files to frames.

Where bytes come from:

``sources``       which files paths, folders and addresses mean; ``filesystems`` and ``web`` reach the remote ones
``unpack``        decompression, archives and formats: texts and tables within a source
``once``          keeps what a pipe gives; ``meter`` tells how far an import is
``encodings``     texts that are not UTF-8
``blocks``        texts into blocks of whole records; ``record_lines`` in which lines these are, ``raw_text`` and ``cleaning``
                  what is looked for and taken out there

How they are to be read:

``setup``         what a format, the user and the rules come to
``guess``         H2O's rules for separator and types, ``header`` for the line of names; ``text_setup`` puts them together
``options``       what a user says about it; ``retyping`` applies types and missing texts to a frame

Their formats, read to pieces of columns:

``delimited``     separated values; ``digits`` where there are only small numbers, ``ragged`` lines of another length,
                  ``comments`` lines that may be data
``svmlight``, ``arff``, ``excel``
``typed_files``   Parquet, ORC and Arrow files; ``batches`` reads them, ``arrow_sizes`` tells what they would take

From pieces to a frame:

``importer``      the run of an import
``pieces``        what a block gives; ``typed_pieces`` makes numbers, times and UUIDs of texts
``collect``       puts pieces together to a column; ``intake`` all columns to a frame
``settling``      types that the first lines leave open or later lines contradict; ``rereading`` reads such columns
                  again, ``lost_cells`` says so
"""
