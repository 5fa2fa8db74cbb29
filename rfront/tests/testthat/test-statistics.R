start()

test_that("moments are those of R", {
  fr <- as.h2o(mtcars)
  expect_equal(h2o.mean(fr), unname(colMeans(mtcars)))
  expect_equal(mean(fr$mpg), mean(mtcars$mpg))
  expect_equal(as.data.frame(h2o.mean(fr, axis = 1, return_frame = TRUE))[[1]], unname(rowMeans(mtcars)))
  expect_equal(h2o.mean(fr, axis = 1), h2o.mean(fr))
  expect_equal(as.numeric(h2o.sd(fr)), unname(sapply(mtcars, sd)))
  expect_equal(sd(fr$mpg), sd(mtcars$mpg))
  expect_equal(var(fr$mpg), var(mtcars$mpg))
  expect_equal(h2o.var(fr$mpg, fr$hp), var(mtcars$mpg, mtcars$hp))
  expect_equal(unname(as.matrix(h2o.cor(fr))), unname(cor(mtcars)))
  expect_equal(h2o.cor(fr$mpg, fr$hp, method = "Spearman"), cor(mtcars$mpg, mtcars$hp, method = "spearman"))
  expect_equal(median(fr$mpg), median(mtcars$mpg))
  expect_equal(h2o.median(fr), unname(sapply(mtcars, median)))
  expect_equal(h2o.sum(fr$mpg), sum(mtcars$mpg))
})

test_that("quantiles are those of R", {
  fr <- as.h2o(mtcars)
  expect_equal(unname(h2o.quantile(fr$mpg, c(0.1, 0.5))), unname(quantile(mtcars$mpg, c(0.1, 0.5))))
  expect_identical(names(quantile(fr$mpg, c(0.1, 0.5))), c("10%", "50%"))
  expect_identical(dim(h2o.quantile(fr[1:3], 0.5)), c(1L, 3L))
})

test_that("the place of the largest value counts from 1", {
  fr <- flowers()[1:4]
  expect_equal(unlist(as.data.frame(h2o.which_max(fr))), sapply(iris[1:4], which.max))
  expect_equal(unlist(as.data.frame(apply(fr, 2, which.min))), sapply(iris[1:4], which.min))
  expect_equal(as.vector(h2o.which_min(fr, axis = 1)), apply(iris[1:4], 1, which.min))
  expect_equal(as.vector(apply(fr, 1, which.max)), apply(iris[1:4], 1, which.max))
})

test_that("a frame is scaled in place only when asked to", {
  fr <- flowers()[1:4]
  scaled <- as.data.frame(scale(iris[1:4]))
  expect_equal(as.data.frame(h2o.scale(fr)), scaled)
  expect_equal(as.data.frame(fr), iris[1:4])
  h2o.scale(fr, inplace = TRUE)
  expect_equal(as.data.frame(fr), scaled)
})

test_that("tables count", {
  fr <- flowers()
  counts <- as.data.frame(h2o.table(fr$Species))
  expect_identical(counts$Count, c(50L, 50L, 50L))
  expect_identical(as.character(as.data.frame(h2o.unique(fr$Species))[[1]]), levels(iris$Species))
  expect_identical(as.vector(h2o.which(fr$Sepal.Length > 7.6)), which(iris$Sepal.Length > 7.6))
})

test_that("a frame is described column by column", {
  facts <- h2o.describe(as.h2o(data.frame(x = c(0, 1, NA), f = factor(c("a", "b", "a")))))
  expect_identical(facts$Label, c("x", "f"))
  expect_identical(facts$Type, c("int", "enum"))
  expect_equal(facts$Missing, c(1, 0))
  expect_equal(facts$Zeros[1], 1)
  expect_equal(facts$Mean[1], 0.5)
  expect_equal(facts$Cardinality, c(NA, 2))
})

test_that("scale and cut are those of R", {
  fr <- as.h2o(mtcars["mpg"])
  expect_equal(as.data.frame(h2o.scale(fr))[[1]], as.vector(scale(mtcars$mpg)))
  expect_equal(as.data.frame(scale(fr, scale = FALSE))[[1]], mtcars$mpg - mean(mtcars$mpg))
  expect_equal(as.integer(as.data.frame(h2o.cut(fr, c(10, 20, 40), c("low", "high")))[[1]]), as.integer(cut(mtcars$mpg, c(10, 20, 40))))
})

test_that("factors and texts in sums, rows and tables count as in H2O", {
  start()
  f <- as.h2o(data.frame(e = factor(c("a", "b", NA, "b")), k = factor(c("x", "y", "z", "x")), n = c(1, 2, 3, NA), t = c("p", "q", NA, "p")))
  expect_equal(sum(f$e, na.rm = TRUE), 2)
  expect_true(is.nan(sum(f$e)) && is.nan(sum(f$k)) && is.nan(sum(f$t)))
  expect_equal(c(min(f$k), max(f$k)), c(0, 2))
  expect_equal(h2o.var(f$e, na.rm = TRUE), 1 / 3)
  expect_error(h2o.prod(f$e), "column 'e' is of type enum")
  expect_equal(as.data.frame(apply(f[c("k", "n")], 1, sum))[[1]], c(1, 3, 5, NA))
  expect_equal(as.data.frame(apply(f[c("k", "n")], 1, mean))[[1]], c(0.5, 1.5, 2.5, NA))
  expect_equal(as.data.frame(h2o.sum(f[c("k", "n")], axis = 1, return_frame = TRUE, na.rm = TRUE))[[1]], c(1, 2, 3, NA))
  expect_equal(sum(as.data.frame(h2o.table(f$e))$Count), 4)
  expect_equal(as.data.frame(f[c("e", "k")] %in% c("a", "x")), data.frame(e = c(1, 0, 0, 0), k = c(1, 0, 0, 1)))
})

test_that("numbers are levels where training had a factor", {
  start()
  plain <- data.frame(g = rep(0:2, 20), x = sin(1:60))
  plain$y <- as.integer(plain$g == 1)
  factors <- as.h2o(transform(plain, g = factor(g), y = factor(y)))
  model <- h2o.deeplearning(
    c("g", "x"), "y", factors, validation_frame = as.h2o(plain), hidden = 4, epochs = 2, seed = 1, reproducible = TRUE
  )
  expect_equal(h2o.logloss(model, valid = TRUE), h2o.logloss(model))
  expect_equal(as.data.frame(h2o.predict(model, as.h2o(plain))), as.data.frame(h2o.predict(model, factors)))
  logical <- as.h2o(transform(plain, y = y == 1))
  expect_equal(h2o.auc(h2o.performance(model, logical)), h2o.auc(h2o.performance(model, factors)))
})
