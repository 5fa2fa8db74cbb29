#' Confusion matrix
#'
#' @param object A model, or what [h2o.performance()] gives.
#' @param newdata An `H2OFrame` to count the predictions on.
#' @param valid,xval Which metrics of a model, by default those of the training data.
#' @param thresholds Two classes: at these probabilities.
#' @param metrics Two classes: where these metrics are largest, "f1" by default.
#' @param ... Not used.
#' @return A `data.frame` of the class `H2OTable`: actual classes down, predicted ones across, errors and rates; a list of them for several
#'   thresholds or metrics.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' cars <- transform(mtcars, am = factor(am))
#' model <- h2o.deeplearning(am ~ ., data = cars, hidden = 5, epochs = 20, seed = 1)
#' h2o.confusionMatrix(model)
#' h2o.confusionMatrix(model, cars[1:9, ])
h2o.confusionMatrix <- function(object, newdata, valid = FALSE, xval = FALSE, thresholds = NULL, metrics = NULL, ...) {
  if (methods::is(object, "H2OModelMetrics")) {
    if (!missing(newdata) && is.null(thresholds)) thresholds <- newdata # the second argument, without a name
    return(confusion_of_metrics(object, thresholds, metrics))
  }
  found <- if (missing(newdata)) h2o.performance(object, valid = valid, xval = xval) else h2o.performance(object, newdata)
  if (!is.null(found)) confusion_of_metrics(found, thresholds, metrics)
}

confusion_of_metrics <- function(object, thresholds = NULL, metrics = NULL) {
  if (methods::is(object, "H2OMultinomialMetrics")) return(object@metrics$cm$table)
  if (!methods::is(object, "H2OBinomialMetrics")) {
    warning("there is no confusion matrix without classes", call. = FALSE)
    return(NULL)
  }
  if (is.null(thresholds) && is.null(metrics)) metrics <- "f1"
  captions <- c(rep("", length(thresholds)), sprintf(" for max %s", metrics))
  places <- c(thresholds, vapply(metrics, function(metric) h2o.find_threshold_by_max_metric(object, metric), 0))
  tables <- unname(Map(function(place, caption) confusion_at(object, place, caption), places, captions))
  if (length(tables) == 1) tables[[1]] else tables
}

confusion_at <- function(object, threshold, caption) {
  if (is.na(threshold)) {
    stop_h2o(sprintf(
      "there is no confusion matrix%s: only one class occurs in the data, so no threshold is the best; give `thresholds`",
      caption
    ))
  }
  row <- h2o.find_row_by_threshold(object, threshold)
  counts <- matrix(c(row$tns, row$fns, row$fps, row$tps), 2)
  counts <- rbind(counts, colSums(counts))
  wrong <- c(counts[1, 2], counts[2, 1], counts[1, 2] + counts[2, 1])
  domain <- object@metrics$domain
  table <- data.frame(counts, wrong / rowSums(counts), paste0(" =", format_count(wrong), "/", format_count(rowSums(counts))))
  dimnames(table) <- list(c(domain, "Totals"), c(domain, "Error", "Rate"))
  structure(table,
    header = "Confusion Matrix (vertical: actual; across: predicted) ",
    description = paste0(caption, " @ threshold = ", format(row$threshold, digits = 10)), class = c("H2OTable", "data.frame")
  )
}

format_count <- function(x) format(x, trim = TRUE, scientific = FALSE, digits = 12)
