# What ends: temporaries of this client when R does, and the node itself.
mine <- as.h2o(iris, destination_frame = "mine")
temporary <- mine[, 1] * 2
scenario("temporaries are there", {
  fact("rows", nrow(temporary))
  expect(any(grepl("^RTMP", as.character(h2o.ls()$key))))
})
if ("shutdown" %in% arguments) {
  scenario("shutdown", {
    h2o.shutdown(prompt = FALSE)
    for (i in 1:50) { if (!tryCatch(h2o.clusterIsUp(), error = function(e) FALSE)) break; Sys.sleep(0.1) }
    expect(!tryCatch(h2o.clusterIsUp(), error = function(e) FALSE))
  })
}
