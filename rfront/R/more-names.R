# Functions of H2O's R package that are others here, with small differences.

not_here <- function(name, instead) {
  stop_h2o(sprintf("%s() is not in this package: %s", name, instead), type = "NotImplementedError")
}

#' Models from MOJO files
#'
#' `h2o.generic()` and `h2o.genericModel()` make a model of a MOJO file, like [h2o.import_mojo()]; `h2o.mojo_predict_df()` and
#' `h2o.mojo_predict_csv()` predict with such a file, without Java.
#'
#' @param model_id Name of the model in the session.
#' @param model_key A model instead of a file: it is given back.
#' @param path,mojo_file_path,mojo_zip_path The file.
#' @param frame A `data.frame` or `H2OFrame`.
#' @param input_csv_path,output_csv_path Files of text; without the second one the predictions are written to `prediction.csv` beside the
#'   first.
#' @param genmodel_jar_path,classpath,java_options Have no effect: there is no Java.
#' @param verbose Whether to say what is done.
#' @param setInvNumNA Not needed: a text in a column of numbers is a missing cell.
#' @return A model; a `data.frame` of predictions.
#' @name h2o-mojo
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 5, epochs = 2, seed = 1)
#' file <- file.path(tempdir(), "flowers.zip")
#' h2o.save_mojo(model, tempdir(), force = TRUE, filename = "flowers.zip")
#' head(h2o.mojo_predict_df(iris, file))
NULL

#' @rdname h2o-mojo
#' @export
h2o.generic <- function(model_id = NULL, model_key = NULL, path = NULL) {
  if (is.null(path) == is.null(model_key)) stop_h2o("h2o.generic: give either `path`, a MOJO file, or `model_key`, a model")
  if (!is.null(path)) return(h2o.import_mojo(path, model_id))
  if (methods::is(model_key, "H2OModel")) model_key else h2o.getModel(model_key)
}

#' @rdname h2o-mojo
#' @export
h2o.genericModel <- function(mojo_file_path, model_id = NULL) h2o.import_mojo(mojo_file_path, model_id)

#' @rdname h2o-mojo
#' @export
h2o.mojo_predict_df <- function(frame, mojo_zip_path, genmodel_jar_path = NULL, classpath = NULL, java_options = NULL,
                                verbose = FALSE, setInvNumNA = FALSE) {
  warn_without_effect(given_in(genmodel_jar_path = genmodel_jar_path, classpath = classpath, java_options = java_options))
  model <- h2o.upload_mojo(mojo_zip_path)
  on.exit(h2o.rm(model))
  if (verbose) message("predicting for ", nrow(frame), " rows with ", mojo_zip_path)
  as.data.frame(h2o.predict(model, frame), drop.unused.levels = FALSE)
}

#' @rdname h2o-mojo
#' @export
h2o.mojo_predict_csv <- function(input_csv_path, mojo_zip_path, output_csv_path = NULL, genmodel_jar_path = NULL,
                                 classpath = NULL, java_options = NULL, verbose = FALSE, setInvNumNA = FALSE) {
  rows <- h2o.uploadFile(input_csv_path, header = TRUE)
  on.exit(h2o.rm(rows))
  found <- h2o.mojo_predict_df(rows, mojo_zip_path, genmodel_jar_path, classpath, java_options, verbose, setInvNumNA)
  output <- if (is.null(output_csv_path)) file.path(dirname(input_csv_path), "prediction.csv") else output_csv_path
  utils::write.csv(found, one_path(output, "output_csv_path"), row.names = FALSE)
  found
}

#' Files of HDFS
#'
#' [h2o.importFile()], [h2o.exportFile()] and [h2o.saveModel()] take addresses of HDFS, too.
#'
#' @param path An address, such as `"hdfs://node/folder"`.
#' @param ... Arguments of [h2o.importFile()].
#' @param object A frame or a model.
#' @param force Whether a file that is there is replaced.
#' @return An `H2OFrame`; the path of the model, or nothing.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' file <- tempfile(fileext = ".csv")
#' h2o.exportHDFS(as.h2o(iris), file)
#' dim(h2o.importHDFS(file))
h2o.importHDFS <- function(path, ...) h2o.importFile(path, ...)

#' @rdname h2o.importHDFS
#' @export
h2o.exportHDFS <- function(object, path, force = FALSE) {
  if (is.h2o(object)) h2o.exportFile(object, path, force) else h2o.saveModel(object, path, force)
}

#' Leave out columns
#'
#' @param data An `H2OFrame`.
#' @param cols Names or positions of columns.
#' @return An `H2OFrame` without them, like `data[-cols]`.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' names(h2o.removeVecs(as.h2o(iris), c("Species", "Petal.Width")))
h2o.removeVecs <- function(data, cols) {
  numbers <- column_numbers(data, cols, "cols")
  if (length(numbers)) choose_columns(data, -numbers) else data
}

#' Positions of columns
#'
#' @param data An `H2OFrame`.
#' @param by Names or positions of columns.
#' @return Whole numbers from 1.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' generate_col_ind(as.h2o(iris), c("Species", "Sepal.Width"))
generate_col_ind <- function(data, by) column_numbers(data, by, "by")

#' The threshold of a model of two classes
#'
#' `h2o.reset_threshold()` sets the probability from which rows count as the second class in [h2o.predict()].
#' `h2o.thresholds_and_metric_scores()` gives the metrics for each threshold.
#'
#' @param object A model; for the table also metrics.
#' @param threshold A probability.
#' @param train,valid,xval Which metrics of a model: by default those of training.
#' @return The threshold until now; a table.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' cars <- transform(mtcars, am = factor(am))
#' model <- h2o.deeplearning(am ~ ., data = cars, hidden = 5, epochs = 20, seed = 1)
#' h2o.reset_threshold(model, 0.9)
#' head(h2o.thresholds_and_metric_scores(model), 3)
h2o.reset_threshold <- function(object, threshold) request("models.reset_threshold", live_key(object), threshold)

#' @rdname h2o.reset_threshold
#' @export
h2o.thresholds_and_metric_scores <- function(object, train = FALSE, valid = FALSE, xval = FALSE) {
  metrics <- if (methods::is(object, "H2OModel")) h2o.performance(object, train = train, valid = valid, xval = xval) else object
  if (!methods::is(metrics, "H2OBinomialMetrics")) stop_h2o("thresholds are there for models of two classes only")
  metrics@metrics$thresholds_and_metric_scores
}

#' Questions that have one answer here
#'
#' @return `FALSE`: this process is no client of another one, and there is no XGBoost.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.is_client()
h2o.is_client <- function() FALSE

#' @rdname h2o.is_client
#' @export
h2o.xgboost.available <- function() FALSE
