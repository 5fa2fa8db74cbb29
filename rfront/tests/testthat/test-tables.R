start()

test_that("frames are put together", {
  fr <- flowers()
  expect_identical(dim(h2o.cbind(fr, fr[1:2])), c(150L, 7L))
  expect_identical(dim(h2o.rbind(fr[1:5, ], fr[6:7, ])), c(7L, 5L))
  expect_identical(dim(cbind(fr[1], fr[2])), c(150L, 2L))
  expect_identical(dim(rbind(fr[1:2, ], fr[1, ])), c(3L, 5L))
})

test_that("a split has all rows, is a function of the seed, and set.seed() decides without one", {
  fr <- flowers()
  parts <- h2o.splitFrame(fr, c(0.6, 0.2), seed = 1)
  expect_length(parts, 3)
  expect_identical(sum(sapply(parts, nrow)), 150L)
  expect_identical(sapply(h2o.splitFrame(fr, c(0.6, 0.2), seed = 1), nrow), sapply(parts, nrow))
  draw <- function() {
    set.seed(5)
    as.data.frame(h2o.splitFrame(fr, 0.5)[[1]])
  }
  expect_identical(draw(), draw())
  named <- h2o.splitFrame(fr, 0.5, destination_frames = c("part_a", "part_b"), seed = 2)
  expect_identical(h2o.getId(named[[2]]), "part_b")
  expect_error(h2o.splitFrame(fr, c(0.6, 0.5)), class = "h2o_error")
})

test_that("groups are aggregated", {
  found <- as.data.frame(h2o.group_by(as.h2o(mtcars), by = "cyl", nrow("cyl"), mean("mpg"), max("hp")))
  expect_equal(found$cyl, c(4, 6, 8))
  expect_equal(found$nrow, as.integer(table(mtcars$cyl)))
  expect_equal(found$mean_mpg, as.vector(tapply(mtcars$mpg, mtcars$cyl, mean)))
  expect_equal(found$max_hp, as.vector(tapply(mtcars$hp, mtcars$cyl, max)))
  named <- h2o.group_by(as.h2o(mtcars), by = "cyl", sum("mpg"), gb.control = list(col.names = "total"))
  expect_identical(names(named), c("cyl", "total"))
  expect_error(h2o.group_by(as.h2o(mtcars), by = "cyl", nothing("mpg")), "nothing", class = "h2o_error")
  columns <- c("mpg", "hp")
  several <- as.data.frame(h2o.group_by(as.h2o(mtcars), by = "cyl", sum(columns), nrow("cyl")))
  expect_identical(names(several), c("cyl", "sum_mpg", "sum_hp", "nrow"))
  expect_equal(several$sum_hp, as.vector(tapply(mtcars$hp, mtcars$cyl, sum)))
  expect_error(h2o.group_by(as.h2o(mtcars), by = "cyl", sum(c("mpg", "none"))), "none", class = "h2o_not_found")
})

test_that("frames are joined and sorted", {
  left <- data.frame(k = c("a", "b", "c"), v = 1:3)
  right <- data.frame(k = c("b", "c", "d"), w = 4:6)
  l <- as.h2o(left)
  r <- as.h2o(right)
  l$k <- as.factor(l$k)
  r$k <- as.factor(r$k)
  expect_identical(as.data.frame(h2o.merge(l, r))$w, c(4L, 5L))
  expect_identical(nrow(h2o.merge(l, r, all.x = TRUE)), 3L)
  cars <- as.data.frame(h2o.arrange(as.h2o(mtcars), cyl, desc(mpg)))
  expect_equal(cars$mpg, mtcars$mpg[order(mtcars$cyl, -mtcars$mpg)])
})

test_that("functions are applied to columns and rows", {
  fr <- as.h2o(iris[1:4])
  range_of <- unname(sapply(iris[1:4], function(x) max(x) - min(x)))
  expect_equal(unlist(as.data.frame(apply(fr, 2, function(x) max(x) - min(x))), use.names = FALSE), range_of)
  expect_equal(as.data.frame(apply(fr, 1, sum))[[1]], rowSums(iris[1:4]), ignore_attr = TRUE)
  k <- 10
  expect_equal(as.data.frame(h2o.apply(fr, 1, function(r) r[1] * k))[[1]], iris[[1]] * 10)
  expect_error(apply(fr, 2, function(x) mad(x) + nothing(x)), class = "h2o_error")
  expect_equal(as.data.frame(apply(fr, 2, "sqrt")), sqrt(iris[1:4]))
  found <- apply(fr, 2, function(x) {
    x + 1
    x / var(x[1:20, ])
  })
  expect_equal(as.data.frame(found)[[2]], iris[[2]] / var(iris[1:20, 2]))
  changes <- function(x) {
    x[1] <- 0
    x
  }
  expect_error(apply(fr, 2, changes), "assign to names only", class = "h2o_error")
})

test_that("functions for frames may use names, choices and helpers", {
  fr <- as.h2o(iris[1:4])
  offset <- 3
  double <- function(v) 2 * v
  shifted <- function(v, by = offset) {
    w <- v + by
    w * double(v)
  }
  functions <- list(
    function(r) double(sum(r)),
    function(r) shifted(sum(r)),
    function(r) shifted(by = 1, max(r)),
    function(r) { a <- sum(r); b = max(r); a <- a / b; a + 1 }, # nolint: users write so, too
    function(r) if (sum(r) > 10) sum(r) else if (max(r) > 5) -1 else 0,
    function(r) { a <- sum(r); return(a); a * 2 }, # nolint
    function(r) (function(z) z + 1)(sum(r))
  )
  for (f in functions) {
    for (margin in 1:2) {
      expect_equal(unlist(as.data.frame(apply(fr, margin, f)), use.names = FALSE), unname(base::apply(iris[1:4], margin, f)))
    }
  }
  byte <- compiler::cmpfun(shifted)
  found <- as.data.frame(h2o.ddply(flowers(), "Species", function(d) byte(mean(d[, 1]))))[[2]]
  expect_equal(found, unname(shifted(tapply(iris[[1]], iris$Species, mean))), ignore_attr = TRUE)
  endless <- function(v) endless(v)
  expect_error(apply(fr, 2, function(x) endless(x)), "calls itself", class = "h2o_error")
  expect_error(apply(fr, 1, function(x) if (sum(x) > 1) 1), "add an else", class = "h2o_error")
})

test_that("missing values are filled in", {
  fr <- as.h2o(data.frame(x = c(1, NA, 3), g = factor(c("a", "a", "b"))))
  expect_equal(h2o.nacnt(fr), c(1, 0))
  expect_equal(h2o.impute(fr, "x", method = "mean")[1], 2)
  expect_equal(as.data.frame(fr)$x, c(1, 2, 3))
  gaps <- as.h2o(data.frame(x = c(1.5, NA), g = factor(c(NA, "b"))))
  h2o.impute(gaps, values = c(2.5, "b"))
  expect_equal(as.data.frame(gaps), data.frame(x = c(1.5, 2.5), g = factor(c("b", "b"))))
  expect_equal(as.data.frame(h2o.fillna(as.h2o(c(1, NA, 3)), "forward", 1, 1L))[[1]], c(1, 1, 3))
  many <- as.h2o(data.frame(x = rnorm(1000)))
  h2o.insertMissingValues(many, 0.2, seed = 1)
  expect_gt(sum(is.na(many)), 100)
})

test_that("texts are changed", {
  fr <- as.h2o(data.frame(s = c(" One two", "three ")))
  expect_identical(as.vector(h2o.trim(fr)), c("One two", "three"))
  expect_identical(as.vector(h2o.toupper(fr)), c(" ONE TWO", "THREE "))
  expect_identical(as.vector(h2o.gsub("t", "T", fr)), c(" One Two", "Three "))
  expect_identical(as.vector(h2o.sub("e", "E", fr)), c(" OnE two", "thrEe "))
  expect_equal(as.vector(h2o.nchar(fr)), c(8, 6))
  expect_identical(as.vector(h2o.substring(h2o.trim(fr), 1, 3)), c("One", "thr"))
  expect_identical(ncol(h2o.strsplit(h2o.trim(fr), " ")), 2L)
})

test_that("expressions are evaluated", {
  expect_identical(h2o.rapids("(+ 1 2)"), 3)
  expect_identical(h2o.rapids("{ x . (+ x 1) }"), "{ x . (+ x 1) }")
  expect_null(h2o.rapids("null"))
  as.h2o(mtcars, "cars")
  expect_identical(h2o.rapids("(nrow (named 'cars'))"), 32)
  expect_equal(h2o.rapids("(sum (cols cars 'mpg'))"), sum(mtcars$mpg))
})
