"""Speed, memory and test error on MNIST beside real H2O and PyTorch: ``make bench``.

`workloads` lists what is measured and the targets, `run` drives the workers, `report` writes the table.

How each figure is taken
------------------------
All of them: the same files, the same rows, the same number of threads (``h2o.init(nthreads=)``,
``torch.set_num_threads``), one process per run, the median of the repetitions. Rows are training samples: a
row that is trained twice counts twice.

- Rows per second, ours and real H2O: the last ``training_speed`` of the model's own scoring history, which is
  samples over the training time without scoring and set-up; the model is scored when it is done, on few rows.
  Import is never in it. The warming up of the JVM's compiler is in H2O's figure, as it is in a user's.
- Rows per second, PyTorch: samples over the wall time of the epochs; eager mode, Adam as it comes (in the
  race the fused one, which is quicker), denormals flushed to zero (it is quicker), float32 tensors already in
  memory, batches by indexing. What a first optimizer step imports is excluded.
- Scoring: wall time of ``model.predict(frame)`` on the whole training file, after a small call to warm up.
- Metrics: wall time of ``h2o.make_metrics(predicted, actual)`` on frames in memory, after a small call.
- Import: wall time of the first ``h2o.import_file`` of the process. H2O's JVM already runs when the clock
  starts. polars: wall time of ``polars.read_csv(path)`` as it comes, which leaves dates and categories as texts.
- Grouping, joining, sorting: wall time of the call on frames in memory, after one on few rows, beside that of pandas
  (one thread, whatever is asked for). `tables` says what is in them.
- Peak memory of an import: what the resident set of the process was at most, less 1.5 times the bytes of the
  columns that are left.
- Peak memory: the largest resident set of the worker's process; for H2O that of the JVM alone, for PyTorch
  that of the process, which reads the CSV files with numpy.
- Race to 2.0 % test error: wall time of training. A time counts only if the error is reached.
"""
