#' Several models beside each other
#'
#' @param object Models: a model, a grid, a list of these or of their names, or a leaderboard; for `h2o.pareto_front()` also any table.
#' @param newdata,leaderboard_frame An `H2OFrame` or a data frame of any kind, with the response.
#' @param top_n So many models at most.
#' @param num_of_features So many columns at most, by their largest importance.
#' @param cluster_models Whether models that agree stand side by side; else in their order.
#' @param triangular Whether each pair is drawn once.
#' @param sort_metric A column of the table; AUTO: auc of two classes, mean_per_class_error of more, rmse of numbers.
#' @param extra_columns "training_time_ms", "predict_time_per_row_ms" (needs the frame), "algo", or "ALL".
#' @param scoring_data Without a frame: the metrics of "xval", "valid" or "train"; AUTO takes the first of them that there are.
#' @param x_metric,y_metric Columns of the leaderboard; AUTO: the time of a prediction (or of training) and what sorts the leaderboard.
#' @param optimum Where the best models lie: "top left", "top right", "bottom left" or "bottom right"; AUTO knows that of the metrics.
#' @param title A title.
#' @param color_col Column by which models are coloured.
#' @return `h2o.varimp_heatmap()` and `h2o.model_correlation_heatmap()` a ggplot object; `h2o.model_correlation()` a `data.frame` of the
#'   agreement of predictions, correlations for numbers, shares of equal classes else; `h2o.make_leaderboard()` an `H2OFrame`;
#'   `h2o.pareto_front()` the rows of which none is better in both metrics, a `data.frame` that draws itself when it is plotted.
#' @name h2o.make_leaderboard
#' @examplesIf h2o:::python_found() && requireNamespace("ggplot2", quietly = TRUE)
#' h2o.init(nthreads = 2)
#' trained <- function(n) h2o.deeplearning(mpg ~ ., data = mtcars, hidden = n, epochs = 20, seed = n)
#' models <- lapply(2:4, trained)
#' h2o.make_leaderboard(models, mtcars)
#' h2o.varimp_heatmap(models)
#' h2o.model_correlation_heatmap(models, mtcars)
#' plot(h2o.pareto_front(models, mtcars))
NULL

#' @rdname h2o.make_leaderboard
#' @export
h2o.varimp_heatmap <- function(object, top_n = 20, num_of_features = 20) {
  need_ggplot2("h2o.varimp_heatmap()")
  found <- importances_of(utils::head(models_given(object), top_n))
  largest <- sort(tapply(found$importance, found$column, max), decreasing = TRUE)
  found <- found[found$column %in% names(utils::head(largest, num_of_features)), ]
  found$column <- factor(found$column, levels = rev(names(largest)))
  ggplot2::ggplot(found, mapping(x = "model", y = "column", fill = "importance")) + ggplot2::geom_tile() +
    ggplot2::scale_fill_viridis_c(limits = c(0, 1), breaks = c(0, 0.5, 1)) +
    ggplot2::labs(x = NULL, y = NULL, title = "Importance of columns") +
    plain_theme() + slanted()
}

# Of each column, the largest of a model being 1.
importances_of <- function(models) {
  ids <- short_ids(vapply(models, function(model) model@model_id, ""))
  do.call(rbind, Map(function(model, id) {
    table <- model@model$column_importances
    if (is.null(table)) stop_h2o(sprintf("model %s has no variable importances of columns", id))
    data.frame(model = factor(id, levels = ids), column = table$variable, importance = table$scaled_importance)
  }, models, ids))
}

#' @rdname h2o.make_leaderboard
#' @export
h2o.model_correlation <- function(object, newdata, top_n = 20, cluster_models = TRUE) {
  models <- utils::head(models_given(object), top_n)
  if (!all(vapply(models, of_numbers, NA)) && !all(vapply(models, of_classes, NA))) {
    stop_h2o("the models must all predict numbers, or all classes, for their predictions to be compared")
  }
  found <- lapply(models, function(model) {
    frame <- scoring_frame(model, newdata, "newdata")
    as.data.frame(frame_named(request("models.predict", live_key(model), key_of(frame)), temporary = TRUE))$predict
  })
  agreement <- outer(seq_along(found), seq_along(found), Vectorize(function(i, j) agreement_of(found[[i]], found[[j]])))
  if (cluster_models && length(models) > 2) {
    order <- stats::hclust(stats::as.dist(1 - base::ifelse(is.na(agreement), 0, agreement)))$order
    agreement <- agreement[order, order]
    models <- models[order]
  }
  ids <- vapply(models, function(model) model@model_id, "")
  dimnames(agreement) <- list(ids, ids)
  as.data.frame(agreement, optional = TRUE)
}

agreement_of <- function(left, right) {
  if (base::is.factor(left) || base::is.factor(right)) return(mean(as.character(left) == as.character(right), na.rm = TRUE))
  suppressWarnings(stats::cor(left, right, use = "complete.obs"))
}

#' @rdname h2o.make_leaderboard
#' @export
h2o.model_correlation_heatmap <- function(object, newdata, top_n = 20, cluster_models = TRUE, triangular = TRUE) {
  need_ggplot2("h2o.model_correlation_heatmap()")
  agreement <- as.matrix(h2o.model_correlation(object, newdata, top_n, cluster_models))
  ids <- short_ids(rownames(agreement))
  found <- data.frame(
    left = factor(rep(ids, length(ids)), levels = ids), right = factor(rep(ids, each = length(ids)), levels = rev(ids)),
    agreement = as.vector(agreement)
  )
  if (triangular) found <- found[as.integer(found$left) <= length(ids) + 1 - as.integer(found$right), ]
  ggplot2::ggplot(found, mapping(x = "left", y = "right", fill = "agreement")) + ggplot2::geom_tile() +
    ggplot2::geom_text(ggplot2::aes(label = sprintf("%.2f", agreement)), data = found, size = 3) +
    ggplot2::scale_fill_gradient2(low = "#D62728", mid = "white", high = plot_colours[1], limits = c(-1, 1)) +
    ggplot2::labs(x = NULL, y = NULL, title = "Agreement of predictions") + plain_theme() + slanted()
}

#' @rdname h2o.make_leaderboard
#' @export
h2o.make_leaderboard <- function(object, leaderboard_frame, sort_metric = "AUTO", extra_columns = c(),
                                 scoring_data = c("AUTO", "train", "valid", "xval")) {
  models <- models_given(object)
  frame <- if (missing(leaderboard_frame) || is.null(leaderboard_frame)) "" else shared_frame(models, leaderboard_frame)
  evaluate("makeLeaderboard", as_list(vapply(models, live_key, "")), if (is.h2o(frame)) operand(frame) else frame, sort_metric,
    as_list(as.character(extra_columns)), match.arg(scoring_data))
}

# The frame for all models, which has to be the same for them.
shared_frame <- function(models, frame) {
  prepared <- vapply(models, function(model) !is.null(model_stored(model)$prepare), NA)
  if (length(models) > 1 && any(prepared)) {
    same <- all(vapply(models, function(model) identical(model_stored(model)$formula, model_stored(models[[1]])$formula), NA))
    if (!same || any(!prepared)) {
      stop_h2o("`leaderboard_frame`: models that compute their columns by different formulas or recipes share no frame; leave it out")
    }
  }
  scoring_frame(models[[1]], frame, "leaderboard_frame")
}

#' @rdname h2o.make_leaderboard
#' @export
h2o.pareto_front <- function(object, leaderboard_frame = NULL, x_metric = "AUTO", y_metric = "AUTO",
                             optimum = c("AUTO", "top left", "top right", "bottom left", "bottom right"), title = NULL,
                             color_col = "algo") {
  optimum <- match.arg(optimum)
  table <- if (is_tabular(object) && !"model_id" %in% colnames(object)) plain_data_frame(object, "object") else
    leaderboard_of(object, leaderboard_frame)
  numbers <- names(Filter(is.numeric, table))
  measure <- function(metric, argument, default) {
    if (identical(metric, "AUTO")) return(default)
    found <- match(tolower(metric), tolower(names(table)))
    if (is.na(found) || !is.numeric(table[[found]])) {
      stop_h2o(sprintf("`%s` = \"%s\" is no column of numbers; there are %s", argument, metric, shortened(numbers)))
    }
    names(table)[found]
  }
  x <- measure(x_metric[1], "x_metric", intersect(c("predict_time_per_row_ms", "training_time_ms", numbers), numbers)[1])
  y <- measure(y_metric[1], "y_metric", setdiff(numbers, x)[1])
  if (is.na(x) || is.na(y)) stop_h2o("two columns of numbers are needed")
  measures <- as.h2o(table[unique(c(x, y))])
  front <- request("models.pareto_front", key_of(measures), x, y, optimum)
  structure(
    table[as.integer(unlist(front$rows)) + 1L, , drop = FALSE], class = c("H2OParetoFront", "data.frame"),
    drawing = list(table = table, x = x, y = y, optimum = front$optimum, title = title, colour = if (color_col %in% names(table)) color_col)
  )
}

# With both sorts of columns that the axes ask for.
leaderboard_of <- function(object, frame) {
  if (is_tabular(object)) return(plain_data_frame(object, "object"))
  as.data.frame(h2o.make_leaderboard(object, frame, extra_columns = if (is.null(frame)) c("training_time_ms", "algo") else "ALL"))
}

#' @rdname h2o.make_leaderboard
#' @param x A front.
#' @param ... Not used.
#' @export
plot.H2OParetoFront <- function(x, ...) {
  need_ggplot2("plot() of a Pareto front")
  drawing <- attr(x, "drawing")
  front <- as.data.frame(unclass_front(x))
  front <- front[order(front[[drawing$x]], front[[drawing$y]]), ]
  drawn <- ggplot2::ggplot(drawing$table, mapping(x = drawing$x, y = drawing$y)) +
    ggplot2::geom_step(data = front, colour = "grey50", direction = if (endsWith(drawing$optimum, "left")) "hv" else "vh") +
    ggplot2::geom_point(if (is.null(drawing$colour)) NULL else mapping(colour = drawing$colour), size = 2) +
    ggplot2::geom_point(data = front, shape = 21, size = 4, colour = "black") + coloured(1) +
    ggplot2::labs(title = if (is.null(drawing$title)) paste("Pareto front, optimum at the", drawing$optimum) else drawing$title) +
    plain_theme()
  print(drawn)
  invisible(drawn)
}

unclass_front <- function(x) structure(x, class = "data.frame", drawing = NULL)
