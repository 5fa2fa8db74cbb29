#' @importFrom methods setClass setMethod setClassUnion setOldClass new is show
#' @importFrom stats coef fitted formula median na.omit nobs predict quantile residuals
#' @importFrom utils head tail str
#' @importFrom graphics plot
#' @examplesIf h2o:::python_found()
#' h2o.init(nthreads = 2)
#' model <- h2o.deeplearning(Species ~ ., data = iris, hidden = 5, epochs = 2, seed = 1)
#' head(predict(model, iris))
"_PACKAGE"

.onLoad <- function(libname, pkgname) {
  if (getRversion() < "4.3.0") {
    share_comparisons()
    setHook(packageEvent("lubridate", "onLoad"), function(...) share_comparisons()) # it registers methods of its own
  }
  if (isNamespaceLoaded("parsnip")) register_engine()
  setHook(packageEvent("parsnip", "onLoad"), function(...) register_engine())
}
