"""Removal of objects: ``DKV``."""

from __future__ import annotations

from ..node.raw_files import RawFiles
from .calls import Call, takes
from .replies import Json, meta


@takes("key cascade")
def remove(call: Call) -> Json:
    """An object goes, of whatever kind; that there is none is no error."""
    name, cascade = call.parts["id"], call.flag("cascade", True)
    if not call.session.objects.remove(name, cascade):
        RawFiles(call.node, call.session.client).remove(name)
    return {
        "__meta": meta("RemoveV3"),
        "_exclude_fields": "",
        "key": {"__meta": meta("KeyV3", "Key<Keyed>"), "name": name, "type": "Key<Keyed>", "URL": None},
        "cascade": cascade,
    }


@takes("retained_keys")
def remove_all(call: Call) -> Json:
    """Everything goes but what is to be retained, and the frames with which models were trained that are."""
    retained = call.texts("retained_keys")
    models = set(call.session.objects.keys("model"))
    described = [call.session.models.describe(name) for name in retained if name in models]
    frames = [each.get(name) for each in described for name in ("training_frame", "validation_frame")]
    call.session.objects.remove_all([*retained, *filter(None, frames)])
    RawFiles(call.node, call.session.client).remove_all()
    return {"__meta": meta("RemoveAllV3"), "_exclude_fields": "", "retained_keys": retained or None}


ROUTES = {"DELETE /3/DKV/{id}": remove, "DELETE /3/DKV": remove_all}
