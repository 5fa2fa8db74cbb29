# What the first argument of h2o.deeplearning() may be beside names: a formula, a recipe, or the predictors themselves. Each becomes
# `x`, `y` and `training_frame`; where columns are computed, the model keeps how (`prepare`), and what it scores passes through that.

# Gives a list: `given`, the arguments with x, y and training_frame in them; `prepare` and `formula`, where there is one.
data_of_model <- function(x, given) UseMethod("data_of_model")

#' @exportS3Method
data_of_model.default <- function(x, given) {
  if (!is.null(given$data)) stop_h2o("`data` goes with a formula or a recipe; beside names in `x` and `y` give `training_frame`")
  list(given = given)
}

#' @exportS3Method
data_of_model.matrix <- function(x, given) data_of_model.data.frame(x, given)

# Predictors and outcome as objects of R. `y` may also name a column of `x`.
#' @exportS3Method
data_of_model.data.frame <- function(x, given) {
  if (!is.null(given$training_frame)) {
    given$x <- colnames(x)
    return(data_of_model.default(NULL, given))
  }
  if (!is.null(given$data)) stop_h2o("`x` has the data already: leave out `data`")
  columns <- plain_data_frame(x, "x")
  given$x <- names(columns)
  y <- given$y
  named <- base::is.character(y) && length(y) == 1 && y %in% names(columns)
  if (named) {
    given$x <- setdiff(names(columns), y)
  } else if (!is.null(y)) {
    outcome <- if (is.data.frame(y)) plain_data_frame(y, "y") else data.frame(.outcome = y, stringsAsFactors = FALSE)
    if (ncol(outcome) != 1 || nrow(outcome) != nrow(columns)) {
      text <- "`y` must be one column for the %d rows of `x`, it has %d rows and %d columns"
      stop_h2o(sprintf(text, nrow(columns), nrow(outcome), ncol(outcome)))
    }
    if (names(outcome) %in% names(columns)) stop_h2o(sprintf("`x` has a column `%s` already, the name of the outcome", names(outcome)))
    given$y <- names(outcome)
    columns <- structure(c(columns, outcome), row.names = .set_row_names(nrow(columns)), class = "data.frame")
  }
  given$x <- setdiff(given$x, roles_given(given))
  given$training_frame <- columns
  list(given = given)
}

# Columns that other arguments name.
roles_given <- function(given) as.character(unlist(given[c("weights_column", "offset_column", "fold_column")]))

# The data that go with a formula or a recipe: `data`, or `training_frame`.
data_given <- function(given, what) {
  if (is.null(given$data) && is.null(given$training_frame) && (is.h2o(given$y) || is_tabular(given$y))) { # second without a name
    given$data <- given$y
    given$y <- NULL
  }
  if (!is.null(given$y)) stop_h2o(sprintf("`y` = %s: the outcome is named by the %s, leave out `y`", deparse(given$y)[1], what))
  if (!is.null(given$data) && !is.null(given$training_frame)) stop_h2o("give the rows as `data` or as `training_frame`, not as both")
  data <- if (is.null(given$data)) given$training_frame else given$data
  if (base::is.character(data)) data <- h2o.getFrame(data)
  if (!is.null(data) && !is.h2o(data) && !is_tabular(data)) frame_of(data, "data") # which refuses it
  data
}

# Rows as training saw them: computed columns are computed. `data` are always the rows as they were given for training.
prepare_rows <- function(prepare, data) UseMethod("prepare_rows")

# Other rows that training looks at.
prepare_others <- function(given, prepare) {
  for (name in intersect(c("validation_frame", "calibration_frame"), names(given))) {
    if (!is.null(given[[name]])) given[[name]] <- prepare_rows(prepare, rows_in_r(given[[name]], name))
  }
  given
}

# The frame to score, and its key.
scoring_frame <- function(model, data, argument) {
  prepare <- model_stored(model)$prepare
  if (is.null(prepare)) return(frame_of(data, argument))
  frame_of(prepare_rows(prepare, rows_in_r(data, argument)), argument)
}

scoring_key <- function(model, data, argument) frame_key(scoring_frame(model, data, argument), argument)

rows_in_r <- function(data, argument) {
  if (base::is.character(data) && length(data) == 1) data <- h2o.getFrame(data)
  if (!is.h2o(data) && !is_tabular(data)) frame_of(data, argument) # which refuses it
  if (is.h2o(data)) as.data.frame(data, drop.unused.levels = FALSE) else plain_data_frame(data, argument)
}

model_stored <- function(model) if (methods::is(model, "H2OModel")) model@stored

# Files of models hold the network, not R code that makes its columns.
warn_of_preparation <- function(model) {
  prepare <- model_stored(model)$prepare
  if (is.null(prepare)) return(invisible())
  what <- if (inherits(prepare, "h2o_recipe")) "the recipe" else "the formula"
  warning(sprintf("%s that makes the columns of this model is not in the file: saveRDS() of the object keeps both", what), call. = FALSE)
}
