start()

test_that("a file is imported", {
  fr <- h2o.importFile(data_file("iris_wheader.csv"))
  expect_identical(dim(fr), c(150L, 5L))
  expect_identical(unlist(h2o.getTypes(fr)), c("real", "real", "real", "real", "enum"))
  expect_match(h2o.getId(fr), "^iris_wheader")
  expect_identical(dim(h2o.uploadFile(data_file("prostate.csv"))), c(380L, 9L))
})

test_that("what the user says about a file holds", {
  path <- tempfile(fileext = ".csv")
  writeLines(c("1;x;none", "2;y;3", "3;z;4"), path)
  fr <- h2o.importFile(path, destination_frame = "mine", header = FALSE, sep = ";", col.names = c("a", "b", "c"),
    col.types = list(by.col.name = "a", types = "enum"), na.strings = "none")
  expect_identical(h2o.getId(fr), "mine")
  expect_identical(names(fr), c("a", "b", "c"))
  expect_identical(unlist(h2o.getTypes(fr)), c("enum", "string", "int"))
  expect_identical(sum(is.na(fr$c)), 1)
  by_number <- h2o.importFile(path, col.types = list(by.col.idx = 3, types = "string"), header = FALSE)
  expect_identical(h2o.getTypes(by_number)[[3]], "string")
  expect_identical(ncol(h2o.importFile(path, header = FALSE, skipped_columns = c(1, 3))), 1L)
})

test_that("a file is looked at before it is imported", {
  setup <- h2o.parseSetup(data_file("iris_wheader.csv"))
  expect_identical(setup$column_names[5], "class")
  expect_identical(setup$number_columns, 5L)
  expect_identical(dim(h2o.parseRaw(h2o.importFile(data_file("iris_wheader.csv"), parse = FALSE))), c(150L, 5L))
})

test_that("a file that is not there is an error that names it", {
  expect_error(h2o.importFile("no_such_file.csv"), "no_such_file.csv", class = "h2o_error")
  expect_error(h2o.importFile(data_file("prostate.csv"), partition_by = "x"), "partition_by", class = "h2o_parse_error")
  expect_error(h2o.importFile(data_file("prostate.csv"), decrypt_tool = "x"), "decrypt_tool is not here: decrypt the file",
    class = "h2o_not_implemented_error"
  )
})

test_that("a frame is written and read again", {
  path <- tempfile(fileext = ".csv")
  fr <- flowers()
  h2o.exportFile(fr, path)
  expect_equal(as.data.frame(h2o.importFile(path)), iris)
  expect_error(h2o.exportFile(fr, path), "exists", class = "h2o_error")
  h2o.downloadCSV(fr[1:3, ], path)
  expect_identical(nrow(read.csv(path)), 3L)
})

test_that("headers with empty names, short lines, footers and remarks are read", {
  path <- tempfile(fileext = ".csv")
  writeLines(c(",age,city", "0,30,Bern", "% remark", "1,41", "2 rows"), path)
  expect_error(h2o.importFile(path), "fill=TRUE", class = "h2o_parse_error")
  for (fr in list(
    h2o.importFile(path, fill = TRUE, skip_footer = 1, custom_non_data_line_markers = "%"),
    h2o.uploadFile(path, fill = TRUE, skip_footer = 1, custom_non_data_line_markers = "%"),
    h2o.parseRaw(path, fill = TRUE, skip_footer = 1, custom_non_data_line_markers = "%"),
    h2o.importFolder(path, fill = TRUE, skip_footer = 1, custom_non_data_line_markers = "%")
  )) {
    expect_identical(names(fr), c("C1", "age", "city"))
    expect_identical(dim(fr), c(2L, 3L))
  }
  setup <- h2o.parseSetup(path, fill = TRUE, skip_footer = 1, custom_non_data_line_markers = "%")
  expect_identical(setup$column_names, c("C1", "age", "city"))
  expect_identical(dim(h2o.parseRaw(setup)), c(2L, 3L))
  expect_error(h2o.importFile(path, skip_footer = -1), "skip_footer", class = "h2o_error")
  writeLines(c("score,score", "1,2", "3,4"), path)
  expect_error(h2o.importFile(path), "more than once", class = "h2o_error")
  expect_identical(names(h2o.importFile(path, col.names = c("p", "q"))), c("p", "q"))
  write.table(data.frame(age = c(30, 41), city = c("Bern", "Rom")), path, sep = ",")
  expect_warning(fr <- h2o.importFile(path), "names of the rows")
  expect_identical(names(fr), c("C1", "age", "city"))
})

test_that("equal names of a data frame are made different and told", {
  expect_warning(fr <- as.h2o(data.frame(a = 1:2, a = 3:4, check.names = FALSE)), "a0 for a")
  expect_identical(names(fr), c("a", "a0"))
})

test_that("files in other encodings are read", {
  path <- tempfile(fileext = ".csv")
  writeBin(c(charToRaw("a,b\n1,"), as.raw(0xe4), charToRaw("\n2,"), as.raw(0xf6), charToRaw("\n")), path)
  for (read in list(h2o.importFile, h2o.uploadFile, h2o.parseRaw)) {
    expect_equal(as.character(as.data.frame(read(path, encoding = "latin-1"))$b), c("\u00e4", "\u00f6"))
  }
  expect_equal(as.character(as.data.frame(h2o.parseRaw(h2o.parseSetup(path, encoding = "latin-1")))$b), c("\u00e4", "\u00f6"))
  expect_warning(fr <- h2o.importFile(path), "2 bytes mean nothing")
  expect_equal(as.character(as.data.frame(fr)$b), c("<0xE4>", "<0xF6>"))
  expect_error(h2o.importFile(path, encoding = "klingon"), "no encoding of texts")
})

test_that("texts below numbers are kept", {
  path <- tempfile(fileext = ".csv")
  writeLines(c("x", rep("001", 2000), "late"), path)
  expect_warning(fr <- h2o.importFile(path), "'late' in line 2002.*col.types=list\\(by.col.name = 'x', types = 'numeric'\\)")
  expect_equal(h2o.levels(fr), c("001", "late"))
})

test_that("letters of a data frame arrive in every encoding of R", {
  latin <- bytes <- "caf\xe9"
  Encoding(latin) <- "latin1"
  Encoding(bytes) <- "bytes"
  expect_equal(as.data.frame(as.h2o(data.frame(x = c(latin, "y", "z"))))$x, c("caf\u00e9", "y", "z"))
  expect_warning(fr <- as.h2o(data.frame(x = c(bytes, "y", "z"))), "1 bytes of texts are not UTF-8")
  expect_equal(as.data.frame(fr)$x, c("caf<0xE9>", "y", "z"))
})

test_that("milliseconds, years and what may be comments are read as in Python", {
  path <- tempfile(fileext = ".csv")
  writeLines(c("t,x", "1609459200000,1", ",2"), path)
  times <- as.data.frame(h2o.importFile(path, col.types = c("Time", "Numeric")))$t
  expect_equal(as.numeric(times), c(1609459200, NA))
  writeLines(c("country,2019,2020", "CH,1,2", "DE,3,4"), path)
  expect_equal(names(h2o.importFile(path)), c("country", "2019", "2020"))
  writeLines(c("a,b", "#N/A,2", "3,4"), path)
  expect_warning(fr <- h2o.importFile(path), "1 line that begins with #")
  expect_equal(nrow(fr), 1)
  expect_equal(nrow(suppressWarnings(h2o.importFile(path, custom_non_data_line_markers = ""))), 2)
})
