start()

test_that("without nodes there are no links to measure", {
  expect_message(table <- h2o.networkTest(), "no nodes beside this process")
  expect_identical(dim(table), c(0L, 5L))
  expect_identical(names(table), c("node", "host", "bytes", "microseconds", "MB_per_s"))
  expect_identical(vapply(table, class, ""), c(
    node = "character", host = "character", bytes = "numeric", microseconds = "numeric", MB_per_s = "numeric"
  ))
})

test_that("links to nodes are measured", {
  skip_if(at_node(), "a node has the nodes that it was started with")
  h2o.shutdown(prompt = FALSE)
  on.exit({
    h2o.shutdown(prompt = FALSE)
    suppressMessages(capture.output(h2o.init(nthreads = 2)))
  })
  suppressMessages(capture.output(h2o.init(nodes = 1, nthreads = 1)))
  table <- h2o.networkTest()
  expect_equal(table$bytes, 2^c(0, 10, 20, 23))
  expect_true(all(table$microseconds > 0 & table$MB_per_s > 0))
  expect_identical(unique(table$node), h2o.clusterStatus()$h2o)
})

test_that("certificates are for nodes that join by themselves, and are read", {
  skip_if(at_node(), "a node has the nodes that it was started with")
  h2o.shutdown(prompt = FALSE)
  on.exit(suppressMessages(capture.output(h2o.init(nthreads = 2))))
  expect_error(h2o.init(nodes = 2, tls_cert = "nowhere"), "tls_cert='nowhere'", class = "h2o_invalid_argument")
  expect_error(
    h2o.init(nodes = "listen:127.0.0.1:0", secret_file = "s", tls_key = "key"), "of no use without tls_cert",
    class = "h2o_invalid_argument"
  )
})
