start()

all_kinds <- data.frame(
  whole = c(1L, NA, 3L), real = c(1.5, NA, -2.25), text = c("ä", "b", NA), flag = c(TRUE, NA, FALSE),
  day = as.Date(c("2020-02-29", NA, "1969-12-31")), moment = as.POSIXct(c("2020-01-01 10:00:00.25", NA, "1950-06-01 00:00:00"), tz = "UTC"),
  level = factor(c("u", "v", NA), levels = c("v", "u")), large = c(1e10, 2^40, NA), stringsAsFactors = FALSE
)

test_that("every kind of vector has its type and comes back", {
  fr <- as.h2o(all_kinds)
  expect_identical(unlist(h2o.getTypes(fr)), c("int", "real", "string", "enum", "time", "time", "enum", "int"))
  back <- as.data.frame(fr)
  expect_identical(back$whole, all_kinds$whole)
  expect_identical(back$real, all_kinds$real)
  expect_identical(back$text, all_kinds$text)
  expect_identical(as.character(back$flag), c("TRUE", NA, "FALSE"))
  expect_identical(as.Date(back$day), all_kinds$day)
  expect_equal(as.numeric(back$moment), as.numeric(all_kinds$moment))
  expect_identical(back$level, all_kinds$level)
  expect_identical(back$large, all_kinds$large)
  expect_true(identical(is.na(back$real), is.na(all_kinds$real)) && !any(is.nan(back$real)))
})

test_that("a frame does not share memory with R", {
  x <- c(70000L, 2L, 3L)
  fr <- as.h2o(data.frame(x = x))
  big <- c(1e5, -2e9, 2e9)
  wide <- as.h2o(data.frame(x = as.integer(big)))
  before <- as.data.frame(wide)$x
  gc()
  expect_identical(as.data.frame(fr)$x, c(70000L, 2L, 3L))
  expect_identical(before, as.integer(big))
  taken <- as.data.frame(fr)
  taken$x[1] <- 1L
  expect_identical(as.data.frame(fr)$x[1], 70000L)
})

test_that("other objects become frames too", {
  expect_identical(names(as.h2o(matrix(1:4, 2))), c("V1", "V2"))
  expect_identical(names(as.h2o(1:3)), "x")
  expect_identical(dim(as.h2o(list(a = 1:3, b = 4:6))), c(3L, 2L))
  expect_identical(as.data.frame(as.h2o(c("x", "y")))[[1]], c("x", "y"))
  fr <- flowers()
  expect_identical(as.h2o(fr, NULL), fr)
  expect_identical(h2o.getId(as.h2o(iris, "by_name")), "by_name")
  expect_error(as.h2o(NULL), class = "h2o_error")
  expect_error(as.h2o(data.frame(x = I(list(1, 2)))), "column `x`", class = "h2o_error")
})

test_that("a sparse matrix becomes a frame", {
  skip_if_not_installed("Matrix")
  m <- Matrix::sparseMatrix(i = c(1, 3), j = c(2, 1), x = c(5, 7), dims = c(3, 2))
  expect_equal(unname(as.matrix(as.h2o(m))), unname(as.matrix(m)))
})

test_that("a frame is named after the expression that gave the data, unless it has no name", {
  rows <- list(a = 1:2)
  expect_match(h2o.getId(as.h2o(rows)), "^rows_")
  expect_match(h2o.getId(as.h2o(iris[1:2])), "^iris_")
  expect_match(h2o.getId(as.h2o(as.matrix(iris[1:2]))), "^as.matrix_")
  fr <- flowers()
  expect_match(h2o.getId(as.h2o(fr)), "^fr_")
  expect_false(identical(h2o.getId(as.h2o(iris)), h2o.getId(as.h2o(iris))))
  expect_match(h2o.getId(fr), "^RTMP_")
})

test_that("empty and one-row data cross", {
  expect_identical(nrow(as.h2o(iris[0, ])), 0L)
  expect_identical(as.data.frame(as.h2o(iris[1, 1:2])), data.frame(Sepal.Length = 5.1, Sepal.Width = 3.5))
  expect_identical(as.vector(as.h2o(c(1, NA, 3))), c(1L, NA, 3L))
})

test_that("random data of all kinds survive the round trip", {
  set.seed(7)
  for (n in c(1, 17, 1000)) {
    data <- data.frame(a = sample(c(rnorm(5), NA), n, TRUE), b = sample(c(-5:5, NA), n, TRUE), c = sample(c(letters, "", NA), n, TRUE))
    expect_equal(as.data.frame(as.h2o(data)), data)
  }
})
