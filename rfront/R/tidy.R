# Methods for the generics tidy(), glance() and augment() of the packages generics and broom.

#' Models in tidy tables
#'
#' Methods for `tidy()`, `glance()` and `augment()` of the packages generics and broom: importance of the inputs, one row of metrics, and
#' data with predictions.
#'
#' @param x A model.
#' @param data,newdata A `data.frame` or `H2OFrame` to add predictions to.
#' @param ... Not used.
#' @return A `data.frame`.
#' @name h2o-tidy
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
  found <- as.data.frame(h2o.predict(x, if (is.h2o(newdata)) newdata else as.h2o(newdata, NULL)))
  names(found) <- base::ifelse(names(found) == "predict", ".fitted", paste0(".", names(found)))
  cbind(as.data.frame(newdata), found)
}
