# The end of a node.
scenario("shutdown", {
  h2o.shutdown(prompt = FALSE)
  expect(inherits(try(h2o.clusterIsUp(), silent = TRUE), "try-error") || !h2o.clusterIsUp())
})
