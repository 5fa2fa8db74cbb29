#' Partial dependence as tables
#'
#' The mean prediction if columns had one value in all rows, for each of some values; see [h2o.pd_plot()].
#'
#' @param object A model.
#' @param newdata An `H2OFrame` or a data frame of any kind.
#' @param cols Names or positions of columns, each by itself.
#' @param destination_key Has no effect: the tables are given, not kept.
#' @param nbins How many values of a column of numbers; no factor may have more levels.
#' @param plot Whether curves are drawn, for pairs pictures.
#' @param plot_stddev Whether the standard deviations are drawn, too.
#' @param weight_column Name or position of a column of row weights; -1 for none.
#' @param include_na Whether a missing value is one of the values.
#' @param user_splits A named list: the values of columns that are to be tried, for factors the levels.
#' @param col_pairs_2dpdp A list of pairs of names of columns.
#' @param save_to Folder and beginning of the names of files that the plots are saved in, as PNG.
#' @param row_index A row, instead of the mean over all; -1 for none.
#' @param targets Classes, of a model of more than two.
#' @param ... Not used.
#' @return A list of `data.frame`s of the class `H2OTable`: the values, `mean_response`, `stddev_response` and
#'   `std_error_mean_response`. A single one stands for itself.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(mpg ~ ., data = mtcars, hidden = 5, epochs = 50, seed = 1)
#' h2o.partialPlot(model, mtcars, "wt", nbins = 5, plot = FALSE)
h2o.partialPlot <- function(object, newdata, cols, destination_key, nbins = 20, plot = TRUE, plot_stddev = TRUE, weight_column = -1,
                            include_na = FALSE, user_splits = NULL, col_pairs_2dpdp = NULL, save_to = NULL, row_index = -1,
                            targets = NULL, ...) {
  if (...length()) stop_h2o(sprintf("h2o.partialPlot() has no argument %s", paste(names_of_rest(...), collapse = ", ")))
  if (!missing(destination_key)) warning("no effect of destination_key: the tables are given, not kept in the session", call. = FALSE)
  model <- one_model(object, "object")
  frame <- scoring_frame(model, newdata, "newdata")
  if (missing(cols) && is.null(col_pairs_2dpdp)) cols <- model@parameters$x
  columns <- if (missing(cols)) character() else column_names(frame, cols, "cols")
  pairs <- lapply(col_pairs_2dpdp, function(pair) as_list(column_names(frame, pair, "col_pairs_2dpdp")))
  targets <- targets_of(model, targets)
  options <- list(
    bins = as.integer(nbins), missing = isTRUE(include_na), values = splits_given(frame, user_splits),
    targets = if (any(nzchar(targets))) as_list(targets),
    row = if (!identical(as.numeric(row_index), -1)) checked_row(row_index, frame) - 1L,
    weights = if (!identical(weight_column, -1)) column_names(frame, weight_column, "weight_column")
  )
  found <- request("models.partial_dependence",
    model_key = live_key(model), frame_key = key_of(frame), columns = as_list(columns), pairs = as_list(unname(pairs)),
    options = Filter(Negate(is.null), options)
  )
  if (!is.null(options$row)) { # rows are counted from 1 here
    found <- lapply(found, function(each) {
      structure(each, description = sub(", row [0-9]+$", paste(", row", options$row + 1L), attr(each, "description")))
    })
  }
  if (plot) for (i in seq_along(found)) draw_table(found[[i]], plot_stddev, if (!is.null(save_to)) sprintf("%s_%d.png", save_to, i))
  if (length(found) == 1) found[[1]] else found
}

splits_given <- function(frame, splits) {
  if (!length(splits)) return(NULL)
  if (is.null(names(splits))) stop_h2o("`user_splits` must be a list with the names of columns")
  Map(function(values, column) {
    levels <- h2o.levels(choose_columns(frame, column_names(frame, column, "user_splits")))
    if (is.null(levels)) return(as_list(as.numeric(values)))
    unknown <- setdiff(as.character(values), levels)
    if (length(unknown)) stop_h2o(sprintf("`user_splits`: column `%s` has no level \"%s\"", column, unknown[1]))
    as_list(match(as.character(values), levels) - 1L)
  }, splits, names(splits))
}

draw_table <- function(table, with_spread, file) {
  if (!is.null(file)) {
    grDevices::png(file, 800, 600)
    on.exit(grDevices::dev.off())
  }
  data <- as.data.frame(table)
  title <- attr(table, "description")
  if (ncol(data) == 5) return(draw_pair(data, title))
  mean <- data$mean_response
  spread <- if (with_spread) data$stddev_response else 0
  limits <- range(c(mean - spread, mean + spread), na.rm = TRUE)
  of_levels <- base::is.character(data[[1]])
  at <- if (of_levels) seq_len(nrow(data)) else data[[1]]
  graphics::plot(at, mean, type = if (of_levels) "p" else "o", pch = 19, col = plot_colours[1], ylim = limits, xlab = names(data)[1],
    ylab = "mean response", main = title, cex.main = 0.9, xaxt = if (of_levels) "n" else "s")
  if (of_levels) graphics::axis(1, at, data[[1]])
  if (with_spread) graphics::segments(at, mean - spread, at, mean + spread, col = plot_colours[1])
}

draw_pair <- function(data, title) {
  axes <- lapply(data[1:2], function(values) factor(values, levels = unique(values)))
  matrix <- tapply(data$mean_response, axes, mean)
  graphics::image(seq_len(nrow(matrix)), seq_len(ncol(matrix)), matrix, axes = FALSE, xlab = names(data)[1], ylab = names(data)[2],
    main = title, cex.main = 0.9, col = grDevices::hcl.colors(50, "Viridis"))
  for (side in 1:2) graphics::axis(side, seq_along(dimnames(matrix)[[side]]), labels_of(dimnames(matrix)[[side]]))
}

labels_of <- function(values) {
  numbers <- suppressWarnings(as.numeric(values))
  if (anyNA(numbers)) values else format(numbers, digits = 3, trim = TRUE)
}
