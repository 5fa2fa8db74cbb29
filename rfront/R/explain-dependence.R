#' How predictions depend on a column
#'
#' The mean prediction if a column had one value in all rows, for each of some values (partial dependence), and the same for single rows
#' (individual conditional expectation). With more than two classes there is a curve for each class, or for those in `target`.
#'
#' Both show what the network makes of rows that may not occur: where columns depend on each other, a value is put into rows that it
#' does not go with.
#'
#' @param object,model A model, or for `h2o.pd_multi_plot()` several: a list, a grid or a leaderboard.
#' @param newdata An `H2OFrame` or a data frame of any kind.
#' @param column Name or position of the column.
#' @param best_of_family Not needed: all models are of one family. All are shown.
#' @param target Classes to show, of a model of more than two.
#' @param row_index Only this row, instead of the mean over all.
#' @param max_levels Of a factor with more levels, so many of the most frequent are shown.
#' @param binary_response_scale For two classes: probabilities or logarithms of odds.
#' @param grouping_column Name or position of a factor: its groups of rows are shown side by side.
#' @param nbins How many values of a column of numbers.
#' @param show_rug Whether the values in the data are marked at the axis.
#' @param show_pdp Whether the mean over all rows is drawn, too.
#' @param centered Whether all curves begin at 0.
#' @param output_graphing_data Whether the values are given beside the plot, as a list of `plot` and `graphing_data`.
#' @param ... Not used.
#' @return A ggplot object.
#' @name h2o.pd_plot
#' @examplesIf h2o:::python_found() && requireNamespace("ggplot2", quietly = TRUE)
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(mpg ~ ., data = mtcars, hidden = 5, epochs = 50, seed = 1)
#' h2o.pd_plot(model, mtcars, "wt")
#' h2o.ice_plot(model, mtcars, "wt")
NULL

#' @rdname h2o.pd_plot
#' @export
h2o.pd_plot <- function(object, newdata, column, target = NULL, row_index = NULL, max_levels = 30,
                        binary_response_scale = c("response", "logodds"), grouping_column = NULL, nbins = 100, show_rug = TRUE) {
  need_ggplot2("h2o.pd_plot()")
  model <- one_model(object, "object")
  scale <- match.arg(binary_response_scale)
  frame <- scoring_frame(model, newdata, "newdata")
  row <- if (!is.null(row_index)) checked_row(row_index, frame)
  column <- names(frame)[single_column(frame, column, "column")]
  groups <- groups_of(frame, grouping_column)
  found <- do.call(rbind, lapply(names(groups), function(group) {
    cbind(dependence(model, groups[[group]], column, target, row, max_levels, nbins, scale), group = group)
  }))
  single <- is.null(row) && scale == "response"
  drawn <- dependence_plot(found, "target", found$lower, single) + labels_of_dependence(model, column, scale) +
    ggplot2::ggtitle(sprintf(if (is.null(row)) "Partial dependence on %s" else paste("Dependence on %s of row", row), column))
  drawn <- drawn + coloured(length(unique(found$target))) + hidden_legend(found$target)
  if (show_rug) drawn <- drawn + rug_of(frame, column, found$value)
  if (length(groups) > 1) drawn <- drawn + ggplot2::facet_wrap(as.name("group"))
  drawn
}

#' @rdname h2o.pd_plot
#' @export
h2o.pd_multi_plot <- function(object, newdata, column, best_of_family = TRUE, target = NULL, row_index = NULL, max_levels = 30,
                              show_rug = TRUE) {
  need_ggplot2("h2o.pd_multi_plot()")
  models <- same_response(models_given(object))
  ids <- short_ids(vapply(models, function(model) model@model_id, ""))
  frames <- lapply(models, scoring_frame, newdata, "newdata")
  row <- if (!is.null(row_index)) checked_row(row_index, frames[[1]])
  column <- names(frames[[1]])[single_column(frames[[1]], column, "column")]
  found <- do.call(rbind, Map(function(model, frame, id) {
    cbind(dependence(model, frame, column, target, row, max_levels, 20, "response"), model = id)
  }, models, frames, ids))
  drawn <- dependence_plot(found, "model", NULL, FALSE) + labels_of_dependence(models[[1]], column, "response") +
    ggplot2::ggtitle(sprintf("Partial dependence on %s of %d models", column, length(models)))
  drawn <- drawn + coloured(length(ids))
  if (show_rug) drawn <- drawn + rug_of(frames[[1]], column, found$value)
  if (length(unique(found$target)) > 1) drawn <- drawn + ggplot2::facet_wrap(as.name("target"))
  drawn
}

#' @rdname h2o.pd_plot
#' @export
h2o.ice_plot <- function(model, newdata, column, target = NULL, max_levels = 30, show_pdp = TRUE,
                         binary_response_scale = c("response", "logodds"), centered = FALSE, grouping_column = NULL,
                         output_graphing_data = FALSE, nbins = 100, show_rug = TRUE, ...) {
  need_ggplot2("h2o.ice_plot()")
  if (...length()) stop_h2o(sprintf("h2o.ice_plot() has no argument %s", paste(names_of_rest(...), collapse = ", ")))
  model <- one_model(model, "model")
  scale <- match.arg(binary_response_scale)
  whole <- scoring_frame(model, newdata, "newdata")
  column <- names(whole)[single_column(whole, column, "column")]
  groups <- groups_of(whole, grouping_column)
  found <- do.call(rbind, lapply(names(groups), function(group) {
    do.call(rbind, lapply(targets_of(model, target), function(class) {
      class <- if (nzchar(class)) class
      curves <- expectations(model, groups[[group]], column, class, max_levels, nbins, scale)
      mean <- if (show_pdp) cbind(dependence(model, groups[[group]], column, class, NULL, max_levels, nbins, scale), row = "mean")
      cbind(rbind(curves, mean), group = group)
    }))
  }))
  if (centered) {
    of <- interaction(found$row, found$target, found$group, drop = TRUE)
    found$mean <- found$mean - stats::ave(found$mean, of, FUN = function(curve) curve[1])
  }
  drawn <- expectations_plot(found) + labels_of_dependence(model, column, scale) +
    ggplot2::ggtitle(sprintf("Individual conditional expectation on %s", column))
  if (show_rug) drawn <- drawn + rug_of(whole, column, found$value)
  facets <- c(if (length(unique(found$target)) > 1) "target", if (length(groups) > 1) "group")
  if (length(facets)) drawn <- drawn + ggplot2::facet_wrap(facets)
  if (output_graphing_data) list(plot = drawn, graphing_data = found) else drawn
}

# A table of value, mean, lower and upper by target.
dependence <- function(model, frame, column, target, row, max_levels, nbins, scale = "response") {
  targets <- targets_of(model, target)
  levels <- h2o.levels(choose_columns(frame, column))
  options <- list(bins = as.integer(max(2, nbins, length(levels))), row = if (!is.null(row)) row - 1L)
  if (any(nzchar(targets))) options$targets <- as_list(targets)
  if (length(levels) > max_levels) options$values <- stats::setNames(list(as_list(frequent_levels(frame, column, max_levels))), column)
  tables <- request("models.partial_dependence",
    model_key = live_key(model), frame_key = key_of(frame), columns = as_list(column), pairs = list(),
    options = Filter(Negate(is.null), options)
  )
  found <- do.call(rbind, Map(function(table, target) {
    table <- as.data.frame(table)
    values <- table[[1]]
    if (!is.null(levels)) values <- factor(values, levels = levels[levels %in% values])
    of_time <- attr(frame, "types")[match(column, names(frame))] == "time"
    if (of_time) values <- as.POSIXct(values / 1000, origin = "1970-01-01", tz = "UTC")
    mean <- table$mean_response
    data.frame(value = values, mean = mean, lower = mean - table$stddev_response, upper = mean + table$stddev_response, target = target)
  }, tables, targets))
  rownames(found) <- NULL
  if (length(class_levels(model)) == 2 && scale == "logodds") {
    for (each in c("mean", "lower", "upper")) found[[each]] <- stats::qlogis(pmin(pmax(found[[each]], 1e-12), 1 - 1e-12))
  } else if (length(class_levels(model))) {
    found$lower <- pmax(found$lower, 0)
    found$upper <- pmin(found$upper, 1)
  }
  found$target <- factor(found$target, levels = targets)
  found
}

frequent_levels <- function(frame, column, n) {
  codes <- as.data.frame(choose_columns(frame, column), drop.unused.levels = FALSE)[[1]]
  counts <- tabulate(codes, base::nlevels(codes))
  sort(utils::head(order(-counts), n)) - 1L
}

# The curves of the rows at the deciles of the prediction.
expectations <- function(model, frame, column, class, max_levels, nbins, scale) {
  predicted <- fitted_values(model, frame)
  values <- if (is.matrix(predicted)) predicted[, class] else predicted
  rows <- order(values)[unique(round(seq(0, 1, 0.1) * (length(values) - 1)) + 1)]
  shares <- round(100 * (match(rows, order(values)) - 1) / max(1, length(values) - 1))
  do.call(rbind, Map(function(row, share) {
    cbind(dependence(model, frame, column, class, row, max_levels, nbins, scale), row = paste0(share, "%"))
  }, rows, shares))
}

# The frame, or its parts by the levels of a column.
groups_of <- function(frame, column) {
  if (is.null(column)) return(list(all = frame))
  column <- names(frame)[single_column(frame, column, "grouping_column")]
  levels <- h2o.levels(choose_columns(frame, column))
  if (is.null(levels)) stop_h2o(sprintf("`grouping_column` = \"%s\" must be a factor", column))
  values <- as.character(as.data.frame(choose_columns(frame, column))[[1]])
  rows <- split(seq_along(values), factor(values, levels = levels[levels %in% values]))
  lapply(rows, function(each) choose_rows(frame, each))
}

dependence_plot <- function(found, colour, lower, with_spread) {
  of_levels <- base::is.factor(found$value)
  drawn <- ggplot2::ggplot(found, mapping(x = "value", y = "mean", colour = colour, group = colour, fill = colour))
  if (of_levels) {
    beside <- ggplot2::position_dodge(0.3)
    if (with_spread) drawn <- drawn + ggplot2::geom_errorbar(mapping(ymin = "lower", ymax = "upper"), width = 0.2, position = beside)
    drawn <- drawn + ggplot2::geom_point(size = 2, position = beside)
  } else {
    if (with_spread) drawn <- drawn + ggplot2::geom_ribbon(mapping(ymin = "lower", ymax = "upper"), alpha = 0.15, colour = NA)
    drawn <- drawn + ggplot2::geom_line()
  }
  drawn + plain_theme() + slanted_names(found$value)
}

expectations_plot <- function(found) {
  of_levels <- base::is.factor(found$value)
  single <- found[found$row != "mean", ]
  mean <- found[found$row == "mean", ]
  single$row <- factor(single$row, levels = unique(single$row))
  drawn <- ggplot2::ggplot(single, mapping(x = "value", y = "mean", group = "row"))
  drawn <- drawn + if (of_levels) ggplot2::geom_point(mapping(colour = "row")) else ggplot2::geom_line(mapping(colour = "row"))
  if (nrow(mean)) drawn <- drawn + ggplot2::geom_line(data = mean, colour = "black", linetype = "dashed", linewidth = 1)
  drawn + ggplot2::scale_colour_viridis_d(name = "row at the percentile of predictions", end = 0.9) + plain_theme() +
    slanted_names(found$value)
}

labels_of_dependence <- function(model, column, scale) {
  label <- response_label(model)
  ggplot2::labs(x = column, y = if (scale == "logodds") paste("log odds,", label) else label, colour = NULL, fill = NULL)
}

hidden_legend <- function(target) if (length(unique(target)) < 2) ggplot2::theme(legend.position = "none")

# Marks at the axis for up to 500 rows, within what is drawn.
rug_of <- function(frame, column, shown) {
  if (base::is.factor(shown)) return(NULL)
  rows <- unique(round(seq(1, nrow(frame), length.out = min(nrow(frame), 500))))
  values <- as.data.frame(choose_rows(choose_columns(frame, column), rows))[[1]]
  marks <- data.frame(value = values[!is.na(values) & values >= min(shown) & values <= max(shown)])
  if (!nrow(marks)) return(NULL)
  ggplot2::geom_rug(data = marks, mapping = mapping(x = "value"), inherit.aes = FALSE, sides = "b", alpha = 0.3)
}
