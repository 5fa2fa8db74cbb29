start()
skip_if(at_node(), "a node has the nodes that it was started with")

test_that("nodes train the models of a grid and the folds, as they would be here", {
  trained <- function() {
    grid <- h2o.grid("deeplearning",
      x = 1:4, y = "Species", training_frame = as.h2o(iris, "rows"), hyper_params = list(hidden = list(3, 5)), epochs = 2,
      nfolds = 2, seed = 1, reproducible = TRUE
    )
    found <- vapply(grid@model_ids, function(id) h2o.logloss(h2o.getModel(id), xval = TRUE), 0)
    unname(sort(found))
  }
  here <- trained()
  h2o.shutdown(prompt = FALSE)
  on.exit({
    h2o.shutdown(prompt = FALSE)
    suppressMessages(capture.output(h2o.init(nthreads = 2)))
  })
  expect_output(suppressMessages(h2o.init(nodes = 2)), "total nodes: +2 beside this process")
  status <- h2o.clusterStatus()
  expect_identical(status$state, c("idle", "idle"))
  expect_false(anyDuplicated(c(status$pid, Sys.getpid())) > 0)
  expect_identical(trained(), here)
  expect_warning(capture.output(suppressMessages(h2o.init(nodes = 3))), "no effect of nodes=3: .* running already")
  tools::pskill(status$pid[1], tools::SIGKILL)
  while (all(h2o.clusterStatus()$healthy)) Sys.sleep(0.05)
  expect_output(h2o.clusterInfo(), "2 beside this process, 1 of them lost")
  expect_output(h2o.clusterInfo(), "healthy: +FALSE")
})

test_that("one network is trained by all nodes together, and the status tells of it", {
  h2o.shutdown(prompt = FALSE)
  on.exit({
    h2o.shutdown(prompt = FALSE)
    suppressMessages(capture.output(h2o.init(nthreads = 2)))
  })
  suppressMessages(capture.output(h2o.init(nodes = 2)))
  model <- h2o.deeplearning(
    x = 1:4, y = "Species", training_frame = as.h2o(iris, "rows"), hidden = 5, epochs = 40, seed = 1,
    train_samples_per_iteration = 300
  )
  events <- as.data.frame(h2o.scoreHistory(model))
  expect_true(all(events$nodes == 2 & events$rows_per_round == 300))
  expect_equal(tail(events$samples, 1), 6000)
  expect_lt(h2o.logloss(model), 0.4)
  expect_true(all(h2o.clusterStatus()$rows_per_second > 0))
  expect_output(h2o.clusterInfo(), "rows/s time in the ring")
  alone <- h2o.deeplearning(
    x = 1:4, y = "Species", training_frame = h2o.getFrame("rows"), hidden = 5, epochs = 1, single_node_mode = TRUE
  )
  expect_null(as.data.frame(h2o.scoreHistory(alone))$nodes)
})

test_that("a session that listens says where; what nodes cannot be is refused", {
  h2o.shutdown(prompt = FALSE)
  on.exit(suppressMessages(capture.output(h2o.init(nthreads = 2))))
  for (wrong in list(0, 1.5, "two", TRUE)) {
    expect_error(h2o.init(nodes = wrong), "nodes=.* must be a number of processes", class = "h2o_invalid_type")
  }
  expect_error(h2o.init(nodes = "listen:127.0.0.1:0"), "needs secret_file", class = "h2o_invalid_argument")
  secret <- tempfile()
  expect_error(h2o.init(nodes = "listen:127.0.0.1:0", secret_file = secret), "Make one with", class = "h2o_invalid_argument")
  writeLines(strrep("0a", 32), secret)
  Sys.chmod(secret, "600")
  expect_output(
    suppressMessages(h2o.init(nodes = "listen:127.0.0.1:0", secret_file = secret)),
    "1 \\(this process\\); others can join at 127.0.0.1:[0-9]+"
  )
  expect_identical(h2o.clusterStatus()$state, "this process")
  h2o.shutdown(prompt = FALSE)
})

test_that("the status tells the time zone of the session", {
  old <- h2o.getTimezone()
  on.exit(h2o.setTimezone(old))
  h2o.setTimezone("Europe/Berlin")
  expect_output(h2o.clusterInfo(), "timezone: +Europe/Berlin")
})

test_that("each node reads some of the files and trains the rows that it has", {
  h2o.shutdown(prompt = FALSE)
  folder <- tempfile()
  dir.create(folder)
  on.exit({
    h2o.shutdown(prompt = FALSE)
    unlink(folder, recursive = TRUE)
    suppressMessages(capture.output(h2o.init(nthreads = 2)))
  })
  for (species in levels(iris$Species)) {
    write.csv(iris[iris$Species == species, ], file.path(folder, paste0(species, ".csv")), row.names = FALSE)
  }
  suppressMessages(capture.output(h2o.init(nodes = 2)))
  frame <- h2o.importFile(folder, "parts", sharded = TRUE)
  expect_equal(dim(frame), c(150, 5))
  expect_output(print(frame), "setosa")
  model <- h2o.deeplearning(x = 1:4, y = "Species", training_frame = frame, hidden = 5, epochs = 40, seed = 1)
  expect_true(all(as.data.frame(h2o.scoreHistory(model))$nodes == 2))
  expect_error(mean(frame[["Sepal.Length"]]), "rows of frame 'parts' lie on 2 nodes", class = "h2o_invalid_argument")
})
