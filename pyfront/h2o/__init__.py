"""H2O's Python interface over heavywater: frames and deep learning in this process, without a JVM.

``connection``  init, cluster, shutdown        ``data``       import_file and what concerns keys
``frame``       H2OFrame                       ``operations`` its methods that only name an operation
``display``     tables as text and HTML        ``progress``   the progress bar of jobs
``exceptions``  H2O's names of errors          ``estimators`` the models
``models``      import_mojo, make_metrics
"""

from importlib import metadata as _metadata


def _refuse_genuine() -> None:
    """Two packages cannot both be ``h2o``: whichever files came last would win, module by module."""
    try:
        record = _metadata.distribution("h2o").read_text("RECORD") or ""
    except _metadata.PackageNotFoundError:
        return
    if any(line.startswith("h2o/__init__.py,") for line in record.splitlines()):
        raise ImportError(
            "The distribution 'h2o' (H2O-3's own client) is installed beside heavywater, and both provide "
            "the package h2o: uninstall one of them (pip uninstall h2o, then reinstall heavywater)."
        )


_refuse_genuine()

from heavywater import __version__  # noqa: E402

from .connection import (  # noqa: E402
    H2OCluster,
    H2OConnection,
    cluster,
    cluster_info,
    cluster_status,
    connect,
    connection,
    init,
    log_and_echo,
    shutdown,
)
from .data import (  # noqa: E402
    assign,
    deep_copy,
    get_frame,
    import_file,
    ls,
    parse_raw,
    parse_setup,
    rapids,
    remove,
    remove_all,
    upload_file,
)
from .estimators import (  # noqa: E402
    H2OAutoEncoderEstimator,
    H2ODeepLearningEstimator,
    H2OGenericEstimator,
    get_model,
)
from .frame import H2OFrame  # noqa: E402
from .models import import_mojo, make_metrics, upload_mojo  # noqa: E402
from .progress import no_progress, show_progress  # noqa: E402

__all__ = [
    "H2OAutoEncoderEstimator",
    "H2OCluster",
    "H2OConnection",
    "H2ODeepLearningEstimator",
    "H2OFrame",
    "H2OGenericEstimator",
    "__version__",
    "assign",
    "cluster",
    "cluster_info",
    "cluster_status",
    "connect",
    "connection",
    "deep_copy",
    "get_frame",
    "get_model",
    "import_file",
    "import_mojo",
    "init",
    "log_and_echo",
    "ls",
    "make_metrics",
    "no_progress",
    "parse_raw",
    "parse_setup",
    "rapids",
    "remove",
    "remove_all",
    "show_progress",
    "shutdown",
    "upload_file",
    "upload_mojo",
]
