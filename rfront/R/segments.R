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
#' @return An object of the class `H2OSegmentModels`; `as.data.frame()` gives one row for each segment: its values, the name of the model, "SUCCEEDED" or
#'   "FAILED", errors and warnings.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' cars <- as.h2o(mtcars)
#' models <- h2o.train_segments("deeplearning", "am", y = "mpg", training_frame = cars, hidden = 5, epochs = 1)
#' as.data.frame(models)
h2o.train_segments <- function(algorithm, segment_columns, segment_models_id, parallelism = 1, ...) {
  given <- list(...)
  frame <- if (base::is.character(given$training_frame)) h2o.getFrame(given$training_frame) else given$training_frame
  if (!identical(algorithm, "deeplearning")) stop_h2o(sprintf("`algorithm` = %s: there is \"deeplearning\"", deparse(algorithm)[1]))
  key_of(frame, "training_frame")
  columns <- column_names(frame, segment_columns, "segment_columns")
  if (!length(columns)) stop_h2o("`segment_columns`: name at least one column")
  if (!is.numeric(parallelism) || parallelism < 1) stop_h2o("`parallelism` must be at least 1")
  id <- if (missing(segment_models_id)) request("fresh_key", "segment_models") else segment_models_id
  keys <- as.data.frame(choose_columns(frame, match(columns, names(frame))))
  labels <- interaction_of(keys)
  segments <- lapply(unname(split(seq_len(nrow(frame)), labels)), function(rows) {
    list(rows = rows, number = labels[rows[1]], values = keys[rows[1], , drop = FALSE])
  })
  if (is.null(given$x)) given$x <- setdiff(names(frame), c(columns, column_name(given$y, frame, "y")))
  rows <- lapply(split(segments, (seq_along(segments) - 1) %/% parallelism), train_together, frame, given, id)
  table <- do.call(rbind, do.call(c, unname(rows)))
  rownames(table) <- NULL
  bridge$segments[[id]] <- table
  methods::new("H2OSegmentModels", segment_models_id = id)
}

# A number for each row: rows of the same values have the same one, in the order of their first row.
interaction_of <- function(keys) {
  codes <- lapply(keys, function(column) match(column, unique(column)))
  texts <- do.call(paste, c(unname(codes), sep = "-"))
  match(texts, unique(texts))
}

# Start the trainings of some segments, then wait for each.
train_together <- function(segments, frame, given, id) {
  started <- lapply(segments, function(segment) {
    given$training_frame <- choose_rows(frame, segment$rows)
    given$model_id <- request("fresh_key", paste0(id, "_", segment$number)) # each its own: they are taken when trained
    noting(list(job = do.call(request, c("train", training_call("deeplearning", given))), frame = given$training_frame))
  })
  Map(function(segment, start) {
    ended <- if (is.null(start$error)) noting(h2o.getModel(await(start$value$job, quiet = TRUE))) else start
    warnings <- c(start$warnings, ended$warnings, if (!is.null(ended$value)) as.character(ended$value@model$warnings))
    data.frame(segment$values,
      model = if (is.null(ended$error)) ended$value@model_id else NA_character_,
      status = if (is.null(ended$error)) "SUCCEEDED" else "FAILED",
      errors = if (is.null(ended$error)) NA_character_ else ended$error,
      warnings = if (length(warnings)) paste(unique(warnings), collapse = "\n") else NA_character_,
      stringsAsFactors = FALSE, check.names = FALSE
    )
  }, segments, started)
}

# The value of an expression, or its error, with its warnings.
noting <- function(expr) {
  warnings <- character()
  value <- withCallingHandlers(
    tryCatch(list(value = expr), h2o_error = function(e) list(error = conditionMessage(e))),
    warning = function(w) {
      warnings <<- c(warnings, conditionMessage(w))
      invokeRestart("muffleWarning")
    }
  )
  c(value, list(warnings = warnings))
}

#' @rdname h2o.train_segments
#' @export
h2o.get_segment_models <- function(segment_models_id) {
  if (is.null(bridge$segments[[segment_models_id]])) {
    stop_h2o(sprintf("there are no segment models of the name %s", deparse(segment_models_id)), type = "NotFound")
  }
  methods::new("H2OSegmentModels", segment_models_id = segment_models_id)
}

#' Models of segments
#'
#' See [h2o.train_segments()].
#'
#' @slot segment_models_id Name of the models.
#' @export
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
as.data.frame.H2OSegmentModels <- function(x, ...) bridge$segments[[x@segment_models_id]]
