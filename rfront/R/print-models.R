# Printing of tables, metrics and models, line by line as scripts and people know it from H2O.

#' @export
print.H2OTable <- function(x, header = TRUE, ...) {
  if (header && nzchar(attr(x, "header"))) cat(table_title(x), "\n", sep = "")
  shown <- x
  class(shown) <- "data.frame"
  if (nrow(x) <= 20) {
    print(shown, ...)
  } else {
    print(utils::head(shown, 5), ...)
    cat("\n---\n")
    print(utils::tail(shown, 5), ...)
  }
  cat("\n")
  invisible(x)
}

table_title <- function(table) {
  description <- attr(table, "description")
  paste0(attr(table, "header"), if (nzchar(description)) paste0(if (!startsWith(description, " ")) ": ", description), ":")
}

#' @export
as.data.frame.H2OTable <- function(x, ...) {
  attributes(x) <- attributes(x)[c("names", "row.names")]
  class(x) <- "data.frame"
  x
}

#' @export
`[.H2OTable` <- function(x, ...) {
  kept <- as.data.frame.H2OTable(x)[...]
  if (is.data.frame(kept)) structure(kept, header = attr(x, "header"), description = attr(x, "description"), class = class(x)) else kept
}

metric_lines <- list(
  MSE = "MSE:  (Extract with `h2o.mse`)", RMSE = "RMSE:  (Extract with `h2o.rmse`)", mae = "MAE:  (Extract with `h2o.mae`)",
  rmsle = "RMSLE:  (Extract with `h2o.rmsle`)", logloss = "LogLoss:  (Extract with `h2o.logloss`)",
  mean_residual_deviance = "Mean Residual Deviance :  (Extract with `h2o.mean_residual_deviance`)",
  mean_per_class_error = "Mean Per-Class Error:  (Extract with `h2o.mean_per_class_error`)", AUC = "AUC:  (Extract with `h2o.auc`)",
  pr_auc = "AUCPR:  (Extract with `h2o.aucpr`)", Gini = "Gini:  (Extract with `h2o.gini`)", r2 = "R^2:  (Extract with `h2o.r2`)"
)

#' @rdname H2OModelMetrics-class
#' @param object An object with metrics.
#' @export
methods::setMethod("show", "H2OModelMetrics", function(object) {
  cat(class(object), ": ", object@algorithm, "\n", sep = "")
  on <- c("training", "validation", "cross-validation")[c(object@on_train, object@on_valid, object@on_xval)]
  if (length(on)) cat("** Reported on ", on, " data. **\n", sep = "")
  if (nzchar(paste0(object@metrics$description, ""))) cat("** ", object@metrics$description, " **\n", sep = "")
  cat("\n")
  for (field in setdiff(names(metric_lines), if (!is.null(object@metrics$domain)) "r2")) {
    value <- object@metrics[[field]]
    if (!is.null(value) && !is.na(value)) cat(sub("  \\(Extract.*", " ", metric_lines[[field]]), format(value, digits = 7), "\n", sep = " ")
  }
  cat("\n")
  show_tables(object)
  invisible()
})

show_tables <- function(object) {
  metrics <- object@metrics
  if (methods::is(object, "H2OBinomialMetrics") && !is.null(metrics$thresholds_and_metric_scores)) {
    if (!is.na(h2o.find_threshold_by_max_metric(object, "f1"))) {
      table <- confusion_of_metrics(object)
      about <- sub("^ for max f1.*", " for F1-optimal threshold:", attr(table, "description"))
      cat("Confusion Matrix (vertical: actual; across: predicted)", about, "\n", sep = "")
      print(table, header = FALSE)
    }
    print_titled("Maximum Metrics: Maximum metrics at their respective thresholds", metrics$max_criteria_and_metric_scores)
    if (!is.null(metrics$gains_lift_table)) {
      cat("Gains/Lift Table: Extract with `h2o.gainsLift(<model>, <data>)` or `h2o.gainsLift(<model>, valid=<T/F>, xval=<T/F>)`\n")
    }
  }
  if (methods::is(object, "H2OMultinomialMetrics")) {
    if (is.data.frame(metrics$cm$table)) {
      cat("Confusion Matrix: Extract with `h2o.confusionMatrix(<model>, <data>)`\n")
      cat("=========================================================================\n")
      print_titled("Confusion Matrix: Row labels: Actual class; Column labels: Predicted class", metrics$cm$table)
    }
    if (!is.null(metrics$hit_ratio_table)) {
      cat("Hit Ratio Table: Extract with `h2o.hit_ratio_table(<model>, <data>)`\n")
      cat("=======================================================================\n")
      print_titled(sprintf("Top-%d Hit Ratios: ", nrow(metrics$hit_ratio_table)), metrics$hit_ratio_table)
    }
  }
}

print_titled <- function(title, table) {
  if (is.null(table)) return()
  cat(title, "\n", sep = "")
  print(table, header = FALSE)
}

#' @rdname H2OModel-class
#' @param object A model.
#' @export
methods::setMethod("show", "H2OModel", function(object) show_model(object))

#' @rdname H2OModel-class
#' @param ... Not used.
#' @export
summary.H2OModel <- function(object, ...) {
  show_model(object)
  cat("Scoring History: \n")
  print(object@model$scoring_history, header = FALSE)
  if (!is.null(object@model$variable_importances)) {
    cat("Variable Importances: (Extract with `h2o.varimp`) \n")
    cat("=================================================\n\n")
    print(object@model$variable_importances)
  }
  invisible(object)
}

show_model <- function(object) {
  cat("Model Details:\n==============\n\n", class(object), ": ", object@algorithm, "\nModel ID:  ", object@model_id, "\n", sep = "")
  print(object@model$model_summary)
  for (metrics in object@model[c("training_metrics", "validation_metrics", "cross_validation_metrics")]) {
    if (!is.null(metrics)) {
      methods::show(metrics)
      cat("\n")
    }
  }
  if (!is.null(object@model$cross_validation_metrics_summary)) print(object@model$cross_validation_metrics_summary)
  if (!is.null(object@model$epochs_tried)) print(object@model$epochs_tried)
  fitted <- object@model$temperature
  if (!is.null(fitted)) {
    cat("Temperature: ", format(fitted$value, digits = 4), ", log-loss ", format(fitted$logloss_before, digits = 4), " -> ",
        format(fitted$logloss_after, digits = 4), " on ", fitted$rows, " rows of the ", fitted$source, "\n", sep = "")
  }
  if (!is.null(object@model$stopped_because)) cat("Training ended: ", object@model$stopped_because, "\n", sep = "")
  invisible(object)
}
