#' Explain models
#'
#' Everything that is drawn and told about models on some rows: for several models a leaderboard, importances and agreement; for each of
#' them confusion matrix or residuals, learning curve, importances, contributions and the dependence on the columns that matter most.
#' `h2o.explain_row()` is about one row: its predictions, the contributions to them, and its dependence on columns.
#'
#' @param object Models: a model, a grid, a list of these or of their names, or a leaderboard.
#' @param newdata An `H2OFrame` or a data frame of any kind, with the response.
#' @param row_index Number of the row.
#' @param columns Names or positions of the columns whose dependence is shown; by default those that matter most.
#' @param top_n_features How many of these; -1 for all.
#' @param include_explanations,exclude_explanations Names of explanations, only these or all but these; see the names of the result.
#' @param plot_overrides A named list: arguments of single explanations, such as `list(shap_summary = list(top_n_features = 5))`.
#' @param background_frame Rows that contributions compare with.
#' @return A list of the class `H2OExplanation`, which draws itself when it is printed: explanations by name, each with `header`,
#'   `description` and `plots` (ggplot objects, or tables); where there are several models those of one model by its name; and `note`
#'   where something cannot be shown. [h2o.save_html()] writes it as a page.
#' @export
#' @examplesIf h2o:::python_found() && requireNamespace("ggplot2", quietly = TRUE)
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(mpg ~ ., data = mtcars, hidden = 5, epochs = 50, seed = 1)
#' explained <- h2o.explain(model, mtcars, top_n_features = 1)
#' names(explained)
#' explained$pdp
#' h2o.explain_row(model, mtcars, 1, columns = "wt")$shap_explain_row
h2o.explain <- function(object, newdata, columns = NULL, top_n_features = 5, include_explanations = "ALL", exclude_explanations = NULL,
                        plot_overrides = NULL, background_frame = NULL) {
  need_ggplot2("h2o.explain()")
  models <- models_given(object)
  if (!nrow(scoring_frame(models[[1]], newdata, "newdata"))) stop_h2o("`newdata` has no rows: there is nothing to explain the models by")
  chosen <- chosen_explanations(names(explanations), include_explanations, exclude_explanations, missing(include_explanations))
  asked <- list(
    models = models, newdata = newdata, columns = columns, top = top_n_features, background = background_frame,
    overrides = checked_overrides(plot_overrides, names(explanations))
  )
  explained_by(explanations[chosen], asked)
}

# Models beside each other have to answer the same question: what else they say has no common scale.
same_response <- function(models) {
  asked <- vapply(models, function(model) {
    category <- model@model$model_category
    if (category == "AutoEncoder") "no response" else sprintf("`%s` (%s)", model@model$response_column, category)
  }, "")
  other <- which(asked != asked[1])
  if (length(other)) {
    text <- "the models must predict the same response to be put beside each other: %s predicts %s, %s predicts %s"
    stop_h2o(sprintf(text, models[[1]]@model_id, asked[1], models[[other[1]]]@model_id, asked[other[1]]))
  }
  models
}

#' @rdname h2o.explain
#' @export
h2o.explain_row <- function(object, newdata, row_index, columns = NULL, top_n_features = 5, include_explanations = "ALL",
                            exclude_explanations = NULL, plot_overrides = NULL, background_frame = NULL) {
  need_ggplot2("h2o.explain_row()")
  models <- models_given(object)
  checked_row(row_index, scoring_frame(models[[1]], newdata, "newdata"))
  chosen <- chosen_explanations(names(row_explanations), include_explanations, exclude_explanations, missing(include_explanations))
  explained_by(row_explanations[chosen], list(
    models = models, newdata = newdata, row = row_index, columns = columns, top = top_n_features, background = background_frame,
    overrides = checked_overrides(plot_overrides, names(row_explanations))
  ))
}

chosen_explanations <- function(possible, include, exclude, all) {
  if (!all && !is.null(exclude)) stop_h2o("give either `include_explanations` or `exclude_explanations`")
  unknown <- setdiff(tolower(c(setdiff(include, "ALL"), exclude)), possible)
  if (length(unknown)) stop_h2o(sprintf("there is no explanation \"%s\"; there are %s", unknown[1], paste(possible, collapse = ", ")))
  if ("ALL" %in% include) setdiff(possible, tolower(exclude)) else possible[possible %in% tolower(include)]
}

# By the names of explanations, or of the functions that draw them.
checked_overrides <- function(overrides, possible) {
  if (is.null(overrides)) return(NULL)
  names(overrides) <- sub("_plot$", "", names(overrides))
  unknown <- setdiff(names(overrides), possible)
  if (length(unknown)) stop_h2o(sprintf("`plot_overrides`: there is no explanation \"%s\"", unknown[1]))
  overrides
}

# Those that fit the models; what cannot be made of these data says why in its place.
explained_by <- function(chosen, asked) {
  if (!is.null(asked$columns)) shown_columns(asked, asked$models[[1]]) # refuses what is no column
  found <- list()
  for (name in names(chosen)) {
    kind <- chosen[[name]]
    if (!kind$fits(asked$models)) next
    made <- tryCatch(list(plots = kind$make(asked, asked$overrides[[name]])), h2o_error = function(e) {
      list(plots = list(), note = paste0("Not shown: ", conditionMessage(e), "."))
    })
    found[[name]] <- c(list(header = kind$header, description = kind$description), made)
  }
  structure(found, class = "H2OExplanation")
}

# For each model that fits, or for the single one: what `draw` gives for it.
for_models <- function(asked, draw, fits = any_models) {
  if (length(asked$models) == 1) return(draw(asked$models[[1]]))
  models <- Filter(fits, asked$models)
  stats::setNames(lapply(models, draw), vapply(models, function(model) model@model_id, ""))
}

# For each of the columns that are asked for, or matter most to the model.
for_columns <- function(asked, model, draw) {
  columns <- shown_columns(asked, model)
  stats::setNames(lapply(columns, draw), columns)
}

shown_columns <- function(asked, model) {
  predictors <- model@parameters$x
  if (!is.null(asked$columns)) {
    rows <- if (is.h2o(asked$newdata)) asked$newdata else plain_data_frame(asked$newdata, "newdata")
    columns <- column_names(rows, asked$columns, "columns")
    unknown <- setdiff(columns, predictors)
    if (length(unknown)) stop_h2o(sprintf("`columns`: the model has no predictor `%s`; it has %s", unknown[1], shortened(predictors)))
    return(columns)
  }
  table <- model@model$column_importances
  ranked <- if (is.null(table)) predictors else table$variable
  utils::head(ranked, if (asked$top < 0) length(ranked) else asked$top)
}

call_with <- function(fun, arguments, overrides) do.call(fun, utils::modifyList(arguments, as.list(overrides)))

any_models <- function(models) TRUE
several_models <- function(models) length(models) > 1
any_of <- function(fits) function(models) any(vapply(models, fits, NA))
of_numbers <- function(model) model@model$model_category == "Regression"
of_classes <- function(model) length(class_levels(model)) > 0
with_response <- function(models) !any(vapply(models, function(model) model@model$model_category == "AutoEncoder", NA))
with_importances <- function(models) all(vapply(models, function(model) !is.null(model@model$column_importances), NA))

explanation <- function(header, description, fits, make) list(header = header, description = description, fits = fits, make = make)

explanations <- list(
  leaderboard = explanation(
    "Leaderboard", "Models with their scores on these rows, the best first.",
    function(models) several_models(models) && with_response(models),
    function(asked, overrides) {
      as.data.frame(call_with(h2o.make_leaderboard, list(object = asked$models, leaderboard_frame = asked$newdata), overrides))
    }
  ),
  confusion_matrix = explanation(
    "Confusion matrix", "How many rows of each class (row) were taken for which class (column).", any_of(of_classes),
    function(asked, overrides) {
      for_models(asked, function(model) {
        h2o.confusionMatrix(h2o.performance(model, asked$newdata))
      }, of_classes)
    }
  ),
  residual_analysis = explanation(
    "Residuals", paste(
      "What was observed minus what was predicted, over the prediction. A pattern says that the model misses something; stripes are",
      "those of a response of few values."
    ), any_of(of_numbers),
    function(asked, overrides) for_models(asked, function(model) h2o.residual_analysis_plot(model, asked$newdata), of_numbers)
  ),
  learning_curve = explanation(
    "Learning curve", "The metric during training; a dashed line at the epoch whose network was kept.", any_models,
    function(asked, overrides) for_models(asked, function(model) call_with(h2o.learning_curve_plot, list(model = model), overrides))
  ),
  varimp = explanation(
    "Importance of columns", paste(
      "How strongly the first two layers pass on what a column says (Gedeon), scaled to 1 for the largest. They belong to the",
      "weights, not to the data: also a column of noise has weights."
    ), with_importances, function(asked, overrides) for_models(asked, function(model) varimp_bars(model))
  ),
  varimp_heatmap = explanation(
    "Importances in all models", "Models in which the same columns matter have the same colours.",
    function(models) several_models(models) && with_importances(models),
    function(asked, overrides) call_with(h2o.varimp_heatmap, list(object = asked$models), overrides)
  ),
  model_correlation_heatmap = explanation(
    "Agreement of models", "Correlations of predicted numbers, or shares of rows that are given the same class.",
    function(models) several_models(models) && with_response(models),
    function(asked, overrides) {
      call_with(h2o.model_correlation_heatmap, list(object = asked$models, newdata = asked$newdata), overrides)
    }
  ),
  shap_summary = explanation(
    "Contributions of columns", paste(
      "A dot for each row: what the value of the column adds to the prediction (of an autoencoder to the error of the reconstruction),",
      "compared with the rows of the background."
    ), any_models,
    function(asked, overrides) {
      for_models(asked, function(model) {
        call_with(h2o.shap_summary_plot, list(model = model, newdata = asked$newdata, background_frame = asked$background), overrides)
      })
    }
  ),
  pdp = explanation(
    "Partial dependence", "The mean prediction if a column had one value in all rows.", with_response,
    function(asked, overrides) {
      for_columns(asked, asked$models[[1]], function(column) {
        fun <- if (length(asked$models) > 1) h2o.pd_multi_plot else h2o.pd_plot
        object <- if (length(asked$models) > 1) asked$models else asked$models[[1]]
        call_with(fun, list(object = object, newdata = asked$newdata, column = column), overrides)
      })
    }
  ),
  ice = explanation(
    "Individual conditional expectation", "The same for the rows at the deciles of the prediction, and their mean.", with_response,
    function(asked, overrides) {
      for_models(asked, function(model) {
        for_columns(asked, model, function(column) {
          call_with(h2o.ice_plot, list(model = model, newdata = asked$newdata, column = column), overrides)
        })
      })
    }
  )
)

row_explanations <- list(
  leaderboard = explanation(
    "Predictions", "What each model predicts for the row.", function(models) several_models(models) && with_response(models),
    function(asked, overrides) {
      rows <- rows_in_r(asked$newdata, "newdata")[asked$row, , drop = FALSE]
      do.call(rbind, lapply(same_response(asked$models), function(model) {
        cbind(model_id = model@model_id, plain_data_frame(predict(model, rows), "newdata"))
      }))
    }
  ),
  shap_explain_row = explanation(
    "Contributions of columns", "What the value of each column adds to the prediction for the row.", any_models,
    function(asked, overrides) {
      for_models(asked, function(model) {
        call_with(h2o.shap_explain_row_plot, list(
          model = model, newdata = asked$newdata, row_index = asked$row, background_frame = asked$background
        ), overrides)
      })
    }
  ),
  ice = explanation(
    "Dependence on columns", "What would be predicted if one column of the row had another value.", with_response,
    function(asked, overrides) {
      for_models(asked, function(model) {
        for_columns(asked, model, function(column) {
          call_with(h2o.pd_plot, list(object = model, newdata = asked$newdata, column = column, row_index = asked$row), overrides)
        })
      })
    }
  )
)

varimp_bars <- function(model, n = 10) {
  found <- utils::head(importances_of(list(model)), n) # largest first
  found$column <- factor(found$column, levels = rev(found$column))
  ggplot2::ggplot(found, mapping(x = "importance", y = "column")) + ggplot2::geom_col(fill = plot_colours[1], width = 0.7) +
    ggplot2::labs(x = "importance (Gedeon), scaled", y = NULL, title = "Importance of columns") + plain_theme()
}

#' @rdname h2o.explain
#' @param x An explanation.
#' @param ... Not used.
#' @export
print.H2OExplanation <- function(x, ...) {
  for (name in names(x)) {
    cat("\n", x[[name]]$header, "\n", strrep("=", nchar(x[[name]]$header)), "\n\n", sep = "")
    cat(strwrap(x[[name]]$description, 90), "", sep = "\n")
    if (!is.null(x[[name]]$note)) cat(strwrap(x[[name]]$note, 90), "", sep = "\n")
    show_parts(x[[name]]$plots)
  }
  invisible(x)
}

show_parts <- function(parts) {
  if (inherits(parts, c("ggplot", "data.frame")) || !is.list(parts)) return(print(parts))
  for (name in names(parts)) {
    cat(name, "\n")
    show_parts(parts[[name]])
  }
}
