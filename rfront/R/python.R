# Which Python, and how it starts: at the first request, not when the package is loaded.

# The interpreter that installed the package, evaluated while R builds the namespace: the one that is named, else the
# first on the path that has heavywater, by its own name for itself (what is on the path may be a script).
installed_with <- local({
  named <- Sys.getenv("HEAVYWATER_PYTHON")
  if (nzchar(named)) return(named)
  script <- "import importlib.util as u, sys; print(sys.executable, u.find_spec('heavywater') is not None, sep='\\n')"
  candidates <- lapply(Filter(nzchar, Sys.which(c("python3", "python"))), function(python) {
    suppressWarnings(tryCatch(system2(python, c("-c", shQuote(script)), stdout = TRUE, stderr = FALSE), error = function(e) NULL))
  })
  candidates <- Filter(function(each) length(each) == 2, candidates)
  having <- Filter(function(each) each[2] == "True", candidates)
  best <- c(having, candidates)
  if (length(best)) best[[1]][1] else ""
})

bridge <- new.env(parent = emptyenv())
bridge$request <- NULL # the function that Python gives
bridge$origin <- new.env(parent = emptyenv()) # what tells model objects made here from those that were read
bridge$made <- list() # by key, what made the columns of a model, see remember_making()
bridge$restored <- list() # keys of models that objects have brought along, see live_key()

# Called by Python when it is connected, with the pointer to its function.
bridge_open <- function(pointer) {
  bridge$request <- function(name, arguments) .Call(pointer, name, arguments)
  invisible()
}

bridge_ready <- function() {
  if (is.null(bridge$request)) start_python()
}

start_python <- function() {
  python <- choose_python()
  if (!reticulate::py_available()) {
    # Named like this, reticulate neither searches nor makes remarks about projects in the working directory.
    if (!is.null(python)) {
      before <- Sys.getenv("RETICULATE_PYTHON", NA)
      Sys.setenv(RETICULATE_PYTHON = python)
      on.exit(if (is.na(before)) Sys.unsetenv("RETICULATE_PYTHON") else Sys.setenv(RETICULATE_PYTHON = before))
    }
    started <- tryCatch(suppressWarnings(reticulate::py_available(initialize = TRUE)), error = identity) # it also returns FALSE
    if (!isTRUE(started)) stop_without_python(python, started)
  }
  failed <- tryCatch({
    reticulate::import("heavywater.rbridge", convert = FALSE)$attach()
    NULL
  }, error = identity)
  if (!is.null(failed)) stop_without_python(reticulate::py_config()$python, failed)
  bridge$fragile <- utils::packageVersion("reticulate") < "1.39"
  # Python is not ended with R, so it is told.
  reg.finalizer(bridge, function(e) if (!is.null(e$request)) e$request("bridge.leave", list()), onexit = TRUE)
  collect_python_garbage()
  invisible()
}

# Before version 1.39 reticulate releases Python objects that R has collected without holding Python's lock, which
# ends the process when R collects during a request. So there must be no garbage of reticulate at that time: it
# must not make any after each command (to flush Python's output), and what a script that uses reticulate itself
# has left is collected before each request.
collect_python_garbage <- function() {
  if (!isTRUE(bridge$fragile)) return()
  in_use <- "package:reticulate" %in% search()
  if (!in_use && !isFALSE(getOption("reticulate.autoflush"))) {
    options(reticulate.autoflush = FALSE)
    gc()
  }
  if (in_use) gc()
}

# HEAVYWATER_PYTHON, else what reticulate is told by its own settings (NULL: it knows), else the interpreter
# that installed the package.
choose_python <- function() {
  named <- Sys.getenv("HEAVYWATER_PYTHON")
  if (nzchar(named)) return(named)
  own <- c("RETICULATE_PYTHON", "RETICULATE_PYTHON_ENV", "PYTHON_SESSION_INITIALIZED")
  if (any(nzchar(Sys.getenv(own))) || reticulate::py_available()) return(NULL)
  if (nzchar(installed_with) && file.exists(installed_with)) installed_with else NULL
}

stop_without_python <- function(python, cause) {
  running <- reticulate::py_available()
  used <- if (running) reticulate::py_config()$python else python
  reason <- if (inherits(cause, "error")) sub("^(Error[^:]*: )?", "", conditionMessage(cause)) else not_started(python)
  reason <- trimws(strsplit(paste0(reason, "\n"), "\n")[[1]][1])
  stop_h2o(paste0(
    sprintf(
      "the package h2o needs Python (3.11 or newer) with heavywater. Tried %s: %s\n",
      if (is.null(used)) "what reticulate found" else used, reason
    ),
    python_remedy(used, running, grepl("No module named", reason))
  ), type = "NoPython")
}

# Why reticulate has not started an interpreter. One that runs by itself is newer than reticulate knows: before 1.34 its last one is 3.11.
not_started <- function(python) {
  version <- if (!is.null(python)) {
    ask <- c("-c", shQuote("import platform; print(platform.python_version())"))
    suppressWarnings(tryCatch(system2(python, ask, stdout = TRUE, stderr = FALSE), error = function(e) NULL))
  }
  if (length(version) != 1) return("it does not start")
  sprintf(
    paste(
      "it is Python %s, which reticulate %s does not start; install a newer reticulate (install.packages(\"reticulate\")),",
      "or name an older Python"
    ),
    version, utils::packageVersion("reticulate")
  )
}

# What to do: an interpreter that runs and is new enough needs heavywater, any other has to be replaced by one that has it.
python_remedy <- function(used, running, without_heavywater) {
  install <- function(python) sprintf("in the folder of heavywater's source: %s -m pip install .", python)
  another <- paste0(
    "name an interpreter that has heavywater, before the first use", if (running) " in a new R session", ":\n",
    "  Sys.setenv(HEAVYWATER_PYTHON = \"/path/to/python\")"
  )
  if (running && without_heavywater && package_version(reticulate::py_config()$version) >= "3.11") {
    return(sprintf("Install it, %s\nOr %s", install(shQuote(used)), another))
  }
  sprintf("Make an environment of Python 3.11 or newer and install heavywater in it, %s\nThen %s", install("/path/to/python"), another)
}

# Called by Python: a character vector from zero-terminated UTF-8.
texts_from_block <- function(block, n, missing) {
  texts <- readBin(block, "character", n)
  Encoding(texts) <- "UTF-8"
  texts[missing] <- NA_character_
  texts
}

block_from_texts <- function(texts) {
  writeBin(enc2utf8(as.character(texts)), raw())
}
