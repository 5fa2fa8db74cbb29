start()

values <- function(frame) as.data.frame(frame)[[1]]
small <- data.frame(x = c(3, 1, 2), g = c("a", "b", "a"), e = factor(c("u", "v", "u")))
test_that("factors and data frames are compared cell by cell", {
  skip_if(getRversion() < "4.3", "R before 4.3 does not find the method")
  frame <- as.h2o(small, NULL)
  expect_identical(values(frame$e == factor(c("u", "v", "v"))), c(1L, 1L, 0L))
  expect_identical(values(factor(c("u", "v", "v")) != frame$e), c(0L, 0L, 1L))
  expect_identical(values(frame["x"] > data.frame(x = c(2, 2, 2))), c(1L, 0L, 0L))
})

test_that("cells of a column are assigned as in a vector", {
  for (rows in list(2, 1:2, -1, c(TRUE, FALSE, TRUE), integer(), c(3, 1))) {
    frame <- as.h2o(small, NULL)
    expected <- small
    frame$x[rows] <- 9
    expected$x[rows] <- 9
    expect_equal(as.data.frame(frame), expected, info = deparse(rows))
    frame[["x"]][rows] <- 7
    expected[["x"]][rows] <- 7
    expect_equal(as.data.frame(frame), expected, info = deparse(rows))
  }
  frame <- as.h2o(small, NULL)
  frame[[2, "x"]] <- 5
  expect_identical(frame[[2, "x"]], 5)
  expect_identical(frame[[3, 2]], "a")
})

test_that("no rows or columns are none, also in assignments", {
  none <- list(integer(), logical(3), which(small$x > 10), NULL)
  for (rows in none) {
    frame <- as.h2o(small, NULL)
    expect_identical(dim(frame[rows, ]), c(0L, 3L))
    frame[rows, "x"] <- 0
    expect_equal(as.data.frame(frame), small)
  }
  for (columns in list(NULL, integer(), character())) expect_identical(ncol(frame[, columns]), 0L)
  frame[, character()] <- 0
  expect_equal(as.data.frame(frame), small)
})

test_that("rows and columns beyond the frame are named as R counts them", {
  frame <- as.h2o(small, NULL)
  expect_error(frame[4, ], "row 4: the frame has 3 rows, counted from 1", class = "h2o_not_found")
  expect_error(frame[c(1, 4), ], "row 4", class = "h2o_not_found")
  expect_error(frame[4:6, ], "row 4", class = "h2o_not_found")
  expect_identical(nrow(frame[2:9, ]), 2L)
  expect_error(frame[4, "x"] <- 1, "row 4: the frame has 3 rows", class = "h2o_not_found")
  expect_error(frame[, 5], "column 5: the frame has 3 columns", class = "h2o_not_found")
  expect_error(frame[c(1, NA), ], "row NA", class = "h2o_error")
  expect_error(frame[, NA], "column NA", class = "h2o_error")
  expect_error(frame[c(-1, 2), ], "cannot be mixed", class = "h2o_error")
})

test_that("order and sort are those of R, for every kind of column", {
  data <- data.frame(
    n = c(2.5, NA, -1, 2.5), s = c("b", "a", NA, "c"), f = factor(c("z", "y", "x", "y")),
    d = as.Date(c("2020-01-01", "2019-01-01", NA, "2021-01-01")), stringsAsFactors = FALSE
  )
  frame <- as.h2o(data, NULL)
  for (name in names(data)) {
    for (falling in c(FALSE, TRUE)) {
      expect_identical(order(frame[[name]], decreasing = falling), order(data[[name]], decreasing = falling), info = name)
    }
  }
  expect_identical(order(frame$f, frame$n), order(data$f, data$n))
  expect_identical(values(sort(frame$n)), sort(data$n))
  expect_equal(as.data.frame(frame[order(-frame$n), ])$n, data$n[order(-data$n)])
  expect_error(xtfrm(frame), "one column", class = "h2o_error")
})

test_that("other functions of base R give what they give for a data.frame or vector", {
  frame <- as.h2o(small, NULL)
  expect_identical(values(rev(frame$x)), rev(as.integer(small$x)))
  expect_identical(names(rev(frame)), rev(names(small)))
  expect_identical(values(rep(frame$x, times = 2)), rep(as.integer(small$x), 2))
  expect_identical(duplicated(frame$g), duplicated(small$g))
  expect_identical(duplicated(frame), duplicated(small))
  expect_identical(anyDuplicated(frame$g), anyDuplicated(small$g))
  expect_identical(anyDuplicated(frame), 0L)
  expect_identical(anyNA(frame), FALSE)
  for (name in names(small)) {
    gaps <- small
    gaps[2, name] <- NA
    expect_identical(anyNA(as.h2o(gaps, NULL)), TRUE, info = name)
    expect_identical(anyNA(as.h2o(gaps, NULL)[[name]]), TRUE, info = name)
  }
  for (lag in 1:3) expect_equal(as.numeric(values(diff(frame$x, lag))), diff(small$x, lag))
  expect_equal(as.numeric(values(diff(frame$x, differences = 2))), diff(small$x, differences = 2))
  expect_equal(dim(format(frame)), dim(small))
  expect_s3_class(hist(as.h2o(mtcars$mpg, NULL), plot = FALSE), "histogram")
  levels(frame$e) <- c("U", "V")
  expect_identical(h2o.levels(frame$e), c("U", "V"))
  levels(frame$e)[2] <- "W"
  expect_identical(as.vector(frame$e), c("U", "W", "U"))
})

test_that("all.equal looks at the values", {
  frame <- as.h2o(small, NULL)
  expect_true(all.equal(frame, as.h2o(small, NULL)))
  expect_type(all.equal(frame, as.h2o(transform(small, x = x + 1), NULL)), "character")
  expect_type(all.equal(frame, as.h2o(iris, NULL)), "character")
  expect_type(all.equal(frame, 1), "character")
})

test_that("subset, with, within and transform are those of R", {
  frame <- as.h2o(mtcars, NULL)
  limit <- 25
  same <- function(ours, theirs) expect_equal(as.data.frame(ours), theirs, ignore_attr = TRUE)
  same(subset(frame, mpg > limit), subset(mtcars, mpg > limit))
  same(subset(frame, mpg > limit & cyl == 4, c(mpg, hp)), subset(mtcars, mpg > limit & cyl == 4, c(mpg, hp)))
  same(subset(frame, select = -mpg), subset(mtcars, select = -mpg))
  same(subset(frame, select = mpg:disp), subset(mtcars, select = mpg:disp))
  expect_equal(with(frame, mean(hp / wt)), with(mtcars, mean(hp / wt)))
  same(transform(frame, ratio = hp / wt, mpg = mpg * limit), transform(mtcars, ratio = hp / wt, mpg = mpg * limit))
  ours <- within(frame, {
    half <- mpg / 2
    rm(carb)
    cyl <- cyl + 1
  })
  same(ours, within(mtcars, {
    half <- mpg / 2
    rm(carb)
    cyl <- cyl + 1
  }))
})

test_that("table counts values of frames, and is base R's for vectors", {
  frame <- as.h2o(small, NULL)
  expect_equal(as.data.frame(table(frame$e)), as.data.frame(h2o.table(frame$e)))
  expect_equal(as.data.frame(table(frame$g, frame$e)), as.data.frame(h2o.table(frame$g, frame$e)))
  codes <- c(1, 1, NA)
  expect_identical(table(codes, useNA = "always"), base::table(codes, useNA = "always"))
  expect_identical(table(small$g, small$e), base::table(small$g, small$e))
})

test_that("units of layers stand in tables of grids as they were given", {
  grid <- h2o.grid("deeplearning",
    y = "Species", training_frame = flowers(), epochs = 1, seed = 1, hyper_params = list(hidden = list(c(4, 4), 5))
  )
  expect_setequal(grid@summary_table$hidden, c("[4, 4]", "[5]"))
})
