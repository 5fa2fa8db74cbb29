#' Plot a model with ggplot2
#'
#' @param object A model, or metrics of [h2o.performance()].
#' @param type "learning_curve"; "varimp", the importance of columns; "roc", for two classes, on the training rows and, where there are,
#'   those of validation and cross-validation; "residuals", over predictions, of the rows of training.
#' @param num_of_features How many columns at most.
#' @param ... For "learning_curve" arguments of [h2o.learning_curve_plot()].
#' @return A ggplot object.
#' @name h2o-autoplot
#' @examplesIf h2o:::python_found() && requireNamespace("ggplot2", quietly = TRUE)
#' h2o.init(nthreads = 2)
#' cars <- transform(mtcars, am = factor(am))
#' model <- h2o.deeplearning(am ~ ., data = cars, hidden = 5, epochs = 50, seed = 1)
#' ggplot2::autoplot(model)
#' ggplot2::autoplot(model, "roc")
NULL

#' @rdname h2o-autoplot
#' @exportS3Method ggplot2::autoplot
autoplot.H2OModel <- function(object, type = c("learning_curve", "varimp", "roc", "residuals"), num_of_features = 10, ...) {
  type <- match.arg(type)
  if (...length() && type != "learning_curve") {
    stop_h2o(sprintf("autoplot: no argument %s here", paste(names_of_rest(...), collapse = ", ")))
  }
  switch(type,
    learning_curve = h2o.learning_curve_plot(object, ...),
    varimp = varimp_bars(object, num_of_features),
    roc = roc_plot(Filter(Negate(is.null), object@model[paste0(c("training", "validation", "cross_validation"), "_metrics")])),
    residuals = {
      if (object@model$model_category != "Regression") stop_h2o("residuals are drawn for models that predict numbers")
      residual_plot(object, training_frame_of(object))
    }
  )
}

#' @rdname h2o-autoplot
#' @exportS3Method ggplot2::autoplot
autoplot.H2OBinomialMetrics <- function(object, ...) roc_plot(list(object))

roc_plot <- function(metrics) {
  if (!all(vapply(metrics, methods::is, NA, "H2OBinomialMetrics"))) stop_h2o("a ROC curve is for two classes")
  found <- do.call(rbind, lapply(metrics, function(each) {
    table <- each@metrics$thresholds_and_metric_scores
    of <- if (each@on_train) "training" else if (each@on_valid) "validation" else if (each@on_xval) "cross-validation" else "new data"
    data.frame(fpr = c(0, table$fpr), tpr = c(0, table$tpr), of = sprintf("%s, AUC %.3f", of, each@metrics$AUC))
  }))
  found$of <- factor(found$of, levels = unique(found$of))
  ggplot2::ggplot(found, mapping(x = "fpr", y = "tpr", colour = "of")) + ggplot2::geom_abline(linetype = "dashed", colour = "grey60") +
    ggplot2::geom_path() + ggplot2::coord_equal(xlim = c(0, 1), ylim = c(0, 1)) + coloured(3) +
    ggplot2::labs(x = "false positive rate", y = "true positive rate", colour = NULL, title = "ROC curve") + plain_theme()
}
