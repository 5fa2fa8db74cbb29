# Metrics of two classes by threshold; see metrics.R.

#' @rdname h2o.mse
#' @export
h2o.F1 <- function(object, thresholds) h2o.metric(object, thresholds, "f1")

#' @rdname h2o.mse
#' @export
h2o.F2 <- function(object, thresholds) h2o.metric(object, thresholds, "f2")

#' @rdname h2o.mse
#' @export
h2o.F0point5 <- function(object, thresholds) h2o.metric(object, thresholds, "f0point5")

#' @rdname h2o.mse
#' @export
h2o.accuracy <- function(object, thresholds) h2o.metric(object, thresholds, "accuracy")

#' @rdname h2o.mse
#' @export
h2o.error <- function(object, thresholds) h2o.metric(object, thresholds, "error")

#' @rdname h2o.mse
#' @export
h2o.maxPerClassError <- function(object, thresholds) h2o.metric(object, thresholds, "maxPerClassError")

#' @rdname h2o.mse
#' @export
h2o.mean_per_class_accuracy <- function(object, thresholds) h2o.metric(object, thresholds, "mean_per_class_accuracy")

#' @rdname h2o.mse
#' @export
h2o.mcc <- function(object, thresholds) h2o.metric(object, thresholds, "absolute_mcc")

#' @rdname h2o.mse
#' @export
h2o.precision <- function(object, thresholds) h2o.metric(object, thresholds, "precision")

#' @rdname h2o.mse
#' @export
h2o.tpr <- function(object, thresholds) h2o.metric(object, thresholds, "tpr")

#' @rdname h2o.mse
#' @export
h2o.fpr <- function(object, thresholds) h2o.metric(object, thresholds, "fpr")

#' @rdname h2o.mse
#' @export
h2o.fnr <- function(object, thresholds) h2o.metric(object, thresholds, "fnr")

#' @rdname h2o.mse
#' @export
h2o.tnr <- function(object, thresholds) h2o.metric(object, thresholds, "tnr")

#' @rdname h2o.mse
#' @export
h2o.recall <- function(object, thresholds) h2o.metric(object, thresholds, "recall")

#' @rdname h2o.mse
#' @export
h2o.sensitivity <- function(object, thresholds) h2o.metric(object, thresholds, "sensitivity")

#' @rdname h2o.mse
#' @export
h2o.fallout <- function(object, thresholds) h2o.metric(object, thresholds, "fallout")

#' @rdname h2o.mse
#' @export
h2o.missrate <- function(object, thresholds) h2o.metric(object, thresholds, "missrate")

#' @rdname h2o.mse
#' @export
h2o.specificity <- function(object, thresholds) h2o.metric(object, thresholds, "specificity")
