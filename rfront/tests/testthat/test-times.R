start()

days <- as.Date(c("2020-06-01", "2020-06-02", NA, "2020-06-03"))
all_operators <- c("==", "!=", "<", "<=", ">", ">=")

test_that("columns of times are compared with dates and times of R, on either side, in any zone", {
  frame <- as.h2o(data.frame(d = days), NULL)
  others <- list(
    as.Date("2020-06-02"), as.POSIXct("2020-06-02", tz = "UTC"), as.POSIXlt("2020-06-02", tz = "UTC"),
    as.POSIXct("2020-06-02 02:00", tz = "Europe/Prague"), as.POSIXct("2020-06-02 00:00:01", tz = "UTC")
  )
  for (other in others) {
    seconds <- as.numeric(as.POSIXct(other))
    for (name in all_operators) {
      operator <- get(name)
      right <- operator(as.numeric(days) * 86400, seconds)
      left <- operator(seconds, as.numeric(days) * 86400)
      right[is.na(right)] <- left[is.na(left)] <- name == "!="
      expect_equal(as.vector(operator(frame$d, other)), as.numeric(right), info = name)
      expect_equal(as.vector(operator(other, frame$d)), as.numeric(left), info = name)
    }
    expect_equal(as.vector(frame$d %in% other), as.numeric(as.numeric(days) * 86400 == seconds & !is.na(days)))
    expect_equal(nrow(frame[frame$d <= other, ]), 2)
  }
  expect_equal(as.vector(frame$d == as.Date(NA)), c(0, 0, 1, 0))
  expect_equal(as.vector(h2o.match(frame$d, days[c(4, 3)])), c(NA, NA, 2, 1))
  expect_equal(as.vector(frame$d == days[c(1, 1, 3, 3)]), c(1, 0, 1, 0))
  expect_equal(as.vector(apply(frame, 1, function(row) row[1] > as.Date("2020-06-01"))), c(0, 1, 0, 1))
})

test_that("dates and times are assigned and chosen", {
  frame <- as.h2o(data.frame(d = days, n = 1:4), NULL)
  day <- as.Date("2021-01-31")
  late <- frame$n > 2
  chosen <- h2o.ifelse(late, day, frame$d)
  expect_equal(as.Date(as.vector(chosen)), c(days[1:2], day, day))
  frame[late, "d"] <- as.POSIXct(day)
  expect_equal(as.Date(as.vector(frame$d)), c(days[1:2], day, day))
  frame$new <- day
  expect_equal(as.Date(as.vector(frame$new)), rep(day, 4))
  frame[1, "d"] <- as.Date(NA)
  expect_true(is.na(as.vector(frame$d)[1]))
})

test_that("what cannot be compared with a time is an error that names both", {
  frame <- as.h2o(data.frame(d = days, n = 1:4, s = c("a", "b", "a", "b")), NULL)
  expect_error(frame$n == as.Date("2020-06-02"), "of type int and the time 2020-06-02 00:00:00 UTC")
  expect_error(frame$s < as.Date("2020-06-02"), "of type string and the time")
  expect_error(frame$d == "2020-06-02", "of type time and the text '2020-06-02'.*POSIXct")
  expect_error(frame$d %in% c("2020-06-02", "x"), "of type time and the text")
  expect_error(frame[1, "n"] <- as.Date("2020-06-02"), "of type int and the time")
})

test_that("dates and times without a frame are compared as base R does", {
  moments <- as.POSIXct(days)
  expect_identical(days == "2020-06-02", c(FALSE, TRUE, NA, FALSE))
  expect_identical("2020-06-02" > days, c(TRUE, FALSE, NA, FALSE))
  expect_identical(as.POSIXlt(moments) == moments, c(TRUE, TRUE, NA, TRUE))
  expect_identical(c(a = days[1]) == days[1], c(a = TRUE))
  skip_if(isNamespaceLoaded("lubridate"))
  expect_warning(expect_identical(days == moments, c(FALSE, FALSE, NA, FALSE)), "Incompatible methods")
})

test_that("lubridate, which has methods of its own, may be loaded before or after", {
  skip_if(!nzchar(system.file(package = "lubridate")))
  code <- c(
    "suppressWarnings(loadNamespace('lubridate'))", "library(h2o)", "h2o.no_progress()",
    "invisible(capture.output(h2o.init(nthreads = 1)))",
    "day <- as.Date(c('2020-06-02', NA)); time <- as.POSIXct('2020-06-02', tz = 'UTC')", "frame <- as.h2o(data.frame(d = day))",
    "cat('told', as.vector(frame$d == day[1]), day == time, time < day, day == '2020-06-02', time >= day[1])"
  )
  for (order in list(seq_along(code), c(2:4, 1, 5:7))) {
    told <- grep("^told", suppressWarnings(in_new_session(code[order])), value = TRUE)
    expect_identical(told, "told 1 0 TRUE NA FALSE NA TRUE NA TRUE")
  }
})
