"""H2O's Python interface over heavywater: frames and deep learning in this process, without a JVM.

``connection``  init, cluster, shutdown        ``data``       import_file and what concerns keys
``frame``       H2OFrame                       ``operations`` its methods that only name an operation
``frames``      functions about whole frames   ``group_by``  aggregates of groups
``display``     tables as text and HTML        ``progress``   the progress bar of jobs
``exceptions``  H2O's names of errors          ``estimators`` the models
``models``      import_mojo, make_metrics, upload_custom_metric    ``model_files``  save_model, load_model
``model_exports``  download_mojo, download_pojo    ``transforms`` steps for scikit-learn's pipelines
``elsewhere``   names that scripts import and that are in another place, or not here (`elsewhere_names`)
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
from heavywater.errors import WITHIN as _WITHIN  # noqa: E402

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
    get_frame,
    import_file,
    lazy_import,
    load_dataset,
    parse_raw,
    parse_setup,
    remove,
    remove_all,
    upload_file,
)
from .demos import demo  # noqa: E402
from .elsewhere import names_of as _names_of  # noqa: E402
from .elsewhere import register as _register  # noqa: E402
from .estimators import (  # noqa: E402
    H2OAutoEncoderEstimator,
    H2ODeepLearningEstimator,
    H2OGenericEstimator,
    get_model,
)
from .frame import H2OFrame  # noqa: E402
from .frames import (  # noqa: E402
    as_list,
    assign,
    create_frame,
    deep_copy,
    download_csv,
    export_file,
    frame,
    frames,
    get_timezone,
    interaction,
    list_timezones,
    load_frame,
    ls,
    rapids,
    set_timezone,
    shallow_copy,
)
from .grid.functions import get_grid, load_grid, save_grid  # noqa: E402
from .grid.grid_search import H2OGridSearch  # noqa: E402
from .model_exports import download_mojo, download_pojo, save_mojo  # noqa: E402
from .model_files import download_model, load_model, save_model, upload_model  # noqa: E402
from .models import import_mojo, make_metrics, models, predict, upload_custom_metric, upload_mojo  # noqa: E402
from .mojo_scoring import mojo_predict_csv, mojo_predict_pandas  # noqa: E402
from .progress import no_progress, show_progress  # noqa: E402

_register()
_WITHIN.add(__name__)
__getattr__ = _names_of(__name__)

__all__ = [
    "H2OAutoEncoderEstimator",
    "H2OCluster",
    "H2OConnection",
    "H2ODeepLearningEstimator",
    "H2OFrame",
    "H2OGenericEstimator",
    "H2OGridSearch",
    "__version__",
    "as_list",
    "assign",
    "cluster",
    "cluster_info",
    "cluster_status",
    "connect",
    "connection",
    "create_frame",
    "deep_copy",
    "demo",
    "download_csv",
    "download_model",
    "download_mojo",
    "download_pojo",
    "export_file",
    "frame",
    "frames",
    "get_frame",
    "get_grid",
    "get_model",
    "get_timezone",
    "import_file",
    "import_mojo",
    "init",
    "interaction",
    "lazy_import",
    "list_timezones",
    "load_dataset",
    "load_frame",
    "load_grid",
    "load_model",
    "log_and_echo",
    "ls",
    "make_metrics",
    "models",
    "mojo_predict_csv",
    "mojo_predict_pandas",
    "no_progress",
    "parse_raw",
    "parse_setup",
    "predict",
    "rapids",
    "remove",
    "remove_all",
    "save_grid",
    "save_model",
    "save_mojo",
    "set_timezone",
    "shallow_copy",
    "show_progress",
    "shutdown",
    "upload_custom_metric",
    "upload_file",
    "upload_model",
    "upload_mojo",
]
