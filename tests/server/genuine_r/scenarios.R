# What the chapters here are made of: scenarios, each told as one line of JSON with the facts that it met.
#
#   Rscript scenarios.R PORT CHAPTER DATA WORK [ACCESS]
#
# PORT is that of a node (or of H2O itself, to record reference.json), DATA a folder with tests/data, WORK one that may be written;
# ACCESS are further arguments of h2o.init() as JSON.

suppressPackageStartupMessages(library(h2o))
arguments <- commandArgs(TRUE)
data_folder <- arguments[3]
work_folder <- arguments[4]
data_file <- function(name) file.path(data_folder, name)
work_file <- function(name) file.path(work_folder, name)

met <- list()

# A fact that is the same at every node: kept under a name, to be compared with H2O's.
fact <- function(name, value) {
  if (is.h2o(value)) value <- as.data.frame(value)
  if (is.factor(value)) value <- as.character(value)
  if (is.data.frame(value)) value <- lapply(as.list(value), function(each) if (is.factor(each)) as.character(each) else each)
  met[[name]] <<- value
  invisible(value)
}

told <- function(...) cat("\n##", jsonlite::toJSON(list(...), auto_unbox = TRUE, digits = NA, na = "string", null = "null"), "\n", sep = "")

scenario <- function(name, code) {
  met <<- list()
  problem <- tryCatch({
    force(code)
    NULL
  }, error = function(error) paste(conditionMessage(error), collapse = "\n"))
  told(scenario = name, problem = problem, facts = met)
}

expect <- function(...) stopifnot(...)

h2o.no_progress()
access <- if (length(arguments) > 4) jsonlite::fromJSON(arguments[5]) else list()
connected <- do.call(h2o.init, c(list(ip = "127.0.0.1", port = as.integer(arguments[1]), startH2O = FALSE), access))
source(arguments[2], local = FALSE)
