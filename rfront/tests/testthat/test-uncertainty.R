start()

numbers <- local({
  set.seed(1)
  x <- rnorm(240)
  data.frame(x = x, y = 2 * x + rnorm(240))
})
classes <- transform(numbers, y = factor(ifelse(y > 0, "yes", "no")))

test_that("probabilities are calibrated with rows that are kept back", {
  model <- small_model(
    frame = as.h2o(classes[1:160, ]), y = "y", hidden = 5, calibrate_model = TRUE, calibration_frame = as.h2o(classes[161:240, ])
  )
  found <- as.data.frame(h2o.predict(model, classes))
  expect_named(found, c("predict", "no", "yes", "cal_no", "cal_yes"))
  expect_equal(found$cal_no + found$cal_yes, rep(1, 240))
  expect_false(isTRUE(all.equal(found$yes, found$cal_yes)))
  expect_equal(cor(found$yes, found$cal_yes, method = "spearman"), 1, tolerance = 1e-6)
  sets <- as.data.frame(h2o.predict(model, classes, interval = 0.9))
  expect_named(sets, c(names(found), "in_no", "in_yes"))
  expect_gt(mean(ifelse(classes$y == "yes", sets$in_yes, sets$in_no)), 0.8)
})

test_that("intervals and the mean of the folds", {
  model <- small_model(frame = as.h2o(numbers), y = "y", hidden = 5, nfolds = 3)
  together <- h2o.fold_ensemble(model, "together")
  members <- lapply(h2o.cross_validation_models(model), function(each) as.data.frame(h2o.predict(each, numbers))$predict)
  expect_equal(as.data.frame(h2o.predict(together, numbers))$predict, Reduce(`+`, members) / 3)
  for (each in list(model, together)) {
    found <- as.data.frame(h2o.predict(each, numbers, interval = 0.8))
    expect_named(found, c("predict", "lower", "upper"))
    inside <- mean(found$lower <= numbers$y & numbers$y <= found$upper)
    expect_gt(inside, 0.7)
    expect_lt(inside, 0.95)
  }
  expect_error(h2o.predict(model, numbers, interval = 80), "between 0 and 1", class = "h2o_error")
  parts <- as.data.frame(h2o.predict_contributions(together, numbers[1:5, ], background_frame = numbers[6:30, ]))
  expect_named(parts, c("x", "BiasTerm"))
  expect_equal(rowSums(parts), as.data.frame(h2o.predict(together, numbers[1:5, ]))$predict, tolerance = 1e-6)
})

test_that("one model has several quantiles, which do not cross", {
  model <- small_model(
    frame = as.h2o(numbers), y = "y", hidden = 5, distribution = "quantile", quantile_alpha = c(0.9, 0.1, 0.5)
  )
  found <- as.data.frame(h2o.predict(model, numbers))
  expect_named(found, c("predict", "q10", "q50", "q90"))
  expect_identical(found$predict, found$q50)
  expect_true(all(found$q10 <= found$q50 & found$q50 <= found$q90))
})
