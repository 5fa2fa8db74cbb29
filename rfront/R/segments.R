#' A model for each segment of the data
#'
#' Trains one model for the rows of each combination of values of some columns. A segment whose training fails does not end the
#' others; the table says why.
#'
#' @param algorithm "deeplearning".
#' @param segment_columns Names or positions of the columns that make the segments. Rows in which one of them is missing are a segment, too.
#' @param segment_models_id Name of the result.
#' @param parallelism How many models are trained at a time.
#' @param ... Arguments of [h2o.deeplearning()]; `training_frame` is needed.
#' @return An object of the class `H2OSegmentModels`; `as.data.frame()` gives one row for each segment: its values, the
#'   name of the model, "SUCCEEDED" or "FAILED", errors and warnings.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' cars <- as.h2o(mtcars)
#' models <- h2o.train_segments("deeplearning", "am", y = "mpg", training_frame = cars, hidden = 5)
#' as.data.frame(models)
h2o.train_segments <- function(algorithm, segment_columns, segment_models_id, parallelism = 1, ...) {
  given <- list(...)
  if (!identical(algorithm, "deeplearning")) stop_h2o(sprintf("`algorithm` = %s: there is \"deeplearning\"", deparse(algorithm)[1]))
  if (inherits(given$x, c("formula", "recipe")) || !is.null(given$formula)) {
    stop_h2o("h2o.train_segments takes `x` and `y`; models with a formula or a recipe are trained one by one")
  }
  if (is.null(given$training_frame)) stop_h2o("`training_frame` is missing: give the frame to train on")
  given$training_frame <- frame <- frame_of(given$training_frame, "training_frame")
  call <- training_call(algorithm, given)$request
  call$segments <- as_list(column_names(frame, segment_columns, "segment_columns"))
  call$key <- if (!missing(segment_models_id)) segment_models_id
  key <- await(do.call(request, c("training.train_segments", call, list(parallelism = as.integer(parallelism)))))
  methods::new("H2OSegmentModels", segment_models_id = key)
}

#' @rdname h2o.train_segments
#' @export
h2o.get_segment_models <- function(segment_models_id) {
  frame_named(request("training.segment_models", segment_models_id), temporary = TRUE)
  methods::new("H2OSegmentModels", segment_models_id = segment_models_id)
}

#' Models of segments
#'
#' See [h2o.train_segments()].
#'
#' @slot segment_models_id Name of the models.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' models <- h2o.train_segments("deeplearning", "am", y = "mpg", training_frame = mtcars, hidden = 2)
#' models
methods::setClass("H2OSegmentModels", representation(segment_models_id = "character"), contains = "Keyed")

#' @rdname H2OSegmentModels-class
#' @param object,x Segment models.
#' @param ... Not used.
#' @export
methods::setMethod("show", "H2OSegmentModels", function(object) {
  cat("Segment models ", object@segment_models_id, "\n", sep = "")
  print(as.data.frame(object))
})

#' @rdname H2OSegmentModels-class
#' @export
as.data.frame.H2OSegmentModels <- function(x, ...) {
  as.data.frame(frame_named(request("training.segment_models", x@segment_models_id), temporary = TRUE))
}
