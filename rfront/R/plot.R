#' Plot the scoring history, the importance of inputs, or a ROC curve
#'
#' @param x A model, or metrics of two classes.
#' @param model A model.
#' @param timestep What is on the horizontal axis: "epochs", "duration" or "samples".
#' @param metric A metric of the scoring history such as "logloss", "rmse" or "classification_error"; by default one that fits.
#' @param type "roc" or "pr" (precision and recall).
#' @param num_of_features How many inputs to show.
#' @param ... Further arguments of the plot.
#' @return Nothing.
#' @name h2o-plots
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' cars <- transform(mtcars, am = factor(am))
#' model <- h2o.deeplearning(am ~ ., data = cars, hidden = 5, epochs = 20, seed = 1)
#' plot(model)
#' plot(h2o.performance(model))
#' h2o.varimp_plot(model)
NULL

#' @rdname h2o-plots
#' @export
plot.H2OModel <- function(x, timestep = "AUTO", metric = "AUTO", ...) {
  history <- h2o.scoreHistory(x)
  if (is.null(history)) stop_h2o("the model has no scoring history to plot")
  step <- if (timestep == "AUTO") "epochs" else timestep
  if (!step %in% names(history)) stop_h2o(sprintf("`timestep` = \"%s\" must be one of epochs, duration, samples", timestep))
  if (metric == "AUTO") metric <- if (paste0("training_logloss") %in% names(history)) "logloss" else "rmse"
  columns <- intersect(paste0(c("training_", "validation_"), tolower(metric)), names(history))
  if (!length(columns)) {
    choices <- sub("^training_", "", grep("^training_", names(history), value = TRUE))
    stop_h2o(sprintf("`metric` = \"%s\" must be one of %s", metric, paste(choices, collapse = ", ")))
  }
  steps <- if (base::is.character(history[[step]])) seq_len(nrow(history)) else history[[step]]
  graphics::matplot(steps, as.matrix(as.data.frame(history)[columns]), type = "l", lty = 1, col = c("blue", "orange"),
    xlab = step, ylab = metric, main = "Scoring History", ...)
  graphics::legend("topright", sub("_.*", "", columns), col = c("blue", "orange")[seq_along(columns)], lty = 1)
  invisible()
}

#' @rdname h2o-plots
#' @export
plot.H2OBinomialMetrics <- function(x, type = "roc", ...) {
  if (!type %in% c("roc", "pr")) stop_h2o(sprintf("`type` = \"%s\" must be \"roc\" or \"pr\"", type))
  table <- x@metrics$thresholds_and_metric_scores
  if (type == "roc") {
    plot(c(0, table$fpr), c(0, table$tpr), type = "l", col = "blue", xlim = c(0, 1), ylim = c(0, 1), xlab = "False Positive Rate (FPR)",
      ylab = "True Positive Rate (TPR)", main = sprintf("Receiver Operating Characteristic curve\nAUC: %.4f", x@metrics$AUC), ...)
    graphics::abline(0, 1, lty = 2)
  } else {
    plot(table$recall, table$precision, type = "l", col = "blue", xlim = c(0, 1), ylim = c(0, 1), xlab = "Recall", ylab = "Precision",
      main = "Precision Recall curve", ...)
  }
  invisible()
}

#' @rdname h2o-plots
#' @export
h2o.varimp_plot <- function(model, num_of_features = NULL) {
  table <- h2o.varimp(model)
  if (is.null(table)) return(invisible())
  shown <- as.data.frame(utils::head(table, if (is.null(num_of_features)) 10 else num_of_features))
  shown <- shown[rev(seq_len(nrow(shown))), ]
  margins <- graphics::par(mar = c(5, 2 + 0.6 * min(max(nchar(shown$variable)), 30), 4, 2))
  on.exit(graphics::par(margins))
  graphics::barplot(shown$scaled_importance, names.arg = shown$variable, horiz = TRUE, las = 1, col = "#1F77B4", border = NA,
    main = "Variable Importance: Deep Learning")
  invisible()
}
