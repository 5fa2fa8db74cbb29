"""Models as ONNX graphs, which need no code of ours to be run.

``onnx_writer``   a model as file or bytes: names and metadata around the graph
``onnx_steps``    the steps of a `heavywater.export.pipeline.Pipeline` as operators
``onnx_calibration``  calibrated probabilities
``onnx_nodes``    operators and constants, collected under names of their own
"""
