scenario("init", {
  expect(is(connected, "H2OConnection"), h2o.clusterIsUp())
  fact("version", h2o.getVersion())
})

scenario("clusterInfo", {
  printed <- capture.output(h2o.clusterInfo())
  fact("lines", sub(":.*", "", trimws(printed)))
  expect(!any(grepl("too old|WARNING", printed)))
})

scenario("clusterStatus", {
  status <- h2o.clusterStatus()
  fact("columns", names(status))
  expect(nrow(status) == 1, as.logical(status$healthy))
})

scenario("connect again", {
  again <- h2o.connect(ip = "127.0.0.1", port = as.integer(arguments[1]))
  expect(h2o.clusterIsUp(again))
})

scenario("extensions", {
  for (extensions in list(h2o.list_core_extensions(), h2o.list_api_extensions(), h2o.list_all_extensions())) expect(all(nzchar(unlist(extensions))))
})

scenario("address", {
  expect(grepl("127.0.0.1", h2o.getConnection()@ip))
})

scenario("time zone", {
  old <- h2o.getTimezone()
  fact("old", class(old))
  h2o.setTimezone("America/New_York")
  fact("set", h2o.getTimezone())
  h2o.setTimezone(if (nzchar(old)) old else "UTC")
  zones <- h2o.listTimezones()
  fact("zones", class(zones))
  expect(any(grepl("Europe/Berlin", as.character(zones[[1]]))))
})

scenario("jobs", {
  frame <- as.h2o(iris)
  jobs <- h2o.list_jobs()
  expect(is.list(jobs) || is.data.frame(jobs))
})

scenario("logs", {
  h2o.logAndEcho("a line of the user")
  file <- h2o.downloadAllLogs(work_folder, "logs.zip")
  expect(file.exists(work_file("logs.zip")))
  inside <- utils::unzip(work_file("logs.zip"), list = TRUE)
  expect(nrow(inside) > 0)
})

scenario("a log of requests", {
  h2o.startLogging(work_file("requests.log"))
  h2o.clusterIsUp()
  as.h2o(data.frame(a = 1:3))
  h2o.stopLogging()
  expect(any(grepl("Rapids|Cloud", readLines(work_file("requests.log")))))
})

scenario("is_client", expect(isFALSE(as.logical(h2o.is_client()))))

scenario("api", {
  found <- h2o.api("GET /3/Cloud")
  fact("healthy", found$cloud_healthy)
  made <- h2o.api("GET /3/InitID")
  expect(grepl("^_sid", made$session_key))
})

scenario("a request that there is not", {
  error <- tryCatch(h2o.api("GET /3/NoSuchThing"), error = conditionMessage)
  expect(is.character(error))
})

scenario("kill -3 and network test", {
  expect(inherits(tryCatch(h2o.networkTest(), error = identity), c("H2OTable", "data.frame", "error")))
})
