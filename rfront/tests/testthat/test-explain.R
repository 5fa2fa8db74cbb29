start()
skip_if_not_installed("ggplot2")

cars <- transform(mtcars, cyl = factor(cyl), am = factor(am))
train <- function(...) h2o.deeplearning(..., hidden = 4, seed = 1, reproducible = TRUE)
numbers <- train(mpg ~ ., data = cars, epochs = 50, nfolds = 2, validation_frame = cars[1:9, ])
two <- train(am ~ ., data = cars, epochs = 20)
several <- train(Species ~ ., data = iris, epochs = 10)
coder <- train(~ ., data = cars, epochs = 5)

# What is drawn: the data of a plot, after it was built once, so that nothing is wrong with it.
drawn <- function(plot) {
  expect_s3_class(plot, "ggplot")
  built <- ggplot2::ggplot_build(plot)
  expect_gt(sum(vapply(built$data, nrow, 0L)), 0)
  plot$data
}

test_that("partial dependence is the mean prediction with one value in all rows", {
  found <- drawn(h2o.pd_plot(numbers, cars, "wt", nbins = 5))
  by_hand <- vapply(found$value, function(value) mean(predict(numbers, transform(cars, wt = value))$.pred), 0)
  expect_equal(found$mean, by_hand, tolerance = 1e-5)
  of_row <- drawn(h2o.pd_plot(numbers, cars, "wt", row_index = 3, nbins = 5))
  expect_equal(of_row$mean[5], predict(numbers, transform(cars[3, ], wt = of_row$value[5]))$.pred, tolerance = 1e-5)
  levels <- drawn(h2o.pd_plot(numbers, cars, "cyl"))
  expect_identical(as.character(levels$value), c("4", "6", "8"))
  expect_equal(levels$mean[2], mean(predict(numbers, transform(cars, cyl = factor(6, c(4, 6, 8))))$.pred), tolerance = 1e-5)
  expect_identical(nrow(drawn(h2o.pd_plot(numbers, cars, "cyl", max_levels = 2))), 2L)
  odds <- drawn(h2o.pd_plot(two, cars, "hp", binary_response_scale = "logodds", nbins = 5))
  expect_equal(plogis(odds$mean), drawn(h2o.pd_plot(two, cars, "hp", nbins = 5))$mean)
  expect_identical(levels(drawn(h2o.pd_plot(several, iris, "Petal.Width"))$target), levels(iris$Species))
  expect_identical(levels(drawn(h2o.pd_plot(several, iris, "Petal.Width", target = "setosa"))$target), "setosa")
  grouped <- drawn(h2o.pd_plot(numbers, cars, "wt", grouping_column = "cyl", nbins = 3))
  expect_equal(grouped$mean[1], mean(predict(numbers, transform(cars[cars$cyl == 4, ], wt = grouped$value[1]))$.pred), tolerance = 1e-5)
  for (wrong in expression(
    h2o.pd_plot(numbers, cars, "nothing"), h2o.pd_plot(coder, cars, "wt"), h2o.pd_plot(numbers, cars, "wt", target = "a"),
    h2o.pd_plot(several, iris, "Petal.Width", target = "a"), h2o.pd_plot(numbers, cars, "wt", row_index = 0)
  )) {
    expect_error(eval(wrong), class = "h2o_error")
  }
})

test_that("conditional expectations are of the rows at the deciles, and can begin at 0", {
  found <- h2o.ice_plot(numbers, cars, "wt", output_graphing_data = TRUE, nbins = 4)$graphing_data
  expect_identical(length(unique(found$row)), 12L)
  lowest <- which.min(predict(numbers, cars)$.pred)
  expect_equal(found$mean[found$row == "0%"][1], predict(numbers, transform(cars[lowest, ], wt = min(cars$wt)))$.pred, tolerance = 1e-5)
  centered <- h2o.ice_plot(several, iris, "Petal.Width", centered = TRUE, output_graphing_data = TRUE, nbins = 4)
  drawn(centered$plot)
  expect_equal(with(centered$graphing_data, mean[value == min(value)]), rep(0, 36))
  drawn(h2o.ice_plot(two, cars, "cyl", show_pdp = FALSE))
})

test_that("contributions that are drawn add up to the predictions", {
  found <- drawn(h2o.shap_summary_plot(numbers, cars))
  parts <- as.data.frame(h2o.predict_contributions(numbers, cars, output_format = "compact"))
  expect_equal(rowSums(parts), predict(numbers, cars)$.pred, tolerance = 1e-4, ignore_attr = TRUE)
  expect_equal(found$contribution[found$column == "wt"], parts$wt)
  expect_true(all(found$value >= 0 & found$value <= 1))
  steps <- drawn(h2o.shap_explain_row_plot(two, cars, 3, plot_type = "breakdown", top_n_features = 3))
  expect_equal(steps$to[4], predict(two, cars)$.pred_1[3], tolerance = 1e-4)
  bars <- drawn(h2o.shap_explain_row_plot(numbers, cars, 3, contribution_type = "negative"))
  expect_true(all(bars$contribution < 0))
  expect_identical(levels(drawn(h2o.shap_summary_plot(several, iris, columns = "Petal.Width"))$class), levels(iris$Species))
  expect_error(h2o.shap_explain_row_plot(numbers, cars, 33), "row_index", class = "h2o_error")
})

test_that("curves, residuals and importances of one model are drawn", {
  curve <- drawn(h2o.learning_curve_plot(numbers))
  expect_setequal(curve$data, c("training", "validation"))
  expect_equal(curve$value[curve$data == "training"], h2o.scoreHistory(numbers)$training_deviance)
  drawn(h2o.learning_curve_plot(numbers, "rmse", cv_ribbon = FALSE, cv_lines = TRUE))
  drawn(h2o.learning_curve_plot(coder))
  expect_error(h2o.learning_curve_plot(numbers, "auc"), "auc", class = "h2o_error")
  expect_equal(drawn(h2o.residual_analysis_plot(numbers, cars))$residual, residuals(numbers))
  expect_error(h2o.residual_analysis_plot(two, cars), class = "h2o_error")
  importance <- h2o.permutation_importance(numbers, cars, seed = 1)
  expect_setequal(importance$Variable, names(cars)[-1])
  several_runs <- h2o.permutation_importance(numbers, cars, "r2", n_repeats = 3, features = c("wt", "hp"), seed = 1)
  expect_named(several_runs, c("Variable", paste("Run", 1:3), "Mean", "Standard Error"))
  expect_equal(several_runs$Mean, rowMeans(as.matrix(several_runs[2:4])))
  bars <- drawn(h2o.permutation_importance_plot(numbers, cars, seed = 1, num_of_features = 3))
  expect_setequal(as.character(bars$column), importance$Variable[1:3])
  expect_identical(nrow(drawn(h2o.permutation_importance_plot(numbers, cars, n_repeats = 3, features = c("wt", "hp")))), 6L)
  by_level <- as.data.frame(h2o.predicted_vs_actual_by_variable(numbers, cars, variable = "cyl"))
  expect_equal(by_level$actual, as.vector(tapply(cars$mpg, cars$cyl, mean)))
})

test_that("autoplot draws curve, importances, ROC and residuals", {
  for (type in c("learning_curve", "varimp", "roc")) drawn(ggplot2::autoplot(two, type))
  drawn(ggplot2::autoplot(h2o.performance(two, cars)))
  expect_equal(drawn(ggplot2::autoplot(numbers, "residuals"))$predicted, fitted(numbers))
  expect_error(ggplot2::autoplot(numbers, "roc"), "two classes", class = "h2o_error")
})

test_that("models are compared: leaderboard, importances, agreement, front", {
  grid <- h2o.grid("deeplearning", y = "mpg", training_frame = cars, hyper_params = list(hidden = list(2, 3, 4)), epochs = 5, seed = 1)
  board <- as.data.frame(h2o.make_leaderboard(grid, cars, extra_columns = "ALL"))
  expect_setequal(board$model_id, unlist(grid@model_ids))
  expect_false(is.unsorted(board$rmse))
  expect_equal(board$mse[1], h2o.mse(h2o.performance(h2o.getModel(board$model_id[1]), cars)))
  heat <- drawn(h2o.varimp_heatmap(grid))
  expect_identical(nrow(heat), 30L) # factors are one column
  expect_equal(as.vector(tapply(heat$importance, heat$model, max)), c(1, 1, 1))
  agreement <- h2o.model_correlation(board, cars, cluster_models = FALSE)
  predictions <- sapply(board$model_id, function(key) predict(h2o.getModel(key), cars)$.pred)
  expect_equal(as.matrix(agreement), cor(predictions), ignore_attr = TRUE)
  expect_identical(nrow(drawn(h2o.model_correlation_heatmap(grid, cars))), 6L)
  drawn(h2o.pd_multi_plot(grid, cars, "wt"))
  table <- data.frame(model_id = letters[1:5], cost = c(1, 2, 3, 2, NA), auc = c(0.6, 0.8, 0.7, 0.8, 0.9))
  front <- h2o.pareto_front(table, x_metric = "cost", y_metric = "AUC")
  expect_identical(front$model_id, c("a", "b", "d"))
  expect_identical(h2o.pareto_front(table, x_metric = "cost", y_metric = "auc", optimum = "bottom right")$model_id, c("a", "c"))
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  drawn(plot(h2o.pareto_front(grid, cars)))
  expect_error(h2o.make_leaderboard(list()), "no models", class = "h2o_error")
  expect_error(h2o.varimp_heatmap("nothing"), "nothing", class = "h2o_error")
})

test_that("explanations of models and of a row are told and drawn", {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  found <- h2o.explain(numbers, cars, columns = "wt")
  expect_named(found, c("residual_analysis", "learning_curve", "varimp", "shap_summary", "pdp", "ice"))
  expect_output(print(found), "Residuals.*Partial dependence")
  other <- train(am ~ wt, data = cars, epochs = 1)
  both <- h2o.explain(list(two, other), cars, columns = "wt", exclude_explanations = c("ice", "shap_summary"))
  expect_named(both, c("leaderboard", "confusion_matrix", "learning_curve", "varimp", "varimp_heatmap", "model_correlation_heatmap", "pdp"))
  row <- h2o.explain_row(several, iris, 7, columns = "Petal.Width")
  expect_output(print(row), "Contributions")
  few <- h2o.explain(numbers, cars, include_explanations = "shap_summary", plot_overrides = list(shap_summary_plot = list(columns = "wt")))
  expect_identical(levels(few$shap_summary$plots$data$column), "wt")
  expect_error(h2o.explain(numbers, cars, include_explanations = "nothing"), "nothing", class = "h2o_error")
})

test_that("what cannot be shown of models says why, and is left out", {
  grDevices::pdf(NULL)
  on.exit(grDevices::dev.off())
  mixed <- h2o.explain(list(numbers, two), cars, columns = "wt", exclude_explanations = c("shap_summary", "ice"))
  for (name in c("leaderboard", "model_correlation_heatmap", "pdp")) expect_match(mixed[[name]]$note, "^Not shown: ", info = name)
  expect_match(mixed$pdp$note, "the same response")
  expect_named(mixed$residual_analysis$plots, numbers@model_id)
  expect_named(mixed$confusion_matrix$plots, two@model_id)
  expect_output(print(mixed), "Not shown: the models must")
  expect_match(h2o.explain_row(list(numbers, two), cars, 1, columns = "wt")$leaderboard$note, "the same response")
  without <- h2o.explain(numbers, cars[-1], columns = "wt", include_explanations = c("residual_analysis", "learning_curve"))
  expect_match(without$residual_analysis$note, "mpg")
  drawn(without$learning_curve$plots)
  expect_named(h2o.explain(coder, cars), c("learning_curve", "varimp", "shap_summary"))
  expect_error(h2o.explain(numbers, cars[0, ]), "no rows", class = "h2o_error")
  expect_error(h2o.explain(numbers, cars, columns = "mpg"), "mpg", class = "h2o_error")
})

test_that("importances of columns are told apart where names of levels and of columns meet", {
  rows <- data.frame(x = factor(rep(c("1", "2"), 50)), x.1 = seq(-1, 1, length.out = 100))
  rows$y <- rows$x.1
  model <- train(y ~ ., data = rows, epochs = 5, categorical_encoding = "Binary")
  found <- drawn(h2o.varimp_heatmap(model))
  expected <- h2o.varimp(model, by_column = TRUE)
  expect_setequal(as.character(found$column), c("x", "x.1"))
  expect_equal(found$importance[match(expected$variable, found$column)], expected$scaled_importance)
})

test_that("an explanation is written as a page", {
  found <- h2o.explain(two, cars, columns = "cyl", include_explanations = c("confusion_matrix", "varimp", "pdp"))
  path <- tempfile(fileext = ".html")
  h2o.save_html(found, path, title = "cars & <more>")
  page <- paste(readLines(path, encoding = "UTF-8"), collapse = "\n")
  expect_match(page, "<title>cars &amp; &lt;more&gt;</title>", fixed = TRUE)
  expect_identical(lengths(regmatches(page, gregexpr("src=\"data:image/svg[+]xml,%3C[^\" ]*\"", page))), 2L)
  expect_false(grepl("(src|href)=\"http", page))
  expect_error(h2o.save_html(found, path), "exists", class = "h2o_error")
  expect_identical(h2o.save_html(found, path, force = TRUE), path)
  expect_error(h2o.save_html(two, path, force = TRUE), "h2o.explain", class = "h2o_error")
  expect_error(h2o.save_html(found, file.path(tempfile(), "x.html")), "folder", class = "h2o_error")
})

test_that("tables of a page tell their rows where these have names", {
  matrix <- parts_of_page(h2o.confusionMatrix(two, cars), "Confusion", character(), c(8, 5))
  heads <- regmatches(matrix, regexpr("<th scope=\"row\">[^<]*</th>", matrix))
  expect_identical(heads, sprintf("<th scope=\"row\">%s</th>", c(levels(cars$am), "Totals")))
  expect_match(grep("<td></td><th>", matrix, fixed = TRUE, value = TRUE), sprintf("<th>%s</th>", levels(cars$am)[1]), fixed = TRUE)
  expect_false(any(grepl("scope", parts_of_page(data.frame(a = 1:2, b = c("x", NA)), "Plain", character(), c(8, 5)))))
})

test_that("a model with a formula is explained by its own columns", {
  model <- train(log(mpg) ~ wt + hp:cyl, data = cars, epochs = 5)
  drawn(h2o.pd_plot(model, cars, "wt"))
  drawn(h2o.shap_summary_plot(model, cars))
  expect_equal(drawn(h2o.residual_analysis_plot(model, cars))$residual, residuals(model))
})

test_that("dependence as tables takes values, pairs, weights and missing cells", {
  found <- h2o.partialPlot(numbers, cars, c("wt", "cyl"), nbins = 4, plot = FALSE, include_na = TRUE)
  expect_identical(vapply(found, nrow, 0L), c(5L, 4L))
  given <- h2o.partialPlot(numbers, cars, "cyl", user_splits = list(cyl = "6"), plot = FALSE, row_index = 1)
  expect_equal(given$mean_response, predict(numbers, cars[1, ])$.pred, tolerance = 1e-5)
  expect_match(attr(given, "description"), "row 1$")
  path <- tempfile()
  petals <- list(c("Petal.Length", "Petal.Width"))
  pair <- h2o.partialPlot(several, iris, col_pairs_2dpdp = petals, targets = "setosa", nbins = 3, save_to = path)
  expect_identical(nrow(pair), 9L)
  expect_true(file.exists(paste0(path, "_1.png")))
})

test_that("contributions come in other ways, too", {
  cars_few <- cars[1:5, ]
  for (method in c("integrated_gradients", "exact")) {
    found <- as.data.frame(h2o.predict_contributions(numbers, cars_few, "compact", background_frame = cars[6:10, ], method = method))
    expect_equal(rowSums(found), as.vector(as.data.frame(h2o.predict(numbers, cars_few))$predict), tolerance = 1e-5, ignore_attr = TRUE)
  }
})
