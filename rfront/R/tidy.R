# Methods for the generics tidy(), glance() and augment() of the packages generics and broom.

#' Models in tidy tables
#'
#' Methods for `tidy()`, `glance()` and `augment()` of the packages generics and broom: importance of the inputs, one row of metrics, and
#' data with the predictions before them, under the names of [predict()][h2o.predict], and `.resid` where numbers are predicted and known.
#'
#' @param x A model.
#' @param data,newdata A data frame of any kind or `H2OFrame` to add predictions to.
#' @param ... Not used.
#' @return A `data.frame`; `augment()` one of the kind of `newdata`.
#' @name h2o-tidy
#' @examplesIf h2o:::python_found() && requireNamespace("generics", quietly = TRUE)
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(mpg ~ ., data = mtcars, hidden = 5, epochs = 20, seed = 1)
#' generics::tidy(model)
#' generics::glance(model)
#' head(generics::augment(model, newdata = mtcars), 3)
#' @rawNamespace S3method(generics::tidy, H2OModel)
#' @rawNamespace S3method(generics::glance, H2OModel)
#' @rawNamespace S3method(generics::augment, H2OModel)
tidy.H2OModel <- function(x, ...) {
  table <- h2o.varimp(x)
  if (is.null(table)) return(data.frame(term = character(), estimate = numeric()))
  data.frame(
    term = table$variable, estimate = table$relative_importance, scaled = table$scaled_importance, share = table$percentage
  )
}

#' @rdname h2o-tidy
glance.H2OModel <- function(x, ...) {
  metrics <- x@model$training_metrics@metrics
  single <- Filter(function(value) base::is.numeric(value) && length(value) == 1, metrics[intersect(names(metric_lines), names(metrics))])
  data.frame(single, nobs = metrics$nobs, epochs = x@model$epochs, seconds = x@model$run_time / 1000)
}

#' @rdname h2o-tidy
augment.H2OModel <- function(x, data = NULL, newdata = data, ...) {
  if (is.null(newdata)) stop_h2o("augment: give the data to add predictions to")
  rows <- rows_in_r(newdata, "newdata")
  found <- predict(x, rows)
  frame <- scoring_frame(x, rows, "newdata")
  numbers <- x@model$model_category == "Regression" && x@model$response_column %in% names(frame)
  if (numbers) found$.resid <- observed_values(x, frame) - found$.pred
  in_kind_of(cbind(found, rows), newdata)
}
