#' What columns contribute to predictions, drawn
#'
#' The contributions of [h2o.predict_contributions()]: of many rows, a dot for each (`h2o.shap_summary_plot()`), or of one row as bars
#' (`h2o.shap_explain_row_plot()`). With more than two classes there is a panel for each class.
#'
#' @param model A model.
#' @param newdata An `H2OFrame` or a data frame of any kind.
#' @param row_index Number of the row.
#' @param columns Names or positions of columns, only these; by default those that contribute most.
#' @param top_n_features How many columns at most.
#' @param sample_size So many rows are drawn at random of larger data.
#' @param plot_type "barplot", the contributions side by side, or "breakdown", how they add up to the prediction.
#' @param contribution_type "both", or only "positive" or "negative" contributions. Has an effect only with `plot_type = "barplot"`.
#' @param background_frame Rows to compare with; by default 100 of the training frame, or where that is gone of `newdata`.
#' @return A ggplot object.
#' @name h2o.shap_summary_plot
#' @examplesIf h2o:::python_found() && requireNamespace("ggplot2", quietly = TRUE)
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(mpg ~ ., data = mtcars, hidden = 5, epochs = 50, seed = 1)
#' h2o.shap_summary_plot(model, mtcars)
#' h2o.shap_explain_row_plot(model, mtcars, 1)
NULL

#' @rdname h2o.shap_summary_plot
#' @export
h2o.shap_summary_plot <- function(model, newdata, columns = NULL, top_n_features = 20, sample_size = 1000, background_frame = NULL) {
  need_ggplot2("h2o.shap_summary_plot()")
  model <- one_model(model, "model")
  frame <- scoring_frame(model, newdata, "newdata")
  if (!nrow(frame)) stop_h2o("`newdata` has no rows")
  if (nrow(frame) > sample_size) frame <- choose_rows(frame, sort(sample.int(nrow(frame), sample_size)))
  found <- contributions_by_column(model, frame, background_of(model, frame, background_frame))
  shown <- columns_shown(found, if (!is.null(columns)) column_names(frame, columns, "columns"), top_n_features)
  found <- found[found$column %in% shown, ]
  found$column <- factor(found$column, levels = rev(shown))
  data <- as.data.frame(frame)
  scaled <- lapply(stats::setNames(shown, shown), function(column) scaled_values(data[[column]]))
  found$value <- vapply(seq_len(nrow(found)), function(i) scaled[[as.character(found$column[i])]][found$row[i]], 0)
  drawn <- ggplot2::ggplot(found, mapping(x = "contribution", y = "column", colour = "value")) +
    ggplot2::geom_vline(xintercept = 0, colour = "grey60") +
    ggplot2::geom_point(position = ggplot2::position_jitter(width = 0, height = 0.25, seed = 1), size = 1.2, alpha = 0.7) +
    ggplot2::scale_colour_gradient(low = plot_colours[1], high = "#D62728", na.value = "grey70", limits = c(0, 1), breaks = c(0, 1),
      labels = c("low", "high"), name = "value of the column") +
    ggplot2::labs(x = contribution_label(model), y = NULL, title = "Contributions of columns to predictions") + plain_theme()
  if (length(unique(found$class)) > 1) drawn <- drawn + ggplot2::facet_wrap(as.name("class"))
  drawn
}

#' @rdname h2o.shap_summary_plot
#' @export
h2o.shap_explain_row_plot <- function(model, newdata, row_index, columns = NULL, top_n_features = 10,
                                      plot_type = c("barplot", "breakdown"), contribution_type = c("both", "positive", "negative"),
                                      background_frame = NULL) {
  need_ggplot2("h2o.shap_explain_row_plot()")
  model <- one_model(model, "model")
  plot_type <- match.arg(plot_type)
  contribution_type <- match.arg(contribution_type)
  if (plot_type == "breakdown" && contribution_type != "both") stop_h2o("`contribution_type` goes with `plot_type` = \"barplot\"")
  frame <- scoring_frame(model, newdata, "newdata")
  background <- background_of(model, frame, background_frame)
  frame <- choose_rows(frame, checked_row(row_index, frame))
  found <- contributions_by_column(model, frame, background)
  if (contribution_type == "positive") found <- found[found$contribution > 0 | found$column == "BiasTerm", ]
  if (contribution_type == "negative") found <- found[found$contribution < 0 | found$column == "BiasTerm", ]
  shown <- columns_shown(found, if (!is.null(columns)) column_names(frame, columns, "columns"), top_n_features)
  values <- vapply(as.list(as.data.frame(frame)), function(value) {
    if (is.numeric(value)) format(value, digits = 4) else as.character(value)
  }, "")
  draw <- if (plot_type == "barplot") contribution_bars else contribution_steps
  drawn <- draw(found, shown, values) + ggplot2::labs(
    x = contribution_label(model), y = NULL, title = sprintf("Contributions of columns to the prediction for row %s", row_index)
  ) + plain_theme()
  if (length(unique(found$class)) > 1) drawn <- drawn + ggplot2::facet_wrap(as.name("class"))
  drawn
}

# The rows to compare with; NULL for those of training, while they are in the session, else 100 of those that are drawn.
background_of <- function(model, frame, given) {
  if (!is.null(given)) return(scoring_frame(model, given, "background_frame"))
  if (model@allparameters$training_frame %in% request("objects.keys", "frame")) return(NULL)
  choose_rows(frame, unique(round(seq(1, nrow(frame), length.out = min(100, nrow(frame))))))
}

# A row for each row of the frame, class and column: contribution. The bias is one of the columns.
contributions_by_column <- function(model, frame, background) {
  key <- request("models.contributions",
    model_key = live_key(model), frame_key = key_of(frame), options = list(output_format = "compact"),
    background_key = if (!is.null(background)) key_of(background)
  )
  found <- as.data.frame(frame_named(key, temporary = TRUE))
  classes <- class_levels(model)
  parts <- if (length(classes) > 2) classes else ""
  per <- ncol(found) / length(parts)
  do.call(rbind, lapply(seq_along(parts), function(i) {
    block <- found[(i - 1) * per + seq_len(per)]
    if (nzchar(parts[i])) names(block) <- substring(names(block), nchar(parts[i]) + 2)
    data.frame(
      row = rep(seq_len(nrow(found)), per), column = rep(names(block), each = nrow(found)), contribution = unlist(block, use.names = FALSE),
      class = factor(parts[i], levels = parts)
    )
  }))
}

# Without the bias: those that are asked for, or those with the largest mean absolute contribution.
columns_shown <- function(found, columns, n) {
  found <- found[found$column != "BiasTerm", ]
  means <- sort(tapply(abs(found$contribution), as.character(found$column), mean), decreasing = TRUE)
  if (is.null(columns)) return(utils::head(names(means), n))
  unknown <- setdiff(columns, found$column)
  if (length(unknown)) stop_h2o(sprintf("`columns`: the model has no input `%s`; it has %s", unknown[1], shortened(names(means))))
  names(means)[names(means) %in% columns]
}

# Where the values of a column lie among themselves, from 0 to 1.
scaled_values <- function(values) {
  if (is.null(values)) return(NA_real_)
  numbers <- if (base::is.character(values)) rep(NA_real_, length(values)) else as.numeric(values)
  if (all(is.na(numbers))) return(numbers)
  size <- max(numbers, na.rm = TRUE) - min(numbers, na.rm = TRUE)
  if (size == 0) numbers * 0 + 0.5 else (numbers - min(numbers, na.rm = TRUE)) / size
}

contribution_label <- function(model) {
  distribution <- model@allparameters$distribution
  if (model@model$model_category == "AutoEncoder") return("contribution to the reconstruction error")
  if (length(class_levels(model))) return(paste("contribution to the", response_label(model)))
  to <- if (distribution %in% c("poisson", "gamma", "tweedie")) "logarithm of the prediction" else "prediction"
  paste("contribution to the", to)
}

named_values <- function(columns, values) base::ifelse(columns %in% names(values), sprintf("%s = %s", columns, values[columns]), columns)

contribution_bars <- function(found, shown, values) {
  found <- found[found$column %in% shown, ]
  found$column <- factor(named_values(found$column, values), levels = rev(named_values(shown, values)))
  found$sign <- base::ifelse(found$contribution < 0, "lowers", "raises")
  ggplot2::ggplot(found, mapping(x = "contribution", y = "column", fill = "sign")) + ggplot2::geom_col(width = 0.7) +
    ggplot2::geom_vline(xintercept = 0, colour = "grey40") +
    ggplot2::scale_fill_manual(values = c(lowers = plot_colours[1], raises = "#D62728"), name = NULL)
}

# From the mean prediction (the bias) to that of the row, column by column; what is not shown is one step.
contribution_steps <- function(found, shown, values) {
  steps <- do.call(rbind, lapply(split(found, found$class), function(each) {
    bias <- each$contribution[each$column == "BiasTerm"]
    size <- each$contribution[match(shown, each$column)]
    rest <- sum(each$contribution[!each$column %in% c(shown, "BiasTerm")])
    sizes <- c(size, if (abs(rest) > 0) rest)
    labels <- c(named_values(shown, values), if (abs(rest) > 0) "all other columns")
    ends <- bias + cumsum(sizes)
    data.frame(
      column = labels, from = ends - sizes, to = ends, class = each$class[1], sign = base::ifelse(sizes < 0, "lowers", "raises")
    )
  }))
  labels <- unique(steps$column)
  steps$column <- factor(steps$column, levels = rev(labels))
  ggplot2::ggplot(steps, mapping(x = "from", y = "column", xend = "to", yend = "column", colour = "sign")) +
    ggplot2::geom_segment(linewidth = 5) +
    ggplot2::scale_colour_manual(values = c(lowers = plot_colours[1], raises = "#D62728"), name = NULL)
}
