"""Models as C: one file that needs nothing but the C library, and a header for who calls it.

``c_writer``   a model as source: templates, filled in with the steps of a `heavywater.export.pipeline.Pipeline`
``c_text``     names, constants and tables as C can take them
``*.c.in``     the templates: what all models have, and parts that depend on inputs and outputs
"""
