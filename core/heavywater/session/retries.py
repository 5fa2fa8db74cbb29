"""What may be asked a second time when a connection has ended before the answer came: the one table of it.

These operations read, or leave the same state when they are done twice. All others are asked once: a training, an import, an
export or a new temporary frame could be there twice.
"""

IDEMPOTENT = frozenset(
    {
        "objects.keys",
        "objects.release",
        "frames.facts",
        "frames.described",
        "frames.describe",
        "frames.columns",
        "frames.moments",
        "frames.summary",
        "frames.storage",
        "frames.statistics",
        "frames.levels",
        "frames.fetch",
        "frames.text",
        "frames.to_bytes",
        "frames.is_operation",
        "files.find",
        "files.parse_setup",
        "files.fresh",
        "files.put",
        "files.get",
        "files.discard",
        "files.set_s3_credentials",
        "training.check_metric",
        "models.describe",
        "models.metrics",
        "models.score_rows",
        "models.make_metrics",
        "model_files.to_bytes",
        "model_files.pojo",
        "grids.describe",
        "grids.contents",
        "jobs.known",
        "jobs.state",
        "jobs.wait",
        "jobs.history",
        "jobs.cancel",
        "jobs.result",
        "cluster.status",
        "cluster.configure",
        "cluster.echo",
        "cluster.link_times",
        "cluster.time_zone",
        "cluster.close",
    }
)
