start()

test_that("&& and || take frames, and base R's meaning stays for all else", {
  fr <- flowers()
  both <- iris[[1]] > 5 & iris[[2]] > 3
  either <- iris[[1]] > 5 | iris[[2]] > 3
  expect_equal(as.vector((fr[1] > 5) && (fr[2] > 3)), as.integer(both))
  expect_equal(as.vector((fr[1] > 5) || (fr[2] > 3)), as.integer(either))
  expect_equal(as.vector(TRUE && (fr[2] > 3)), as.integer(iris[[2]] > 3))
  expect_equal(as.vector(FALSE || (fr[2] > 3)), as.integer(iris[[2]] > 3))
  expect_false(FALSE && (fr[2] > 3))
  for (x in list(TRUE, FALSE, NA, 0, 2, 0L, NA_real_, NaN)) {
    for (y in list(TRUE, FALSE, NA, 0, 2)) {
      expect_identical(x && y, base::`&&`(x, y))
      expect_identical(x || y, base::`||`(x, y))
    }
  }
  for (settled in list(FALSE, 0, 0L)) expect_false(settled && stop("not looked at"))
  for (settled in list(TRUE, 1, -2L)) expect_true(settled || stop("not looked at"))
  expect_error("a" && TRUE)
  expect_error(NULL || TRUE)
})

test_that("parts of times are generic functions", {
  days <- as.Date(c("2020-02-29", "2021-12-31", NA))
  fr <- as.h2o(days, NULL)
  expect_equal(as.vector(year(fr)), c(2020, 2021, NA))
  expect_equal(as.vector(month(fr)), c(2, 12, NA))
  expect_equal(as.vector(day(fr)), c(29, 31, NA))
  expect_equal(as.vector(hour(as.h2o(as.POSIXct("2020-02-29 13:00", tz = "UTC"), NULL))), 13)
  expect_equal(as.vector(dayOfWeek(fr)), c("Sat", "Fri", NA))
  expect_equal(as.vector(week(fr)), as.vector(h2o.week(fr)))
  expect_error(year("2020"), "no applicable method")
})

test_that("names of base R in H2O's package take frames", {
  fr <- as.h2o(iris[1:4], NULL)
  for (f in list(h2o::log, h2o::log10, h2o::log1p, h2o::log2, h2o::round, h2o::signif, h2o::trunc)) {
    expect_equal(unname(as.matrix(f(fr))), unname(as.matrix(f(iris[1:4]))))
  }
  expect_identical(h2o::colnames(fr), names(iris)[1:4])
  expect_identical(is.numeric(fr), rep(TRUE, 4))
  expect_identical(base::is.numeric(flowers()$Species), FALSE)
  expect_equal(as.vector(h2o::as.numeric(as.h2o(factor(c("3", "1")), NULL))), as.vector(h2o.asnumeric(as.h2o(factor(c("3", "1")), NULL))))
  expect_equal(as.vector(table.H2OFrame(flowers()$Species)$Count), c(50, 50, 50))
  expect_false(use.package("data.table"))
})

test_that("names of columns can come from a frame", {
  fr <- as.h2o(iris[1:2], NULL)
  colnames(fr) <- as.h2o(iris[3:4], NULL)
  expect_identical(names(fr), names(iris)[3:4])
  names(fr) <- iris[1:2]
  expect_identical(colnames(fr), names(iris)[1:2])
  expect_error(colnames(fr) <- flowers(), "5 names for 2 columns", class = "h2o_error")
})

test_that("levels are those that H2O gives", {
  fr <- flowers()
  expect_null(h2o.levels(fr, 1))
  expect_null(h2o.levels(fr$Sepal.Width))
  expect_identical(h2o.levels(fr, "Species"), levels(iris$Species))
  expect_identical(h2o.levels(fr[4:5]), list(NULL, levels(iris$Species)))
  expect_identical(h2o.nlevels(fr), c(0L, 0L, 0L, 0L, 3L))
  few <- fr[fr$Species != "setosa", ]
  expect_identical(levels(as.data.frame(few)$Species), c("versicolor", "virginica"))
  expect_identical(levels(as.data.frame(few, drop.unused.levels = FALSE)$Species), levels(iris$Species))
  expect_identical(levels(head(few)$Species), levels(iris$Species))
  expect_identical(rownames(as.data.frame(fr[1:2, ], row.names = c("p", "q"))), c("p", "q"))
})

test_that("a saved model comes back after everything was removed", {
  models <- list(small_model(epochs = 1, model_id = "saved_1"), small_model(epochs = 1, y = "Sepal.Width", model_id = "saved_2"))
  before <- lapply(models, function(model) as.data.frame(h2o.predict(model, flowers())))
  file <- tempfile()
  saveRDS(models, file)
  for (round in 1:2) {
    h2o.removeAll()
    expect_identical(h2o.list_models(), character())
    read <- readRDS(file)
    for (i in 2:1) expect_identical(as.data.frame(h2o.predict(read[[i]], flowers())), before[[i]])
    expect_setequal(h2o.list_models(), c("saved_1", "saved_2"))
  }
  h2o.shutdown(prompt = FALSE)
  suppressMessages(capture.output(h2o.init(nthreads = 2)))
  expect_identical(as.data.frame(h2o.predict(models[[2]], flowers())), before[[2]])
})
