start()

test_that("without nodes there are no links to measure", {
  expect_message(table <- h2o.networkTest(), "no nodes beside this process")
  expect_identical(dim(table), c(0L, 5L))
  expect_identical(names(table), c("node", "host", "bytes", "microseconds", "MB_per_s"))
  expect_identical(vapply(table, class, ""), c(
    node = "character", host = "character", bytes = "numeric", microseconds = "numeric", MB_per_s = "numeric"
  ))
})
