start()

prostate <- function() {
  fr <- h2o.importFile(data_file("prostate.csv"))
  fr$CAPSULE <- as.factor(fr$CAPSULE)
  fr
}

binomial_model <- function(fr, ...) {
  h2o.deeplearning(x = 3:9, y = "CAPSULE", training_frame = fr, hidden = 10, epochs = 10, seed = 1, reproducible = TRUE, ...)
}

test_that("metrics of two classes depend on the threshold", {
  fr <- prostate()
  model <- binomial_model(fr)
  expect_s4_class(model, "H2OBinomialModel")
  perf <- h2o.performance(model)
  probability <- as.data.frame(h2o.predict(model, fr))$p1
  actual <- as.data.frame(fr$CAPSULE)[[1]] == "1"
  expect_equal(h2o.logloss(perf), -mean(log(ifelse(actual, probability, 1 - probability))), tolerance = 1e-4)
  ranks <- rank(probability)
  auc <- (sum(ranks[actual]) - sum(actual) * (sum(actual) + 1) / 2) / (sum(actual) * sum(!actual))
  expect_equal(h2o.auc(perf), auc, tolerance = 1e-3)
  expect_equal(h2o.giniCoef(model), 2 * h2o.auc(model) - 1)
  expect_identical(names(h2o.F1(perf)), c("threshold", "f1"))
  for (f in list(h2o.accuracy, h2o.precision, h2o.tpr, h2o.fpr, h2o.recall, h2o.specificity, h2o.mcc, h2o.F2, h2o.F0point5)) {
    expect_true(all(f(perf)[[2]] >= 0 & f(perf)[[2]] <= 1, na.rm = TRUE))
  }
  best <- h2o.find_threshold_by_max_metric(perf, "f1")
  expect_equal(max(h2o.F1(perf)$f1), h2o.F1(perf, best)[[1]])
  expect_equal(h2o.error(perf)[[2]], 1 - h2o.accuracy(perf)[[2]])
  expect_error(h2o.metric(perf, metric = "nothing"), "nothing", class = "h2o_error")
})

test_that("every name of a metric is known wherever one is asked for, in upper or lower case", {
  perf <- h2o.performance(binomial_model(prostate()))
  names <- c(
    "f1", "f2", "f0point5", "accuracy", "precision", "recall", "specificity", "absolute_mcc", "mcc", "min_per_class_accuracy",
    "mean_per_class_accuracy", "tns", "fns", "fps", "tps", "tnr", "fnr", "fpr", "tpr", "fallout", "missrate", "sensitivity"
  )
  for (name in names) {
    best <- h2o.find_threshold_by_max_metric(perf, name)
    expect_identical(h2o.find_threshold_by_max_metric(perf, toupper(name)), best)
    values <- h2o.metric(perf, metric = toupper(name))[[2]]
    expect_identical(values, h2o.metric(perf, metric = name)[[2]])
    expect_identical(h2o.metric(perf, best, name)[[1]], max(values))
    expect_identical(h2o.confusionMatrix(perf, metrics = toupper(name))[["Rate"]], h2o.confusionMatrix(perf, metrics = name)[["Rate"]])
  }
  expect_identical(h2o.metric(perf, metric = "max_per_class_error")[[2]], h2o.maxPerClassError(perf)[[2]])
  expect_error(h2o.metric(perf, metric = "acuracy"), "Did you mean \"accuracy\"", class = "h2o_error")
  expect_error(h2o.find_threshold_by_max_metric(perf, "Recal"), "Did you mean \"recall\"", class = "h2o_error")
  expect_error(h2o.confusionMatrix(perf, metrics = "acuracy"), "Did you mean \"accuracy\"", class = "h2o_error")
  expect_error(h2o.find_threshold_by_max_metric(perf, "error"), "must be one of", class = "h2o_error")
  expect_error(h2o.find_threshold_by_max_metric(perf, 1), "must be one of", class = "h2o_error")
})

test_that("the confusion matrix counts", {
  fr <- prostate()
  model <- binomial_model(fr)
  table <- h2o.confusionMatrix(model)
  expect_identical(dim(table), c(3L, 4L))
  expect_identical(rownames(table), c("0", "1", "Totals"))
  expect_equal(sum(table[1:2, 1:2]), 380)
  at_half <- h2o.confusionMatrix(model, thresholds = h2o.F1(h2o.performance(model))$threshold[10])
  expect_equal(sum(at_half[1:2, 1:2]), 380)
  expect_length(h2o.confusionMatrix(h2o.performance(model), metrics = c("f1", "f2")), 2)
  predicted <- as.data.frame(h2o.predict(model, fr))$predict
  counts <- unname(unclass(table(as.data.frame(fr$CAPSULE)[[1]], predicted)))
  expect_equal(unname(as.matrix(as.data.frame(table)[1:2, 1:2])), counts, ignore_attr = TRUE)
  expect_identical(h2o.confusionMatrix(model, fr)[3, 1], table[3, 1])
  expect_output(print(table), "max f1 @ threshold")
  expect_output(print(h2o.performance(model)), "F1-optimal threshold")
})

test_that("more than two classes have hit ratios and a confusion matrix", {
  model <- small_model()
  expect_identical(as.integer(h2o.hit_ratio_table(model)$k), 1:3)
  expect_equal(h2o.hit_ratio_table(model)$hit_ratio[3], 1)
  expect_identical(rownames(h2o.confusionMatrix(model)), c(levels(iris$Species), "Totals"))
  expect_equal(h2o.mean_per_class_error(model), mean(h2o.confusionMatrix(model)$Error[1:3]))
  expect_error(h2o.F1(model), class = "h2o_error")
})

test_that("gains and lift are a table", {
  model <- binomial_model(prostate())
  expect_true("lift" %in% names(h2o.gainsLift(model)))
  expect_equal(h2o.kolmogorov_smirnov(model), max(h2o.gainsLift(model)$kolmogorov_smirnov))
})

test_that("metrics are made of predictions", {
  predicted <- as.h2o(c(1, 2, 3.5))
  actual <- as.h2o(c(1, 2, 3))
  metrics <- h2o.make_metrics(predicted, actual)
  expect_s4_class(metrics, "H2ORegressionMetrics")
  expect_equal(h2o.mse(metrics), 0.25 / 3)
  expect_error(h2o.make_metrics(predicted, actual, treatment = actual), class = "h2o_error")
})

test_that("without the response there are no metrics", {
  model <- small_model()
  expect_warning(expect_null(h2o.performance(model, flowers()[1:4])), "Species")
})

test_that("metrics of rows of one class are shown", {
  fr <- as.h2o(data.frame(a = 1:40, y = factor(rep(c("u", "v"), 20))), NULL)
  alone <- fr[fr$y == "u", ]
  model <- h2o.deeplearning(x = "a", y = "y", training_frame = fr, validation_frame = alone, hidden = 3, epochs = 1, seed = 1)
  found <- h2o.performance(model, alone)
  expect_output(print(model), "LogLoss")
  expect_output(print(found), "LogLoss")
  expect_true(is.na(h2o.find_threshold_by_max_metric(found, "f1")))
  expect_error(h2o.confusionMatrix(found), "only one class occurs", class = "h2o_error")
  expect_warning(table <- h2o.confusionMatrix(found, thresholds = 0.5), "no threshold 0.5")
  expect_equal(sum(table["v", 1:2]), 0)
})
