"""The R package ``h2o``, as seen from Python."""

from __future__ import annotations

from ..errors import HeavywaterError
from . import r_memory
from .r_memory import Address, Protection


def package_function(name: str) -> Address:
    """A function of the R package, which is loaded (and attached) if it is not yet; it lives as long as the package."""
    with Protection() as keep:
        package = keep(r_memory.from_texts(["h2o"]))
        try:
            loaded = keep(r_memory.call("isNamespaceLoaded", package))
            if not r_memory.numbers(loaded)[0]:
                loading = keep(r_memory.language("library", r_memory.symbol("h2o")))
                keep(r_memory.call("suppressPackageStartupMessages", loading))
            namespace = keep(r_memory.call("asNamespace", package))
        except HeavywaterError as error:
            raise HeavywaterError(
                f"the R package h2o cannot be loaded ({error}): install it with "
                "R CMD INSTALL rfront, and name its library in R_LIBS if it is not R's own"
            ) from None
        return r_memory.call("get", keep(r_memory.from_texts([name])), namespace)
