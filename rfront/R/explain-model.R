#' Plots of one model
#'
#' `h2o.learning_curve_plot()` a metric during training, on the training and validation rows, and on those of the folds where their models
#' were kept, with a line at the epoch of the network that was kept; `h2o.residual_analysis_plot()` residuals over predictions, for a
#' model of numbers; `h2o.predicted_vs_actual_by_variable()` the mean of predictions and of what was observed for each level of a factor;
#' `h2o.permutation_importance_plot()` how much worse the predictions are when a column is shuffled.
#'
#' @param model,object A model.
#' @param newdata An `H2OFrame` or a data frame of any kind, with the response.
#' @param metric For the learning curve a metric of the scoring history, AUTO: logloss, deviance or (autoencoders) mse. For importances
#'   see [h2o.permutation_importance()].
#' @param cv_ribbon,cv_lines Whether mean and spread of the folds, and a line for each, are drawn; by default the ribbon.
#' @param predicted Predictions of [h2o.predict()] for `newdata`; by default made.
#' @param variable Name of a factor.
#' @param n_samples,n_repeats,features,seed See [h2o.permutation_importance()].
#' @param num_of_features How many columns at most.
#' @return A ggplot object; `h2o.predicted_vs_actual_by_variable()` an `H2OFrame`.
#' @name h2o.learning_curve_plot
#' @examplesIf h2o:::python_found() && requireNamespace("ggplot2", quietly = TRUE)
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(mpg ~ ., data = mtcars, hidden = 5, epochs = 50, seed = 1)
#' h2o.learning_curve_plot(model)
#' h2o.residual_analysis_plot(model, mtcars)
#' h2o.permutation_importance_plot(model, mtcars, n_repeats = 3, seed = 1)
NULL

curve_columns <- c(
  auc = "auc", aucpr = "pr_auc", mae = "mae", rmse = "rmse", anomaly_score = "mse", deviance = "deviance", lift_top_group = "lift",
  logloss = "logloss", misclassification = "classification_error", r2 = "r2", mse = "mse"
)

#' @rdname h2o.learning_curve_plot
#' @export
h2o.learning_curve_plot <- function(model, metric = c("AUTO", "auc", "aucpr", "mae", "rmse", "anomaly_score", "convergence", "custom",
                                      "custom_increasing", "deviance", "lift_top_group", "logloss", "misclassification",
                                      "negative_log_likelihood", "objective", "sumetaieta02", "loglik"),
                                    cv_ribbon = NULL, cv_lines = NULL) {
  need_ggplot2("h2o.learning_curve_plot()")
  model <- one_model(model, "model")
  history <- as.data.frame(h2o.scoreHistory(model))
  if (!nrow(history)) stop_h2o("the model has no scoring history to draw")
  name <- curve_metric(metric[1], names(history))
  folds <- h2o.cross_validation_models(model)
  found <- curves_of(history, name)
  of_folds <- do.call(rbind, lapply(seq_along(folds), function(i) {
    each <- curves_of(as.data.frame(h2o.scoreHistory(folds[[i]])), name)
    cbind(each[each$data == "validation", ], fold = i)
  }))
  drawn <- ggplot2::ggplot(found, mapping(x = "epochs", y = "value", colour = "data"))
  if (!is.null(of_folds) && nrow(of_folds)) {
    of_folds$data <- "cross-validation"
    if (!isFALSE(cv_ribbon)) drawn <- drawn + fold_ribbon(of_folds)
    if (isTRUE(cv_lines)) drawn <- drawn + ggplot2::geom_line(mapping(group = "fold"), of_folds, alpha = 0.4)
  }
  of_data <- stats::setNames(plot_colours[1:3], c("training", "validation", "cross-validation"))
  drawn + ggplot2::geom_line() + ggplot2::geom_point(size = 1.2) + selected_epoch(model, history, name) +
    ggplot2::scale_colour_manual(values = of_data, breaks = names(of_data)) + ggplot2::scale_fill_manual(values = of_data) +
    ggplot2::labs(x = "epochs", y = sub("_", " ", name), colour = NULL, title = "Learning curve") + plain_theme()
}

curve_metric <- function(metric, names) {
  there <- sub("^training_", "", grep("^training_", names, value = TRUE))
  there <- setdiff(there, "speed")
  if (metric == "AUTO") return(intersect(c("logloss", "deviance", "mse", "rmse"), there)[1])
  name <- if (metric %in% names(curve_columns)) curve_columns[[metric]] else metric
  if (!name %in% there) {
    known <- names(curve_columns)[curve_columns %in% there]
    stop_h2o(sprintf("`metric` = \"%s\" is not in the scoring history of this model; there are %s", metric, paste(known, collapse = ", ")))
  }
  name
}

curves_of <- function(history, name) {
  parts <- lapply(c("training", "validation"), function(data) {
    values <- history[[paste0(data, "_", name)]]
    if (!is.null(values) && !all(is.na(values))) data.frame(epochs = history$epochs, value = values, data = data)
  })
  found <- do.call(rbind, parts)
  found[!is.na(found$value), ]
}

fold_ribbon <- function(of_folds) {
  steps <- sort(unique(of_folds$epochs))
  curves <- vapply(split(of_folds, of_folds$fold), function(each) {
    if (nrow(each) < 2) return(base::ifelse(steps == each$epochs[1], each$value[1], NA_real_))
    stats::approx(each$epochs, each$value, steps, ties = mean)$y
  }, numeric(length(steps)))
  curves <- matrix(curves, length(steps))
  mean <- rowMeans(curves, na.rm = TRUE)
  spread <- base::apply(curves, 1, stats::sd, na.rm = TRUE)
  spread[is.na(spread)] <- 0
  data <- data.frame(epochs = steps, value = mean, lower = mean - spread, upper = mean + spread, data = "cross-validation")
  list(
    ggplot2::geom_ribbon(mapping(x = "epochs", ymin = "lower", ymax = "upper", fill = "data"), data,
      alpha = 0.2, colour = NA, inherit.aes = FALSE, show.legend = FALSE),
    ggplot2::geom_line(data = data)
  )
}

# The epoch whose network the model has: the best one, or the last.
selected_epoch <- function(model, history, name) {
  at <- utils::tail(history$epochs, 1)
  if (isTRUE(model@allparameters$overwrite_with_best_model)) {
    column <- stopping_column(model, names(history))
    values <- history[[column]]
    best <- if (sub("^(training|validation)_", "", column) %in% c("auc", "pr_auc", "lift", "r2")) which.max(values) else which.min(values)
    if (length(best)) at <- history$epochs[best]
  }
  ggplot2::geom_vline(xintercept = at, linetype = "dashed", colour = "grey40")
}

stopping_column <- function(model, names) {
  metric <- tolower(model@allparameters$stopping_metric)
  wanted <- if (metric %in% names(curve_columns)) curve_columns[[metric]] else c("logloss", "deviance", "mse", "rmse")
  intersect(c(paste0("validation_", wanted), paste0("training_", c(wanted, "logloss", "deviance", "mse", "rmse"))), names)[1]
}

#' @rdname h2o.learning_curve_plot
#' @export
h2o.residual_analysis_plot <- function(model, newdata) {
  need_ggplot2("h2o.residual_analysis_plot()")
  model <- one_model(model, "model")
  if (model@model$model_category != "Regression") stop_h2o("residuals are drawn for models that predict numbers")
  residual_plot(model, scoring_frame(model, newdata, "newdata"))
}

residual_plot <- function(model, frame) {
  predicted <- fitted_values(model, frame)
  found <- stats::na.omit(data.frame(predicted = predicted, residual = observed_values(model, frame) - predicted))
  rows <- unique(round(seq(1, nrow(found), length.out = min(nrow(found), 5000))))
  drawn <- ggplot2::ggplot(found[rows, ], mapping(x = "predicted", y = "residual")) +
    ggplot2::geom_hline(yintercept = 0, colour = "grey40") +
    ggplot2::geom_point(colour = plot_colours[1], alpha = if (length(rows) > 500) 0.3 else 0.7) +
    ggplot2::labs(title = "Residuals over predictions", x = "prediction", y = "observed - predicted") + plain_theme()
  if (length(unique(found$predicted)) > 2) {
    drawn <- drawn + ggplot2::geom_smooth(method = "lm", formula = y ~ x, se = FALSE, colour = plot_colours[2], linewidth = 0.7)
  }
  drawn
}

#' @rdname h2o.learning_curve_plot
#' @export
h2o.predicted_vs_actual_by_variable <- function(object, newdata, predicted = NULL, variable) {
  model <- one_model(object, "object")
  frame <- scoring_frame(model, newdata, "newdata")
  if (is.null(predicted)) predicted <- frame_named(request("models.predict", live_key(model), key_of(frame)), temporary = TRUE)
  evaluate("predicted.vs.actual.by.var", structure(live_key(model), class = "h2o_key"), operand(frame), variable, operand(predicted))
}

#' @rdname h2o.learning_curve_plot
#' @export
h2o.permutation_importance_plot <- function(object, newdata, metric = c("AUTO", "AUC", "MAE", "MSE", "RMSE", "logloss",
                                              "mean_per_class_error", "PR_AUC"),
                                            n_samples = 10000, n_repeats = 1, features = NULL, seed = -1, num_of_features = NULL) {
  need_ggplot2("h2o.permutation_importance_plot()")
  found <- as.data.frame(h2o.permutation_importance(object, newdata, metric[1], n_samples, n_repeats, features, seed))
  runs <- grep("^Run", names(found), value = TRUE)
  if (length(runs) > 1) {
    values <- as.matrix(found[runs])
    order <- order(rowMeans(values))
    long <- data.frame(column = rep(found[[1]], length(runs)), importance = as.vector(values))
  } else {
    order <- order(found[["Relative Importance"]])
    long <- data.frame(column = found[[1]], importance = found[["Relative Importance"]])
  }
  shown <- utils::tail(as.character(found[[1]])[order], if (is.null(num_of_features)) 10 else num_of_features)
  long <- long[long$column %in% shown, ]
  long$column <- factor(long$column, levels = shown)
  drawn <- ggplot2::ggplot(long, mapping(x = "importance", y = "column"))
  drawn <- drawn + if (length(runs) > 1) ggplot2::geom_boxplot(fill = plot_colours[1], alpha = 0.5) else
    ggplot2::geom_col(fill = plot_colours[1], width = 0.7)
  drawn + ggplot2::labs(x = "loss of accuracy when shuffled", y = NULL, title = "Permutation importance") + plain_theme()
}
