start()

test_that("size and names are those of the data", {
  fr <- flowers()
  expect_identical(dim(fr), dim(iris))
  expect_identical(c(nrow(fr), ncol(fr), length(fr)), c(150L, 5L, 5L))
  expect_identical(names(fr), names(iris))
  expect_identical(colnames(fr), names(iris))
  expect_identical(h2o.dim(fr), dim(iris))
  expect_true(is.h2o(fr))
  names(fr)[5] <- "kind"
  expect_identical(names(fr)[5], "kind")
  colnames(fr) <- letters[1:5]
  expect_identical(names(fr), letters[1:5])
  expect_error(names(fr) <- "a", class = "h2o_error")
})

test_that("rows and columns are chosen as in a data.frame", {
  fr <- flowers()
  same <- function(a, b) expect_equal(as.data.frame(a), droplevels(b), ignore_attr = "row.names")
  same(fr[1:3], iris[1:3])
  same(fr["Species"], iris["Species"])
  same(fr[, "Species"], iris["Species"])
  same(fr[-1], iris[-1])
  same(fr[c(TRUE, FALSE, FALSE, FALSE, TRUE)], iris[c(1, 5)])
  same(fr[2:4, ], iris[2:4, ])
  same(fr[c(10, 3, 3), 1:2], iris[c(10, 3, 3), 1:2])
  same(fr[-(1:145), ], iris[-(1:145), ])
  same(fr[c(5, 1), c("Species", "Sepal.Length")], iris[c(5, 1), c("Species", "Sepal.Length")])
  same(fr$Sepal.Width, iris["Sepal.Width"])
  same(fr[["Sepal.Width"]], iris["Sepal.Width"])
  same(fr[fr$Sepal.Length > 7, ], iris[iris$Sepal.Length > 7, ])
  same(fr[fr$Species == "setosa" & fr$Sepal.Width > 4, 1], iris[iris$Species == "setosa" & iris$Sepal.Width > 4, 1, drop = FALSE])
  same(fr[rep(c(TRUE, FALSE), 75), 1], iris[rep(c(TRUE, FALSE), 75), 1, drop = FALSE])
  expect_identical(fr[1, 1], 5.1)
  expect_identical(fr[1, "Species"], "setosa")
  expect_identical(dim(fr[1, 1, drop = FALSE]), c(1L, 1L))
  expect_null(fr$nothing)
  expect_identical(dim(fr[fr$Sepal.Length > 100, ]), c(0L, 5L))
  same(fr$Species[2:4], iris[2:4, "Species", drop = FALSE])
  same(fr$Species[-(1:148)], iris[149:150, "Species", drop = FALSE])
  expect_identical(fr$Sepal.Length[3], iris$Sepal.Length[3])
  same(fr[as.h2o(iris$Sepal.Length > 7), ], iris[iris$Sepal.Length > 7, ])
})

test_that("what does not exist is an error", {
  fr <- flowers()
  expect_error(fr[, "nothing"], "nothing", class = "h2o_not_found")
  expect_error(fr[, 6], "5 columns", class = "h2o_not_found")
  expect_error(fr[151, ], "150 rows", class = "h2o_error")
})

test_that("assignment gives a new frame and leaves the old one alone", {
  fr <- old <- flowers()
  fr$twice <- fr$Sepal.Length * 2
  fr[, "one"] <- 1
  fr[["text"]] <- "a"
  expect_identical(dim(old), c(150L, 5L))
  expect_equal(as.data.frame(fr)$twice, iris$Sepal.Length * 2)
  expect_identical(names(fr)[6:8], c("twice", "one", "text"))
  fr[fr$Sepal.Length > 5, "one"] <- 0
  expect_equal(as.data.frame(fr)$one, ifelse(iris$Sepal.Length > 5, 0, 1))
  fr[1:2, 1] <- NA
  expect_identical(sum(is.na(fr[, 1])), 2)
  fr[, 1] <- fr[, 2]
  expect_equal(as.data.frame(fr)[[1]], iris[[2]])
  fr$twice <- NULL
  expect_false("twice" %in% names(fr))
  fr$from_r <- 1:150
  expect_equal(as.data.frame(fr)$from_r, 1:150)
  fr[is.na(fr)] <- 0
  expect_identical(sum(is.na(fr)), 0)
})

test_that("a factor is made of a column", {
  fr <- as.h2o(mtcars)
  fr[, "cyl"] <- as.factor(fr[, "cyl"])
  expect_identical(h2o.levels(fr$cyl), c("4", "6", "8"))
  expect_identical(levels(fr$cyl), c("4", "6", "8"))
  expect_identical(h2o.nlevels(fr$cyl), 3L)
  expect_true(is.factor(fr$cyl))
  expect_false(is.numeric(fr$cyl))
  expect_equal(as.data.frame(as.numeric(fr$cyl))[[1]], mtcars$cyl)
  expect_identical(as.data.frame(as.character(fr$cyl))[[1]], as.character(mtcars$cyl))
})

test_that("printing shows the first rows and the size", {
  fr <- flowers()
  expect_snapshot(print(fr))
  expect_snapshot(print(fr[1:2, "Species"]))
  expect_snapshot(summary(fr))
  expect_output(str(fr), "150 obs. of 5 variables")
  expect_equal(head(fr, 3), head(iris, 3))
  expect_equal(tail(fr, 2), tail(iris, 2), ignore_attr = "row.names")
  for (n in c(0, 1, 6, 150, 200, -1, -149, -150, -200)) {
    expect_equal(h2o.head(fr, n), head(iris, n))
    expect_equal(h2o.tail(fr, n), tail(iris, n), ignore_attr = "row.names")
    expect_equal(h2o.head(fr, 2, n)[0, ], iris[0, utils::head(1:5, n), drop = FALSE][0, ])
  }
  expect_equal(h2o.tail(fr, 3, 2), tail(iris, 3)[4:5], ignore_attr = "row.names")
  expect_error(head(fr, "a"), class = "h2o_error")
  expect_identical(nrow(head(fr, -140)), 10L)
})

test_that("frames are named, listed and removed", {
  fr <- flowers()
  named <- h2o.assign(fr, "a_name")
  expect_identical(h2o.getId(named), "a_name")
  expect_identical(dim(h2o.getFrame("a_name")), c(150L, 5L))
  expect_error(h2o.assign(named, "a_name"), class = "h2o_error")
  expect_error(h2o.assign(fr, "not a name"), class = "h2o_error")
  h2o.rm("a_name")
  expect_error(h2o.getFrame("a_name"), class = "h2o_not_found")
  stays <- as.h2o(mtcars, "stays")
  as.h2o(mtcars, "goes")
  h2o.removeAll(retained_elements = "stays")
  expect_identical(h2o.ls()$key, "stays")
  h2o.removeAll()
  expect_identical(nrow(h2o.ls()), 0L)
})
