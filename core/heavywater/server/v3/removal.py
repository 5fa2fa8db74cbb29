"""Removal of objects: ``DKV``."""

from __future__ import annotations

from ..raw_files import RawFiles
from .calls import Call
from .replies import Json, meta


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


def remove_all(call: Call) -> Json:
    """Everything goes but what is to be retained."""
    retained = call.texts("retained_keys")
    call.session.objects.remove_all(retained)
    RawFiles(call.node, call.session.client).remove_all()
    return {"__meta": meta("RemoveAllV3"), "_exclude_fields": "", "retained_keys": retained or None}


ROUTES = {"DELETE /3/DKV/{id}": remove, "DELETE /3/DKV": remove_all}
