# What is there before this client ends.
mine <- as.h2o(iris, destination_frame = "mine")
temporary <- mine[, 1] * 2

scenario("temporaries are there", {
  fact("rows", nrow(temporary))
  expect(any(grepl("^RTMP", as.character(h2o.ls()$key))))
})
