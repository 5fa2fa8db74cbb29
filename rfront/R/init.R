#' Start the session, or connect to a node
#'
#' Frames and models live in a session. Without arguments it runs in the R process itself: no Java is needed and no server is
#' started. It can also be at a node: a process, here or on another machine, which `h2o serve` has started; what it holds belongs to
#' all who connect. With `url`, an `ip` of another machine, or an argument that only a node has a use for (`token`, `https` ...), there
#' must be one. With a `port` of this machine, one that is there is taken, and without one the session runs in this process; so do
#' scripts for H2O that say `h2o.init(ip = "localhost", port = 54321)`. The first call starts Python (see Details); a call while a
#' session runs keeps it and changes its settings.
#'
#' Python is looked for in this order: the interpreter that the environment variable `HEAVYWATER_PYTHON` names, what
#' reticulate's own settings say (such as `RETICULATE_PYTHON`), the interpreter that installed the package. It needs
#' the package heavywater.
#'
#' What is at a node is read and written on the disk of the node by [h2o.importFile()], [h2o.exportFile()], [h2o.saveModel()],
#' [h2o.loadModel()] and all other functions that import, save and load. [h2o.uploadFile()], [h2o.upload_model()], [h2o.upload_mojo()],
#' [h2o.download_model()], [h2o.download_mojo()], [h2o.download_pojo()], [h2o.download_onnx()], [h2o.download_c()] and [h2o.downloadCSV()]
#' move the content between the disk of this machine and the node.
#'
#' @param url Address of a node: `"http://host:54321"`, or with a path behind which it is. It has no user, password or token, since it
#'   is shown and logged.
#' @param ip,port The same in two parts.
#' @param https Whether to connect to `ip` and `port` with TLS.
#' @param cacert PEM file of the certificates that vouch for the node; by default those of the system.
#' @param insecure Whether to believe any certificate: whoever sits between here and the node can read and change everything.
#' @param username,password Of a gateway in front of the node that asks for them.
#' @param token,token_file What the node was started with (`h2o serve --token-file`), or a file that holds it; by default the environment
#'   variable `HEAVYWATER_TOKEN`.
#' @param cookies `"name=value"`, one or several: what a gateway in front of the node wants to be shown.
#' @param context_path With `ip` and `port`: the path behind which the node is.
#' @param proxy Address of a proxy on the way.
#' @param use_spnego Is refused: there is no Kerberos.
#' @param name Name of the session in status tables.
#' @param startH2O With `FALSE` an already running session is needed: in this process, or at a node at `ip` and `port`.
#' @param strict_version_check A node of another version is refused where both could not understand each other, else it gives a warning;
#'   with `TRUE`, where that is said, an error.
#' @param nthreads Threads for import and training; -1 means all cores that the process may use.
#' @param max_mem_size Limit for frames and models: a number of GB, or a text with a unit as in `"512m"`.
#' @param nodes Further processes that train the models of grids and the folds of cross-validations, each one at a time and
#'   with the same result as here: so many on this machine (each with `nthreads` threads, or its share of the cores); or
#'   one on each host of a Dask cluster (`"dask:ADDRESS"` of its scheduler) or a Ray cluster (`"ray"`); or
#'   `"listen:HOST:PORT"`, where `h2o node --join HOST:PORT --secret-file FILE` lets any machine join. They end with the
#'   session.
#' @param secret_file For `"listen:..."`: a file that only you can read, with 32 bytes or 64 hexadecimal digits. Nodes that do
#'   not know the secret are not let in.
#' @param tls_cert,tls_key For `"listen:..."`: PEM files of a certificate and its key (none where it is in the same file). Nodes
#'   then join with TLS: `h2o node --tls-ca FILE`, where the certificate names the HOST at which they join.
#' @param forceDL,enable_assertions,license,min_mem_size,ice_root,extra_classpath,jvm_custom_args,bind_to_localhost
#'   Have no effect: there is no Java virtual machine.
#' @param log_dir,log_level,max_log_file_size,ignore_config Have no effect, either.
#' @return An `H2OConnection`, invisibly.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' \dontrun{
#' h2o.init(ip = "gpu7", port = 54321, https = TRUE, cacert = "ca.pem", token_file = "~/token")
#' }
h2o.init <- function(ip = "localhost", port = 54321, name = NA_character_, startH2O = TRUE, forceDL = FALSE,
                     enable_assertions = TRUE, license = NULL, nthreads = -1, max_mem_size = NULL,
                     min_mem_size = NULL, ice_root = tempdir(), log_dir = NA_character_, log_level = NA_character_,
                     strict_version_check = TRUE, proxy = NA_character_, https = FALSE, cacert = NA_character_,
                     insecure = FALSE, username = NA_character_, password = NA_character_, use_spnego = FALSE,
                     cookies = NA_character_, context_path = NA_character_, ignore_config = FALSE,
                     extra_classpath = NULL, jvm_custom_args = NULL, bind_to_localhost = TRUE,
                     max_log_file_size = NULL, nodes = NULL, secret_file = NULL, tls_cert = NULL, tls_key = NULL,
                     url = NULL, token = NULL, token_file = NULL) {
  said <- names(match.call())[-1]
  refuse_spnego(use_spnego)
  warn_without_effect(setdiff(said, with_effect))
  place <- request("bridge.init",
    node = node_arguments(
      said,
      url = url, ip = ip, port = port, https = https, cacert = cacert, insecure = insecure, username = username, password = password,
      cookies = cookies, proxy = proxy, token = token, token_file = token_file, context_path = context_path
    ),
    start = startH2O, strict = "strict_version_check" %in% said && isTRUE(strict_version_check), name = if (!is.na(name)) name,
    nthreads = nthreads, max_mem_size = max_mem_size, nodes = nodes, secret_file = secret_file, tls_cert = tls_cert, tls_key = tls_key,
    known_token = token_of_environment()
  )
  forget_when_moved()
  message(place)
  h2o.clusterInfo()
  invisible(connection())
}

# Arguments of h2o.init() that do something, or whose value everybody gives.
with_effect <- c(
  "ip", "port", "url", "name", "startH2O", "nthreads", "max_mem_size", "strict_version_check", "ignore_config", "insecure", "nodes",
  "secret_file", "tls_cert", "tls_key", "https", "cacert", "username", "password", "cookies", "proxy", "token", "token_file",
  "context_path", "use_spnego"
)

# What is said about a node: arguments that are there, and have a value.
node_arguments <- function(said, ...) {
  given <- Filter(function(value) !is.null(value) && !anyNA(value) && !isFALSE(value), list(...))
  given <- given[intersect(base::names(given), said)]
  if (!is.null(given$cookies)) given$cookies <- as_list(given$cookies)
  if (is_whole(given$port)) given$port <- as.integer(given$port)
  for (each in intersect(c("cacert", "token_file"), base::names(given))) given[[each]] <- one_path(given[[each]], each)
  given
}

# Python has the environment of its start.
token_of_environment <- function() Sys.getenv("HEAVYWATER_TOKEN")

refuse_spnego <- function(use_spnego) {
  if (isTRUE(use_spnego)) stop_h2o("use_spnego: there is no Kerberos; give token or token_file", type = "NotImplementedError")
}

# Temporary frames of a session that was left are none of the one that was entered.
forget_when_moved <- function() {
  token <- request("bridge.token")
  if (!identical(bridge$entered, token) && !is.null(bridge$entered)) forget_temporaries()
  bridge$entered <- token
}

given_in <- function(...) {
  given <- vapply(list(...), function(value) !is.null(value) && !is.na(value) && !isFALSE(value), NA)
  names(given)[given]
}

warn_without_effect <- function(arguments) {
  if (length(arguments)) {
    warning(sprintf("no effect of %s: there is no Java virtual machine", paste(arguments, collapse = ", ")), call. = FALSE)
  }
}

#' Connect to a node
#'
#' Without arguments, the session that there is: in this process one is started where there is none.
#'
#' @param ip,port,url,https,cacert,insecure,username,password,cookies,context_path,proxy,token,token_file,use_spnego As in [h2o.init()].
#' @param strict_version_check Whether a node of another version is refused, also where both understand each other; that must be said.
#' @param config The same arguments as a list, or within one as `connect_params`.
#' @return An `H2OConnection`, invisibly.
#' @export
#' @examples
#' \dontrun{
#' h2o.connect(url = "http://gpu7:54321", token_file = "~/token")
#' }
h2o.connect <- function(ip = "localhost", port = 54321, strict_version_check = TRUE, proxy = NA_character_, https = FALSE,
                        cacert = NA_character_, insecure = FALSE, username = NA_character_, password = NA_character_,
                        use_spnego = FALSE, cookies = NA_character_, context_path = NA_character_, config = NULL, url = NULL,
                        token = NULL, token_file = NULL) {
  if (!is.null(config)) {
    given <- if (is.null(config$connect_params)) config else config$connect_params
    other <- setdiff(base::names(given), names(formals(h2o.connect)))
    if (length(other)) stop_h2o(sprintf("h2o.connect: config: \"%s\" is unknown", other[1]))
    return(do.call(h2o.connect, as.list(given)))
  }
  said <- names(match.call())[-1]
  refuse_spnego(use_spnego)
  place <- request("bridge.connect",
    node = node_arguments(
      said,
      url = url, ip = ip, port = port, https = https, cacert = cacert, insecure = insecure, username = username, password = password,
      cookies = cookies, proxy = proxy, token = token, token_file = token_file, context_path = context_path
    ),
    strict = "strict_version_check" %in% said && isTRUE(strict_version_check), known_token = token_of_environment()
  )
  forget_when_moved()
  message(place)
  h2o.clusterInfo()
  invisible(connection())
}

#' State of the session
#'
#' @return `h2o.clusterInfo()` prints a table; `h2o.clusterStatus()` gives a `data.frame` with one row for each node that trains for
#'   the session, or for the process of the session where there are none; `h2o.clusterIsUp()` tells whether the session runs, at a
#'   node whether that answers; `h2o.getVersion()` gives the version of heavywater there.
#' @param conn A connection; there is only one.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.clusterInfo()
#' h2o.clusterIsUp()
h2o.clusterInfo <- function() {
  status <- request("cluster.status")
  limit <- if (is.null(status$max_mem_size)) "none" else sprintf("%.4g GB", as.numeric(status$max_mem_size) / 2^30)
  rows <- c(
    "H2O cluster uptime" = duration_text(status$uptime_ms),
    "H2O cluster timezone" = status$time_zone,
    "H2O cluster version" = paste(status$version, "(heavywater)"),
    "H2O cluster name" = status$cloud_name,
    "H2O cluster total nodes" = counted_nodes(status, place_of_session()),
    "H2O cluster memory limit" = limit,
    "H2O cluster memory used" = sprintf("%.4g MB in frames", round(status$memory_used / 2^20, 3)),
    "H2O cluster total cores" = status$total_cores,
    "H2O cluster allowed cores" = status$allowed_cores,
    "H2O cluster healthy" = as.character(status$cloud_healthy),
    "R Version" = R.version.string
  )
  cat("R is connected to the H2O cluster:\n")
  cat(sprintf("    %-28s %s\n", paste0(names(rows), ":"), rows), sep = "")
  if (length(status$nodes)) print(shown_nodes(h2o.clusterStatus()), row.names = FALSE)
  invisible(rows)
}

#' @rdname h2o.clusterInfo
#' @export
h2o.clusterStatus <- function() {
  status <- request("cluster.status")
  url <- request("bridge.url")
  here <- list(
    h2o = paste("process", status$pid), healthy = TRUE, num_cpus = status$total_cores,
    cpus_allowed = status$allowed_cores, nthreads = status$allowed_cores, pid = status$pid,
    mem_value_size = status$memory_used,
    max_mem = if (!is.null(status$max_mem_size)) as.numeric(status$max_mem_size), # beyond 2^53 it comes as text
    host = if (is.null(url)) "localhost" else url, state = place_of_session(),
    rows_per_second = NULL, ring_share = NULL
  )
  nodes <- if (length(status$nodes)) status$nodes else list(here)
  do.call(rbind, lapply(nodes, function(node) {
    as.data.frame(lapply(node, function(fact) if (is.null(fact)) NA else fact))
  }))
}

# What there is to see of each node; speed and time in the ring are those of the last common training.
shown_nodes <- function(nodes) {
  data.frame(
    node = nodes$h2o, health = ifelse(nodes$healthy, "healthy", "lost"),
    threads = paste(nodes$nthreads, "of", nodes$num_cpus, "cores"),
    "memory used" = ifelse(is.na(nodes$mem_value_size), "", sprintf("%.4g MB", nodes$mem_value_size / 2^20)),
    state = nodes$state,
    "rows/s" = ifelse(is.na(nodes$rows_per_second), "", sprintf("%.0f", nodes$rows_per_second)),
    "time in the ring" = ifelse(is.na(nodes$ring_share), "", sprintf("%.1f%%", 100 * nodes$ring_share)),
    check.names = FALSE
  )
}

# Where the session is, in words.
place_of_session <- function() {
  url <- request("bridge.url")
  if (is.null(url)) "this process" else paste("the node at", url)
}

counted_nodes <- function(status, place) {
  lost <- sum(!vapply(status$nodes, `[[`, NA, "healthy"))
  paste0(
    if (length(status$nodes)) paste(length(status$nodes), "beside", place) else sprintf("1 (%s)", place),
    if (lost) sprintf(", %d of them lost", lost),
    if (!is.null(status$join_at)) paste("; others can join at", status$join_at)
  )
}

#' @rdname h2o.clusterInfo
#' @export
h2o.clusterIsUp <- function(conn = NULL) {
  !is.null(bridge$request) && request("bridge.up")
}

#' @rdname h2o.clusterInfo
#' @export
h2o.getVersion <- function() request("cluster.status")$version

duration_text <- function(milliseconds) {
  seconds <- milliseconds %/% 1000
  if (seconds < 60) return(if (seconds) sprintf("%d seconds", seconds) else sprintf("%d milliseconds", milliseconds))
  if (seconds < 3600) return(sprintf("%d minutes %d seconds", seconds %/% 60, seconds %% 60))
  sprintf("%d hours %d minutes", seconds %/% 3600, seconds %% 3600 %/% 60)
}

#' End the session
#'
#' All frames and models are gone afterwards. Of a session at a node only the connection ends, with the temporary frames of this client:
#' the node goes on, and holds what others use. Python itself stays until R ends.
#'
#' @param prompt Whether to ask first, in an interactive session.
#' @return Nothing.
#' @export
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' h2o.shutdown(prompt = FALSE)
h2o.shutdown <- function(prompt = TRUE) {
  if (is.null(bridge$request) || !request("bridge.running")) stop_h2o("there is no session to end; h2o.init() starts one")
  if (prompt && interactive()) {
    url <- request("bridge.url")
    lost <- if (is.null(url)) "All frames and models" else sprintf("The node at %s goes on, temporary frames", url)
    answer <- readline(sprintf("End the session? %s will be lost. (Y/N) ", lost))
    if (!tolower(substr(answer, 1, 1)) == "y") return(invisible())
  }
  forget_temporaries()
  request("bridge.shutdown")
  invisible()
}
