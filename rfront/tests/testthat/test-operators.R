start()

same <- function(frame, expected) expect_equal(as.data.frame(frame)[[1]], expected)

test_that("operators are those of R", {
  fr <- as.h2o(mtcars)
  v <- fr$mpg
  r <- mtcars$mpg
  same(v + 1, r + 1)
  same(1 - v, 1 - r)
  same(-v, -r)
  same(v * fr$hp, r * mtcars$hp)
  same(v / 2, r / 2)
  same(v^2, r^2)
  same(v %% 3, r %% 3)
  same(v %/% 3, r %/% 3)
  same(v > 20, as.integer(r > 20))
  same(v <= 21, as.integer(r <= 21))
  same(v == 21, as.integer(r == 21))
  same(v != 21, as.integer(r != 21))
  same((v > 20) & (fr$hp > 100), as.integer(r > 20 & mtcars$hp > 100))
  same((v > 20) | (fr$hp > 100), as.integer(r > 20 | mtcars$hp > 100))
  same(!(v > 20), as.integer(!(r > 20)))
  same(v + mtcars$hp, r + mtcars$hp)
})

test_that("mathematics are those of R", {
  fr <- as.h2o(mtcars["mpg"])
  r <- mtcars$mpg
  for (name in c("abs", "sqrt", "exp", "log", "log2", "log10", "log1p", "floor", "ceiling", "cos", "tanh", "sign", "gamma", "cumsum")) {
    same(get(name)(fr), get(name)(r))
    same(get(paste0("h2o.", name))(fr), get(name)(r))
  }
  same(round(fr / 7, 2), round(r / 7, 2))
  same(signif(fr / 7, 2), signif(r / 7, 2))
  same(signif(fr, -3), signif(r, -3))
  same(round(fr / 7, 1.5), round(r / 7, 1.5))
  same(log(fr, 3), log(r, 3))
})

test_that("sums and the like are those of R, also with missing values", {
  r <- c(3, 1, NA, 2)
  fr <- as.h2o(r)
  expect_identical(sum(fr), NA_real_)
  expect_identical(sum(fr, na.rm = TRUE), 6)
  expect_identical(range(fr, na.rm = TRUE), c(1, 3))
  expect_identical(max(fr, na.rm = TRUE), 3)
  expect_identical(min(as.h2o(mtcars$mpg)), min(mtcars$mpg))
  expect_identical(prod(as.h2o(c(2, 3))), 6)
  expect_true(any(as.h2o(mtcars$mpg) > 30))
  expect_false(all(as.h2o(mtcars$mpg) > 30))
  same(is.na(fr), as.integer(is.na(r)))
  expect_identical(nrow(na.omit(fr)), 3L)
})

test_that("functions of base R still work on everything else", {
  expect_identical(ifelse(c(TRUE, FALSE), 1, 2), c(1, 2))
  expect_identical(1:3 %in% 2, c(FALSE, TRUE, FALSE))
  expect_identical(apply(matrix(1:4, 2), 1, sum), c(4L, 6L))
  expect_equal(c(sd(1:3), var(1:3), cor(1:3, 3:1)), c(1, 1, -1))
  expect_true(is.factor(as.factor("a")))
  expect_false(is.character(1))
  expect_identical(drop(diag(2) %*% c(1, 2)), c(1, 2))
})

test_that("ifelse and %in% choose", {
  fr <- flowers()
  same(ifelse(fr$Sepal.Length > 5, 1, 0), as.integer(iris$Sepal.Length > 5))
  same(h2o.ifelse(fr$Sepal.Length > 5, fr$Petal.Width, fr$Petal.Length), ifelse(iris$Sepal.Length > 5, iris$Petal.Width, iris$Petal.Length))
  expect_identical(levels(h2o.ifelse(fr$Sepal.Length > 5, "long", "short")), c("long", "short"))
  same(fr$Species %in% c("setosa", "virginica"), as.integer(iris$Species %in% c("setosa", "virginica")))
  expect_identical(ifelse(FALSE, 1, fr[3:4, 1:2]), iris[3, 1])
  expect_identical(ifelse(TRUE, 1, fr), 1)
  same(h2o.match(fr$Species, "virginica", nomatch = 0), match(iris$Species, "virginica", nomatch = 0L))
  same(h2o.match(fr$Species, c("setosa", "virginica")), match(iris$Species, c("setosa", "virginica")))
  expect_identical(c("setosa", "rose") %in% fr$Species, c(TRUE, FALSE))
})
